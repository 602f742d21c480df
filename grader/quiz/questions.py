"""The kinds of questions in a course's bank, from Choice to Drawing.

A question holds everything that is needed to ask it, to mark an answer, and to explain what was wrong with it. It
says nothing about how it is shown: the order of options and items, for example, is drawn when it is asked.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args, get_origin, get_type_hints

DIFFICULTIES = (1, 2, 3)
MAY_BE_EMPTY = ("also_asked", "unit", "setup")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all kinds of questions have.

    name: by which it is known, unlike that of any other question of the course. prompt: what is asked, in Markdown.
    topic: the term that it is about. difficulty: 1 (can be looked up) to 3 (several ideas together).
    explanation: what everybody reads after the answer, whether it was right or not.
    section: the heading in the book under which the answer can be found. also_asked: how the book, or somebody else,
    puts the question, by which an answer to it is recognised as well.
    """

    name: str
    prompt: str
    topic: str
    difficulty: int
    explanation: str
    section: str
    also_asked: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """Options to choose from: a single one if one is right, otherwise all that are right.

    right: the right options. wrong: for each wrong option why it is wrong, as a teacher would tell who chose it.
    """

    right: tuple[str, ...]
    wrong: Mapping[str, str]

    @property
    def is_multiple(self) -> bool:
        """Whether more than one option is to be chosen."""
        return len(self.right) > 1

    @property
    def options(self) -> tuple[str, ...]:
        """All options, the right ones first."""
        return (*self.right, *self.wrong)


@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """Terms, each with its definition."""

    pairs: Mapping[str, str]


@dataclass(frozen=True)
class KeyPoint:
    """One thing that a short answer has to say.

    idea: the thing itself, as the marking names it. phrasings: ways in which students say it.
    """

    idea: str
    phrasings: tuple[str, ...]
    points: float = 1


@dataclass(frozen=True)
class WrongStatement:
    """Something wrong that students write. phrasings: ways in which they do. correction: what they read then."""

    phrasings: tuple[str, ...]
    correction: str


@dataclass(frozen=True, kw_only=True)
class ShortAnswer(Question):
    """An answer of a few sentences, marked by its key points.

    model_answer: one that has all of them. wrong_statements: what may stand beside the key points and is not right.
    """

    key_points: tuple[KeyPoint, ...]
    model_answer: str
    wrong_statements: tuple[WrongStatement, ...] = ()

    @property
    def points(self) -> float:
        """What all key points are worth together."""
        return sum(point.points for point in self.key_points)


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number to work out; right within `tolerance`, in `unit` if it has one."""

    answer: float
    tolerance: float = 0
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Ordering(Question):
    """Items to be put in order; here they are in the right one."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Shape(Question):
    """The shape of a tensor, () for one number."""

    answer: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Output(Question):
    """What `code` prints, to be predicted."""

    code: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Code(Question):
    """Code with one gap to fill in; an answer is run, never read.

    template: code in which GAP stands once. answer: one right filling. shows: expressions whose values, after the
    code has run, have to be those that the right filling gives. setup: runs before it, and is not shown.
    """

    template: str
    answer: str
    shows: tuple[str, ...]
    setup: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing(Question):
    """Something to be drawn in a notebook, checked there as data: by an exercise of the course."""

    exercise: str


GAP = "____"


def problems_of(question: Question) -> list[str]:
    """What is wrong with a question as it is declared, in sentences; none if all is well."""
    problems = misfits(question)
    if problems:
        return problems
    problems = [f"{where} is empty" for where, text in texts_in(question) if not text.strip()]
    if question.difficulty not in DIFFICULTIES:
        problems.append(
            f"its difficulty is {question.difficulty}, and {DIFFICULTIES[0]} to {DIFFICULTIES[-1]} is meant"
        )
    match question:
        case Choice(right=right, wrong=wrong):
            if not right:
                problems.append("no option is right")
            if not wrong:
                problems.append("no option is wrong")
            problems += repeated("option", question.options)
        case Matching(pairs=pairs):
            if len(pairs) < 2:
                problems.append("it has fewer than two pairs")
            problems += repeated("term", pairs) + repeated("definition", pairs.values())
        case ShortAnswer(key_points=points, wrong_statements=statements):
            if not points:
                problems.append("it has no key point")
            problems += [f"the key point {point.idea!r} is worth nothing" for point in points if point.points <= 0]
            problems += repeated("key point", (point.idea for point in points))
            said = [thing.phrasings for thing in points] + [thing.phrasings for thing in statements]
            if not all(said):
                problems.append("a key point or wrong statement has no phrasing")
            problems += repeated("phrasing", (phrasing for phrasings in said for phrasing in phrasings))
        case Number(answer=answer, tolerance=tolerance):
            if not math.isfinite(answer) or not math.isfinite(tolerance) or tolerance < 0:
                problems.append("its answer and its tolerance are no finite numbers, or the tolerance is below 0")
        case Ordering(items=items):
            if len(items) < 3:
                problems.append("it has fewer than three items")
            problems += repeated("item", items)
        case Shape(answer=answer):
            if any(size < 0 for size in answer):
                problems.append("a size in its answer is below 0")
        case Code(template=template, shows=shows):
            if template.count(GAP) != 1:
                problems.append(f"its template has {template.count(GAP)} gaps {GAP}, and one is meant")
            if not shows:
                problems.append("it shows no value by which an answer could be checked")
    return problems


def misfits(value: object, where: str = "") -> list[str]:
    """A sentence for each field that is of another type than it should be, such as a text for a tuple of texts."""
    assert dataclasses.is_dataclass(value)
    found: list[str] = []
    for name, hint in get_type_hints(type(value)).items():
        place, held = f"{where} {name}".strip(), getattr(value, name)
        kind, inner = get_origin(hint) or hint, get_args(hint)
        if not isinstance(held, (int, float) if kind is float else kind):
            found.append(f"{place} is of type {type(held).__name__}, and {kind.__name__} is meant")
            continue
        items = [*held, *held.values()] if isinstance(held, Mapping) else held if isinstance(held, tuple) else ()
        for item in items:
            if not isinstance(item, inner[0]):
                found.append(f"{place} holds something of type {type(item).__name__}, and {inner[0].__name__} is meant")
            elif dataclasses.is_dataclass(item):
                found += misfits(item, place)
    return found


def repeated(noun: str, texts: Iterable[str]) -> list[str]:
    """A sentence for each text that comes more than once, however it is spaced and capitalised."""
    counts = Counter(" ".join(text.casefold().split()) for text in texts)
    return [f"the {noun} {text!r} comes {count} times" for text, count in counts.items() if count > 1]


def texts_in(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a question that must say something, each with the field in which it is."""
    if isinstance(value, str):
        yield where, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in MAY_BE_EMPTY:
                yield from texts_in(getattr(value, field.name), f"{where} {field.name}".strip())
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from texts_in(key, where)
            yield from texts_in(held, f"{where} of {key!r}")
    elif isinstance(value, tuple):
        for held in value:
            yield from texts_in(held, where)
