"""When a question comes back, and how a topic stands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.schedule import Review, cards_of, entries_of, next_due, next_names, progress_of, rating_of
from tests.grader.quiz.banks import BANK, DAY, NOW

RIGHT = Review(NOW, "half", "0.5", 1, 1)
WRONG = replace(RIGHT, points=0)
HALF = replace(RIGHT, points=0.5)


@pytest.mark.parametrize(
    ("points", "possible", "rating"),
    [(0, 1, Rating.Again), (0.4, 1, Rating.Again), (1, 2, Rating.Hard), (1.9, 2, Rating.Hard), (2, 2, Rating.Good)],
)
def test_the_rating_is_that_of_the_mark(points, possible, rating):
    assert rating_of(points, possible) == rating


def test_what_was_wrong_comes_back_first_and_what_was_right_in_some_days():
    wrong, half, right = (cards_of([review])["half"].due - NOW for review in (WRONG, HALF, RIGHT))

    assert wrong == timedelta(minutes=10)
    assert wrong < half < DAY < right < 5 * DAY


def test_what_is_right_again_and_again_comes_back_ever_later():
    gaps, moment, reviews = [], NOW, []
    for _ in range(5):
        reviews.append(replace(RIGHT, made=moment))
        due = cards_of(reviews)["half"].due
        gaps.append(due - moment)
        moment = due

    assert gaps == sorted(gaps)
    assert gaps[-1] > 30 * DAY


@given(st.permutations([replace(RIGHT, made=NOW + DAY), replace(WRONG, made=NOW + 3 * DAY), HALF]))
def test_the_schedule_follows_from_when_things_were_answered_in_whatever_order_they_are_kept(reviews):
    assert cards_of(reviews)["half"].due == NOW + 3 * DAY + timedelta(minutes=10)


def test_all_variants_of_a_generator_are_one_thing_to_remember():
    cards = cards_of([replace(RIGHT, question="drawn#1"), replace(WRONG, question="drawn#2", made=NOW + DAY)])

    assert list(cards) == ["drawn"]


def test_what_is_due_is_asked_first_then_what_is_new_by_difficulty():
    reviews = [
        replace(WRONG, question="code", made=NOW - DAY),
        replace(WRONG, question="why", made=NOW - 2 * DAY),
        replace(RIGHT, question="plus"),
    ]

    names = next_names(BANK, cards_of(reviews), NOW, 100)

    assert names[:2] == ["why", "code"]
    assert names[2:] == ["even", "words", "steps", "shape", "output", "picture", "half", "drawn"]


def test_only_the_topics_that_are_asked_for_are_asked():
    assert next_names(BANK, {}, NOW, 2, ["shapes"]) == ["shape", "output"]
    assert set(entries_of(BANK, ["sums"])) == {"half", "plus", "even", "drawn"}


def test_a_review_of_a_question_that_the_bank_no_longer_has_is_no_harm():
    gone = [replace(WRONG, question="gone")]

    assert "gone" not in next_names(BANK, cards_of(gone), NOW + DAY, 100)
    assert next_due(BANK, cards_of(gone)) is None
    assert not any(topic.answered for topic in progress_of(BANK, gone, NOW))


def test_progress_is_told_by_topic():
    reviews = [WRONG, replace(RIGHT, made=NOW + DAY), replace(WRONG, question="plus", made=NOW + DAY)]

    sums, *others = progress_of(BANK, reviews, NOW + DAY + timedelta(hours=1))

    assert (sums.topic, sums.questions, sums.answered, sums.right, sums.due) == ("sums", 4, 2, 1, 1)
    assert 0.5 < sums.remembered <= 1
    assert [topic.topic for topic in others] == ["words", "shapes", "pictures"]
    assert not any(topic.answered or topic.remembered for topic in others)


def test_what_was_answered_is_remembered_less_and_less():
    chances = [progress_of(BANK, [RIGHT], NOW + days * DAY)[0].remembered for days in (0, 3, 30, 300)]

    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.99 > 0.9 > chances[-1]


def test_a_clock_that_was_put_back_does_no_harm():
    sums, *_ = progress_of(BANK, [replace(RIGHT, made=NOW + 9 * DAY)], NOW)

    assert (sums.answered, sums.due) == (1, 0)
    assert 0 <= sums.remembered <= 1
