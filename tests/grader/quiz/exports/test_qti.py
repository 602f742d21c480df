"""QTI packages: checked against the schema, and answered as Canvas scores them."""

import io
import zipfile
from itertools import chain, combinations

import pytest
from hypothesis import given, settings

from grader.quiz.exports import export
from grader.quiz.exports.texts import html_of, inline_html_of
from grader.quiz.questions import Number
from tests.grader.quiz.exports.readers import feedbacks, field, menus, prompt, qti_items, qti_package, scored
from tests.grader.quiz.exports.samples import (
    ALL,
    CODE,
    DRAWING,
    MATCHING,
    NUMBER,
    ORDERING,
    SEVERAL,
    SHAPE,
    SHARED,
    SHORT,
    SINGLE,
    choices,
)


def read(question):
    [item] = qti_items(export([question], "qti", "Lab 4").content).values()
    return item


def named(item):
    """The identifier of each option by its text."""
    _, options = menus(item)["response1"]
    return {text: ident for ident, text in options.items()}


def test_the_manifest_names_the_quiz_and_the_quiz_its_title():
    manifest, root = qti_package(export(ALL, "qti", "Lab 4 & <more>").content)

    assert manifest.find(".//{*}resource").get("identifier") == root.find("{*}assessment").get("ident")
    assert root.find("{*}assessment").get("title") == "Lab 4 & <more>"


def test_each_kind_has_the_type_by_which_canvas_knows_it():
    items = qti_items(export(ALL, "qti", "Lab 4").content)

    assert {name: field(item, "question_type") for name, item in items.items()} == {
        "single": "multiple_choice_question",
        "several": "multiple_answers_question",
        "matching": "matching_question",
        "short": "essay_question",
        "number": "numerical_question",
        "ordering": "matching_question",
        "shape": "short_answer_question",
        "output": "short_answer_question",
        "outputs": "essay_question",
        "arrow": "short_answer_question",
        "code": "essay_question",
        "drawing": "file_upload_question",
    }
    assert field(items["short"], "points_possible") == "1.5"


def test_identifiers_are_distinct_and_those_of_the_same_question_the_same():
    first = [item.get("ident") for item in qti_items(export(ALL, "qti", "Lab 4").content).values()]
    again = [item.get("ident") for item in qti_items(export(ALL[::-1], "qti", "Lab 5").content).values()]

    assert len(set(first)) == len(ALL)
    assert first == again[::-1]


def test_every_feedback_that_is_shown_is_there():
    for question in ALL:
        item = read(question)
        shown = {found.get("linkrefid") for found in item.iterfind(".//{*}displayfeedback")}
        assert shown == set(feedbacks(item))


@settings(max_examples=30)  # each is several hard texts
@given(choices())
def test_a_choice_survives_whatever_is_in_its_texts(question):
    item = read(question)

    assert prompt(item) == html_of(question.prompt)
    assert feedbacks(item)["general_fb"] == html_of(question.explanation)
    assert sorted(named(item)) == sorted(map(inline_html_of, question.options))
    right = {named(item)[inline_html_of(text)] for text in question.right}
    assert scored(item, {"response1": right})[0] == 100


def test_each_wrong_option_scores_nothing_and_says_why():
    item = read(SINGLE)

    for text, why in SINGLE.wrong.items():
        ident = named(item)[inline_html_of(text)]
        score, said = scored(item, {"response1": {ident}})
        assert score == 0
        assert [feedbacks(item)[found] for found in said] == [html_of(SINGLE.explanation), html_of(why)]


def test_of_several_right_options_only_all_and_no_wrong_one_score():
    item = read(SEVERAL)
    options = named(item)
    right = {options[inline_html_of(text)] for text in SEVERAL.right}

    for chosen in map(set, chain.from_iterable(combinations(options.values(), n) for n in range(len(options) + 1))):
        assert scored(item, {"response1": chosen})[0] == (100 if chosen == right else 0)


def test_a_matching_scores_pair_by_pair():
    item = read(MATCHING)
    right = {}
    for ident, (term, options) in menus(item).items():
        definition = {"a -> b": "a function", "loss": "how bad = it is", "x": "{}"}[term]
        right[ident] = {next(option for option, text in options.items() if text == definition)}

    assert scored(item, right)[0] == pytest.approx(100, abs=0.1)
    assert scored(item, dict(list(right.items())[:1]))[0] == pytest.approx(100 / 3, abs=0.1)
    assert scored(item, {})[0] == 0


def test_an_ordering_is_a_matching_of_places():
    item = read(ORDERING)
    steps = ["init", "predict -> y", "loss", "step"]

    assert [list(options.values()) for _, options in menus(item).values()] == [["1", "2", "3", "4"]] * 4
    right = {ident: {str(1000 + steps.index(term))} for ident, (term, _) in menus(item).items()}
    assert scored(item, right)[0] == 100


@pytest.mark.parametrize(
    ("said", "points"), [("-0.3", 100), ("-0.30", 100), ("-0.4", 100), ("-0.2", 100), ("-0.41", 0), ("0.3", 0)]
)
def test_a_number_is_right_within_its_tolerance_to_the_last_digit(said, points):
    assert scored(read(NUMBER), {"response1": said})[0] == points


def test_a_number_without_tolerance_has_one_answer():
    item = read(Number(**SHARED, name="q", answer=7))

    assert scored(item, {"response1": "7"})[0] == 100
    assert scored(item, {"response1": "7.001"})[0] == 0


@pytest.mark.parametrize(("said", "points"), [("(3,)", 100), ("[3]", 100), ("torch.Size([3])", 100), ("(3, 1)", 0)])
def test_a_shape_is_right_in_each_of_its_spellings(said, points):
    assert scored(read(SHAPE), {"response1": said})[0] == points


@pytest.mark.parametrize("question", [SHORT, CODE, DRAWING])
def test_what_a_person_has_to_mark_scores_nothing_by_itself(question):
    assert scored(read(question), {"response1": "anything"})[0] == 0


def test_the_rubric_is_in_the_feedback():
    assert "it is a number (1 point)" in feedbacks(read(SHORT))["general_fb"]


def test_a_zip_has_no_time_and_can_be_read_by_everybody():
    with zipfile.ZipFile(io.BytesIO(export(ALL, "qti", "Lab 4").content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
