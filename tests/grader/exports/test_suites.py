"""Grades as JUnit XML."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from grader.exports import FORMATS
from grader.exports.suites import class_junit
from grader.suites import Case, Suite, suites_xml
from tests.grader.exports.grades import grades, mistaken
from tests.grader.exports.standings import CLASS, classes, texts

FORMAT = FORMATS["junit"]

# Of junit-10.xsd, the schema of Jenkins' xUnit plugin: each element's required and other attributes, and what may be in
# it, in this order. Its counts of skipped cases are of common use, but not in the schema at the root.
RULES = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "disabled", "errors", "skipped"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests"},
        {"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "testcase": (
        {"name"},
        {"assertions", "time", "classname", "status"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "skipped": (set(), {"message", "type"}, []),
    "error": (set(), {"message", "type"}, []),
    "failure": (set(), {"message", "type"}, []),
}


def checked(xml):
    """The document's root, if it keeps to the schema and its counts are right."""
    root = ET.fromstring(xml)
    for element in root.iter():
        required, allowed, children = RULES[element.tag]
        assert required <= set(element.keys()) <= required | allowed
        places = [children.index(child.tag) for child in element]
        assert places == sorted(places)
    for counted in (root, *root):
        cases = list(counted.iter("testcase"))
        assert int(counted.get("tests")) == len(cases)
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(counted.get(count)) == sum(case.find(tag) is not None for case in cases)
        assert float(counted.get("time")) >= 0
    return root


def endings(root):
    """How each case ended."""
    return [(case.get("name"), *(child.tag for child in case)) for case in root.iter("testcase")]


def test_each_check_of_a_grade_is_a_case():
    root = checked(FORMAT.graded(mistaken()))

    assert root.get("time") == "3.250"
    assert [suite.get("name") for suite in root] == ["Sums"]
    assert endings(root) == [
        ("adds two numbers",),
        ("adds lists of numbers", "failure"),
        ("explains the sum", "skipped"),
    ]
    failure = root.find(".//failure")
    assert failure.get("message") == "0 of 2.5 points: One element is wrong."
    assert failure.get("type") == "failed"
    assert "A known mistake: it forgets the second number." in failure.text


def test_each_student_is_a_suite_and_each_exercise_a_case():
    root = checked(class_junit(CLASS).content)

    assert [suite.get("name") for suite in root] == ["ada", "bob", "cat", "dan"]
    assert root[0].get("time") == "12.500"
    assert endings(root[1]) == [("Sums",), ("Means", "failure")]
    assert root[1].find(".//failure").get("message") == "0 of 4 points"
    assert root[1].find(".//failure").text == "adds up: failed (it starts at one)"
    assert endings(root[3]) == [("can be graded", "error")]
    assert root[3].find(".//error").get("message") == "missing"


def test_what_cannot_be_graded_is_an_error():
    root = checked(FORMAT.ungraded("lab4.ipynb: not a notebook."))

    assert root.find(".//error").get("message") == "lab4.ipynb: not a notebook."


@given(grades(), classes.map(lambda found: [s for s in found if s.outline is None or s.outline.seconds >= 0]))
def test_both_are_valid_whatever_the_texts_are(grade, standings):
    checked(FORMAT.graded(grade))
    checked(class_junit(standings).content)


@given(texts, st.sampled_from(["failure", "error", "skipped"]))
def test_any_text_can_stand_anywhere(text, ending):
    root = checked(suites_xml(text, [Suite(text, (Case(text, text, ending, text, text, text),))]))

    assert endings(root)[0][1:] == (ending,)
