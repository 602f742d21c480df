"""From evidence to probabilities, with parameters that were fitted to answers that a person marked.

`python -m tests.benchmarks.fit_short_answers` fits them to the tuning half of the labelled answers, and prints them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.quiz.short_answers.evidence import FEATURES


@dataclass(frozen=True)
class Logistic:
    """A logistic regression. weights: one for each feature."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """The probability for some features, strictly between 0 and 1."""
        score = self.bias + sum(weight * feature for weight, feature in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-LARGEST_SCORE, min(LARGEST_SCORE, score))))


@dataclass(frozen=True)
class Calibration:
    """What turns an engine's numbers into probabilities.

    points, wrong: that a key point is met and a wrong statement is made, from the features of the evidence for it.
    answer: that all key points of an answer are marked as a person would, from the log odds that all of them are if
    they don't depend on each other.
    """

    points: Logistic
    wrong: Logistic
    answer: Logistic

    def confidence(self, probabilities: Sequence[float]) -> float:
        """How likely a person would mark all key points alike, given the probability that each of them is met."""
        return self.answer.probability([joint_log_odds(probabilities)])


LARGEST_SCORE = 30.0


def joint_log_odds(probabilities: Sequence[float]) -> float:
    """The log odds that the more likely decision is right for all of some independent things."""
    joint = min(math.prod(max(p, 1 - p) for p in probabilities), 1 - 1e-9)
    return math.log(joint / (1 - joint))


# Fitted on 2026-11-21 to 196 answers to 17 questions. In the order of FEATURES.
CALIBRATIONS = {
    "lexical": Calibration(
        points=Logistic(-1.64, (3.26, 1.82, 2.81, -2.20, -1.90, -1.70)),
        wrong=Logistic(-4.15, (3.66, 1.20, 2.56, -1.25, -1.98, -0.87)),
        answer=Logistic(0.62, (0.92,)),
    ),
    "semantic": Calibration(
        points=Logistic(-1.73, (3.38, 2.00, 2.95, -2.67, -2.21, -1.17)),
        wrong=Logistic(-4.32, (3.72, 1.22, 3.26, -1.32, -2.18, -1.46)),
        answer=Logistic(0.49, (1.09,)),
    ),
}
assert all(len(part.weights) == len(FEATURES) for kind in CALIBRATIONS.values() for part in (kind.points, kind.wrong))
