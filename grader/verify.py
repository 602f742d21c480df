"""Verifying a course: right answers pass, misconceptions fail with their own diagnosis, mutants are caught.

It is the course's own code that is on trial, not a student's: it runs in this process or in forks of it. A mutant
may hang or crash, so each has a fork of its own, which finds there what the oracle answers and what was trained.
"""

import ast
import functools
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import msgspec

from grader.course import LoadedCourse, oracle_names, run_in
from grader.errors import UserError
from grader.exercise import Exercise, Misconception
from grader.judging import Judge
from grader.mutants import Mutant, mutants, unchanged
from grader.notebook import without_comments
from grader.oracles import mistaken_namespace
from grader.parallel import Ended, Task, can_fork, in_forks
from grader.probes import Probe, ask_here
from grader.results import Verdict
from grader.sources import names_bound_in
from grader.telling import Tell, quietly
from grader.values import Answer

SALT = "verify"
UNCHANGED = Mutant("the reference without annotations", "")  # what all mutants are mutants of
LIMIT_UNCHANGED_S = 60.0
LEAST_LIMIT_S, SLOWNESS = 3.0, 10  # a mutant may take so many seconds more, and times longer, than the reference
LIMIT_MUTANT_BYTES = 2 * 2**30

Kind = Literal["solution", "answer", "starter", "misconception", "mutant"]


class Finding(msgspec.Struct, frozen=True):
    """What was found out in one trial.

    kind: what was tried. problem: empty if all is well. seconds: how long it took.
    mutant: what became of it, if it is one. note: how it was caught, or why it is right though it passes.
    """

    exercise: str
    kind: Kind
    subject: str
    problem: str = ""
    seconds: float = 0
    mutant: Literal["", "caught", "equivalent", "survived"] = ""
    note: str = ""


