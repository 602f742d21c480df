"""What makes an answer one for a person: it can't be read, or it was written for the marking rather than for a reader.

None of it says that the answer is wrong. A reservation only keeps a mark from counting before somebody has looked.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import grader.quiz.short_answers.vocabulary as vocabulary
from grader.quiz.short_answers.reading import Plain
from grader.quiz.short_answers.rubric import Rubric
from grader.quiz.short_answers.words import TOKEN, Clause, meanings, read_aloud, stem_of

MANY_CLAUSES = 120  # an answer has some sentences; what comes after so many parts of sentences is not read
PASTED_WORDS = 5  # in a row, as they are in the prompt or were before
ENGLISH_SHARE = 0.5  # of the words, below which the answer is in another language, or in none
ENOUGH_WORDS = 4  # to tell a language by
STUFFED_WORDS = 9  # from which on a text without function words is a list of words and no sentence
FUNCTION_SHARE = 0.15
SHORT = 4  # letters

TO_THE_MARKER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:rubric|instruction|prompt|criteria|above|previous|key points?)"
    r"|\bfull (?:marks?|points?|credit|score)\b|\b(?:maximum|perfect|top) (?:marks?|points?|score)\b"
    r"|\b(?:system|assistant|developer) ?(?:prompt|message|:)"
    r"|\byou are (?:an?|the) (?:\w+ ){0,2}(?:grader|marker|ai|assistant)"
    r"|\b(?:dear|hey|hello) (?:grader|marker|ai|teacher)\b|\b(?:all|every) key points? (?:is|are|was|were) met\b"
    r"|\b(?:mark|grade|score|rate) (?:this|my|the|it)\b.{0,30}\b(?:correct|right|met|100)",
    re.IGNORECASE | re.DOTALL,
)
CONSTANT = re.compile(r"(?<![\w.\])])\d+\s*(?:%|//|/|\*|\+|-|&)\s*\d+\s*(?:==|!=|<|>)\s*\d+")
NO_ANSWER = re.compile(
    r"\W*(?:(?:sorry|well|i)\W+)*"
    r"(?:(?:do not|dont|don't|no) (?:know|idea)|idk|dunno|not sure|pass|n/?a|none|\?+)\W*"
)


def is_no_answer(text: str) -> bool:
    """Whether there is nothing in it, or nothing but that somebody does not know."""
    return not any(map(str.isalnum, text)) or NO_ANSWER.fullmatch(text.casefold()) is not None


def readable(clauses: Sequence[Clause], rubric: Rubric) -> list[Clause]:
    """The clauses that may speak for an idea.

    Not those that repeat the prompt or an earlier clause, that speak to the marker, or that are code which has the same
    value whatever happens: `0%2 != 0` looks like the test for odd numbers, and is always false.
    """
    asked = " ".join(names(" ".join(clause.text for clause in rubric.prompt)))
    seen: set[str] = set()
    kept = []
    for clause in clauses[:MANY_CLAUSES]:
        said = " ".join(names(clause.text))
        is_pasted = said in asked or said in seen
        is_pasted &= len(said.split()) >= PASTED_WORDS
        if not (is_pasted or TO_THE_MARKER.search(clause.text) or CONSTANT.search(clause.text)):
            kept.append(clause)
        seen.add(said)
    return kept


def reservations(text: Plain, clauses: Sequence[Clause], rubric: Rubric) -> Iterator[str]:
    """Why a person has to look at the answer, whatever the evidence; in sentences."""
    if text.is_cut or len(clauses) > MANY_CLAUSES:
        yield "The answer is so long that only its beginning was read."
    if TO_THE_MARKER.search(text.text):
        yield "Some of it speaks to whoever marks it. Nobody follows what an answer asks for."
    if CONSTANT.search(text.text):
        yield "Its code compares numbers that never change. Code has to be run to be marked."
    if has_mixed_scripts(text.text):
        yield "Letters of different alphabets are mixed within its words."
    words = names(text.text)
    letters = [word for word in words if word.isalpha()]
    known = [word for word in letters if is_known(word, rubric)]
    foreign = sum(character.isalpha() and not is_latin(character) for character in text.text)
    if foreign > len(letters) or (len(letters) >= ENOUGH_WORDS and len(known) < ENGLISH_SHARE * len(letters)):
        yield "It does not seem to be in English, the language of the key points."
    elif len(words) >= STUFFED_WORDS and function_share(words) < FUNCTION_SHARE:
        yield "It is a list of words rather than sentences."


def names(text: str) -> list[str]:
    """The words of a text as they are spelled, and the words with which its signs are read."""
    return [name for token in TOKEN.findall(text.casefold().replace("'", "")) for name in read_aloud(token)]


def function_share(words: Sequence[str]) -> float:
    """The share of the short words that hold a sentence together, such as "the", "is", "of" and "it"."""
    short = (word for word in words if len(word) <= SHORT)
    return sum(word in vocabulary.FUNCTION_WORDS for word in short) / len(words)


def is_known(word: str, rubric: Rubric) -> bool:
    """Whether it is a function word, one of the vocabulary, or one of the question."""
    stem = stem_of(word)
    return word in vocabulary.FUNCTION_WORDS or word in meanings() or stem in meanings() or stem in rubric.stems


def has_mixed_scripts(text: str) -> bool:
    """Whether a word has Latin letters and letters that only look like them."""
    return any(
        not word.isascii() and len({is_latin(letter) for letter in word}) > 1 for word in re.findall(r"[^\W\d_]+", text)
    )


def is_latin(letter: str) -> bool:
    """Whether a letter is of the Latin alphabet."""
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
