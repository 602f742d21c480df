from hypothesis import given
from hypothesis import strategies as st

from reference.list_comprehensions import double_evens, double_odds, double_odds_keep_evens

whole_numbers = st.lists(st.integers())


def test_odd_numbers_are_doubled_in_their_order() -> None:
    assert double_odds([5, 2, 1, 4, 3, 1]) == [10, 2, 6, 2]


def test_even_numbers_are_doubled_in_their_order() -> None:
    assert double_evens([4, 1, 0, 2, 3, 4]) == [8, 0, 4, 8]


def test_negative_numbers_are_odd_or_even_too() -> None:
    assert (double_odds([-3, -2]), double_evens([-3, -2])) == ([-6], [-4])


def test_odd_numbers_are_doubled_among_the_others() -> None:
    assert double_odds_keep_evens([1, 2, 3, -3, 0, -2]) == [2, 2, 6, -6, 0, -2]


@given(whole_numbers)
def test_a_choice_leaves_nothing_out(numbers: list[int]) -> None:
    kept = [n for n in numbers if n % 2 == 0]
    assert sorted(double_odds_keep_evens(numbers)) == sorted(double_odds(numbers) + kept)
    assert len(double_odds_keep_evens(numbers)) == len(numbers)


@given(whole_numbers)
def test_every_number_is_in_one_of_the_two_results(numbers: list[int]) -> None:
    assert sorted(double_odds(numbers) + double_evens(numbers)) == sorted(2 * n for n in numbers)


@given(whole_numbers)
def test_the_list_given_is_left_as_it_was(numbers: list[int]) -> None:
    before = list(numbers)
    double_odds(numbers)
    double_evens(numbers)
    double_odds_keep_evens(numbers)
    assert numbers == before
