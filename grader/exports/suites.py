"""Grades as JUnit XML: of one submission with a case for each check, of a class with a case for each exercise."""

from collections.abc import Sequence

from grader.exports.texts import Export
from grader.results import ExerciseResult, Grade, Outcome, Verdict
from grader.showing import points_text
from grader.standing import ExerciseOutline, Standing
from grader.suites import Case, Ending, Suite, suites_xml
from grader.wording import verdict_lines

ENDINGS: dict[Outcome, Ending] = {
    "passed": "passed",
    "failed": "failure",
    "missing": "failure",
    "error": "error",
    "timeout": "error",
    "needs review": "skipped",
}


def grade_junit(grade: Grade) -> bytes:
    """One suite for each exercise, one case for each check; what a person has to judge counts as skipped."""
    suites = [
        Suite(exercise.title, tuple(check_case(exercise, verdict) for verdict in exercise.verdicts), exercise.seconds)
        for exercise in grade.exercises
    ]
    return suites_xml(f"grader check {grade.submission}", suites, grade.seconds)


def junit_problem(problem: str) -> bytes:
    """One case, which ends with an error: the submission can't be graded."""
    return suites_xml("grader check", [Suite("submission", (ungraded_case("submission", problem),))])


def class_junit(standings: Sequence[Standing]) -> Export:
    """One suite for each student, one case for each exercise, which fails if it has not all its points."""
    return Export(suites_xml("grader", [student_suite(standing) for standing in standings]))


def check_case(exercise: ExerciseResult, verdict: Verdict) -> Case:
    """A check as a case."""
    points = f"{points_text(verdict.points)} of {points_text(verdict.possible)} points"
    reason = f"{points}: {verdict.reason}" if verdict.reason else points
    lines = [points, *verdict_lines(verdict)]
    ending = ENDINGS[verdict.outcome]
    return Case(exercise.name, verdict.description, ending, reason, verdict.outcome, "\n".join(lines))


def student_suite(standing: Standing) -> Suite:
    """A student's exercises, or why there are none."""
    if standing.outline is None:
        problem = standing.problem or "not graded"
        return Suite(standing.student, (ungraded_case(standing.student, problem),))
    cases = tuple(exercise_case(standing.student, exercise) for exercise in standing.outline.exercises)
    return Suite(standing.student, cases, standing.outline.seconds)


def exercise_case(student: str, exercise: ExerciseOutline) -> Case:
    """An exercise as a case: which of its checks did not pass, and by which known mistake."""
    open_checks = [check for check in exercise.checks if check.outcome != "passed"]
    if not open_checks:
        return Case(student, exercise.title)
    kinds = {ENDINGS[check.outcome] for check in open_checks}
    ending = next(ending for ending in ("error", "failure", "skipped") if ending in kinds)
    points = f"{points_text(exercise.points)} of {points_text(exercise.possible)} points"
    lines = [
        f"{check.description}: {check.outcome}" + (f" (it {check.misconception})" if check.misconception else "")
        for check in open_checks
    ]
    return Case(student, exercise.title, ending, points, open_checks[0].outcome, "\n".join(lines))


def ungraded_case(classname: str, problem: str) -> Case:
    """The case that stands for a submission of which nothing was graded."""
    return Case(classname, "can be graded", "error", problem, "not graded", problem)
