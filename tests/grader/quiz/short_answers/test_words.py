"""Clauses, and what their words stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.short_answers.reading import plain
from grader.quiz.short_answers.words import clauses_of, distance, is_slip, meaning


def said(text: str, known: tuple[str, ...] = ()) -> list[list[str]]:
    """The concepts of each clause, with a minus before those that are turned."""
    return [["-" * word.is_turned + word.concept for word in clause.words] for clause in clauses_of(plain(text), known)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The loss is small; the model is good.", ["The loss is small", "the model is good"]),
        ("It is 0.5 at x = 1.5", ["It is 0.5 at x = 1.5"]),
        ("The loss trains, the metric does not", ["The loss trains", "the metric does not"]),
        ("The loss trains and the metric does not", ["The loss trains", "and the metric does not"]),
        ("red, green and blue", ["red, green and blue"]),
        ("loss.backward() and p.grad.zero_()", ["loss.backward()", "and p.grad.zero_()"]),
        ("RMSE: square them", ["RMSE", "square them"]),
    ],
)  # fmt: skip
def test_an_answer_is_cut_where_something_else_is_said(text, clauses):
    assert [text[slice(*clause.place)] for clause in clauses_of(plain(text))] == clauses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("large numbers", "big values"),
        ("it is not large", "it is small"),
        ("it doesn't copy", "it never copies"),
        ("unseen", "it has not seen"),
        ("nonlinear", "not linear"),
        ("x % 2 != 0", "x mod 2 not equal zero"),
        ("the colour grey", "the color gray"),
        ("to optimise", "to optimize"),
        ("three axes", "3 dimensions"),
        ("a 2d grid", "2 dimensional matrix"),
        ("`requires_grad_`", "requires_grad"),
    ],
)
def test_other_words_for_the_same_are_the_same(one, other):
    assert said(one) == said(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("it copies", "it does not copy"),
        ("adds", "subtracts"),
        ("fast", "slow"),
        ("o // 2 != 0", "o % 2 != 0"),
        ("between -1 and 1", "between 0 and 1"),
        ("a module", "modulo"),
    ],
)
def test_words_for_something_else_are_not_the_same(one, other):
    assert said(one) != said(other)


def test_a_negation_ends_where_a_but_comes():
    assert said("not the mean but the sum") == [["-mean"], ["add"]]


def test_no_alone_is_an_answer_and_negates_nothing_after_it():
    assert said("No, the library calculates") == [["-yes"], ["library", "calculate"]]


def test_slips_of_the_pen_are_put_right_by_the_words_of_the_question():
    assert said("stohastic gradeint decent", ("stochastic", "gradient", "descent")) == [
        ["stochast", "gradient", "descent"]
    ]


def test_other_words_are_left_as_they_are():
    assert said("the mouse eats", ("house",)) == [["mous", "eat"]]


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_of_spellings_is_symmetric_and_0_for_the_same_only(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(("one", "other", "steps"), [("gren", "green", 1), ("teh", "the", 1), ("loss", "less", 1)])
def test_swaps_and_gaps_are_one_step(one, other, steps):
    assert distance(one, other) == steps


def test_short_words_may_have_one_slip_and_long_ones_two():
    assert is_slip("gren", "green")
    assert not is_slip("gen", "green")
    assert is_slip("accumlaets", "accumulates")


def test_every_concept_stands_for_itself():
    assert all(
        meaning(meaning(word)[0]) == (meaning(word)[0], False) for word in ("huge", "picture", "compute", "mean")
    )
