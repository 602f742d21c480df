"""The labelled answers: that they fit the questions, and that the calibration is the one that they give."""

import json
from collections import Counter

import pytest

from grader.quiz.bank import open_bank
from grader.quiz.questions import ShortAnswer
from grader.quiz.short_answers.calibration import CALIBRATIONS, Logistic, joint_log_odds
from grader.quiz.short_answers.engines import LEXICAL
from grader.quiz.short_answers.evidence import FEATURES
from tests.benchmarks.fit_short_answers import fit, logistic, seen
from tests.benchmarks.labelled_answers import FILE, is_held_out, labelled_answers
from tests.benchmarks.short_answers import Outcome, interval, kappa

ANSWERS = labelled_answers()


def test_every_question_has_answers_and_half_of_the_questions_are_held_out():
    questions = {item.name for item in open_bank().questions if isinstance(item, ShortAnswer)}
    counts = Counter(answer.question.name for answer in ANSWERS)

    assert counts.keys() == questions
    assert min(counts.values()) >= 9
    assert len(ANSWERS) >= 400
    assert 0.4 <= sum(is_held_out(answer.question) for answer in ANSWERS) / len(ANSWERS) <= 0.6


def test_the_labels_name_key_points_and_wrong_statements_of_their_question():
    for answer in ANSWERS:
        assert answer.met <= {point.idea for point in answer.question.key_points}
        assert answer.wrong <= {statement.phrasings[0] for statement in answer.question.wrong_statements}


def test_there_are_right_half_right_and_wrong_answers_and_none_twice():
    shares = [answer.points / answer.question.points for answer in ANSWERS]

    assert min(shares.count(0), shares.count(1), sum(0 < share < 1 for share in shares)) >= 80
    assert len({(answer.question.name, answer.said) for answer in ANSWERS}) == len(ANSWERS)


def test_the_file_says_how_it_was_made():
    about = json.loads(FILE.read_text("utf-8").splitlines()[0])["about"]

    assert "one author" in about
    assert "held out" in about


def test_the_calibration_is_the_one_that_the_tuning_half_gives():
    fitted = fit([seen(answer, LEXICAL) for answer in ANSWERS if not is_held_out(answer.question)])
    kept = CALIBRATIONS["lexical"]

    for ours, theirs in ((fitted.points, kept.points), (fitted.wrong, kept.wrong), (fitted.answer, kept.answer)):
        # Near is enough: a phrasing that is added to a question moves them a little
        assert (ours.bias, *ours.weights) == pytest.approx((theirs.bias, *theirs.weights), abs=0.5)


def test_every_engine_has_a_weight_for_each_feature():
    for calibration in CALIBRATIONS.values():
        assert len(calibration.points.weights) == len(calibration.wrong.weights) == len(FEATURES)


def test_a_logistic_regression_gives_back_the_shares_that_it_has_seen():
    rows = [((0.0,), False)] * 300 + [((0.0,), True)] * 100 + [((1.0,), True)] * 300 + [((1.0,), False)] * 100

    fitted = logistic(rows)

    assert fitted.probability([0.0]) == pytest.approx(0.25, abs=0.02)
    assert fitted.probability([1.0]) == pytest.approx(0.75, abs=0.02)


def test_probabilities_stay_within_0_and_1_and_joint_ones_are_below_each():
    assert 0 < Logistic(0, (1e6,)).probability([-1.0]) < Logistic(0, (1e6,)).probability([1.0]) < 1
    assert joint_log_odds([0.9, 0.2]) < joint_log_odds([0.9])
    assert joint_log_odds([1.0]) < float("inf")


def outcomes(*pairs: tuple[float, float]) -> list[Outcome]:
    """Outcomes of one key point each, from what was given and what was meant."""
    return [Outcome(f"q{i}", given, meant, int(given == meant), 1, True) for i, (given, meant) in enumerate(pairs)]


def test_kappa_is_1_for_agreement_0_for_saying_nothing_and_below_for_the_opposite():
    assert kappa(outcomes((0, 0), (1, 1), (0.5, 0.5))) == 1
    assert kappa(outcomes((1, 0), (1, 1))) == 0
    assert kappa(outcomes((1, 0), (0, 1))) == -1


def test_kappa_is_the_one_of_a_table_worked_out_by_hand():
    # The mean squared difference is 0.25 / 4, and that of all 16 pairs (2 + 1 + 2 + 2) / 16
    assert kappa(outcomes((0, 0), (0.5, 0), (1, 1), (1, 1))) == pytest.approx(1 - (0.25 / 4) / (7 / 16))


def test_an_interval_holds_the_figure_and_is_the_same_each_time():
    some = outcomes((0, 0), (1, 1), (1, 0), (1, 1))

    shown = interval(some, lambda chosen: sum(o.is_exact for o in chosen) / len(chosen))

    assert shown.startswith("0.75 (")
    assert shown == interval(some, lambda chosen: sum(o.is_exact for o in chosen) / len(chosen))
