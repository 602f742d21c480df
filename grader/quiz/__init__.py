"""The quiz: a bank of questions, asked in a terminal, a page or a notebook, and the marking of answers.

In a notebook the package itself is what asks: `grader.quiz("broadcasting")`. It is a module that can be called, for a
function of that name would be gone as soon as something imports the package, which Python then puts in its place.
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.quiz.cards import Shown


class CallableQuiz(ModuleType):
    """The package as it is used in notebooks."""

    def __call__(
        self, *topics: str, number: int = 5, seed: int | None = None, course: str | Path | None = None
    ) -> "Shown":
        """Asks questions of these topics, or of all: what is due, then what is new, the easier first.

        number: how many. seed: draws numbers and orders; None for another one every time. course: the folder of a
        course of your own. Where ipywidgets is installed, the answer is given below; `answer` takes it everywhere.
        """
        from grader.quiz.notebook import begin

        return begin(topics, number, seed, None if course is None else Path(course))

    def answer(self, *said: object) -> "Shown":
        """Marks the answer to the question that was asked last, and asks the next one.

        said: letters, the options themselves, a number, a shape, a text, or a dict of what belongs to each term.
        """
        from grader.quiz.notebook import answer

        return answer(said)

    def skip(self) -> "Shown":
        """Leaves the question out that was asked last, and asks the next one."""
        from grader.quiz.notebook import skip

        return skip()


sys.modules[__name__].__class__ = CallableQuiz
