"""The order in which a question's options, items and definitions are shown."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.asking import definitions_of, items_of, options_of, terms_of
from grader.quiz.questions import Choice, Matching, Ordering

COMMON = {"prompt": "?", "topic": "t", "difficulty": 1, "explanation": "e", "section": "s"}
CHOICE = Choice(name="choice", right=("a", "b"), wrong={"c": "no", "d": "no"}, **COMMON)
ORDERING = Ordering(name="ordering", items=("one", "two", "three"), **COMMON)
MATCHING = Matching(name="matching", pairs={"x": "first", "y": "second"}, **COMMON)
seeds = st.integers(-(2**70), 2**70)


@given(seeds)
def test_everything_is_shown_once(seed):
    assert Counter(options_of(CHOICE, seed)) == Counter(CHOICE.options)
    assert Counter(items_of(ORDERING, seed)) == Counter(ORDERING.items)
    assert Counter(definitions_of(MATCHING, seed)) == Counter(MATCHING.pairs.values())


@given(seeds)
def test_what_is_shown_is_never_the_right_order_itself(seed):
    assert items_of(ORDERING, seed) != ORDERING.items
    assert definitions_of(MATCHING, seed) != tuple(MATCHING.pairs.values())
    assert terms_of(MATCHING) == ("x", "y")


@given(seeds)
def test_the_bank_may_declare_the_options_in_any_order(seed):
    other = replace(CHOICE, right=("b", "a"), wrong={"d": "no", "c": "no"})

    assert options_of(other, seed) == options_of(CHOICE, seed)


def test_the_order_of_a_name_and_a_seed_is_the_same_on_every_machine():
    assert options_of(CHOICE, 7) == ("b", "c", "a", "d")


def test_every_place_comes_to_the_right_option_alike():
    choice = replace(CHOICE, right=("a",), wrong={"b": "no", "c": "no", "d": "no"})

    places = Counter(options_of(choice, seed).index("a") for seed in range(1000))

    assert all(200 < places[place] < 300 for place in range(4))


def test_another_question_with_the_same_options_has_another_order():
    orders = {options_of(replace(CHOICE, name=str(number))) for number in range(300)}

    assert len(orders) == 24
