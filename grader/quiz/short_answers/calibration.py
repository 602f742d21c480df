"""From evidence to probabilities, with parameters that were fitted to labelled answers.

`python -m tests.benchmarks.fit_short_answers` fits them to the tuning half of the labelled answers, and prints them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


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


LARGEST_SCORE = 30.0  # beyond it a probability is 0 or 1 as far as anybody can tell


def joint_log_odds(probabilities: Sequence[float]) -> float:
    """The log odds that the more likely decision is right for all of some independent things."""
    joint = min(math.prod(max(p, 1 - p) for p in probabilities), 1 - 1e-9)
    return math.log(joint / (1 - joint))


# Fitted on 2026-11-21 to 196 answers to 17 questions. The weights are in the order of evidence.FEATURES.
CALIBRATIONS = {
    "lexical": Calibration(
        points=Logistic(-1.62, (3.33, 1.71, 2.85, -2.08, -1.81, -1.93, -0.86)),
        wrong=Logistic(-4.10, (3.63, 0.83, 2.66, -1.20, -2.01, -0.91, -0.34)),
        answer=Logistic(0.49, (1.01,)),
    ),
    "semantic": Calibration(
        points=Logistic(-1.73, (3.19, 2.03, 3.22, -2.76, -2.27, -0.98, -0.60)),
        wrong=Logistic(-4.28, (3.83, 1.15, 2.92, -1.48, -2.09, -1.10, -0.20)),
        answer=Logistic(0.34, (1.25,)),
    ),
}
