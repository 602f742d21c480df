"""The findings of `grader verify` as JUnit XML."""

from collections.abc import Sequence

from grader.suites import Case, Suite, suites_xml
from grader.verify import Finding, by_exercise


def junit_xml(findings: Sequence[Finding]) -> bytes:
    """One suite for each exercise, one case for each trial; mutants that are right all the same count as skipped."""
    suites = [
        Suite(exercise, tuple(case_of(exercise, finding) for finding in found))
        for exercise, found in by_exercise(findings).items()
    ]
    return suites_xml("grader verify", suites)


def case_of(exercise: str, finding: Finding) -> Case:
    """A trial as a case."""
    case = Case(f"{exercise}.{finding.kind}", finding.subject, seconds=finding.seconds)
    if finding.problem:
        details = f"{exercise}: {finding.subject}: {finding.problem}"
        return Case(
            case.classname, case.name, "failure", finding.problem, finding.kind, details, seconds=finding.seconds
        )
    if finding.mutant == "equivalent":
        return Case(case.classname, case.name, "skipped", finding.note, seconds=finding.seconds)
    return case
