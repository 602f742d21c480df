"""Gradescope's results.json."""

import json

from hypothesis import given

from grader.exports import FORMATS
from tests.grader.exports.grades import grades, mistaken

FORMAT = FORMATS["gradescope"]
# The fields of Gradescope's specification.
FIELDS = {
    *("score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility"),
    *("stdout_visibility", "extra_data", "tests", "leaderboard"),
}
TEST_FIELDS = {
    *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"),
    *("visibility", "extra_data"),
}


def test_each_check_is_a_test_with_its_points_and_the_diagnosis():
    results = json.loads(FORMAT.graded(mistaken()))

    assert (results["score"], results["execution_time"]) == (1, 3.25)
    assert [(t["number"], t["name"], t["score"], t["max_score"], t["status"]) for t in results["tests"]] == [
        ("1.1", "Sums - adds two numbers", 1, 1, "passed"),
        ("1.2", "Sums - adds lists of numbers", 0, 2.5, "failed"),
        ("1.3", "Sums - explains the sum", 0, 0.5, "failed"),
    ]
    assert [t["output"].split("\n") for t in results["tests"]] == [
        ["Passed."],
        [
            "One element is wrong.",
            "for a = tensor([1.0])",
            "yours: tensor([1.0])",
            "expected: tensor([3.0])",
            "A known mistake: it forgets the second number.",
            "Hint: What is b for?",
        ],
        ["Needs review."],
    ]


def test_students_see_the_tests_and_what_holds_for_the_whole_but_not_what_was_printed():
    results = json.loads(FORMAT.graded(mistaken()))

    assert results["output"] == (
        "The first error that mattered is in cell 4: NameError: name 'c' is not defined\nIt ran without isolation."
    )
    assert (results["visibility"], results["stdout_visibility"]) == ("visible", "hidden")
    assert {t["visibility"] for t in results["tests"]} == {"visible"}


def test_what_a_student_wrote_is_no_markup():
    results = json.loads(FORMAT.graded(mistaken()))

    assert results["output_format"] == "text"
    assert {(t["output_format"], t["name_format"]) for t in results["tests"]} == {("text", "text")}


def test_what_cannot_be_graded_has_no_points_and_says_why():
    results = json.loads(FORMAT.ungraded("lab4.ipynb: not a notebook\x00."))

    assert results.keys() <= FIELDS
    assert (results["score"], results["output"], results["tests"]) == (0, "lab4.ipynb: not a notebook.", [])


@given(grades())
def test_it_is_valid_and_within_the_specification_whatever_the_texts_are(grade):
    results = json.loads(FORMAT.graded(grade).decode())

    assert results.keys() <= FIELDS
    assert isinstance(results["score"], int | float)
    assert len(results["tests"]) == len(grade.exercises[0].verdicts)
    for test in results["tests"]:
        assert test.keys() <= TEST_FIELDS
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["score"], int | float)
        assert test["output"]
