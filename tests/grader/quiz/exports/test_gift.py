"""GIFT, read back as Moodle reads it, and by pygiftparser."""

import io
import sys
import warnings
from types import ModuleType

from hypothesis import assume, given, settings

from grader.quiz.exports import export
from grader.quiz.exports.gift import escaped
from grader.quiz.exports.texts import html_of, inline_html_of, plain_of
from grader.quiz.questions import Choice, Matching, Number, Output
from tests.grader.quiz.exports.readers import gift_questions, hidden, shown
from tests.grader.quiz.exports.samples import (
    ALL,
    ARROW,
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
    said,
)


def read(*questions):
    return gift_questions(export(questions, "gift", "Lab 4").content)


def test_every_question_comes_with_its_name_category_id_and_tags():
    found = read(*ALL)

    assert [question["name"] for question in found] == [question.name for question in ALL]
    assert {question["category"] for question in found} == {"$course$/top/Lab 4/loss//metric & more"}
    assert found[0]["comment"] == (
        "// [id:single] [tag:loss/metric & more] [tag:The MNIST Loss: [1\\]] [tag:difficulty 2]"
    )


@settings(max_examples=30)  # each is several hard texts
@given(choices())
def test_a_choice_survives_whatever_is_in_its_texts(question):
    [found] = read(question)

    assert found["type"] == ("multiple" if question.is_multiple else "single")
    assert found["text"] == html_of(question.prompt)
    assert found["general"] == html_of(question.explanation)
    right = {text for share, text, _ in found["answers"] if share > 0}
    assert right == {inline_html_of(text) for text in question.right}
    wrong = {text: feedback for share, text, feedback in found["answers"] if share <= 0}
    assert wrong == {inline_html_of(text): html_of(why) for text, why in question.wrong.items()}


@given(said)
def test_escaped_text_is_one_line_and_read_as_it_was(text):
    made = escaped(html_of(text))

    assert "\n" not in made
    assert not set("#={}~:") & set(hidden(made))
    assert shown(hidden(made)) == html_of(text)


def test_choosing_all_is_worth_nothing_and_the_right_ones_everything():
    [found] = read(SEVERAL)

    shares = [share for share, _, _ in found["answers"]]
    assert sorted(shares) == [-50, -50, 33.33333, 33.33333, 33.33333]


def test_a_wrong_option_that_begins_with_a_percentage_is_worth_nothing():
    [found] = read(SINGLE)

    assert (0, "%50% of it", "<p>No: ~half.</p>") in found["answers"]


def test_a_matching_keeps_its_pairs_with_arrows_of_their_own():
    [found] = read(MATCHING)

    assert found["type"] == "match"
    assert found["answers"] == [
        ("<code>a -&gt; b</code>", "a function"),
        ("loss", "how bad = it is"),
        ("x", "{}"),
    ]


def test_an_ordering_is_a_matching_of_places():
    [found] = read(ORDERING)

    places = dict(found["answers"])
    assert sorted(places, key=places.get) == ["init", "<code>predict</code> -&gt; y", "loss", "step"]


def test_a_number_keeps_its_sign_and_tolerance():
    [found] = read(NUMBER)

    assert found["answers"] == [(-0.3, 0.1)]


def test_a_star_in_a_line_is_a_star():
    [found] = read(OUTPUT)

    assert found["type"] == "shortanswer"
    assert found["answers"] == ["``` 12 \\* {}"]


def test_a_line_with_an_arrow_is_an_essay_and_its_answer_in_the_feedback():
    [found] = read(ARROW)

    assert found["type"] == "essay"
    assert found["general"] == html_of(f"{ARROW.explanation}\n\n```\na->b\n```")


def test_a_short_answer_is_an_essay_with_its_rubric_in_the_feedback():
    [found] = read(SHORT)

    assert found["type"] == "essay"
    assert "it is a number (1 point)" in found["general"]


def test_a_drawing_is_an_essay():
    assert read(DRAWING)[0]["type"] == "essay"


def test_another_reader_finds_the_same(monkeypatch):
    # To render, which is not asked of it here, it needs a release of Markdown that newer Pythons can't import.
    monkeypatch.setitem(sys.modules, "markdown", ModuleType("markdown"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its regular expressions are no raw strings
        from pygiftparser import parser
    shared = SHARED | {"prompt": "What?", "explanation": "So.", "topic": "loss"}
    questions = [
        Choice(**shared, name="one", right=("`w`",), wrong={"`x`": "Data.", "`y`": "Targets."}),
        Choice(**shared, name="two", right=("`w`", "`b`"), wrong={"`x`": "Data."}),
        Matching(**shared, name="match", pairs={"loss": "small", "accuracy": "big"}),
        Number(**shared, name="number", answer=1.5, tolerance=0.25),
        Output(**shared, name="output", code="print(12)", answer="12"),
    ]
    text = export(questions, "gift", "Lab 4").content.decode()

    one, two, match, number, output = parser.parseFile(io.StringIO(text, newline=None))

    assert all(question.valid for question in (one, two, match, number, output))
    assert [question.title for question in (one, two, match, number, output)] == [
        "one",
        "two",
        "match",
        "number",
        "output",
    ]
    assert one.text == "<p>What?</p>"
    assert one.generalFeedback == "<p>So.</p>"
    assert {(a.answer, a.fraction, a.feedback) for a in one.answers.answers} == {
        ("<code>w</code>", 100, ""),
        ("<code>x</code>", 0, "<p>Data.</p>"),
        ("<code>y</code>", 0, "<p>Targets.</p>"),
    }
    assert {(a.answer, a.fraction) for a in two.answers.answers} == {
        ("<code>w</code>", 50),
        ("<code>b</code>", 50),
        ("<code>x</code>", -100),
    }
    assert {(a.question.strip(), a.answer.strip()) for a in match.answers.answers} == {
        ("loss", "small"),
        ("accuracy", "big"),
    }
    assert [(a.value, a.tolerance) for a in number.answers.answers] == [(1.5, 0.25)]
    assert output.answers.answers[0].answer == "12"


@given(said)
def test_a_definition_is_one_plain_line(text):
    assume("&&" not in plain_of(text))  # with which Moodle's own placeholders begin
    [found] = read(Matching(**SHARED, name="q", pairs={"a": text, "b": "another definition"}))

    assert found["answers"][0] == ("a", plain_of(text).strip())
