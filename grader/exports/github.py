"""A grade as the result that GitHub Classroom's graders hand to its reporter, version 1.

The reporter (classroom-resources/autograding-grading-reporter) takes it in base64 from an environment variable, adds up
the tests' scores, and prints what it holds; its source is the only description of the format, with that of the graders
beside it (classroom-resources/autograding-io-grader, src/main.js). GitHub retired GitHub Classroom on 28 August 2026
(github.com/orgs/community/discussions/205975); the reporter's action is deprecated, and other classroom tools use it.
"""

import re

import msgspec

from grader.exports.cells import rounded
from grader.exports.texts import cleaned, cleaned_all
from grader.results import ExerciseResult, Grade, Outcome, Verdict
from grader.showing import shortened
from grader.wording import verdict_lines

STATUS: dict[Outcome, str] = {"passed": "pass", "error": "error", "timeout": "error"}  # any other outcome: "fail"

# A line of the log that looks so is a command to the workflow's runner; by one, a submission could announce points of
# its own. Source: actions/runner, src/Runner.Common/ActionCommand.cs.
COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
OLD_COMMAND = re.compile(r"##(?=\[)")


# The reporter gets the result in one variable of its environment, in base64, which takes four bytes for three; Linux
# has room for 131,072 bytes in one (MAX_ARG_STRLEN, man execve).
LIMIT_BYTES = 95_000
SHORTER = (2_000, 500, 100, 0)  # characters of a message


def github_json(grade: Grade) -> bytes:
    """One test for each check, with its points; with shorter messages where they would not fit into a variable."""
    status = "pass" if grade.is_passed else "fail"
    for limit in SHORTER:
        tests = [
            check_result(exercise, verdict, limit) for exercise in grade.exercises for verdict in exercise.verdicts
        ]
        result = document(status, rounded(grade.possible) or 0, tests)
        if len(result) <= LIMIT_BYTES:
            break
    return result


def check_result(exercise: ExerciseResult, verdict: Verdict, limit: int) -> dict[str, object]:
    """A check's result, with at most so many characters of why it did not pass."""
    message = "" if verdict.outcome == "passed" else "\n".join(verdict_lines(verdict))
    return tested(
        f"{exercise.title} - {verdict.description}",
        STATUS.get(verdict.outcome, "fail"),
        shortened(message, limit),
        rounded(verdict.points) or 0,
    )


def github_problem(problem: str) -> bytes:
    """What the reporter is told of a submission that can't be graded."""
    return document("error", 0, [tested("The submission can be graded", "error", problem, 0)])


def tested(name: str, status: str, message: str, score: float) -> dict[str, object]:
    """A test's result. There is no code of it to show, nor a line: the reporter shows neither."""
    return {
        "name": inert(name),
        "status": status,
        "message": inert(message) or None,
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "score": score,
    }


def document(status: str, most: float, tests: list[dict[str, object]]) -> bytes:
    """A result of version 1."""
    result = {"version": 1, "status": status, "max_score": most, "tests": tests}
    return msgspec.json.encode(cleaned_all(result)) + b"\n"


def inert(text: str) -> str:
    """Text that is no command to a workflow's runner, wherever it is printed."""
    return OLD_COMMAND.sub("## ", COMMAND.sub(r"\1: ", cleaned(text)))  # cleaned first: a NUL could hide a command
