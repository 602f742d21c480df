"""Findings as JUnit XML, the form in which CI systems read what passed and what did not."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from grader.verify import Finding, by_exercise

NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(findings: Sequence[Finding]) -> bytes:
    """One suite for each exercise, one case for each trial; mutants that are right all the same count as skipped."""
    root = ET.Element("testsuites", {"name": "grader verify", **counts(findings)})
    for exercise, found in by_exercise(findings).items():
        suite = ET.SubElement(root, "testsuite", {"name": exercise, **counts(found)})
        for finding in found:
            case = ET.SubElement(
                suite,
                "testcase",
                {
                    "classname": f"{exercise}.{finding.kind}",
                    "name": text(finding.subject),
                    "time": f"{finding.seconds:.3f}",
                },
            )
            if finding.problem:
                failure = ET.SubElement(case, "failure", {"message": text(finding.problem), "type": finding.kind})
                failure.text = text(f"{exercise}: {finding.subject}: {finding.problem}")
            elif finding.mutant == "equivalent":
                ET.SubElement(case, "skipped", {"message": text(finding.note)})
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def counts(findings: Sequence[Finding]) -> dict[str, str]:
    """The attributes of a suite."""
    return {
        "tests": str(len(findings)),
        "failures": str(sum(bool(finding.problem) for finding in findings)),
        "errors": "0",
        "skipped": str(sum(finding.mutant == "equivalent" and not finding.problem for finding in findings)),
        "time": f"{sum(finding.seconds for finding in findings):.3f}",
    }


def text(words: str) -> str:
    """Words without the characters that no XML may hold."""
    return NOT_IN_XML.sub("�", words)
