"""Measures the marking of short answers: python -m tests.benchmarks.short_answers

On the labelled answers, for both engines, against majority and word overlap; the half that the marking was tuned on
apart from the held-out one. Intervals are of a bootstrap over questions: answers to one question have much in common.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grader.quiz.marks import MET, WRONG, Mark
from grader.quiz.questions import ShortAnswer
from grader.quiz.short_answers import mark_short_answer
from grader.quiz.short_answers.engines import Engine
from tests.benchmarks.fit_short_answers import engines
from tests.benchmarks.labelled_answers import Labelled, is_held_out, labelled_answers

RESAMPLES = 2000
SEED = 20


@dataclass(frozen=True)
class Outcome:
    """How one answer was marked. given, meant: shares of the points by the marking and by a person, 0 to 1.

    right, decided: key points decided as a person did, and key points decided at all.
    """

    question: str
    given: float
    meant: float
    right: int
    decided: int
    is_marked: bool
    confidence: float = 1.0

    @property
    def is_exact(self) -> bool:
        """Whether every key point was decided as a person did."""
        return self.right == self.decided


def main() -> None:
    """Prints a table for each half, and what the confidences and the wrong statements are worth."""
    answers = labelled_answers()
    halves = {
        "tuning half": [answer for answer in answers if not is_held_out(answer.question)],
        "held-out half": [answer for answer in answers if is_held_out(answer.question)],
    }
    tuning = halves["tuning half"]
    ways = {"majority": majority(tuning), "word overlap": word_overlap(tuning)}
    ways |= {engine.name: by_engine(engine) for engine in engines()}
    for half, chosen in halves.items():
        print(f"\n### {half}: {len(chosen)} answers to {len({answer.question for answer in chosen})} questions\n")
        print("| way | of | answers | coverage | all key points right | key points right | quadratic weighted kappa |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for name, way in ways.items():
            outcomes = [way(answer) for answer in chosen]
            print(row(name, "all", outcomes, lambda _: True))
            if not all(outcome.is_marked for outcome in outcomes):
                print(row(name, "what it marks", outcomes, lambda outcome: outcome.is_marked))
        for engine in engines():
            print(
                f"\n{engine.name}: {statements(chosen, engine)} {reliability([by_engine(engine)(a) for a in chosen])}"
            )


def majority(tuning: Sequence[Labelled]) -> Callable[[Labelled], Outcome]:
    """Decides every key point as most of them are in the tuning half."""
    labels = [point.idea in answer.met for answer in tuning for point in answer.question.key_points]
    is_met = 2 * sum(labels) >= len(labels)
    return lambda answer: outcome_of(answer, [is_met] * len(answer.question.key_points))


def word_overlap(tuning: Sequence[Labelled]) -> Callable[[Labelled], Outcome]:
    """Decides by the share of a phrasing's words that the answer has, with the threshold best in the tuning half."""
    scored = [(score, point.idea in answer.met) for answer in tuning
              for point, score in zip(answer.question.key_points, overlaps(answer), strict=True)]  # fmt: skip
    threshold = max(sorted({score for score, _ in scored}), key=lambda t: sum((s >= t) == met for s, met in scored))
    return lambda answer: outcome_of(answer, [score >= threshold for score in overlaps(answer)])


def overlaps(answer: Labelled) -> list[float]:
    """For each key point the largest share of the words of a phrasing that the answer has."""
    said = words(answer.said)
    return [max(len(words(text) & said) / len(words(text)) for text in point.phrasings)
            for point in answer.question.key_points]  # fmt: skip


def words(text: str) -> set[str]:
    """The words and numbers of a text in small letters."""
    return set(re.findall(r"\w+", text.casefold()))


def by_engine(engine: Engine) -> Callable[[Labelled], Outcome]:
    """Decides as the marking does. A key point that it leaves to a person counts as not met."""

    def way(answer: Labelled) -> Outcome:
        mark = marked(answer.question, answer.said, engine)
        states = [finding.state for finding in mark.findings[: len(answer.question.key_points)]]
        return outcome_of(answer, [state == MET for state in states], not mark.needs_review, mark.confidence)

    return way


