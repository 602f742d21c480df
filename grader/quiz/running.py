"""Answers that are code: filled into their question's template, run in an isolated kernel, and observed as data.

What the code says plays no part, nor does what is written around it: the values count that the question shows. The
right filling is run here, in the grader's process, where references run; the values are compared here, too.
"""

import ast
import builtins
import tempfile
import textwrap
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import nbformat

from grader.course import run_in
from grader.errors import UserError
from grader.execution import Session
from grader.exercise import Scenario
from grader.judging import compared, outcome_of
from grader.kernel import Room
from grader.limits import Limits
from grader.probes import Probe, ask_here, make_probe, seed_of
from grader.quiz.marks import MET, WRONG, Finding, Mark
from grader.quiz.quantities import UnreadableError
from grader.quiz.questions import GAP, Code
from grader.results import CellError
from grader.showing import one_line, value_text
from grader.sources import names_bound_in, names_used
from grader.values import Answer

LIMIT_CODE = 10_000  # characters; a gap is filled with a line or two
LIMITS = Limits(cell_s=30, notebook_s=90)
SHOW_S = 10.0


class Shows(Scenario):
    """The check that an expression has the value which the right filling gives it."""

    def __init__(self, expression: str, names: tuple[str, ...]) -> None:
        super().__init__(expression, shown, of=names, limit_s=SHOW_S)

    @property
    def source(self) -> str:
        """The expression as a function of the names that it takes from the code."""
        return f"def {shown.__name__}({', '.join(self.of)}):\n    return (\n{self.description}\n)"


def shown(*_: object) -> object:
    """Lends its name to the functions that evaluate expressions."""


class Runner:
    """Runs answers, each in a kernel of its own, all in one room, which is made when the first answer needs it."""

    def __init__(self, make_room: Callable[[], Room], data: Path, limits: Limits = LIMITS) -> None:
        """data: the folder of the course's data."""
        self._make_room = make_room
        self._data = data
        self._limits = limits

    @cached_property
    def room(self) -> Room:
        """The room: whether it has walls, and why it has none."""
        return self._make_room()

    @property
    def has_run(self) -> bool:
        """Whether there is a room already."""
        return "room" in self.__dict__

    def mark(self, question: Code, said: str) -> Mark:
        """The mark of an answer: one point if every value is the right one.

        Raises UnreadableError for an answer too long for a gap, and UserError if no kernel starts, or if the
        question's own filling can't be run.
        """
        if len(said) > LIMIT_CODE:
            raise UnreadableError(
                f"The answer is {len(said):,} characters long. Write what fills the gap, and no more."
            )
        checks = checks_of(question)
        right = [expected(question, check) for check in checks]
        error, answers = self.observed(question, filled(question.template, said), checks)
        if error:
            findings = [Finding(WRONG, "the code", error_words(error))]
        else:
            findings = [
                finding(check, good, answer) for check, good, answer in zip(checks, right, answers, strict=True)
            ]
        points = 1 if all(found.state == MET for found in findings) else 0
        return Mark(question.name, points, 1, tuple(findings))

    def observed(self, question: Code, code: str, checks: tuple[Shows, ...]) -> tuple[CellError | None, list[Answer]]:
        """What the code came to in a kernel: the error that ended it; or what each check observed."""
        sources = [question.setup, code]
        cells = [nbformat.v4.new_code_cell(source) for source in sources if source.strip()]
        notebook = nbformat.v4.new_notebook(cells=cells)
        with (
            tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as folder,
            Session(notebook, Path(folder), self._data, self._limits, self.room) as session,
        ):
            for index in range(len(cells)):
                error = session.run_cell(index).error
                if error:
                    return error, []
            return None, session.ask([probe_of(question, check) for check in checks])


def checks_of(question: Code) -> tuple[Shows, ...]:
    """A check for each expression that the question shows; its names are those that are not Python's own."""
    own = frozenset(vars(builtins)) - names_bound_in(f"{question.setup}\n{filled(question.template, question.answer)}")
    return tuple(
        Shows(expression, tuple(name for name in names_used(expression) if name not in own))
        for expression in question.shows
    )


def probe_of(question: Code, check: Shows) -> Probe:
    """What a kernel is asked for a check."""
    return make_probe(check, check.of, [()], seed_of(question.name))


def expected(question: Code, check: Shows) -> Answer:
    """What the right filling gives. Raises UserError if it gives nothing to compare with."""
    namespace: dict[str, object] = {"__name__": "oracle"}
    try:
        run_in(namespace, question.setup)
        run_in(namespace, filled(question.template, question.answer))
    except Exception as error:
        raise UserError(
            f"question {question.name!r}: its own answer can't be run ({type(error).__name__}: {error})."
        ) from error
    answer = ask_here([probe_of(question, check)], namespace)[0]
    if answer.ending != "done":
        raise UserError(
            f"question {question.name!r}: its own answer shows nothing for {check.description!r} "
            f"({answer.ending} {answer.detail})."
        )
    return answer


def finding(check: Shows, right: Answer, answer: Answer) -> Finding:
    """Whether an expression has the right value, and what differs."""
    meant = right.observations[0].value
    wrong = [compared(check, meant, observed) for observed in answer.observations]
    outcome, reason = outcome_of(answer, wrong, check)
    if outcome == "passed":
        return Finding(MET, check.description)
    if outcome == "missing":
        reason = f"Your code defines no {answer.detail}."
    got = f" It gives {value_text(answer.observations[0].value)}." if outcome == "failed" and any(wrong) else ""
    return Finding(WRONG, check.description, f"{one_line(reason)}{got} Meant is {value_text(meant)}.")


def error_words(error: CellError) -> str:
    """How the code ended, in words."""
    if error.type == "Timeout":
        return f"It{error.message.removeprefix('The cell')} Is there a loop that never ends?"
    return f"It ends with {one_line(f'{error.type}: {error.message}')}"[:500]


def filled(template: str, said: str) -> str:
    """The template with the answer in its gap, or the answer alone, if it is the whole template with the gap filled.

    A fence or marks of code around the answer are left out. Further lines of an answer that has the line to itself
    are indented as the first.
    """
    code = without_marks(said)
    before, _, after = template.partition(GAP)
    line = before.rpartition("\n")[2]
    indented = code if line.strip() else code.replace("\n", f"\n{line}")
    result = f"{before}{indented}{after}"
    whole = before.strip() and code.strip().startswith(before.strip()) and code.strip().endswith(after.strip())
    return code if whole and not is_python(result) and is_python(code) else result


def is_python(code: str) -> bool:
    """Whether code can be compiled."""
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def without_marks(said: str) -> str:
    """Code without what Markdown puts around it."""
    lines = said.strip("\r\n").rstrip().splitlines()
    if len(lines) > 2 and lines[0].strip().startswith("```") and lines[-1].strip() == "```":
        lines = lines[1:-1]
    code = textwrap.dedent("\n".join(lines)).strip()
    for mark in ("```", "`"):
        if len(code) > 2 * len(mark) and code.startswith(mark) and code.endswith(mark) and "\n" not in code:
            return code[len(mark) : -len(mark)].strip()
    return code
