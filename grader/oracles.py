"""Where right answers come from: the reference itself, or a record of what it answered.

A judge asks either in the same words, and never knows which it is.
"""

import inspect
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import msgspec

from grader.course import LoadedCourse, run_in
from grader.exercise import Exercise, Misconception, Scenario
from grader.probes import Case, Probe, ask_here, draw_cases, make_probe, seed_of
from grader.records import CheckRecord, ExerciseRecord
from grader.values import Answer, Observation

POOL = 100  # cases that are drawn in addition where a check fails


class Oracle(Protocol):
    """What a judge asks about one exercise. index: of a check."""

    @property
    def probes(self) -> list[Probe]:
        """The probe of each check."""

    @property
    def has_all_checks(self) -> bool:
        """Whether there are no other checks of the exercise."""

    def cases(self, index: int) -> list[Case]:
        """The cases of a check, as they were drawn, for what is decided by code."""

    def answer(self, index: int, mistake: Misconception | None = None) -> Answer:
        """The right answer to a check, or what somebody with a misconception answers; worked out once."""

    def argument_names(self, index: int) -> tuple[str, ...]:
        """What to call the arguments of a check's cases."""

    def pool(self, index: int) -> list[Case]:
        """More cases of a check, the smallest first, from which a counterexample may be taken."""

    def answer_to(self, index: int, case: Case) -> Observation:
        """The right answer to any case of a check."""


@dataclass
class Played:
    """The answers of the reference, and of the misconceptions, which are played in this process."""

    course: LoadedCourse
    name: str
    seed: str
    has_all_checks = True
    _played: dict[tuple[int, str], Answer] = field(default_factory=dict)
    _pools: dict[int, list[Case]] = field(default_factory=dict)

    @property
    def exercise(self) -> Exercise:
        """The exercise."""
        return self.course.exercises[self.name]

    @cached_property
    def namespace(self) -> dict[str, object]:
        """The reference solution's."""
        return self.course.oracle_namespace(self.exercise)

    @cached_property
    def drawn(self) -> list[list[Case]]:
        """The cases of each check."""
        return [
            draw_cases(check, seed_of(self.seed, self.name, str(i))) for i, check in enumerate(self.exercise.checks)
        ]

    @cached_property
    def probes(self) -> list[Probe]:
        """The probe of each check."""
        seed = seed_of(self.seed, self.name)
        return [
            make_probe(check, subjects_of(self.exercise, check), cases, seed)
            for check, cases in zip(self.exercise.checks, self.drawn, strict=True)
        ]

    def cases(self, index: int) -> list[Case]:
        """The cases of a check."""
        return self.drawn[index]

    def answer(self, index: int, mistake: Misconception | None = None) -> Answer:
        """What the reference answers to a check, or a misconception; asked once."""
        key = (index, mistake.name if mistake else "")
        if key not in self._played:
            namespace = mistaken_namespace(self.namespace, self.exercise, mistake) if mistake else self.namespace
            self._played[key] = ask_here([self.probes[index]], namespace)[0]
        return self._played[key]

    def argument_names(self, index: int) -> tuple[str, ...]:
        """What to call the arguments: the scenario's own names for them, or the reference's."""
        check, probe = self.exercise.checks[index], self.probes[index]
        return argument_names(check, probe.names, self.namespace, len(probe.cases[0]))

    def pool(self, index: int) -> list[Case]:
        """More cases of a check, drawn once."""
        if index not in self._pools:
            check, seed = self.exercise.checks[index], seed_of(self.seed, self.name, str(index), "pool")
            self._pools[index] = draw_cases(check, seed, POOL) if check.inputs else []
        return self._pools[index]

    def answer_to(self, index: int, case: Case) -> Observation:
        """What the reference answers to a case."""
        of_check = self.probes[index]
        probe = make_probe(self.exercise.checks[index], of_check.names, [case], of_check.seed)
        return ask_here([probe], self.namespace)[0].observations[0]


@dataclass
class Recorded:
    """The answers that a released course has recorded: to the cases that were drawn then, and to no others."""

    record: ExerciseRecord

    @property
    def has_all_checks(self) -> bool:
        """Whether nothing was withheld."""
        return not self.record.later

    @cached_property
    def probes(self) -> list[Probe]:
        """The probe of each check."""
        return [probe_of(check, self.record) for check in self.record.checks]

    def cases(self, index: int) -> list[Case]:  # noqa: ARG002
        """None: what needs them as they were drawn is decided by code, which no record holds."""
        raise LookupError(f"{self.record.name}: the record has encoded cases only")

    def answer(self, index: int, mistake: Misconception | None = None) -> Answer:
        """The recorded answer; a misconception's is the right one wherever nothing else was recorded."""
        check = self.record.checks[index]
        right = [Observation(value, "", 0) for value in check.expected]
        if mistake and mistake.name in check.mistakes:
            right = [
                Observation(wrong.value, wrong.printed, 0) if wrong else same
                for wrong, same in zip(check.mistakes[mistake.name], right, strict=True)
            ]
        return Answer(tuple(right), "done")

    def argument_names(self, index: int) -> tuple[str, ...]:
        """The recorded names."""
        return self.record.checks[index].arguments

    def pool(self, index: int) -> list[Case]:  # noqa: ARG002
        """Nothing: nobody would know the right answers."""
        return []

    def answer_to(self, index: int, case: Case) -> Observation:  # noqa: ARG002
        """Nobody knows it."""
        raise LookupError(f"{self.record.name}: the record answers no other cases")


def oracle_of(course: LoadedCourse, name: str, seed: str) -> Oracle:
    """What is right in an exercise of a course. seed: what the cases are drawn from, if they are not recorded."""
    record = course.records.get(name)
    return Recorded(record) if record else Played(course, name, seed)


def subjects_of(exercise: Exercise, check: Scenario) -> tuple[str, ...]:
    """The names that a check is about."""
    return check.of or exercise.names


def probe_of(check: CheckRecord, exercise: ExerciseRecord) -> Probe:
    """The question that a recorded check asks."""
    cases = tuple(tuple(msgspec.to_builtins(argument) for argument in case) for case in check.cases)
    return Probe(check.source, check.function, check.of or exercise.provides, cases, check.seed, check.limit_s)


def mistaken_namespace(
    oracle: dict[str, object], exercise: Exercise, misconception: Misconception
) -> dict[str, object]:
    """A copy of the oracle's namespace in which the misconception has taken the right answer's place."""
    implementation = misconception.implementation
    namespace = dict(oracle)
    if isinstance(implementation, str):
        run_in(namespace, implementation)
    elif callable(implementation):
        namespace[exercise.names[0]] = implementation
    else:
        namespace.update(implementation)
    return namespace


def argument_names(
    check: Scenario, subjects: tuple[str, ...], oracle: dict[str, object], count: int
) -> tuple[str, ...]:
    """What to call a case's arguments: the scenario's own names for them, or the oracle's."""
    names = list(inspect.signature(check.function).parameters.values())
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in names):
        try:
            names = list(inspect.signature(oracle[subjects[0]]).parameters.values())  # type: ignore[arg-type]  # KeyError and TypeError are caught
        except (KeyError, TypeError, ValueError):
            names = []
    else:
        names = names[len(subjects) :]
    given = [parameter.name for parameter in names][:count]
    return tuple(given + [f"argument {i + 1}" for i in range(len(given), count)])