MARKS: dict[tuple[str, str, str], Mark] = {}


def marked(question: ShortAnswer, said: str, engine: Engine) -> Mark:
    """The mark of an answer, made once."""
    key = question.name, said, engine.name
    if key not in MARKS:
        MARKS[key] = mark_short_answer(question, said, engine)
    return MARKS[key]


def outcome_of(answer: Labelled, decided: Sequence[bool], is_marked: bool = True, confidence: float = 1.0) -> Outcome:
    """How an answer came out whose key points were decided like this."""
    points = answer.question.key_points
    meant = [point.idea in answer.met for point in points]
    return Outcome(
        answer.question.name,
        sum(point.points for point, met in zip(points, decided, strict=True) if met) / answer.question.points,
        answer.points / answer.question.points,
        sum(one == other for one, other in zip(decided, meant, strict=True)),
        len(points),
        is_marked,
        confidence,
    )


def row(name: str, of: str, outcomes: Sequence[Outcome], chosen: Callable[[Outcome], bool]) -> str:
    """A line of the table, each figure with its interval."""
    measures: list[Callable[[Sequence[Outcome]], float]] = [
        lambda some: len(kept(some, chosen)) / len(some),
        lambda some: mean(outcome.is_exact for outcome in kept(some, chosen)),
        lambda some: sum(o.right for o in kept(some, chosen)) / max(1, sum(o.decided for o in kept(some, chosen))),
        lambda some: kappa(kept(some, chosen)),
    ]
    shown = " | ".join(interval(outcomes, measure) for measure in measures)
    return f"| {name} | {of} | {len(kept(outcomes, chosen))} | {shown} |"


def kept(outcomes: Sequence[Outcome], chosen: Callable[[Outcome], bool]) -> list[Outcome]:
    """The outcomes that are chosen."""
    return [outcome for outcome in outcomes if chosen(outcome)]


def mean(values: Iterable[float]) -> float:
    """The mean of some values, not a number if there are none."""
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def kappa(outcomes: Sequence[Outcome]) -> float:
    """Cohen's kappa with quadratic weights, of the shares of points; 0 if the marking says nothing.

    Source: Cohen, "Weighted kappa" (1968): one minus the mean squared difference over that of all pairs.
    """
    given, meant = (np.array([getattr(outcome, name) for outcome in outcomes]) for name in ("given", "meant"))
    expected = np.mean((given[:, None] - meant[None, :]) ** 2) if len(outcomes) else 0.0
    return float(1 - np.mean((given - meant) ** 2) / expected) if expected else float("nan")


def interval(outcomes: Sequence[Outcome], measure: Callable[[Sequence[Outcome]], float]) -> str:
    """A measure, and between which values 95% of those lie that come of questions drawn with replacement."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        grouped.setdefault(outcome.question, []).append(outcome)
    names, random = sorted(grouped), np.random.default_rng(SEED)
    drawn = [
        measure([outcome for i in random.integers(len(names), size=len(names)) for outcome in grouped[names[i]]])
        for _ in range(RESAMPLES)
    ]
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return f"{measure(outcomes):.2f} ({low:.2f} to {high:.2f})"


def statements(answers: Sequence[Labelled], engine: Engine) -> str:
    """How many of the wrong statements were found, and how many of those found were made."""
    made = found = both = 0
    for answer in answers:
        findings = marked(answer.question, answer.said, engine).findings
        told = {finding.about for finding in findings if finding.state == WRONG}
        made, found, both = made + len(answer.wrong), found + len(told), both + len(answer.wrong & told)
    return f"of {made} wrong statements {both} were found, and {found - both} that were not made."


def reliability(outcomes: Sequence[Outcome]) -> str:
    """The mean confidence and the share of answers with all key points right, of groups of answers by confidence."""
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 1.01)
    groups = [[o for o in outcomes if low <= o.confidence < high] for low, high in pairwise(edges)]
    shown = (f"{mean(o.confidence for o in group):.2f} → {mean(o.is_exact for o in group):.2f} (of {len(group)})"
             for group in groups if group)  # fmt: skip
    return f"Confidence → right: {', '.join(shown)}."


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
