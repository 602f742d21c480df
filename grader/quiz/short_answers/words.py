"""Takes a text apart into clauses of words, and brings each word to the concept that it stands for.

A concept has two sides, such as large and small, or copied and not copied. A negation turns the words that follow it to
the other side, and so does an opposite: "not large" and "small" are the same word here.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from snowballstemmer import stemmer

import grader.quiz.short_answers.vocabulary as vocabulary
from grader.quiz.short_answers.reading import Plain

# Whoever writes more than this in one clause writes no clause; and no word of any language is that long.
LONGEST_CLAUSE = 40
LONGEST_WORD = 40
NEGATED_WORDS = 4  # of content, how far "not" reaches if nothing ends it before

TOKEN = re.compile(
    r"(?<=\d)[xX](?=\d)"  # as in 28x28
    r"|(?<![\w)\]])-\d+(?:\.\d+)?"  # a number below 0, and not a difference
    r"|[^\W\d_](?:['.]?\w)*|\d+(?:\.\d+)?"  # a word, a name in code, a number
    r"|!=|==|-=|\+=|>=|<=|\*\*|//|\.\.+|\n|\S"
)
NAME = re.compile(r"[a-z]+|\d+")
BREAKS = frozenset(".;!?\n:")
JOINTS = vocabulary.words("and but while whereas because so since that which hence therefore until")
SHORTEST_CORRECTED = 5  # letters of a word that a slip of the pen is put right to
ENOUGH = 3  # words and signs before a comma or a joint, for it to begin a new clause

ENGLISH = stemmer("english")


@dataclass(frozen=True)
class Word:
    """One word of content.

    concept: what it stands for. is_turned: whether it says the opposite of the concept, by a negation or by itself.
    place: its first character and the one after its last, in the text as it was written.
    """

    concept: str
    is_turned: bool
    place: tuple[int, int]


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that says one thing. words: those with content."""

    words: tuple[Word, ...]
    place: tuple[int, int]
    text: str

    @property
    def concepts(self) -> frozenset[str]:
        """What its words stand for."""
        return frozenset(word.concept for word in self.words)


@dataclass(frozen=True)
class Token:
    """A word or sign as it stands in the text, in small letters, and from where to where."""

    text: str
    start: int
    end: int


def clauses_of(text: Plain, known: Collection[str] = ()) -> list[Clause]:
    """The clauses of a text in their order. known: words by which spelling mistakes are put right."""
    spelled = spelling(known)
    clauses = []
    for tokens in parts(text.text):
        words, length = words_of(tokens, text, spelled)
        if length:
            start, end = tokens[0].start, tokens[-1].end
            clauses.append(Clause(tuple(words), text.place_of(start, end), text.text[start:end]))
    return clauses


def parts(text: str) -> Iterator[list[Token]]:
    """The tokens of each clause: cut at full stops and the like, and at commas and "and" if enough stands before."""
    part: list[Token] = []
    depth = 0
    for match in TOKEN.finditer(text):
        token = Token(match[0].casefold().replace("'", ""), match.start(), match.end())
        depth = max(depth + (token.text in "([{") - (token.text in ")]}"), 0)
        is_in_name = token.text == "." and text[token.end : token.end + 1].isalnum()
        is_break = (
            (token.text in BREAKS and not is_in_name) or token.text.startswith("..") or len(part) >= LONGEST_CLAUSE
        )
        is_joint = (token.text == "," or token.text in JOINTS) and len(part) >= ENOUGH
        if (is_break or (is_joint and depth == 0)) and part:
            yield part
            part, depth = [], 0
        is_answer = token.text == "," and [before.text in vocabulary.ANSWERS for before in part] == [True]
        if is_answer:
            yield part
            part = []
        if token.text not in BREAKS and token.text != ",":
            part.append(token)
    if part:
        yield part


def words_of(tokens: list[Token], text: Plain, spelled: "Spelling") -> tuple[list[Word], int]:
    """The words of content among a clause's tokens, and the number of all of its words."""
    words: list[Word] = []
    length = reach = 0
    if len(tokens) == 1 and tokens[0].text in vocabulary.ANSWERS:
        place = text.place_of(tokens[0].start, tokens[0].end)
        return [Word("yes", vocabulary.ANSWERS[tokens[0].text], place)], 1
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before and before.end == token.start and before.text.isdigit() and token.text == "d":
            token = Token("dimension", token.start, token.end)  # as in 2d
        if before and before.end == token.start and before.text.isdigit() and token.text == "s":
            continue  # as in 3s
        read = list(read_aloud(token.text))
        length += bool(read)
        for name in read:
            if name in vocabulary.NEGATIONS:
                reach = NEGATED_WORDS
            elif name in vocabulary.ENDS_NEGATION:
                reach = 0
            if name in vocabulary.FUNCTION_WORDS:
                continue
            concept, is_turned = meaning(spelled.corrected(name))
            if concept == "root" and words and words[-1].concept == "square" and before and before.text == "square":
                words.pop()  # a square root has no square in it
            words.append(Word(concept, is_turned != (reach > 0), text.place_of(token.start, token.end)))
            reach = max(reach - 1, 0)
    return words, length


