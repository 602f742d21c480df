"""Judging: a check's observations against the oracle's become a verdict, with its diagnosis and evidence.

Pure but for `ask`, through which a counterexample may be made smaller. Knows nothing of kernels and notebooks.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from grader.compare import difference, kind_in_words, raised_in_words
from grader.course import LoadedCourse
from grader.errors import UserError
from grader.exercise import Exercise, Holds, Misconception, Scenario
from grader.oracles import Oracle, oracle_of, subjects_of
from grader.probes import (
    Arguments,
    Ask,
    Case,
    Probe,
    decoded_value,
    encoded,
    id_of,
    make_probe,
    python_value,
    size,
    size_of,
)
from grader.results import Argument, Evidence, Outcome, Verdict
from grader.values import Answer, Array, Float, Items, Large, Observation, Other, Plain, Raised, Value

SHRINKING_S = 0.5
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
    _mistaken: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    @property
    def exercise(self) -> Exercise:
        """The exercise that is judged."""
        return self.course.exercises[self.name]

    @cached_property
    def oracle(self) -> Oracle:
        """Where the right answers come from."""
        return oracle_of(self.course, self.name, self.seed)

    @property
    def probes(self) -> list[Probe]:
        """The probe of each check."""
        return self.oracle.probes

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
        return subjects_of(self.exercise, check)

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
        check, count = self.exercise.checks[index], len(answer.observations)
        asked = len(self.probes[index].cases)
        if count > asked:
            return ["More came back than was asked for."] * asked
        if check.holds:
            pairs = zip(self.oracle.cases(index), answer.observations, strict=False)
            sentences = [decided(check.holds, case, got) for case, got in pairs]
        else:
            rights = zip(self.expected(index).observations, answer.observations, strict=False)
            sentences = [compared(check, right.value, got) for right, got in rights]
        return sentences + [""] * (asked - count)

    def expected(self, index: int) -> Answer:
        """What the oracle answers to a check; raises UserError if it has no answer: everything would pass."""
        answer = self.answer(index)
        if answer.ending != "done":
            raise UserError(
                f"exercises/{self.name}.py: nothing to compare with in {self.exercise.checks[index].description!r} "
                f"(the oracle's definitions: {answer.ending} {answer.detail}). Let the check decide with `holds`."
            )
        return answer

    def answer(self, index: int, mistake: Misconception | None = None) -> Answer:
        """The oracle's answer to a check, or a misconception's; to equal questions the same."""
        return self.oracle.answer(self.twins[index], mistake)

    # Which mistake it is

    def diagnosis(self, index: int, answers: Sequence[Answer], wrong: Sequence[Sequence[str]]) -> Misconception | None:
        """The misconception that behaves as the student's code does wherever it differs from the oracle.

        Of several, the one that also fits best with the exercise's other checks; then the one listed first. Where
        the checks that may tell them apart are not there to be asked, none is named rather than the wrong one.
        """
        fitting = [
            misconception
            for misconception in self.exercise.misconceptions
            if not misconception.pattern and self.explains(misconception, index, answers[index], wrong[index])
        ]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        fits = [self.fit(misconception, answers, wrong) for misconception in fitting]
        is_tie = fits.count(max(fits)) > 1
        return None if is_tie and not self.oracle.has_all_checks else fitting[fits.index(max(fits))]

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
        mistaken = self.answer(index, misconception)
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
            self._mistaken[key] = self.problems(index, self.answer(index, misconception))
        return self._mistaken[key]

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
            if first < len(self.probes[index].cases):
                example = self.example(index, first, answer, reason)
                if example.got is not None and any(wrong):
                    example = self.smallest(index, example, ask, shrinking)
                    reason = example.words + not_a_function(answer, None if check.holds else self.expected(index))
                evidence = self.evidence(index, example)
        return Verdict(
            description=check.description,
            outcome=outcome,
            points=check.points if outcome == "passed" else 0,
            possible=check.points,
            reason=reason,
            misconception=found.name if found else "",
            hint=found.hint if found else (check.hint if outcome == "failed" else ""),
            cases=len(self.probes[index].cases),
            passed_cases=passed,
            evidence=evidence,
            remark=self.remark(index, answer) if outcome == "passed" else "",
        )

    def remark(self, index: int, answer: Answer) -> str:
        """What a check's author has to say of an answer that passed; empty if nothing."""
        remark = self.exercise.checks[index].remark
        if remark is None:
            return ""
        return remark(python_value(answer.observations[0].value), *self.oracle.cases(index)[0])

    def example(self, index: int, case: int, answer: Answer, words: str) -> "Example":
        """One of a check's cases, with what came back; words: what is wrong with it."""
        got = answer.observations[case] if case < len(answer.observations) else None
        right = None if self.exercise.checks[index].holds else self.expected(index).observations[case].value
        return Example(self.probes[index].cases[case], got, right, words)

    def smallest(self, index: int, example: "Example", ask: Ask, shrinking: Shrinking) -> "Example":
        """The smallest case at hand that fails in the same way.

        All that are smaller go out in one message, as many as there is time for.
        """
        check, largest = self.exercise.checks[index], size_of(example.arguments)
        if largest[1] > LIMIT_SHOWN_BYTES or shrinking.left_s <= 0 or example.got is None:
            return example
        started = time.monotonic()
        smaller = [each for each in self.oracle.pool(index) if size(each) < largest]
        smaller = smaller[: int(shrinking.left_s / 2 / max(example.got.seconds, QUICKEST_S))]
        if smaller:
            probe = make_probe(check, self.subjects(check), smaller, self.probes[index].seed)
            answer = ask([msgspec.structs.replace(probe, limit_s=min(check.limit_s, shrinking.left_s))])[0]
            for case, got in zip(smaller, answer.observations, strict=False):
                right: Value | None = None
                if check.holds:
                    words = decided(check.holds, case, got)
                else:
                    right = self.oracle.answer_to(index, case).value
                    words = compared(check, right, got)
                if kind_of_problem(words) == kind_of_problem(example.words):
                    example = Example(encoded(case), got, right, words)
                    break
        shrinking.left_s -= time.monotonic() - started
        return example

    def evidence(self, index: int, example: "Example") -> Evidence:
        """The case as the report shows it."""
        names = self.oracle.argument_names(index)
        arguments = tuple(
            Argument(name, shown(decoded_value(data))) for name, data in zip(names, example.arguments, strict=True)
        )
        subject, got = self.subjects(self.exercise.checks[index])[0], example.got
        called = f"{subject}({', '.join(names)})" if names else subject
        observed, expected = shown(got.value) if got else None, example.expected and shown(example.expected)
        return Evidence(called, arguments, observed, expected, got.printed if got else "")


