"""What a question tells about its answers: its phrasings as words, and how much each word says."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import grader.quiz.short_answers.vocabulary as vocabulary
from grader.quiz.questions import ShortAnswer
from grader.quiz.short_answers.reading import plain
from grader.quiz.short_answers.words import POLAR, TOKEN, Clause, Word, clauses_of, meaning, read_aloud, stem_of

# How much of its weight a word keeps that stands in the prompt already: students leave it out, or just repeat it.
IN_PROMPT = 0.35
USUAL = 0.4  # of a key point's phrasings that have a word of the prompt, if the point is about this word


@dataclass(frozen=True)
class Passage:
    """Some clauses next to each other, or a phrasing. first: the number of its first clause."""

    clauses: tuple[Clause, ...]
    first: int = 0

    @property
    def last(self) -> int:
        """The number of its last clause."""
        return self.first + len(self.clauses) - 1

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words of content."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @cached_property
    def text(self) -> str:
        """It as it is written, but for the signs between its clauses."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def place(self) -> tuple[int, int]:
        """Its first character in the answer, and the one after its last."""
        return self.clauses[0].place[0], self.clauses[-1].place[1]

    @cached_property
    def sides(self) -> dict[str, frozenset[bool]]:
        """For each concept the sides from which it is shown: turned, not turned, or both."""
        return sides_of(self.words)


@dataclass(frozen=True)
class Idea:
    """A key point or a wrong statement: the passages that say it, and the words that it is about.

    own: words of the prompt that it is about. foreign: those that another key point is about instead.
    """

    phrasings: tuple[Passage, ...]
    own: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()

    @cached_property
    def sides(self) -> dict[str, frozenset[bool]]:
        """For each concept in any of its phrasings the sides from which it is shown."""
        return sides_of(word for phrasing in self.phrasings for word in phrasing.words)


@dataclass(frozen=True)
class Rubric:
    """A question as the marking reads it. weights: how much each concept says. known: all words, as spelled."""

    points: tuple[Idea, ...]
    wrong: tuple[Idea, ...]
    prompt: tuple[Clause, ...]
    weights: dict[str, float]
    known: frozenset[str]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words in the question."""
        return frozenset(map(stem_of, self.known))

    def weight(self, concept: str) -> float:
        """How much a concept says about which idea is meant; one that no phrasing has, as much as a usual one."""
        return self.weights.get(concept, 1.0)


@lru_cache(maxsize=256)
def rubric_of(question: ShortAnswer) -> Rubric:
    """The rubric of a question."""
    texts = [(*point.phrasings, point.idea) for point in question.key_points]
    wrong = [statement.phrasings for statement in question.wrong_statements]
    prompt = clauses_of(plain(question.prompt))
    asked = frozenset(concept for clause in prompt for concept in clause.concepts)
    points, statements = ([tuple(map(passage_of, said)) for said in group] for group in (texts, wrong))
    about = [subjects(phrasings, asked) for phrasings in points]
    return Rubric(
        points=tuple(Idea(phrasings, *told_apart(about, i)) for i, phrasings in enumerate(points)),
        wrong=tuple(map(Idea, statements)),
        prompt=tuple(prompt),
        weights=weights_of([*points, *statements], asked),
        known=spelled_words(
            [question.prompt, question.model_answer, *(text for said in [*texts, *wrong] for text in said)]
        ),
    )


def sides_of(words: Iterable[Word]) -> dict[str, frozenset[bool]]:
    """For each concept among some words the sides from which they show it: turned, not turned, or both."""
    found: dict[str, set[bool]] = {}
    for word in words:
        found.setdefault(word.concept, set()).add(word.is_turned)
    return {concept: frozenset(sides) for concept, sides in found.items()}


def passage_of(text: str) -> Passage:
    """A phrasing as one passage."""
    return Passage(tuple(clauses_of(plain(text))))


def weights_of(ideas: list[tuple[Passage, ...]], asked: frozenset[str]) -> dict[str, float]:
    """Inverse document frequencies, each key point and each wrong statement being a document; 1 for half of them."""
    count = Counter(
        concept for phrasings in ideas for concept in {word.concept for said in phrasings for word in said.words}
    )
    return {
        concept: math.log1p(len(ideas) / times) / math.log1p(2) * (IN_PROMPT if concept in asked else 1)
        for concept, times in count.items()
    }


def subjects(phrasings: tuple[Passage, ...], asked: frozenset[str]) -> frozenset[str]:
    """What a key point is about: the first word of its idea, if it stands in the prompt and in many of its phrasings.

    A name in code need not stand in the prompt, which would give it away.
    """
    idea = phrasings[-1]
    first = frozenset(word.concept for word in idea.words[:1]) - POLAR
    if not idea.text.startswith("`"):
        first &= asked
    return frozenset(concept for concept in first if share_with(concept, phrasings) >= USUAL)


def share_with(concept: str, phrasings: tuple[Passage, ...]) -> float:
    """The share of the phrasings that have a concept."""
    return sum(concept in phrasing.sides for phrasing in phrasings) / len(phrasings)


def told_apart(about: list[frozenset[str]], this: int) -> tuple[frozenset[str], frozenset[str]]:
    """What a key point is about and another is not, and what that other one is about instead."""
    own, foreign = set[str](), set[str]()
    for other in (subject for i, subject in enumerate(about) if i != this):
        if about[this] - other and other - about[this]:
            own |= about[this] - other
            foreign |= other - about[this]
    return frozenset(own), frozenset(foreign - own)


def spelled_words(texts: Iterable[str]) -> frozenset[str]:
    """All words in some texts as they are spelled, in small letters."""
    return frozenset(
        name
        for text in texts
        for token in TOKEN.findall(plain(text).text.casefold())
        for name in read_aloud(token)
        if name.isalpha() and name not in vocabulary.FUNCTION_WORDS
    )


def are_contrasts(one: str, other: str) -> bool:
    """Whether one concept can't stand for the other."""
    return (one, other) in CONTRASTS


CONTRASTS = frozenset(
    pair
    for line in vocabulary.CONTRASTS.split("\n")
    if line
    for one, other in [[meaning(word)[0] for word in line.split()]]
    for pair in [(one, other), (other, one)]
)