def read_aloud(token: str) -> Iterator[str]:
    """A token's words: a sign as it is called, a name in code by its parts and as a whole, a numeral as a number."""
    token = token[:LONGEST_WORD]
    if token in vocabulary.SIGNS:
        yield from vocabulary.SIGNS[token]
    elif any(map(str.isalnum, token)):
        names = NAME.findall(token) if "." in token or "_" in token else [token]
        if len(names) == 2 and not token[0].isdigit():
            yield ".".join(names)
        if not token[0].isalpha():
            names = [token.removesuffix(".0")]
        for name in names:
            yield from vocabulary.SEVERAL.get(name, (vocabulary.NUMERALS.get(name, name),))


@lru_cache(maxsize=20_000)
def meaning(word: str) -> tuple[str, bool]:
    """The concept of a word, and whether the word says the opposite of it."""
    concepts = meanings()
    if word in concepts:
        return concepts[word]
    stem = stem_of(word)
    if stem in concepts:
        return concepts[stem]
    for prefix in ("non-", "non", "un", "in", "im"):
        rest = stem.removeprefix(prefix)
        if rest != stem and rest in concepts:
            concept, is_turned = concepts[rest]
            return concept, not is_turned
    return stem, False


@cache
def meanings() -> dict[str, tuple[str, bool]]:
    """The concept of each word in the vocabulary, by the word itself and by its stem."""
    found: dict[str, tuple[str, bool]] = {}
    for line in vocabulary.SAME.split("\n"):
        enter(found, line.split(), line.split()[:1], is_turned=False)
    for line in vocabulary.OPPOSITE.split("\n"):
        one, _, other = line.partition("|")
        enter(found, one.split(), one.split()[:1], is_turned=False)
        enter(found, other.split(), one.split()[:1], is_turned=True)
    return found


def enter(found: dict[str, tuple[str, bool]], words: Iterable[str], first: list[str], is_turned: bool) -> None:
    """Enters words under the concept that the first of them names."""
    for word in words:
        found[word] = first[0], is_turned
        found.setdefault(stem_of(word), (first[0], is_turned))


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The stem of an English word, British spelling as American."""
    word = re.sub(r"is(e|es|ed|ing|ation|er)$", r"iz\1", word) if len(word) > 6 else word
    word = word.replace("colour", "color").replace("grey", "gray")
    return str(ENGLISH.stemWord(word))


# The concepts that have an opposite
POLAR = frozenset(line.split()[0] for line in vocabulary.OPPOSITE.split("\n") if line)


class Spelling:
    """Puts right what is a slip of the pen away from a known word."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = frozenset(known)
        self.by_letter: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if len(word) >= SHORTEST_CORRECTED:
                self.by_letter.setdefault(word[0], []).append(word)
        self.seen: dict[str, str] = {}

    def corrected(self, word: str) -> str:
        """The known word that is meant, or the word itself if it is known or no known word is near."""
        if (
            len(word) < SHORTEST_CORRECTED - 1
            or word in self.known
            or word in meanings()
            or stem_of(word) in meanings()
        ):
            return word
        if word not in self.seen:
            near = (other for other in self.by_letter.get(word[0], ()) if is_slip(word, other))
            self.seen[word] = next(near, word)
        return self.seen[word]


def spelling(known: Collection[str]) -> Spelling:
    """The spelling by known words and the vocabulary; where no word is known, everything is spelled right."""
    if not known:
        return Spelling(())
    return Spelling(frozenset(known) | frozenset(word for word in meanings() if word.isalpha() and len(word) > 5))


def is_slip(word: str, other: str) -> bool:
    """Whether one letter is missing, too many, another or in the wrong order; two in words from nine letters on."""
    slips = 2 if min(len(word), len(other)) >= 9 else 1
    return abs(len(word) - len(other)) <= slips and distance(word, other) <= slips


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance: insertions, deletions, changes, and swaps of neighbours."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, its in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]