def by_exercise(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings of each exercise."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.exercise, []).append(finding)
    return found


def verify(
    course: LoadedCourse,
    data: Path,
    tell: Tell = quietly,
    with_mutants: bool = False,
    workers: int = 1,
) -> list[Finding]:
    """A finding for every right answer, starter, misconception and, if so asked for, mutant of the course.

    data: where the course's data was prepared. tell: called as trials are done, with what is done, how many of
    them and of how many. workers: how many processes work at it at a time; with one, this process does all but
    mutants. Raises UserError if mutants are asked for on a platform without forks.
    """
    if with_mutants and not can_fork():
        raise UserError("Mutants need a system with forks, such as Linux. Leave them out with --no-mutants.")
    trials = [Trials(course, name, data, with_mutants) for name in course.exercises]
    total = sum(one.count for one in trials)
    tell("trials", 0, total)
    findings: list[list[Finding]] = [[] for _ in trials]
    outside = min(workers, len(trials)) if can_fork() else 1
    for index, finding in trial_by_trial(trials, outside, max(1, workers // outside)):
        findings[index].append(finding)
        tell("trials", min(total, sum(map(len, findings))), total)
    tell("trials", total, total)
    return [finding for one, found in zip(trials, findings, strict=True) for finding in one.in_order(found)]


def trial_by_trial(trials: Sequence["Trials"], workers: int, mutants_at_a_time: int) -> Iterator[tuple[int, Finding]]:
    """The findings as they come, each with the index of its exercise."""
    if workers == 1:
        for index, one in enumerate(trials):
            yield from ((index, finding) for finding in one.findings(mutants_at_a_time))
        return
    # What takes longest begins first, or one process would still be at it when the others have nothing left to do.
    order = sorted(range(len(trials)), key=lambda i: (not trials[i].exercise.finish, -trials[i].count))
    tasks = [trials[i].as_task(mutants_at_a_time) for i in order]
    for position, message in in_forks(tasks, workers):
        index = order[position]
        if isinstance(message, bytes):
            yield index, msgspec.json.decode(message, type=Finding)
        elif message.detail:
            yield index, Finding(trials[index].name, "solution", "verification", f"did not end: it {message.detail}")


@dataclass
class Trials:
    """All that is tried of one exercise."""

    course: LoadedCourse
    name: str
    data: Path
    with_mutants: bool

    @property
    def exercise(self) -> Exercise:
        """The exercise."""
        return self.course.exercises[self.name]

    @cached_property
    def judge(self) -> Judge:
        """Who judges all trials: what the oracle answers is worked out once."""
        return Judge(self.course, self.name, SALT, shrinking_s=0)

    @cached_property
    def mutants(self) -> list[Mutant]:
        """The mutants of what the oracle provides, and of its helpers.

        Not of those that the notebook brings, and of those that another exercise provides, which has them itself.
        """
        exercise = self.exercise
        try:
            brought = names_bound_in(exercise.given)
            definitions = self.course.definitions(exercise)
            ast.parse(definitions)
        except (SyntaxError, LookupError):  # which the trial of the reference solution tells
            return []
        own = oracle_names(exercise)
        return mutants(definitions, *own, spared=(brought | self.course.provided) - {*own, *exercise.names})

    @property
    def count(self) -> int:
        """How many findings there are if all is well."""
        count = 2 + len(self.exercise.accepts) + len(self.exercise.misconceptions)
        return count + len(self.mutants) if self.with_mutants else count

    def as_task(self, mutants_at_a_time: int) -> Task:
        """The findings, as messages from a process of their own."""
        return lambda: map(msgspec.json.encode, self.findings(mutants_at_a_time))

    def findings(self, mutants_at_a_time: int) -> Iterator[Finding]:
        """Tries everything."""
        judge, exercise = self.judge, self.exercise
        solved = functools.cache(partial(self.course.solved_namespace, exercise, self.data))
        reference = self.tried("solution", "reference solution", partial(solution_problem, judge, solved))
        yield reference
        for style, answer in exercise.accepts.items():
            yield self.tried("answer", f"right answer: {style}", partial(solution_problem, judge, solved, answer))
        yield self.tried("starter", "starter", partial(starter_problem, judge, self.data))
        for mistake in exercise.misconceptions:
            yield self.tried("misconception", mistake.name, partial(misconception_problem, judge, mistake))
        if self.with_mutants and not reference.problem:
            yield from mutant_findings(judge, solved(), self.mutants, mutants_at_a_time)

    def in_order(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with those of mutants in the order of the code, not that in which they ended."""
        positions = {mutant.name: position for position, mutant in enumerate(self.mutants)}
        return sorted(findings, key=lambda f: positions.get(f.subject, len(positions)) if f.mutant else -1)

    def tried(self, kind: Kind, subject: str, trial: Callable[[], str]) -> Finding:
        """What one trial finds."""
        started = time.monotonic()
        problem = problem_of(trial)
        return Finding(self.name, kind, subject, problem, seconds=time.monotonic() - started)


def problem_of(trial: Callable[[], str]) -> str:
    """What a trial finds, or why the course's code can't be tried at all."""
    try:
        return trial()
    except UserError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  an instructor's code may fail in any way
        return f"can't be run ({type(error).__name__}: {error})"


def verdicts_of(judge: Judge, namespace: dict[str, object]) -> list[Verdict]:
    """The verdicts on a namespace of this process."""

    def ask(probes: Sequence[Probe]) -> list[Answer]:
        return ask_here(probes, namespace)

    answers = {index: ask([judge.probes[index]])[0] for index in set(judge.twins)}
    return judge.verdicts([answers[index] for index in judge.twins], ask)


def solution_problem(judge: Judge, solved: Callable[[], dict[str, object]], answer: str = "") -> str:
    """Which check the reference does not pass, or another right answer that is run after it."""
    namespace = dict(solved())
    run_in(namespace, answer)
    for verdict in verdicts_of(judge, namespace):
        if verdict.outcome != "passed":
            return f"does not pass {verdict.description!r}: {verdict.reason}"
    return ""


def starter_problem(judge: Judge, data: Path) -> str:
    """Whether the starter code earns something as it stands."""
    namespace: dict[str, object] = {"__name__": "starter"}
    for part in (judge.course.setup(data), judge.exercise.given, judge.exercise.starter):
        run_in(namespace, part)
    passed = [v.description for v in verdicts_of(judge, namespace) if v.outcome == "passed"]
    return f"passes {passed[0]!r} as it stands" if passed else ""


def misconception_problem(judge: Judge, misconception: Misconception) -> str:
    """Whether a mistake passes, or is taken for another one."""
    if misconception.pattern:
        return pattern_problem(judge, misconception)
    oracle = judge.course.oracle_namespace(judge.exercise)
    verdicts = verdicts_of(judge, mistaken_namespace(oracle, judge.exercise, misconception))
    names = {verdict.misconception for verdict in verdicts if verdict.outcome not in ("passed", "missing")}
    if not names:
        return "passes every check"
    if misconception.name not in names:
        return f"is diagnosed as {' and '.join(sorted(repr(name) for name in names if name)) or 'nothing'}"
    return ""


def pattern_problem(judge: Judge, misconception: Misconception) -> str:
    """Whether the pattern finds the example, and neither the reference nor the starter code."""
    if not isinstance(misconception.implementation, str):
        return "has a pattern, and so needs its implementation as a text"
    if not re.search(misconception.pattern, without_comments(misconception.implementation)):
        return "its pattern does not find its own example"
    for what, code in (
        ("the reference solution", judge.course.solution(judge.exercise)),
        ("the starter code", judge.exercise.starter),
    ):
        if re.search(misconception.pattern, without_comments(code)):
            return f"its pattern finds {what} as well"
    return ""


# Mutants


def mutant_findings(
    judge: Judge, solved: dict[str, object], tried: Sequence[Mutant], workers: int
) -> Iterator[Finding]:
    """A finding for each mutant, after the proof that it is the mistake in them that is caught."""
    judge.prepare()
    code = judge.course.definitions(judge.exercise)
    same = msgspec.structs.replace(UNCHANGED, code=unchanged(code, *oracle_names(judge.exercise)))
    control = next(outcomes(judge, solved, [same], 1, LIMIT_UNCHANGED_S))
    if not control.is_surviving:
        yield Finding(judge.name, "mutant", same.name, f"is caught like a mutant: it {control.detail}")
        return
    reasons = judge.exercise.equivalents
    fates = {}
    for outcome in outcomes(judge, solved, tried, workers, LEAST_LIMIT_S + SLOWNESS * control.seconds):
        finding = mutant_finding(judge.name, outcome, reasons.get(outcome.mutant.name, ""))
        fates[finding.subject] = finding.mutant
        yield finding
    for name in reasons:
        if fates.get(name) != "equivalent":
            why = "is caught" if name in fates else "there is no such mutant"
            yield Finding(judge.name, "mutant", name, f"is listed among the equivalents, and {why}")


def mutant_finding(exercise: str, outcome: "Outcome", reason: str) -> Finding:
    """What was found out about one mutant; reason: why it is right though it passes, if somebody has said so."""
    name, seconds = outcome.mutant.name, outcome.seconds
    if not outcome.is_surviving:
        return Finding(exercise, "mutant", name, "", seconds, "caught", f"It {outcome.detail}.")
    if reason:
        return Finding(exercise, "mutant", name, "", seconds, "equivalent", reason)
    return Finding(exercise, "mutant", name, "passes every check", seconds, "survived")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant; detail says in words how it was caught, after "It"."""

    mutant: Mutant
    is_surviving: bool
    detail: str
    seconds: float


def outcomes(
    judge: Judge, solved: dict[str, object], tried: Sequence[Mutant], workers: int, limit_s: float
) -> Iterator[Outcome]:
    """What becomes of each mutant, each in a fork of its own; the order is that in which they end."""
    tasks: list[Task] = [partial(mutant_messages, judge, solved, mutant.code) for mutant in tried]
    told: dict[int, tuple[str, float]] = {}
    for index, message in in_forks(tasks, workers, limit_s, LIMIT_MUTANT_BYTES, is_silent=True):
        if isinstance(message, Ended):
            detail, seconds = told.pop(index, (message.detail or "ended its process", 0.0))
            yield Outcome(tried[index], not detail, detail, seconds)
        else:
            told[index] = msgspec.json.decode(message, type=tuple[str, float])


def mutant_messages(judge: Judge, solved: dict[str, object], code: str) -> Iterator[bytes]:
    """One message: how the mutant was caught, empty if it was not, and how long that took."""
    started = time.monotonic()
    detail = how_caught(judge, solved, code)
    yield msgspec.json.encode((detail, time.monotonic() - started))


def how_caught(judge: Judge, solved: dict[str, object], code: str) -> str:
    """How the checks catch code that takes the reference's place, after "It"; empty if they do not.

    What the reference solution made after its definitions stays: a model is not trained again. So only those
    checks are asked that are about something which the code defines.
    """
    namespace = dict(solved)
    try:
        run_in(namespace, code)
    except BaseException as error:  # noqa: BLE001  a mutant may raise anything
        return f"can't be run ({type(error).__name__})"
    defined = names_bound_in(code)
    for index, check in enumerate(judge.exercise.checks):
        if set(judge.subjects(check)) & defined:
            answer = ask_here([judge.probes[index]], namespace)[0]
            if answer.ending != "done" or any(judge.problems(index, answer)):
                return f"does not pass {check.description!r}"
    return ""
