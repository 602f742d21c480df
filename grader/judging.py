"""Judging: a check's observations against the oracle's become a verdict, with its diagnosis and evidence.

Pure but for `ask`, through which a counterexample may be made smaller. Knows nothing of kernels and notebooks.
"""

import inspect
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from grader.compare import difference, kind_in_words, raised_in_words
from grader.course import LoadedCourse, run_in
from grader.errors import UserError
from grader.exercise import Exercise, Misconception, Scenario
from grader.probes import (
    Ask,
    Case,
    Probe,
    ask_here,
    decoded_value,
    draw_cases,
    encoded,
    id_of,
    make_probe,
    python_value,
    seed_of,
    size,
)
from grader.results import Argument, Evidence, Outcome, Verdict
from grader.values import Answer, Array, Float, Items, Large, Observation, Other, Plain, Raised, Value

SHRINKING_S = 0.5
POOL = 100  # cases that are drawn in addition where a check fails
QUICKEST_S = 0.001  # no case takes less, with all that goes with it
LIMIT_SHOWN_BYTES = 2**17


@dataclass
class Shrinking:
    """How many seconds are left for making the counterexamples of one exercise in one submission smaller."""

    left_s: float = SHRINKING_S


@dataclass
class Judge:
    """Judges one exercise; keeps what the oracle and the misconceptions answer, which is worked out once at most.

    It may judge any number of submissions. seed: what the cases are drawn from besides the check itself, so that no
    list of recorded answers passes. shrinking_s: how long all of a submission's counterexamples may take to be made
    smaller, where nothing else is said.
    """

    course: LoadedCourse
    name: str
    seed: str
    shrinking_s: float = SHRINKING_S
    _played: dict[tuple[int, str], Answer] = field(default_factory=dict)
    _mistaken: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    _pools: dict[int, list[Case]] = field(default_factory=dict)

    @property
    def exercise(self) -> Exercise:
        """The exercise that is judged."""
        return self.course.exercises[self.name]

    @cached_property
    def oracle(self) -> dict[str, object]:
        """The reference solution's namespace."""
        return self.course.oracle_namespace(self.exercise)

    @cached_property
    def cases(self) -> list[list[Case]]:
        """The cases of each check."""
        return [
            draw_cases(check, seed_of(self.seed, self.name, str(i))) for i, check in enumerate(self.exercise.checks)
        ]

    @cached_property
    def probes(self) -> list[Probe]:
        """The probe of each check."""
        seeds = (seed_of(self.seed, self.name) for _ in self.exercise.checks)
        return [
            make_probe(check, self.subjects(check), cases, seed)
            for check, cases, seed in zip(self.exercise.checks, self.cases, seeds, strict=True)
        ]

    @cached_property
    def twins(self) -> list[int]:
        """For each check the first one that asks the same question, which may be itself."""
        first: dict[tuple[object, ...], int] = {}
        return [first.setdefault(id_of(probe), index) for index, probe in enumerate(self.probes)]

    def prepare(self) -> None:
        """Works out what does not depend on the student's answers: the probes, and the oracle's answers to them."""
        for index, check in enumerate(self.exercise.checks):
            if check.holds is None:
                self.expected(index)

    def subjects(self, check: Scenario) -> tuple[str, ...]:
        """The names that a check is about."""
        return check.of or self.exercise.names

    def verdicts(
        self,
        answers: Sequence[Answer],
        ask: Ask,
        shrinking: Shrinking | None = None,
        wrong: Sequence[Sequence[str]] | None = None,
    ) -> list[Verdict]:
        """The verdicts of all checks, from one answer for each. wrong: the `problems` of each, where they are known."""
        shrinking = shrinking or Shrinking(self.shrinking_s)
        wrong = wrong or [self.problems(i, answer) for i, answer in enumerate(answers)]
        found = {i: self.diagnosis(i, answers, wrong) for i in range(len(answers)) if any(wrong[i])}
        return [self.verdict(i, answer, wrong[i], found.get(i), ask, shrinking) for i, answer in enumerate(answers)]

    # What is wrong

    def problems(self, index: int, answer: Answer) -> list[str]:
        """For each case what is wrong, in a sentence; empty where all is well."""
        check, cases = self.exercise.checks[index], self.cases[index]
        count = len(answer.observations)
        if count > len(cases):
            return ["More came back than was asked for."] * len(cases)
        expected = self.expected(index).observations if check.holds is None else (None,) * len(cases)
        sentences = [
            problem(check, case, right.value if right else None, got)
            for case, right, got in zip(cases, expected, answer.observations, strict=False)
        ]
        return sentences + [""] * (len(cases) - count)

    def expected(self, index: int) -> Answer:
        """What the oracle answers to a check; raises UserError if it has no answer: everything would pass."""
        answer = self.play(index, "", lambda: self.oracle)
        if answer.ending != "done":
            raise UserError(
                f"exercises/{self.name}.py: nothing to compare with in {self.exercise.checks[index].description!r} "
                f"(the oracle's definitions: {answer.ending} {answer.detail}). Let the check decide with `holds`."
            )
        return answer

    def play(self, index: int, name: str, namespace: Callable[[], dict[str, object]]) -> Answer:
        """What a namespace of the course's own answers to a check; asked once, and for equal questions only once."""
        index = self.twins[index]
        if (index, name) not in self._played:
            self._played[index, name] = ask_here([self.probes[index]], namespace())[0]
        return self._played[index, name]

    # Which mistake it is

    def diagnosis(self, index: int, answers: Sequence[Answer], wrong: Sequence[Sequence[str]]) -> Misconception | None:
        """The misconception that behaves as the student's code does wherever it differs from the oracle.

        Of several, the one that also fits best with the exercise's other checks; then the one listed first.
        """
        fitting = [
            misconception
            for misconception in self.exercise.misconceptions
            if not misconception.pattern and self.explains(misconception, index, answers[index], wrong[index])
        ]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        return max(fitting, key=lambda misconception: self.fit(misconception, answers, wrong))

    def fit(self, misconception: Misconception, answers: Sequence[Answer], wrong: Sequence[Sequence[str]]) -> int:
        """In how many checks a mistake fails as the student's code does, less those in which it alone fails."""
        fit = 0
        for index, answer in enumerate(answers):
            if self.explains(misconception, index, answer, wrong[index]):
                fit += 1
            elif any(self.mistakes(index, misconception)):
                fit -= 1
        return fit

    def explains(self, misconception: Misconception, index: int, answer: Answer, wrong: Sequence[str]) -> bool:
        """Whether the mistake fails the check in the same cases and in the same way."""
        mistaken = self.played(index, misconception)
        theirs = self.mistakes(index, misconception)
        if not any(theirs) or len(answer.observations) != len(mistaken.observations):
            return False
        check = self.exercise.checks[index]
        pairs = zip(mistaken.observations, answer.observations, theirs, wrong, strict=False)
        return all(agree(check, m.value, o.value, t, w) if t else not w for m, o, t, w in pairs)

    def mistakes(self, index: int, misconception: Misconception) -> list[str]:
        """For each case of a check what is wrong with a misconception's answer; worked out once."""
        key = (index, misconception.name)
        if key not in self._mistaken:
            self._mistaken[key] = self.problems(index, self.played(index, misconception))
        return self._mistaken[key]

    def played(self, index: int, misconception: Misconception) -> Answer:
        """What a misconception answers to a check."""
        return self.play(index, misconception.name, lambda: self.mistaken(misconception))

    def mistaken(self, misconception: Misconception) -> dict[str, object]:
        """The oracle's namespace with the mistake in it."""
        return mistaken_namespace(self.oracle, self.exercise, misconception)

    # What to say

    def verdict(
        self,
        index: int,
        answer: Answer,
        wrong: Sequence[str],
        found: Misconception | None,
        ask: Ask,
        shrinking: Shrinking,
    ) -> Verdict:
        """One check's verdict."""
        check = self.exercise.checks[index]
        passed = sum(not words for words in wrong[: len(answer.observations)])
        outcome, reason = outcome_of(answer, wrong, check)
        evidence = None
        if outcome != "passed" and outcome != "missing":
            first = next((i for i, words in enumerate(wrong) if words), len(answer.observations))
            if first < len(self.cases[index]):
                got = answer.observations[first] if first < len(answer.observations) else None
                case = self.cases[index][first]
                if got is not None and any(wrong):
                    case, got, reason = self.smallest(index, case, got, wrong[first], ask, shrinking)
                    reason += not_a_function(answer, self.expected(index) if check.holds is None else None)
                evidence = self.evidence(index, case, got)
        return Verdict(
            description=check.description,
            outcome=outcome,
            points=check.points if outcome == "passed" else 0,
            possible=check.points,
            reason=reason,
            misconception=found.name if found else "",
            hint=found.hint if found else (check.hint if outcome == "failed" else ""),
            cases=len(self.cases[index]),
            passed_cases=passed,
            evidence=evidence,
            remark=remark_on(check, self.cases[index][0], answer) if outcome == "passed" else "",
        )

    def smallest(
        self, index: int, case: Case, got: Observation, words: str, ask: Ask, shrinking: Shrinking
    ) -> tuple[Case, Observation, str]:
        """The smallest case at hand that fails in the same way, what came back, and what is wrong with it.

        All that are smaller go out in one message, as many as there is time for.
        """
        check = self.exercise.checks[index]
        if size(case)[1] > LIMIT_SHOWN_BYTES or shrinking.left_s <= 0:
            return case, got, words
        started = time.monotonic()
        smaller = [each for each in self.pool(index) if size(each) < size(case)]
        smaller = smaller[: int(shrinking.left_s / 2 / max(got.seconds, QUICKEST_S))]
        if smaller:
            probe = make_probe(check, self.subjects(check), smaller, self.probes[index].seed)
            answer = ask([msgspec.structs.replace(probe, limit_s=min(check.limit_s, shrinking.left_s))])[0]
            for candidate, observation in zip(smaller, answer.observations, strict=False):
                right = None if check.holds else self.expected_of(index, candidate).value
                sentence = problem(check, candidate, right, observation)
                if kind_of_problem(sentence) == kind_of_problem(words):
                    case, got, words = candidate, observation, sentence
                    break
        shrinking.left_s -= time.monotonic() - started
        return case, got, words

    def pool(self, index: int) -> list[Case]:
        """More cases of a check, the smallest first, from which a counterexample may be taken."""
        if index not in self._pools:
            check, seed = self.exercise.checks[index], seed_of(self.seed, self.name, str(index), "pool")
            self._pools[index] = draw_cases(check, seed, POOL) if check.inputs else []
        return self._pools[index]

    def expected_of(self, index: int, case: Case) -> Observation:
        """What the oracle answers to one case of a check."""
        check = self.exercise.checks[index]
        probe = make_probe(check, self.subjects(check), [case], self.probes[index].seed)
        return ask_here([probe], self.oracle)[0].observations[0]

    def evidence(self, index: int, case: Case, got: Observation | None) -> Evidence:
        """The case as the report shows it."""
        check = self.exercise.checks[index]
        names = argument_names(check, self.subjects(check), self.oracle, len(case))
        arguments = tuple(
            Argument(name, shown(decoded_value(data))) for name, data in zip(names, encoded(case), strict=True)
        )
        expected = None if check.holds else self.expected_of(index, case).value
        subject = self.subjects(check)[0]
        called = f"{subject}({', '.join(names)})" if names or check.inputs else subject
        observed = shown(got.value) if got else None
        return Evidence(called, arguments, observed, expected and shown(expected), got.printed if got else "")


