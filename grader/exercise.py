"""The words in which a course is declared: Exercise, its checks, its misconceptions.

A check is a scenario (a small function that runs in the student's kernel and says what happened) and inputs for
it. What is right is decided outside: by the oracle, which plays the same scenario, or by `holds`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from grader.sources import source_of
from grader.values import Plain, Raised, Value

CASES = 16

# `holds` gets a case's arguments, as they were drawn, and what came back as plain data. It gives None when all is
# well, and otherwise the sentence that the student reads. The arguments have the types that the strategies give.
Holds = Callable[..., str | None]


def call(subject: Callable[..., object], *arguments: object) -> object:
    """The scenario of `Calls`."""
    return subject(*arguments)


def call_and_give_arguments(subject: Callable[..., object], *arguments: object) -> object:
    """The scenario of `Keeps`; a function that does nothing at all keeps nothing."""
    return None if subject(*arguments) is None else arguments


def read(subject: object) -> object:
    """The scenario of `Reads`."""
    return subject


class Scenario:
    """A check: play `function` in the student's kernel for each case, and compare what comes back.

    description: one line, as the report shows it: what is checked.
    function: called with the exercise's names in `of`, then one argument for each of `inputs`. Its text is sent
        into the kernel, with the imports and helpers that it uses. It says what happened, never whether it is right.
    inputs: Hypothesis strategies, one for each further argument.
    of: the names it is about; all that the exercise provides, if not given.
    holds: decides instead of the oracle, where there is no one right value.
    remark: what the student reads if it passed, from the first case: called as `holds` is, gives a sentence.
    limit_s: for all cases together.
    """

    def __init__(
        self,
        description: str,
        function: Callable[..., object],
        *inputs: SearchStrategy[Any],
        points: float = 1,
        of: str | tuple[str, ...] = (),
        hint: str = "",
        cases: int = CASES,
        holds: Holds | None = None,
        remark: Callable[..., str] | None = None,
        limit_s: float = 10,
    ) -> None:
        self.description = description
        self.function = function
        self.inputs = inputs
        self.points = points
        self.of = (of,) if isinstance(of, str) else of
        self.hint = hint
        self.cases = cases if inputs else 1
        self.holds = holds
        self.remark = remark
        self.limit_s = limit_s

    @cached_property
    def source(self) -> str:
        """The text of the scenario, with all that it needs."""
        return source_of(Path(inspect.getfile(self.function)), self.function.__name__)

    def sentence(self, words: str, observed: Value) -> str:  # noqa: ARG002
        """What a student reads when the oracle's answer and theirs differ in this way; `words` is empty if not."""
        return words


class Calls(Scenario):
    """A check that calls a function with the inputs, and compares what it returns with the oracle."""

    def __init__(self, description: str, *inputs: SearchStrategy[Any], **options: Any) -> None:
        super().__init__(description, call, *inputs, **options)


class Keeps(Scenario):
    """A check that a function leaves its arguments as they were."""

    def __init__(self, description: str, *inputs: SearchStrategy[Any], **options: Any) -> None:
        super().__init__(description, call_and_give_arguments, *inputs, **options)

    def sentence(self, words: str, observed: Value) -> str:
        """It is the arguments that are compared, not what came back."""
        if not words or isinstance(observed, Raised):
            return words
        if observed == Plain(None):
            return "It gives nothing back, so whether it would keep its arguments can't be told."
        return f"It changes its arguments. {words}"


class Reads(Scenario):
    """A check that a variable has the oracle's value."""

    def __init__(self, description: str, **options: Any) -> None:
        super().__init__(description, read, **options)


@dataclass(frozen=True)
class Misconception:
    """A known mistake, as code that makes it, and the hint that it earns.

    implementation: what stands in for the oracle: a function for an exercise that provides one name, a mapping
        from names to objects, or a text of code that defines them.
    pattern: a regular expression for code that can't run or defines nothing, found in the student's cell without
        its comments. With it, implementation is an example of the code as a student wrote it.
    """

    name: str
    implementation: Callable[..., object] | Mapping[str, object] | str
    hint: str
    pattern: str = ""


@dataclass(frozen=True)
class Exercise:
    """A task: what the student reads, what the notebook must provide, and how it is checked.

    provides: the name, or names, that a solution defines.
    oracle: "module:name" in the course's reference/, or "module" where the names are the exercise's own.
    statement: the task, in Markdown. starter: the code of the cell that the student completes.
    section: the heading in the starter notebook under which it and those after it stand; of the book, for example.
    accepts: other right answers, as texts of code by their style; each needs to define only what it does
        differently from the reference solution, which has run before it.
    aliases: for a name that is provided, other names that students give it in notebooks of their own.
    given: code that the notebook needs before the exercise's cell, in a cell of its own.
    finish: code that the reference solution needs after its definitions, such as a training run.
    hints: in Markdown, for a student who is stuck and takes one at a time: from the gentlest, which says where to look
        or what to think of, to the last, which says nearly how. None gives the solution away. Where the exercise
        provides several names, those about the easiest come first, and each says which one it is about.
    equivalents: mutants of the reference that are right all the same, as `grader verify` names them, and why.
    budget_s: how long the cells that nothing else needs may run together, if the statement says so; 0 for no limit of
        their own. It holds at the usual `--timeout`, and grows with it.
    """

    title: str
    provides: str | tuple[str, ...]
    oracle: str
    statement: str
    starter: str
    checks: list[Scenario]
    misconceptions: list[Misconception] = field(default_factory=list)
    accepts: Mapping[str, str] = field(default_factory=dict)
    section: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: str = ""
    finish: str = ""
    equivalents: Mapping[str, str] = field(default_factory=dict)
    budget_s: float = 0
    hints: Sequence[str] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a solution defines."""
        return (self.provides,) if isinstance(self.provides, str) else tuple(self.provides)

    @property
    def points(self) -> float:
        """What a full solution earns."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Course:
    """What a course's exercises/course.py declares.

    exercises: the names of the exercise files, in the order of the notebook.
    starter: the file name of the starter notebook. introduction: its first cell, in Markdown.
    setup: the code of its first code cell; {data} in it becomes the path of the prepared data.
    prepare: "module:function" in reference/, called with the data folder and a progress function, or "".
    training: a module in reference/ that trains the course's models, with the MODELS and the train that
        grader/training.py asks for, or "".
    questions: the folders of exercises/questions/ with the questions and generators of its quiz.
    questionnaire: the one of these whose short answers the starter notebook asks for as well, or "".
    book: the address of the text that the sections are named after, or "": a notebook as nbviewer.org shows it, where a
        link to a heading ends with its text.
    """

    title: str
    exercises: list[str]
    starter: str
    introduction: str = ""
    setup: str = ""
    prepare: str = ""
    training: str = ""
    questions: list[str] = field(default_factory=list)
    questionnaire: str = ""
    book: str = ""
