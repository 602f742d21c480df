"""A grade as Gradescope's results.json.

Source: gradescope-autograders.readthedocs.io, "Autograder Specifications": `run_autograder` writes
/autograder/results/results.json; each test has a score, and is shown to students unless its visibility says otherwise;
what is printed is shown to instructors only, unless stdout_visibility says otherwise. Text, not Markdown or HTML, is
what the formats are set to, so that nothing of a submission is markup.
"""

import msgspec

from grader.exports.cells import rounded
from grader.exports.texts import cleaned_all
from grader.results import Grade, Verdict
from grader.wording import verdict_lines


def gradescope_json(grade: Grade) -> bytes:
    """One test for each check, numbered by exercise, with why it did not pass."""
    tests = [
        {
            "number": f"{place}.{row}",
            "name": f"{exercise.title} - {verdict.description}",
            "name_format": "text",
            "score": rounded(verdict.points),
            "max_score": rounded(verdict.possible),
            "status": "passed" if verdict.outcome == "passed" else "failed",
            "output": output_of(verdict),
            "output_format": "text",
            "visibility": "visible",
        }
        for place, exercise in enumerate(grade.exercises, 1)
        for row, verdict in enumerate(exercise.verdicts, 1)
    ]
    return document(
        rounded(grade.points) or 0,
        "\n".join(remarks(grade)),
        execution_time=rounded(grade.seconds),
        tests=tests,
        extra_data={"course": grade.course, "grader": grade.grader_version, "sha256": grade.sha256},
    )


def output_of(verdict: Verdict) -> str:
    """Why a check did not pass, or in a word how it ended."""
    lines = [] if verdict.outcome == "passed" else verdict_lines(verdict)
    return "\n".join(lines) or f"{verdict.outcome.capitalize()}."


def gradescope_problem(problem: str) -> bytes:
    """What students see of a submission that can't be graded: no points, and why."""
    return document(0, problem, tests=[])


def document(score: float, output: str, **more: object) -> bytes:
    """A results.json."""
    results = {"score": score, "output": output, "output_format": "text", "visibility": "visible"}
    results |= {"stdout_visibility": "hidden", **more}
    return msgspec.json.format(msgspec.json.encode(cleaned_all(results)), indent=2) + b"\n"


def remarks(grade: Grade) -> list[str]:
    """What is to be said of the whole run, in sentences."""
    lines = list(grade.notes)
    if grade.first_error:
        error = grade.first_error
        lines.insert(0, f"The first error that mattered is in cell {error.cell}: {error.message}")
    return lines
