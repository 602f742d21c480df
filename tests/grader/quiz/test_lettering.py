"""Options by their letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.lettering import lettered, paired, picked
from grader.quiz.quantities import UnreadableError

SHOWN = ("one", "two", "three", "a")
TERMS, DEFINITIONS = ("x", "y", "z"), ("first", "second", "third")


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        ("b", ("two",)),
        ("B)", ("two",)),
        ("b c", ("two", "three")),
        ("c, b", ("three", "two")),
        ("cb", ("three", "two")),
        ("b and c", ("two", "three")),
        ("Two", ("two",)),
        ("a", ("a",)),  # what an option says goes before what it is called
    ],
)
def test_letters_stand_for_what_is_shown(said, texts):
    assert picked(said, SHOWN) == texts


@pytest.mark.parametrize("said", ["e", "two three", "1", "b 7", "-", ","])
def test_what_is_no_letter_is_told(said):
    with pytest.raises(UnreadableError, match="Give letters from a to d"):
        picked(said, SHOWN)


@given(st.integers(1, 60).flatmap(lambda count: st.permutations(range(count))))
def test_any_order_of_any_number_of_texts_can_be_given(order):
    shown = [f"text {place}" for place in range(len(order))]
    letters = [name for name, _ in lettered(shown)]

    assert picked(" ".join(letters[place] for place in order), shown) == tuple(shown[place] for place in order)


@pytest.mark.parametrize("said", ["1b 2a 3c", "b a c", "bac", "2a, 3c, 1b", "1-b 2:a 3=c", "1 b 2 a 3 c"])
def test_terms_get_their_definitions_by_numbers_and_letters(said):
    assert paired(said, TERMS, DEFINITIONS) == {"x": "second", "y": "first", "z": "third"}


def test_some_terms_may_be_left_out_if_the_others_are_named():
    assert paired("3a", TERMS, DEFINITIONS) == {"z": "first"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("b a", "Give 3 letters"),
        ("4a", "from 1 to 3"),
        ("1a 1b", "comes twice"),
        ("1d", "from a to c"),
        ("?!", "from a"),
    ],
)
def test_pairs_that_can_t_be_are_told(said, message):
    with pytest.raises(UnreadableError, match=message):
        paired(said, TERMS, DEFINITIONS)
