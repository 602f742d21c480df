"""The result that GitHub Classroom's reporter reads."""

import base64
import json

import pytest
from hypothesis import given

from grader.exports import FORMATS
from grader.exports.github import inert
from grader.results import Verdict
from tests.grader.exports.grades import grades, mistaken
from tests.grader.report_examples import grade_of

FORMAT = FORMATS["github"]


def totals(result):
    """The points as the reporter adds them up (its src/notify-classroom.js)."""
    return sum(test["score"] for test in result["tests"]), result["max_score"]


def is_command(line):
    """Whether a workflow's runner obeys a line of the log (actions/runner, ActionCommand.cs)."""
    return line.lstrip().startswith("::") or "##[" in line


def test_each_check_is_a_test_and_the_points_add_up():
    result = json.loads(FORMAT.graded(mistaken()))

    assert result["version"] == 1
    assert result["status"] == "fail"
    assert totals(result) == (1, 4)
    assert [(test["name"], test["status"], test["score"]) for test in result["tests"]] == [
        ("Sums - adds two numbers", "pass", 1),
        ("Sums - adds lists of numbers", "fail", 0),
        ("Sums - explains the sum", "fail", 0),
    ]
    assert result["tests"][0]["message"] is None
    assert "forgets the second number" in result["tests"][1]["message"]


def test_what_the_reporter_reads_of_a_test_is_there():
    for test in json.loads(FORMAT.graded(mistaken()))["tests"]:
        assert test.keys() == {"name", "status", "message", "test_code", "filename", "line_no", "score"}
        assert (test["test_code"], test["line_no"]) == ("", 0)  # with which it prints neither


@pytest.mark.parametrize(("outcome", "status"), [("error", "error"), ("timeout", "error"), ("missing", "fail")])
def test_an_error_is_told_from_a_failure(outcome, status):
    (test,) = json.loads(FORMAT.graded(grade_of(Verdict("adds", outcome, 0, 1, "It took too long."))))["tests"]

    assert (test["status"], test["message"]) == (status, "It took too long.")


def test_full_marks_pass():
    assert json.loads(FORMAT.graded(grade_of(Verdict("adds", "passed", 1, 1))))["status"] == "pass"


def test_what_cannot_be_graded_is_an_error_without_points():
    result = json.loads(FORMAT.ungraded("lab4.ipynb: not a notebook."))

    assert (result["status"], totals(result)) == ("error", (0, 0))
    assert result["tests"][0]["message"] == "lab4.ipynb: not a notebook."


@pytest.mark.parametrize("count", [20, 300])
def test_a_result_has_room_in_a_variable_of_the_environment(count):
    reason = "This is wrong in a way that takes long to tell. " * 100

    content = FORMAT.graded(grade_of(*(Verdict(f"check {n}", "failed", 0, 1, reason) for n in range(count))))

    assert len(base64.b64encode(content)) < 131_072 - len("GRADER_RESULTS=")
    assert len(json.loads(content)["tests"]) == count
    assert "takes long" in json.loads(content)["tests"][0]["message"]


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("::notice title=Autograding report::{}", ": :notice title=Autograding report::{}"),
        ("a\n \t::error::b", "a\n \t: :error::b"),
        (":::", ": ::"),
        ("\x00::error::a\r:\ud800:b", ": :error::a\n: :b"),
        ("a ##[error]b", "a ## [error]b"),
        ("x[::2] and a::b", "x[::2] and a::b"),
    ],
)
def test_no_line_is_a_command_to_the_workflows_runner(text, harmless):
    assert inert(text) == harmless
    assert not any(map(is_command, harmless.split("\n")))


@given(grades())
def test_it_is_valid_and_commands_nothing_whatever_the_texts_are(grade):
    content = FORMAT.graded(grade).decode()

    assert content.count("\n") == 1
    for test in json.loads(content)["tests"]:
        for text in (test["name"], test["message"] or ""):
            assert not any(map(is_command, text.split("\n")))
