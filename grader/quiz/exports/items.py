"""A question as other programs ask it: a prompt and a task, of which they know fewer kinds than the bank has.

All texts are Markdown, but for those that are said to be plain.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grader.exports.texts import cleaned
from grader.quiz.asking import definitions_of, items_of, options_of
from grader.quiz.exports.texts import decimal, fenced, one_line
from grader.quiz.questions import (
    GAP,
    Choice,
    Code,
    Drawing,
    Matching,
    Number,
    Ordering,
    Output,
    Question,
    Shape,
    ShortAnswer,
)

NAMED = 10  # questions that a note names


@dataclass(frozen=True)
class Option:
    """One option of a choice. feedback: why it is wrong, "" for a right one."""

    text: str
    is_right: bool
    feedback: str


@dataclass(frozen=True)
class Options:
    """Options to choose from, in the order in which they are shown."""

    options: tuple[Option, ...]
    is_multiple: bool

    @property
    def right(self) -> tuple[Option, ...]:
        """Those that are to be chosen."""
        return tuple(option for option in self.options if option.is_right)

    @property
    def wrong(self) -> tuple[Option, ...]:
        """Those that are not."""
        return tuple(option for option in self.options if not option.is_right)


@dataclass(frozen=True)
class Pairs:
    """Terms with their definitions. shown: the definitions in the order in which they are shown."""

    pairs: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """A number to give."""

    answer: float
    tolerance: float


@dataclass(frozen=True)
class Line:
    """A line to give, letter by letter. accepted: the right ones, plain; the first is the one to show."""

    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """Items in their right order. shown: the same in the order in which they are shown."""

    steps: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Essay:
    """A text or code to write, which a person marks. guide: the right answer, and what is looked for in others."""

    guide: str
    is_code: bool = False


@dataclass(frozen=True)
class Work:
    """Something to do in a notebook and to hand in."""


Task = Options | Pairs | Value | Line | Steps | Essay | Work


@dataclass(frozen=True)
class Item:
    """A question for another program. name, topic and section are plain, in one line; points: what it is worth."""

    name: str
    topic: str
    section: str
    difficulty: int
    prompt: str
    explanation: str
    points: float
    task: Task


@dataclass(frozen=True)
class Quiz:
    """What is exported. moment: when, in seconds since 1970, for programs that tell newer questions by it."""

    title: str
    items: tuple[Item, ...]
    moment: float = 0


def item_of(question: Question) -> Item:
    """A question as other programs ask it."""
    prompt, points = question.prompt, 1.0
    task: Task
    match question:
        case Choice(wrong=wrong):
            options = (Option(text, text not in wrong, wrong.get(text, "")) for text in options_of(question))
            task = Options(tuple(options), question.is_multiple)
        case Matching(pairs=pairs):
            task = Pairs(tuple(pairs.items()), definitions_of(question))
        case ShortAnswer():
            task, points = Essay(guide_of(question)), question.points
        case Number(answer=answer, tolerance=tolerance, unit=unit):
            prompt = f"{prompt}\n\nGive a number (in {unit})." if unit else prompt
            task = Value(answer, tolerance)
        case Ordering(items=items):
            task = Steps(items, items_of(question))
        case Shape(answer=shape):
            task = Line(spellings(shape))
        case Output(code=code, answer=answer):
            prompt = f"{prompt}\n\n{fenced(code)}"
            said = cleaned(answer).strip()
            task = Essay(fenced(answer), is_code=True) if "\n" in said else Line((said,))
        case Code(template=template, answer=answer):
            prompt = f"{prompt}\n\n{fenced(template)}"
            task = Essay(f"One right way to fill it in:\n\n{fenced(template.replace(GAP, answer))}", is_code=True)
        case Drawing():
            task = Work()
        case _:
            raise AssertionError(f"no such kind of question: {type(question).__name__}")
    name, topic, section = map(one_line, (question.name, question.topic, question.section))
    return Item(name, topic, section, question.difficulty, prompt, question.explanation, points, task)


def guide_of(question: ShortAnswer) -> str:
    """By what a person marks a short answer: one that is right, the key points, and what may be said wrong."""
    points = [
        f"- {one_line(point.idea)} ({decimal(point.points)} {'point' if point.points == 1 else 'points'})"
        for point in question.key_points
    ]
    parts = [f"**A right answer:** {question.model_answer}", "**What it has to say:**", "\n".join(points)]
    if question.wrong_statements:
        wrong = [f"- “{one_line(it.phrasings[0])}”: {one_line(it.correction)}" for it in question.wrong_statements]
        parts += ["**What may be said wrong:**", "\n".join(wrong)]
    return "\n\n".join(parts)


def spellings(shape: tuple[int, ...]) -> tuple[str, ...]:
    """How a shape may be written; programs that compare texts know no other way to be fair."""
    spaced, tight = ", ".join(map(str, shape)), ",".join(map(str, shape))
    bare = [spaced, tight] if shape else []
    comma = "," if len(shape) == 1 else ""
    around = [f"({spaced}{comma})", f"({tight}{comma})", *(f"({text})" for text in bare)]
    in_brackets = [f"[{spaced}]", f"[{tight}]"]
    return tuple(dict.fromkeys([*around, *bare, *in_brackets, *(f"torch.Size({text})" for text in in_brackets)]))


def positions(steps: Steps) -> Pairs:
    """An order as a matching: of each item, as they are shown, with its place."""
    places = tuple(str(place + 1) for place in range(len(steps.steps)))
    return Pairs(tuple((step, places[steps.steps.index(step)]) for step in steps.shown), places)


def grouped_by_topic(items: Sequence[Item]) -> list[Item]:
    """The items with those of one topic together, topics and items in their order."""
    topics = list(dict.fromkeys(item.topic for item in items))
    return sorted(items, key=lambda item: topics.index(item.topic))


def notes_on(items: Iterable[Item], remark: Callable[[Item], str]) -> tuple[str, ...]:
    """A sentence for each remark that there is on items, which names them."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if what := remark(item):
            found[what].append(item.name)
    return tuple(f"{what}: {_listed(names)}." for what, names in found.items())


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} {'question' if len(names) == 1 else 'questions'}, {', '.join(names[:NAMED])}{more}"
