"""Questions as other programs take them: data in, bytes out, nothing written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.exports.texts import Export
from grader.quiz.exports.anki import anki
from grader.quiz.exports.gift import gift
from grader.quiz.exports.items import Quiz, item_of
from grader.quiz.exports.jupyterquiz import jupyterquiz
from grader.quiz.exports.moodle import moodle
from grader.quiz.exports.qti import qti
from grader.quiz.questions import Question

__all__ = ["FORMATS", "Export", "Format", "export"]


@dataclass(frozen=True)
class Format:
    """A form of an export. ending: of its files' names. made: its content, and what a reader should know of it."""

    ending: str
    made: Callable[[Quiz], Export]


FORMATS = {
    "qti": Format(".qti.zip", qti),
    "gift": Format(".gift.txt", gift),
    "moodle": Format(".moodle.xml", moodle),
    "anki": Format(".apkg", anki),
    "jupyterquiz": Format(".jupyterquiz.json", jupyterquiz),
}


def export(questions: Iterable[Question], form: str, title: str, moment: float = 0) -> Export:
    """Questions in a form of FORMATS, the same bytes for the same arguments.

    title: of the quiz, deck or category. moment: when it is exported, in seconds since 1970, by which Anki tells
    newer questions from those that it has.
    """
    return FORMATS[form].made(Quiz(title, tuple(item_of(question) for question in questions), moment))
