"""Fits the calibration of each engine to the tuning half of the labelled answers.

`python -m tests.benchmarks.fit_short_answers`. What it prints goes into
grader/quiz/short_answers/calibration.py. Without the extra `semantic` it fits the lexical one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.errors import UserError
from grader.quiz.short_answers.calibration import Calibration, Logistic, joint_log_odds
from grader.quiz.short_answers.engines import LEXICAL, Engine
from grader.quiz.short_answers.evidence import evidence_of
from grader.quiz.short_answers.reading import plain
from grader.quiz.short_answers.reservations import readable
from grader.quiz.short_answers.rubric import rubric_of
from grader.quiz.short_answers.semantic import semantic_engine
from grader.quiz.short_answers.words import clauses_of
from tests.benchmarks.labelled_answers import Labelled, is_held_out, labelled_answers

PENALTY = 1.0  # on the squares of the weights, as if they came from a normal distribution around 0
Rows = list[tuple[tuple[float, ...], bool]]


@dataclass(frozen=True)
class Seen:
    """An answer's features, each with whether a person found the key point or the wrong statement."""

    question: str
    points: Rows
    wrong: Rows


def main() -> None:
    """Prints the calibrations as they stand in the module."""
    for engine in engines():
        fitted = fit([seen(answer, engine) for answer in labelled_answers() if not is_held_out(answer.question)])
        print(f'    "{engine.name}": Calibration(')
        for name in ("points", "wrong", "answer"):
            part = getattr(fitted, name)
            print(f"        {name}=Logistic({part.bias:.2f}, ({', '.join(f'{w:.2f}' for w in part.weights)},)),")
        print("    ),")


def engines() -> list[Engine]:
    """Those that can be used here."""
    try:
        return [LEXICAL, semantic_engine()]
    except UserError as error:
        print(f"# {error}")
        return [LEXICAL]


def seen(answer: Labelled, engine: Engine) -> Seen:
    """The features of an answer and its labels."""
    question, rubric = answer.question, rubric_of(answer.question)
    clauses = readable(clauses_of(plain(answer.said), rubric.known), rubric)
    points, wrong = evidence_of(clauses, rubric, engine)
    keys, statements = question.key_points, question.wrong_statements
    return Seen(
        question.name,
        [(one.features, key.idea in answer.met) for one, key in zip(points, keys, strict=True)],
        [(one.features, key.phrasings[0] in answer.wrong) for one, key in zip(wrong, statements, strict=True)],
    )


def fit(answers: Sequence[Seen]) -> Calibration:
    """The calibration that fits some answers.

    The confidence in an answer is fitted to probabilities from questions that the answer's own is not among, since
    those from its own question would be too good.
    """
    joint: Rows = []
    for question in {answer.question for answer in answers}:
        others = logistic([row for answer in answers if answer.question != question for row in answer.points])
        joint += [verdict(answer, others.probability) for answer in answers if answer.question == question]
    return Calibration(
        points=logistic([row for answer in answers for row in answer.points]),
        wrong=logistic([row for answer in answers for row in answer.wrong]),
        answer=logistic(sorted(joint)),
    )


def verdict(answer: Seen, probability: Callable[[Sequence[float]], float]) -> tuple[tuple[float, ...], bool]:
    """The joint log odds of an answer's key points, and whether all of them are decided as a person did."""
    chances = [probability(features) for features, _ in answer.points]
    is_right = all((chance >= 0.5) == met for chance, (_, met) in zip(chances, answer.points, strict=True))
    return (joint_log_odds(chances),), is_right


def logistic(rows: Rows) -> Logistic:
    """A logistic regression by Newton's method, with a penalty on the weights and none on the bias."""
    features = np.array([(1.0, *row) for row, _ in rows])
    labels = np.array([label for _, label in rows], dtype=float)
    penalty = PENALTY * np.eye(features.shape[1])
    penalty[0, 0] = 0
    weights = np.zeros(features.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chances - labels) + penalty @ weights
        curve = (features.T * (chances * (1 - chances))) @ features + penalty
        weights -= np.linalg.solve(curve, slope)
    return Logistic(float(weights[0]), tuple(map(float, weights[1:])))


if __name__ == "__main__":
    main()