def shown(value: Value) -> Value:
    """A value as evidence: an array too large to read is replaced by its description."""
    if isinstance(value, Array) and len(value.data) > LIMIT_SHOWN_BYTES:
        return Large(kind_in_words(value))
    return value


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


def problem(check: Scenario, case: Case, expected: Value | None, got: Observation) -> str:
    """What is wrong with one observation; empty if nothing is."""
    if check.holds is None:
        assert expected is not None
        words = difference(expected, got.value)
        prints = isinstance(got.value, Plain) and got.value.v is None and got.printed.strip()
        return "It prints its answer instead of returning it." if words and prints else check.sentence(words, got.value)
    if isinstance(got.value, Raised):
        return raised_in_words(got.value)
    try:
        value = python_value(got.value)
    except Exception:  # noqa: BLE001  a process that isn't trusted may send what no library takes
        return f"It is {unreadable(got.value)}, which can't be looked at."
    try:
        return check.holds(value, *case) or ""
    except Exception as error:  # noqa: BLE001  a value of a form that the check's author didn't think of
        return f"What came back has another form than was asked for ({type(error).__name__}: {error})."


def remark_on(check: Scenario, case: Case, answer: Answer) -> str:
    """What a check's author has to say of an answer that passed; empty if nothing."""
    return check.remark(python_value(answer.observations[0].value), *case) if check.remark else ""


