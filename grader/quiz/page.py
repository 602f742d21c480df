"""A quiz laid out as a page: what it shows of each question, and apart from that what tells the answer.

A page to practise with holds both. That of an exam is made of the first alone, so that not even a question with
another answer would look otherwise: the order of options is drawn from their texts, and no text in it depends on
which of them is right.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from grader.quiz.asking import drawn, terms_of
from grader.quiz.questions import (
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

Mode = Literal["practice", "exam"]

# What is asked of whoever answers, beside the prompt.
HOW = {
    "choice": "Choose one.",
    "choices": "Choose all that are right.",
    "matching": "Choose for each of them what belongs to it.",
    "ordering": "Put them in order, with the arrows or by dragging.",
    "number": "A number.",
    "shape": "A shape, such as (3, 28, 28); () for one number.",
    "output": "What this code prints.",
    "code": "What stands in the gap.",
    "short": "A few sentences.",
}


@dataclass(frozen=True)
class Asked:
    """A question as it is asked, with nothing that tells its answer.

    kind: a key of HOW. texts: options, items or definitions in the order in which they are shown. terms: what
    definitions are to be found for. code: what is shown with it, "" for none. unit: of a number.
    """

    name: str
    kind: str
    prompt: str
    topic: str
    difficulty: int
    texts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    code: str = ""
    unit: str = ""

    @property
    def how(self) -> str:
        """What is asked of whoever answers, beside the prompt."""
        return HOW[self.kind]


@dataclass(frozen=True)
class Told:
    """What is told after an answer.

    right: the right options, or the items in their order. reasons: why an option is wrong. ideas: of the key points,
    with their points. model: what is printed, or an answer to compare with. warnings: what corrects wrong statements.
    """

    explanation: str
    section: str
    right: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    ideas: tuple[tuple[str, float], ...] = ()
    model: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """A question in the page. told: None in an exam."""

    asked: Asked
    told: Told | None


@dataclass(frozen=True)
class QuizView:
    """All that a page shows. data: for the page's script, as JSON: names, and to practise with, the right answers."""

    title: str
    is_exam: bool
    cards: tuple[Card, ...]
    topics: tuple[tuple[str, int], ...]
    data: str


def laid_out(questions: Iterable[Question], title: str, mode: Mode = "practice", seed: int = 0) -> QuizView:
    """The page of these questions. title: the course's. seed: draws the order of options, items and definitions.

    Questions that can only be answered in a notebook are not among them.
    """
    shown = [question for question in questions if not isinstance(question, Drawing)]
    is_exam = mode == "exam"
    cards = tuple(Card(asked_of(q, seed), None if is_exam else told_of(q)) for q in shown)
    names = [q.name for q in shown]
    data = {
        "course": title,
        "is_exam": is_exam,
        # By this the browser finds the answers that were given to this page's questions and no other's.
        "id": hashlib.sha256(repr((title, mode, names)).encode("utf-8", "replace")).hexdigest()[:16],
        "keys": {} if is_exam else {q.name: key_of(q) for q in shown},
    }
    return QuizView(title, is_exam, cards, tuple(Counter(q.topic for q in shown).items()), script_json(data))


def script_json(data: object) -> str:
    """JSON in which no text can end the script element that it stands in."""
    return msgspec.json.encode(data).decode().replace("<", "\\u003c")


# What is shown, and what is told


def asked_of(question: Question, seed: int = 0) -> Asked:
    """A question as it is asked.

    The order of texts may be the right one by chance. One that never is would tell who works the first draw out which
    order it was that had to be avoided.
    """

    def asked(kind: str, texts: Sequence[str] = ()) -> Asked:
        order = drawn(texts, question.name, seed)
        return Asked(question.name, kind, question.prompt, question.topic, question.difficulty, order)

    match question:
        case Choice():
            return asked("choices" if question.is_multiple else "choice", question.options)
        case Matching(pairs=pairs):
            return replace(asked("matching", tuple(pairs.values())), terms=terms_of(question))
        case Ordering(items=items):
            return asked("ordering", items)
        case Number(unit=unit):
            return replace(asked("number"), unit=unit)
        case Output(code=code):
            return replace(asked("output"), code=code.strip("\n"))
        case Code(template=code):
            return replace(asked("code"), code=code.strip("\n"))
        case Shape():
            return asked("shape")
        case ShortAnswer():
            return asked("short")
    raise TypeError(f"{type(question).__name__} is no question for a page")


def told_of(question: Question) -> Told:
    """What is told after an answer to it."""
    told = Told(question.explanation, question.section)
    match question:
        case Choice(right=right, wrong=wrong):
            return replace(told, right=right, reasons=tuple(wrong.items()))
        case Ordering(items=items):
            return replace(told, right=items)
        case Output(answer=answer) | Code(answer=answer):
            return replace(told, model=answer)
        case ShortAnswer(key_points=points, model_answer=model, wrong_statements=statements):
            ideas = tuple((point.idea, point.points) for point in points)
            return replace(told, model=model, ideas=ideas, warnings=tuple(one.correction for one in statements))
    return told  # of a number, a shape, and what belongs together the marking tells what is right


def key_of(question: Question) -> dict[str, object]:
    """What the page's script marks an answer by."""
    match question:
        case Choice(right=right, wrong=wrong):
            return {"kind": "choice", "right": right, "wrong": tuple(wrong)}
        case Matching(pairs=pairs):
            return {"kind": "matching", "pairs": tuple(pairs.items())}
        case Ordering(items=items):
            return {"kind": "ordering", "items": items}
        case Number(answer=answer, tolerance=tolerance, unit=unit):
            return {"kind": "number", "answer": answer, "tolerance": tolerance, "unit": unit}
        case Shape(answer=sizes):
            return {"kind": "shape", "answer": sizes}
        case Output(answer=answer):
            return {"kind": "output", "answer": answer}
        case ShortAnswer(key_points=points):
            return {"kind": "short", "points": tuple(point.points for point in points)}
    return {"kind": "code", "points": (1,)}
