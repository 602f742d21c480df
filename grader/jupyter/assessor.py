"""The assessor: knows the course, and answers what a notebook asks of it. Nothing in it knows of processes or pipes."""

import difflib
import functools
from collections.abc import Sequence
from pathlib import Path

from grader.attempt import Attempt
from grader.course import LoadedCourse
from grader.errors import UserError
from grader.grading import found_in, judges_of
from grader.jupyter.cards import (
    after_hints,
    checked_text,
    first_failing,
    hints_text,
    progress_text,
    statement_text,
    total_of,
)
from grader.jupyter.history import ends_of, standing, submission_of
from grader.jupyter.kept_hints import KeptHints
from grader.jupyter.messages import Check, Executed, Hint, Progress, Request, Show, Shown
from grader.probes import Ask
from grader.report import render_checked, render_hints, render_progress
from grader.results import ExerciseResult
from grader.showing import counted
from grader.slicing import Cells


class Assessor:
    """Answers one notebook, as long as its kernel lives.

    hints: the file in which is kept how many were taken. seed: what the cases are drawn from; each case is drawn, and
    each answer of the oracle worked out, once.
    """

    def __init__(self, course: LoadedCourse, hints: Path, seed: str) -> None:
        self.course = course
        self.hints = KeptHints(hints)
        self.judges = judges_of(course, seed)
        self.callables = functools.cache(course.callables)

    def answer(self, request: Request, ask: Ask) -> Shown:
        """What to show. ask: has probes answered in the notebook's kernel. Raises UserError for what can't be."""
        match request:
            case Check(names, cells):
                return self.checked(names, cells, ask)
            case Progress(cells):
                return self.progress(cells, ask)
            case Hint(name):
                return self.hint(name)
            case Show(name):
                return self.statement(name)

    def checked(self, names: Sequence[str], cells: Sequence[Executed], ask: Ask) -> Shown:
        """The card of the exercises of these names; without names, of those that were tried."""
        chosen = [self.named(name) for name in names]
        for name in chosen:
            if name not in self.judges:
                raise UserError(f"{name}: {self.later(name)}")
        results = self.results(cells, ask, chosen)
        if not results:
            name = next(iter(self.judges))
            raise UserError(
                f"Nothing to check: no cell that was run answers an exercise. grader.show({name!r}) shows the first."
            )
        notes = {result.name: self.later(result.name) for result in results}
        helped = [result.name for result in results if self.course.exercises[result.name].hints]
        first = first_failing(results)
        outcomes = {result.name: outcomes_of(result) for result in results}
        return Shown(
            checked_text(results, first, helped, notes),
            render_checked(results, first, helped, notes),
            outcomes=outcomes,
        )

    def progress(self, cells: Sequence[Executed], ask: Ask) -> Shown:
        """How far the student is: every exercise, with what has been reached of its points."""
        found = {result.name: result for result in self.results(cells, ask)}
        rows = [
            (name, found[name].points if name in found else None, self.course.exercises[name].points)
            for name in self.judges
        ]
        return Shown(
            progress_text(rows),
            render_progress(rows, total_of(rows)),
            outcomes={n: outcomes_of(r) for n, r in found.items()},
        )

    def hint(self, name: str) -> Shown:
        """The exercise's hints so far, and one more."""
        name = self.named(name)
        hints = self.course.exercises[name].hints
        if not hints:
            raise UserError(f"{name} has no hints. `grader.check({name!r})` says what is wrong with an answer.")
        taken, note = self.hints.one_more(name, len(hints))
        return Shown(
            hints_text(name, hints, taken, note), render_hints(name, hints, taken, after_hints(taken, hints), note)
        )

    def statement(self, name: str) -> Shown:
        """An exercise's statement, in Markdown."""
        exercise = self.course.exercises[self.named(name)]
        text = statement_text(exercise.title, exercise.points, exercise.statement)
        return Shown(text, markdown=text)

    def named(self, name: str) -> str:
        """The exercise that goes by this name, which may be that of something it provides.

        Raises UserError if there is none, with the nearest.
        """
        exercises = self.course.exercises
        if name in exercises:
            return name
        providing = {provided: other for other, exercise in exercises.items() for provided in exercise.names}
        if name in providing:
            return providing[name]
        near = difflib.get_close_matches(name, [*exercises, *providing], n=1)
        meant = f" Did you mean {providing.get(near[0], near[0])!r}?" if near else ""
        raise UserError(f"{name!r}: no such exercise.{meant}\nThere are: {', '.join(exercises)}.")

    def later(self, name: str) -> str:
        """A sentence on an exercise's checks that a released course leaves for the grading; empty if there are none."""
        checks = self.course.records[name].later if name in self.course.records else ()
        if not checks:
            return ""
        points = counted(sum(check.points for check in checks), "point")
        run = "runs" if len(checks) == 1 else "run"
        more = " more" if name in self.judges else ""
        return f"{counted(len(checks), f'{more} check'.strip())} ({points}) {run} only when the notebook is graded."

    # What the notebook answers

    def results(self, cells: Sequence[Executed], ask: Ask, names: Sequence[str] = ()) -> list[ExerciseResult]:
        """The results of these exercises, or of those that were tried, as the notebook stands now."""
        stand = standing(cells)
        submission = submission_of(stand, self.course)
        found = found_in(submission.notebook, self.course, self.callables)
        run = Cells({i: cell.source for i, cell in enumerate(submission.notebook.cells) if cell.source.strip()})
        ends = ends_of(stand)
        results = []
        for name in dict.fromkeys(names) or self.judges:
            if not names and not found[name].cells:
                continue
            attempt = LiveAttempt(self.judges[name], submission, found, run)
            if not names and attempt.is_untouched:
                continue
            attempt.prepare()
            attempt.probe(ask)
            results.append(attempt.result(ends))
        return results


class LiveAttempt(Attempt):
    """An exercise in a notebook that is still being worked on."""

    def unmentioned(self, name: str) -> str:
        """What to do about a name that nothing has defined."""
        return f"`{name}` is not defined yet. Run the cell that defines it, and check again."


def outcomes_of(result: ExerciseResult) -> tuple[str, ...]:
    """How the exercise's checks ended, in their order."""
    return tuple(verdict.outcome for verdict in result.verdicts)
