"""Findings as JUnit XML."""

from xml.etree import ElementTree as ET

from grader.junit import junit_xml
from grader.verify import Finding

FINDINGS = [
    Finding("one", "solution", "reference solution", seconds=0.5),
    Finding("two", "misconception", "takes <all> & more", "passes every check", 0.25),
    Finding("two", "mutant", "f: 1 → 2", "", 0.125, "equivalent", "It is \x00 too."),
    Finding("two", "mutant", "f: 1 → 0", "", 0.125, "caught", "It does not pass 'a'."),
]


def test_each_exercise_is_a_suite_and_each_trial_a_case():
    root = ET.fromstring(junit_xml(FINDINGS))

    assert root.tag == "testsuites"
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "4", "failures": "1", "errors": "0", "skipped": "1", "time": "1.000",
    }  # fmt: skip
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("skipped")) for s in root] == [
        ("one", "1", "0", "0"),
        ("two", "3", "1", "1"),
    ]
    assert [(c.get("classname"), c.get("name"), c.get("time")) for c in root.iter("testcase")] == [
        ("one.solution", "reference solution", "0.500"),
        ("two.misconception", "takes <all> & more", "0.250"),
        ("two.mutant", "f: 1 → 2", "0.125"),
        ("two.mutant", "f: 1 → 0", "0.125"),
    ]


def test_a_problem_is_a_failure_and_an_equivalent_mutant_is_skipped():
    cases = list(ET.fromstring(junit_xml(FINDINGS)).iter("testcase"))

    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"], []]
    assert cases[1][0].get("message") == "passes every check"
    assert cases[1][0].text == "two: takes <all> & more: passes every check"
    assert cases[2][0].get("message") == "It is \ufffd too."


def test_no_findings_are_valid_too():
    assert ET.fromstring(junit_xml([])).get("tests") == "0"
