"""JUnit XML, the form in which CI systems read what passed and what did not, from suites of cases.

There is no one standard. What is written here keeps to the schema that Jenkins' xUnit plugin checks against
(junit-10.xsd), but for the count of skipped cases, which everybody writes.
"""

import re
from collections.abc import Sequence
from typing import Literal
from xml.etree import ElementTree as ET

import msgspec

NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Ending = Literal["passed", "failure", "error", "skipped"]


class Case(msgspec.Struct, frozen=True):
    """One thing that was tried. kind: the type of a failure or error. details: what more is to be said of it."""

    classname: str
    name: str
    ending: Ending = "passed"
    message: str = ""
    kind: str = ""
    details: str = ""
    seconds: float = 0


class Suite(msgspec.Struct, frozen=True):
    """Cases that belong together. seconds: how long they took in all, where the cases do not tell it."""

    name: str
    cases: tuple[Case, ...]
    seconds: float = 0


def suites_xml(name: str, suites: Sequence[Suite], seconds: float = 0) -> bytes:
    """A JUnit document; valid for any text, whose characters that no XML may hold become "\ufffd".

    seconds: how long all took, where the suites do not tell it.
    """
    root = ET.Element("testsuites", {"name": text(name), **counts(suites)})
    if seconds:
        root.set("time", f"{seconds:.3f}")
    for suite in suites:
        element = ET.SubElement(root, "testsuite", {"name": text(suite.name), **counts([suite])})
        for case in suite.cases:
            element.append(case_element(case))
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def case_element(case: Case) -> ET.Element:
    """A case, with how it ended if it did not pass."""
    element = ET.Element(
        "testcase",
        {"classname": text(case.classname), "name": text(case.name), "time": f"{case.seconds:.3f}"},
    )
    if case.ending == "skipped":
        ET.SubElement(element, "skipped", {"message": text(case.message)})
    elif case.ending != "passed":
        ending = ET.SubElement(element, case.ending, {"message": text(case.message), "type": text(case.kind)})
        ending.text = text(case.details)
    return element


def counts(suites: Sequence[Suite]) -> dict[str, str]:
    """The attributes that count what is in suites."""
    cases = [case for suite in suites for case in suite.cases]
    seconds = sum(suite.seconds or sum(case.seconds for case in suite.cases) for suite in suites)
    return {
        "tests": str(len(cases)),
        "failures": str(sum(case.ending == "failure" for case in cases)),
        "errors": str(sum(case.ending == "error" for case in cases)),
        "skipped": str(sum(case.ending == "skipped" for case in cases)),
        "time": f"{seconds:.3f}",
    }


def text(words: str) -> str:
    """Words without the characters that no XML may hold."""
    return NOT_IN_XML.sub("\ufffd", words)
