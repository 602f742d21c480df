"""JSON for JupyterQuiz, answered as its scripts mark it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.quiz.exports import export
from grader.quiz.exports.items import item_of
from grader.quiz.exports.jupyterquiz import unmistakable
from grader.quiz.exports.texts import html_of, inline_html_of
from grader.quiz.questions import Number, Ordering
from tests.grader.quiz.exports.samples import (
    ALL,
    MATCHING,
    NUMBER,
    ORDERING,
    OUTPUT,
    SEVERAL,
    SHAPE,
    SHARED,
    choices,
    said,
)


def read(*questions):
    return json.loads(export(questions, "jupyterquiz", "Lab 4").content)


def is_right(question, answer):
    """Whether an answer is marked as right; numeric.js and string.js take the first that fits."""
    for found in question["answers"]:
        if "value" in found and answer == found["value"]:
            return found["correct"]
        if "range" in found and found["range"][0] <= answer < found["range"][1]:
            return found["correct"]
        if "answer" in found and found["match_case"] and answer == found["answer"]:
            return found["correct"]
    return False


def test_each_question_has_the_fields_of_its_type():
    kinds = {"many_choice": 1, "multiple_choice": 4, "numeric": 1, "string": 4}
    found = read(*ALL)

    assert {kind: [question["type"] for question in found].count(kind) for kind in kinds} == kinds
    assert len(found) == sum(kinds.values())
    for question in found:
        assert set(question) == {"question", "type", "answers"}
        for answer in question["answers"]:
            assert answer["feedback"]
            assert answer.get("type") == "default" or isinstance(answer["correct"], bool)


@settings(max_examples=30)  # each is several hard texts
@given(choices())
def test_a_choice_survives_whatever_is_in_its_texts(question):
    [found] = read(question)

    assert found["question"] == unmistakable(html_of(question.prompt))
    assert {a["answer"]: a["correct"] for a in found["answers"]} == {
        unmistakable(inline_html_of(text)): text in question.right for text in question.options
    }


@given(said)
def test_html_has_no_formula_and_no_link_of_its_own_and_shows_the_same(text):
    made = unmistakable(html_of(text))

    assert not set("$[") & set(made)
    assert made.replace("&#36;", "$").replace("&#91;", "[") == html_of(text)


def test_a_file_can_be_read_in_any_encoding_and_stand_in_a_script():
    content = export(ALL, "jupyterquiz", "Lab 4").content

    assert content.isascii()
    assert b"<" not in content


def test_the_right_options_are_right():
    [found] = read(SEVERAL)

    assert {a["answer"] for a in found["answers"] if a["correct"]} == set(map(inline_html_of, SEVERAL.right))
    assert {a["feedback"] for a in found["answers"] if not a["correct"]} == {"<p>Data.</p>", "<p>Targets.</p>"}


def test_a_matching_is_a_choice_for_each_term():
    found = read(MATCHING)

    assert len(found) == len(MATCHING.pairs)
    for question, (term, definition) in zip(found, MATCHING.pairs.items(), strict=True):
        assert inline_html_of(term) in question["question"]
        assert [a["answer"] for a in question["answers"] if a["correct"]] == [inline_html_of(definition)]


@pytest.mark.parametrize(
    ("answer", "tolerance", "right", "wrong"),
    [(7, 0, [7], [7.001, -7]), (-0.3, 0.1, [-0.3, -0.4, -0.2, -0.25], [-0.41, -0.19])],
)
def test_a_number_is_right_within_its_tolerance_ends_included(answer, tolerance, right, wrong):
    [found] = read(Number(**SHARED, name="q", answer=answer, tolerance=tolerance))

    assert all(is_right(found, number) for number in right)
    assert not any(is_right(found, number) for number in wrong)


def test_a_line_is_compared_letter_by_letter():
    [output], [shape] = read(OUTPUT), read(SHAPE)

    assert is_right(output, "``` 12 * {}")
    assert not is_right(output, "12")
    assert is_right(shape, "[3]")
    assert "Give a number" in read(NUMBER)[0]["question"]


@given(st.permutations([f"item {i}" for i in range(5)]))
def test_the_letters_of_an_order_are_right_in_that_order_only(items):
    question = Ordering(**SHARED, name="q", items=tuple(items))
    [found] = read(question)
    shown = item_of(question).task.shown
    letters = "".join("ABCDE"[shown.index(item)] for item in items)

    assert is_right(found, letters)
    assert is_right(found, " ".join(letters))
    assert not is_right(found, "ABCDE")
    for letter, item in zip("ABCDE", shown, strict=True):
        assert f"<li>{letter}. {item}</li>" in found["question"]


def test_more_items_than_letters_are_left_out_with_a_note():
    many = Ordering(**SHARED, name="many", items=tuple(f"item {i}" for i in range(27)))

    made = export([many, ORDERING], "jupyterquiz", "Lab 4")

    assert len(json.loads(made.content)) == 1
    assert "Left out, since there are more than 26 items to name by letters: 1 question, many." in made.notes
