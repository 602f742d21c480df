"""The course proves itself: solutions pass, starters earn nothing, mistakes are diagnosed and mutants caught."""

import ast
from pathlib import Path

import pytest

from grader.course import LoadedCourse, load_course
from grader.verify import verify

EXERCISES = load_course().exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_solution_passes_starter_earns_nothing_mistakes_are_diagnosed_and_mutants_caught(
    name: str, course: LoadedCourse, data: Path
) -> None:
    findings = verify(course.selected((name,)), data, with_mutants=True)

    assert [finding for finding in findings if finding.problem] == []


@pytest.mark.parametrize("name", EXERCISES)
def test_at_least_three_mistakes_can_be_run(name: str) -> None:
    assert sum(not m.pattern for m in EXERCISES[name].misconceptions) >= 3


@pytest.mark.parametrize("name", EXERCISES)
def test_at_least_two_right_answers_in_another_style_are_held_to_pass(name: str) -> None:
    assert len(EXERCISES[name].accepts) >= 2


@pytest.mark.parametrize("name", EXERCISES)
def test_every_mistake_has_a_name_of_its_own_and_a_hint(name: str) -> None:
    misconceptions = EXERCISES[name].misconceptions

    assert len({m.name for m in misconceptions}) == len(misconceptions)
    assert all(m.hint for m in misconceptions)


@pytest.mark.parametrize("name", EXERCISES)
def test_everything_that_is_provided_is_checked(name: str) -> None:
    exercise = EXERCISES[name]

    checked = {subject for check in exercise.checks for subject in check.of or exercise.names}

    assert checked == set(exercise.names)


@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_sent_into_the_notebook_needs_only_torch_numpy_pillow_and_the_standard_library(name: str) -> None:
    imported = {
        alias.name.split(".")[0] if isinstance(node, ast.Import) else str(node.module).split(".")[0]
        for check in EXERCISES[name].checks
        for node in ast.walk(ast.parse(check.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    allowed = {"collections", "contextlib", "inspect", "io", "operator", "os", "pathlib", "tempfile"}
    drawing = {"matplotlib"} if name == "plots" else set()
    assert imported <= {*allowed, *drawing, "torch", "numpy", "PIL"}
