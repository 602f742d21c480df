"""Moodle XML, read back by another parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from grader.quiz.exports import export
from grader.quiz.exports.items import Option, Options, item_of
from grader.quiz.exports.moodle import GRADES, shares
from grader.quiz.exports.texts import html_of, inline_html_of
from tests.grader.quiz.exports.samples import (
    ALL,
    CODE,
    DRAWING,
    MATCHING,
    NUMBER,
    ORDERING,
    OUTPUT,
    SEVERAL,
    SHARED,
    SHORT,
    SINGLE,
    choices,
)


def read(*questions):
    """The questions that a file has, without its categories."""
    root = etree.fromstring(export(questions, "moodle", "Lab 4").content)
    assert root.tag == "quiz"
    return [question for question in root if question.get("type") != "category"]


def answers(question):
    """Share, text and feedback of each answer."""
    return [
        (float(answer.get("fraction")), answer.findtext("text"), answer.findtext("feedback/text"))
        for answer in question.iterfind("answer")
    ]


def test_each_kind_has_its_type_and_all_say_their_name_twice():
    found = read(*ALL)

    assert {question.findtext("name/text"): question.get("type") for question in found} == {
        "single": "multichoice",
        "several": "multichoice",
        "matching": "matching",
        "short": "essay",
        "number": "numerical",
        "ordering": "ordering",
        "shape": "shortanswer",
        "output": "shortanswer",
        "outputs": "essay",
        "arrow": "shortanswer",
        "code": "essay",
        "drawing": "essay",
    }
    assert [question.findtext("idnumber") for question in found] == [question.name for question in ALL]


def test_a_question_is_in_the_category_of_its_topic_and_has_tags():
    root = etree.fromstring(export([SINGLE, SEVERAL], "moodle", "Lab 4").content)

    assert [question.get("type") for question in root] == ["category", "multichoice", "multichoice"]
    assert root.findtext("question/category/text") == "$course$/top/Lab 4/loss//metric & more"
    assert [tag.findtext("text") for tag in root[1].iterfind("tags/tag")] == [
        "loss/metric & more",
        "The MNIST Loss: [1]",
        "difficulty 2",
    ]


def test_topics_that_come_again_share_a_category():
    def of(name, topic):
        return type(SINGLE)(**SHARED | {"topic": topic}, name=name, right=SINGLE.right, wrong=SINGLE.wrong)

    root = etree.fromstring(export([of("a", "x"), of("b", "y"), of("c", "x")], "moodle", "Lab").content)

    assert [question.findtext("name/text") or question.findtext("category/text") for question in root] == [
        "$course$/top/Lab/x",
        "a",
        "c",
        "$course$/top/Lab/y",
        "b",
    ]


@settings(max_examples=30)  # each is several hard texts
@given(choices())
def test_a_choice_survives_whatever_is_in_its_texts(question):
    [found] = read(question)

    assert found.findtext("questiontext/text") == html_of(question.prompt)
    assert found.findtext("generalfeedback/text") == html_of(question.explanation)
    assert found.findtext("single") == ("false" if question.is_multiple else "true")
    assert {text for share, text, _ in answers(found) if share > 0} == set(map(inline_html_of, question.right))
    assert {text: why for share, text, why in answers(found) if share <= 0} == {
        inline_html_of(text): html_of(why) for text, why in question.wrong.items()
    }


@given(st.integers(1, 12), st.integers(1, 12))
def test_every_share_is_one_that_moodle_knows_and_all_options_together_gain_nothing(right, wrong):
    options = [*(Option(str(i), True, "") for i in range(right)), *(Option(f"w{i}", False, "") for i in range(wrong))]

    found = shares(Options(tuple(options), right > 1))

    assert {share.removeprefix("-") for share in found} <= {*GRADES, "0"}
    assert sum(map(float, found[:right])) == pytest.approx(100, abs=34 if right > 10 else 0.001)
    if right > 1:
        assert sum(map(float, found[right:])) == pytest.approx(-100, abs=34 if wrong > 10 else 0.001)


def test_a_matching_has_its_terms_as_html_and_its_definitions_as_text():
    [found] = read(MATCHING)

    assert [(pair.findtext("text"), pair.findtext("answer/text")) for pair in found.iterfind("subquestion")] == [
        ("<code>a -&gt; b</code>", "a function"),
        ("loss", "how bad = it is"),
        ("x", "{}"),
    ]


def test_an_ordering_has_its_items_in_their_order():
    [found] = read(ORDERING)

    assert [(share, text) for share, text, _ in answers(found)] == [
        (1, "init"),
        (2, "<code>predict</code> -&gt; y"),
        (3, "loss"),
        (4, "step"),
    ]
    assert found.findtext("selecttype") == "ALL"


def test_a_number_has_its_tolerance():
    [found] = read(NUMBER)

    assert answers(found) == [(100, "-0.3", None)]
    assert found.findtext("answer/tolerance") == "0.1"


def test_a_star_in_a_line_is_a_star():
    [found] = read(OUTPUT)

    assert answers(found) == [(100, "``` 12 \\* {}", None)]
    assert found.findtext("usecase") == "1"


def test_the_rubric_is_for_graders_only():
    [found] = read(SHORT)

    assert found.findtext("graderinfo/text") == html_of(item_of(SHORT).task.guide)
    assert SHORT.key_points[0].idea not in found.findtext("generalfeedback/text")
    assert found.findtext("defaultgrade") == "1.5"


def test_code_is_written_in_a_monospaced_field():
    [found] = read(CODE)

    assert found.findtext("responseformat") == "monospaced"
    assert "____" in found.findtext("questiontext/text")


def test_a_drawing_is_a_file_to_hand_in():
    [found] = read(DRAWING)

    assert found.findtext("attachmentsrequired") == "1"
    assert found.findtext("responserequired") == "0"
