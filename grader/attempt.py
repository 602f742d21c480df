"""An attempt: one exercise in one submission, probed as the notebook runs."""

import difflib
import re
from collections.abc import Mapping, Sequence

import msgspec

from grader.execution import CellEnd
from grader.exercise import Exercise, Scenario
from grader.finding import Found, is_of_course, unanswered_names
from grader.judging import Judge, Shrinking
from grader.notebook import Submission, names_in, tagged_exercise, without_comments
from grader.probes import Ask, Probe, id_of, make_probe
from grader.results import ExerciseResult, Outcome, Verdict
from grader.showing import one_line
from grader.slicing import Cells, Demand
from grader.sources import names_supplied
from grader.values import Answer

ALIKE, ALMOST = 0.75, 0.9  # how much of two names agrees, for one to be the other misspelt

# How good a verdict is, to choose between two attempts at the same check.
RANK: dict[Outcome, int] = {
    "missing": 0,
    "timeout": 1,
    "error": 2,
    "needs review": 3,
    "failed": 3,
    "passed": 4,
}


class Attempt:
    """One exercise in one submission: the cells that may answer it, and the best verdicts so far.

    The names of an exercise may be defined more than once (the chapter itself defines `train_epoch` twice). The
    exercise is probed after each cell that does, and each check's best verdict counts.
    """

    def __init__(self, judge: Judge, submission: Submission, found: Mapping[str, Found], cells: Cells) -> None:
        """Begins with nothing probed. found: where each exercise is answered. cells: the notebook's, as they run."""
        self.judge = judge
        self.name = judge.name
        self.exercise: Exercise = judge.exercise
        self.notebook = submission.notebook
        self.is_of_course = is_of_course(self.notebook)
        self.cells = found[self.name].cells
        self.stand_ins = found[self.name].stand_ins
        sources = [self.notebook.cells[index].source for index in self.cells]
        self.code = "\n\n".join(sources)
        self.unanswered = unanswered_names(sources)
        self.shrinking = Shrinking(0 if self.unanswered else judge.shrinking_s)
        taken: set[int] = set().union(*(answer.cells for answer in found.values()))
        codes = [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]
        self.suspects = self.cells or ([i for i in codes if i not in taken] if self.is_of_course else [])
        self.known = found[self.name].names
        self.given = judge.course.given
        self.demands = self.demanded(cells)
        self.places = {*self.cells, *(demand.cell for demand in self.demands)}
        self.best: list[Verdict] = []

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to probe: all that the exercise asks for is still to be written."""
        return self.unanswered >= set(self.exercise.names) or (not self.demands and not self.is_of_course)

    @property
    def is_passed(self) -> bool:
        """Whether every check has passed."""
        return bool(self.best) and all(verdict.outcome == "passed" for verdict in self.best)

    def demanded(self, cells: Cells) -> list[Demand]:
        """What the probes need of the notebook. Code in texts may define anything, so it is asked at the end then."""
        places = [index for index in self.cells if index in cells.effects]
        if self.is_foreign(self.exercise.names) and not cells.has_star_import:
            places += [index for index in cells.opaque[-1:] if index not in places]
            self.known |= frozenset(self.renamed(self.exercise.names)) if cells.opaque else frozenset()
        wanted = {
            (self.subjects(check), names_supplied(check.source))
            for check in self.exercise.checks
            if not self.is_foreign(check.of or self.exercise.names)
        }
        demands = [Demand(index, frozenset(names), supplied) for index in places for names, supplied in wanted]
        return [*demands, *(later for demand in demands for later in cells.postponed(demand))]

    def subjects(self, check: Scenario) -> tuple[str, ...]:
        """The names that a check is about, as the notebook has them."""
        return self.renamed(check.of or self.exercise.names)

    def renamed(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Names of the exercise as the notebook has them."""
        return tuple(self.stand_ins.get(name, name) for name in names)

    def is_foreign(self, names: Sequence[str]) -> bool:
        """Whether one of these names is nothing that an answer defines: what has it is a package's own, or given."""
        renamed = set(self.renamed(tuple(names)))
        if self.is_of_course:
            return not self.cells and bool(renamed & self.given)
        return not renamed <= self.known

    def prepare(self) -> None:
        """Does what can be done before the notebook runs."""
        if self.cells and not self.is_untouched:
            self.judge.prepare()

    def probe(self, ask_kernel: Ask) -> None:
        """Probes the exercise as the notebook stands now. ask_kernel: has probes answered there."""
        if self.is_passed:
            return
        if self.is_untouched or not (self.cells or self.is_there(ask_kernel)):
            self.best = [absent(check, self.judge.subjects(check)) for check in self.exercise.checks]
            return

        def ask(probes: Sequence[Probe]) -> list[Answer]:
            asked = [
                msgspec.structs.replace(p, names=self.renamed(p.names)) for p in probes if not self.is_foreign(p.names)
            ]
            answers = iter(ask_kernel(asked) if asked else [])
            return [
                Answer((), "missing", ", ".join(p.names)) if self.is_foreign(p.names) else next(answers) for p in probes
            ]

        answers, wrong = self.confirmed(ask_once(ask, self.judge.probes), ask)
        verdicts = self.judge.verdicts(answers, ask, self.shrinking, wrong)
        is_better = [not self.best or RANK[v.outcome] > RANK[b.outcome] for v, b in self.pairs(verdicts)]
        self.best = [v if better else b for (v, b), better in zip(self.pairs(verdicts), is_better, strict=True)]

    def confirmed(self, answers: Sequence[Answer], ask: Ask) -> tuple[list[Answer], list[list[str]]]:
        """The answers, and what is wrong with each, case by case.

        One that is wrong is asked for again, alone: it may be so for what another probe has left.
        """
        found, wrong = list(answers), [self.judge.problems(index, answer) for index, answer in enumerate(answers)]
        doubtful = [i for i, answer in enumerate(answers) if answer.ending == "done" and any(wrong[i])]
        twins = self.judge.twins
        first = 0  # there was no other before it
        again = {index: ask([self.judge.probes[index]])[0] for index in {twins[i] for i in doubtful} - {first}}
        for index in doubtful:
            if twins[index] in again:
                found[index] = again[twins[index]]
                wrong[index] = self.judge.problems(index, found[index])
        return found, wrong

    def is_there(self, ask_kernel: Ask) -> bool:
        """Whether the notebook has any of the names, though no cell seems to define them; asked without cases."""
        probes = [make_probe(check, self.subjects(check), (), 0) for check in self.exercise.checks]
        asked = [probe for probe in probes if not self.is_foreign(probe.names)]
        return any(answer.ending != "missing" for answer in ask_once(ask_kernel, asked)) if asked else False

    def pairs(self, verdicts: Sequence[Verdict]) -> list[tuple[Verdict, Verdict]]:
        """Each new verdict with the best so far."""
        return list(zip(verdicts, self.best or verdicts, strict=True))

    def result(self, ends: dict[int, CellEnd]) -> ExerciseResult:
        """The exercise's result, with a reason for what is missing."""
        verdicts = tuple(
            self.explained(self.subjects(check), verdict, ends)
            for check, verdict in zip(self.exercise.checks, self.best, strict=True)
        )
        return ExerciseResult(
            name=self.name,
            title=self.exercise.title,
            statement=self.exercise.statement.strip(),
            points=sum(verdict.points for verdict in verdicts),
            possible=self.exercise.points,
            verdicts=verdicts,
            cells=tuple(index + 1 for index in self.cells),
            source=self.code,
            stand_ins=dict(self.stand_ins),
        )

    def explained(self, subjects: tuple[str, ...], verdict: Verdict, ends: dict[int, CellEnd]) -> Verdict:
        """A verdict with what only the notebook's text can tell: an unanswered cell, an error, a misspelt name."""
        if verdict.outcome == "passed":
            return verdict
        dots = next((name for name in subjects if name in self.unanswered), None)
        if dots:
            return missing(verdict, f"`{dots}` is not answered yet: the dots are still there.")
        if verdict.outcome != "missing":
            return verdict
        for index in self.suspects:
            source = without_comments(self.notebook.cells[index].source)
            for misconception in self.exercise.misconceptions:
                if misconception.pattern and re.search(misconception.pattern, source):
                    error = self.first_error([index], ends)
                    outcome: Outcome = "error" if error else "failed"
                    reason = error or self.absence(subjects)
                    return replaced(verdict, outcome, reason, misconception.name, misconception.hint)
        error = self.first_error(self.cells, ends)
        if error and not self.is_well_defined(subjects, ends):
            return replaced(verdict, "error", error)
        return missing(verdict, self.absence(subjects))

    def first_error(self, cells: Sequence[int], ends: dict[int, CellEnd]) -> str:
        """The error that one of the cells ended with, in a sentence; empty if none did."""
        for index in cells:
            end = ends.get(index)
            if end and end.error:
                message = one_line(end.error.message)[:300]
                return f"Cell {index + 1} ended with {end.error.type}{f': {message}' if message else '.'}"
        return ""

    def is_well_defined(self, subjects: tuple[str, ...], ends: dict[int, CellEnd]) -> bool:
        """Whether cells that ended well should have defined all of the names."""
        fine = [self.notebook.cells[i].source for i in self.cells if i in ends and ends[i].error is None]
        return set(subjects) <= {name for source in fine for name in names_in(source)}

    def absence(self, subjects: tuple[str, ...]) -> str:
        """A sentence for names that are nowhere defined, with the likely reason."""
        everything = {n for c in self.notebook.cells if c.cell_type == "code" for n in names_in(c.source)}
        name = next((name for name in subjects if name not in everything), subjects[0])
        alike = ALIKE if self.is_of_course or self.cells else ALMOST  # in another's notebook a name may mean anything
        close = difflib.get_close_matches(name, everything - self.given - set(self.exercise.names), n=1, cutoff=alike)
        if close:
            return f"The notebook defines no `{name}`, but a `{close[0]}`. Is it the same with another spelling?"
        return self.unmentioned(name)

    def unmentioned(self, name: str) -> str:
        """A sentence for a name that is defined nowhere, under no spelling."""
        tags = {tagged_exercise(cell) for cell in self.notebook.cells} - {""}
        if (tags and self.name not in tags) or not (tags or self.cells):
            return f"Not attempted: the notebook has no cell for this and defines no `{name}`."
        return f"The notebook defines no `{name}`. Give the answer exactly this name."


def ask_once(ask: Ask, probes: Sequence[Probe]) -> list[Answer]:
    """Answers to all probes; equal ones are asked once."""
    distinct = list({id_of(probe): probe for probe in probes}.values())
    answers = dict(zip(map(id_of, distinct), ask(distinct), strict=True))
    return [answers[id_of(probe)] for probe in probes]


def absent(check: Scenario, names: tuple[str, ...]) -> Verdict:
    """The verdict on a check of which there is nothing to be asked about."""
    return Verdict(check.description, "missing", 0, check.points, f"The notebook defines no {', '.join(names)}.")


def missing(verdict: Verdict, reason: str) -> Verdict:
    """The verdict on an answer that is not there."""
    return replaced(verdict, "missing", reason)


def replaced(verdict: Verdict, outcome: Outcome, reason: str, misconception: str = "", hint: str = "") -> Verdict:
    """The same check with another outcome, without points and evidence."""
    return Verdict(
        verdict.description,
        outcome,
        0,
        verdict.possible,
        reason,
        misconception,
        hint or verdict.hint,
        verdict.cases,
    )