def unreadable(value: Value) -> str:
    """What a value without plain data is, or holds."""
    if isinstance(value, Large):
        return value.what
    if isinstance(value, Other):
        return f"an object of type {value.type}"
    if isinstance(value, Items):
        return next((unreadable(v) for v in value.v if isinstance(v, Large | Other | Items)), "an object")
    return "an object"


def agree(check: Scenario, mistaken: Value, observed: Value, theirs: str, ours: str) -> bool:
    """Whether a misconception's observation and a student's are the same, in a case in which the former is wrong."""
    if isinstance(mistaken, Raised) and isinstance(observed, Raised):
        return (mistaken.type, mistaken.message) == (observed.type, observed.message)
    if check.holds is not None:
        return theirs == ours
    return not difference(mistaken, observed)


def outcome_of(answer: Answer, wrong: Sequence[str], check: Scenario) -> tuple[Outcome, str]:
    """How a check ended, and the reason in words."""
    first = next((words for words in wrong if words), "")
    if first:
        raises = first.startswith("It raises ")
        return ("error" if raises else "failed"), first
    if answer.ending == "missing":
        return "missing", f"The notebook defines no {answer.detail}."
    if answer.ending == "timeout":
        return "timeout", answer.detail or f"It had not ended after {check.limit_s:g} seconds."
    if answer.ending == "died":
        return (
            "error",
            f"It {answer.detail or 'ended the kernel'}." if answer.detail else "It ended the kernel.",
        )
    if answer.ending == "oversized":
        return "failed", "What came back is too large to look at."
    if answer.ending == "malformed":
        return "error", f"What came back can't be read: {answer.detail}."
    if len(answer.observations) < len(wrong):
        return "error", "Only a part of the answer came back."
    return "passed", ""


def not_a_function(answer: Answer, expected: Answer | None) -> str:
    """A sentence for code that gives the same answer to every case, where the right answers differ."""
    values = [observation.value for observation in answer.observations]
    is_value = isinstance(values[0], Array | Items | Float) or is_number(values[0])
    if expected is None or len(values) < 3 or not is_value or any(value != values[0] for value in values):
        return ""
    rights = [observation.value for observation in expected.observations]
    return " It gives the same answer whatever the input." if any(right != rights[0] for right in rights) else ""


def is_number(value: Value) -> bool:
    """A whole number or a truth value."""
    return isinstance(value, Plain) and isinstance(value.v, int)


def kind_of_problem(words: str) -> str:
    """A sentence without its numbers and quoted texts: two cases that fail alike have the same."""
    return re.sub(r"\d+(\.\d+)?(e[+-]\d+)?|'[^']*'", "#", words)


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