@dataclass(frozen=True)
class Example:
    """A case that shows what is wrong: its encoded arguments, what came back, what is right if that is one value."""

    arguments: Arguments
    got: Observation | None
    expected: Value | None
    words: str


def shown(value: Value) -> Value:
    """A value as evidence: an array too large to read is replaced by its description."""
    if isinstance(value, Array) and len(value.data) > LIMIT_SHOWN_BYTES:
        return Large(kind_in_words(value))
    return value


def compared(check: Scenario, expected: Value, got: Observation) -> str:
    """How an observation differs from the right one, in a sentence; empty if it does not."""
    words = difference(expected, got.value)
    prints = isinstance(got.value, Plain) and got.value.v is None and got.printed.strip()
    return "It prints its answer instead of returning it." if words and prints else check.sentence(words, got.value)


def decided(holds: Holds, case: Case, got: Observation) -> str:
    """What is wrong with an observation by what a check's author says; empty if nothing is."""
    if isinstance(got.value, Raised):
        return raised_in_words(got.value)
    try:
        value = python_value(got.value)
    except Exception:  # noqa: BLE001  a process that isn't trusted may send what no library takes
        return f"It is {unreadable(got.value)}, which can't be looked at."
    try:
        return holds(value, *case) or ""
    except Exception as error:  # noqa: BLE001  a value of a form that the check's author didn't think of
        return f"What came back has another form than was asked for ({type(error).__name__}: {error})."


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
