"""A question as other programs ask it, and what is said of those that they can't."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.exports import FORMATS, export
from grader.quiz.exports.items import Essay, Line, item_of, notes_on, positions, spellings
from tests.grader.quiz.exports.samples import (
    ALL,
    CODE,
    MATCHING,
    NUMBER,
    ORDERING,
    OUTPUT,
    OUTPUTS,
    SEVERAL,
    SHORT,
)


def test_the_order_of_options_is_drawn_and_what_is_right_is_kept():
    task = item_of(SEVERAL).task

    assert [option.text for option in task.options] != list(SEVERAL.options)
    assert {option.text for option in task.right} == set(SEVERAL.right)
    assert {option.text: option.feedback for option in task.wrong} == SEVERAL.wrong


def test_definitions_and_items_are_not_shown_in_their_right_order():
    assert item_of(MATCHING).task.shown != tuple(MATCHING.pairs.values())
    assert item_of(ORDERING).task.shown != ORDERING.items


def test_an_order_as_a_matching_names_the_place_of_each_item():
    pairs = dict(positions(item_of(ORDERING).task).pairs)

    assert sorted(pairs, key=pairs.get) == list(ORDERING.items)


def test_a_short_answer_brings_its_model_answer_key_points_and_wrong_statements():
    item = item_of(SHORT)

    for text in (SHORT.model_answer, "it is a number (1 point)", "smaller is better (0.5 points)", "bigger is better"):
        assert text in item.task.guide
    assert "The smaller, the better." in item.task.guide
    assert item.points == 1.5


def test_an_output_is_a_line_unless_it_has_several():
    assert item_of(OUTPUT).task == Line(("``` 12 * {}",))
    assert item_of(OUTPUTS).task == Essay("```python\n1\n2\n```", is_code=True)
    assert OUTPUT.code in item_of(OUTPUT).prompt


def test_code_shows_its_template_and_never_its_setup_or_answer():
    item = item_of(CODE)

    assert "y = ____ + 1" in item.prompt
    assert "secret" not in item.prompt + item.task.guide
    assert "y = x + 1" in item.task.guide


def test_a_unit_is_said():
    assert item_of(NUMBER).prompt.endswith("Give a number (in m/s).")


@pytest.mark.parametrize(
    ("shape", "some"),
    [
        ((3,), {"(3,)", "(3)", "3", "[3]", "torch.Size([3])"}),
        ((2, 3), {"(2, 3)", "(2,3)", "2, 3", "2,3", "[2, 3]", "torch.Size([2,3])"}),
        ((), {"()", "[]", "torch.Size([])"}),
    ],
)
def test_a_shape_may_be_written_in_several_ways(shape, some):
    assert some <= set(spellings(shape))


@given(st.lists(st.integers(0, 99), max_size=4).map(tuple))
def test_every_spelling_of_a_shape_holds_its_sizes_and_no_others(shape):
    for spelling in spellings(shape):
        assert spelling
        assert tuple(map(int, re.findall(r"\d+", spelling))) == shape


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_questions_give_the_same_bytes(form):
    assert export(ALL, form, "Lab 4", 1.5) == export(ALL, form, "Lab 4", 1.5)


@pytest.mark.parametrize("form", FORMATS)
def test_no_questions_are_no_error(form):
    assert export([], form, "").notes == ()


def test_notes_name_a_few_and_count_the_rest():
    items = [item_of(SHORT)] * 12

    assert notes_on(items, lambda item: "Left out") == (
        f"Left out: 12 questions, {', '.join(['short'] * 10)} and 2 more.",
    )
    assert notes_on(items[:1], lambda item: "Left out") == ("Left out: 1 question, short.",)
    assert notes_on(items, lambda item: "") == ()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("qti", {"essay": "short, outputs, code", "matching": "ordering", "hand in": "drawing"}),
        (
            "gift",
            {"rubric": "short, outputs, code", "matching of": "ordering", "hand in": "drawing", "with ->": "arrow"},
        ),
        ("moodle", {"essay": "short, outputs, code", "4.4": "ordering", "hand in": "drawing"}),
        ("anki", {"each term": "matching", "exercise": "drawing"}),
        (
            "jupyterquiz",
            {
                "texts": "short",
                "code": "outputs, code",
                "letters": "ordering",
                "each term": "matching",
                "exercise": "drawing",
            },
        ),
    ],
)
def test_what_is_asked_otherwise_or_left_out_is_said_with_the_reason(form, said):
    notes = export(ALL, form, "Lab 4").notes

    assert len(notes) == len(said)
    for reason, names in said.items():
        [note] = [note for note in notes if reason in note]
        assert note.endswith(f"{'question' if ',' not in names else 'questions'}, {names}.")
