"""The starter notebook of a course, and the same notebook solved by the reference."""

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import LoadedCourse
from grader.notebook import METADATA, identity_of


def starter_notebook(course: LoadedCourse, data: str, *, is_solved: bool = False) -> NotebookNode:
    """A notebook with the statement and a cell for each exercise; with the reference's answers if it is solved.

    data: the path of the prepared data that the set-up cell falls back to.
    """
    cells = []
    if course.course.introduction:
        cells.append(cell(new_markdown_cell, course.course.introduction, "introduction"))
    if course.course.setup:
        cells.append(cell(new_code_cell, course.course.setup.replace("{data}", data), "setup", role="setup"))
    section = ""
    for name, exercise in course.exercises.items():
        if exercise.section not in ("", section):
            section = exercise.section
            cells.append(cell(new_markdown_cell, f"# {section}", f"{name}-section"))
        points = f"{exercise.points:g} {'point' if exercise.points == 1 else 'points'}"
        text = f"## {exercise.title}\n\n*{points}*\n\n{exercise.statement.strip()}"
        cells.append(cell(new_markdown_cell, text, f"{name}-statement"))
        if exercise.given:
            cells.append(cell(new_code_cell, exercise.given, f"{name}-given", role="given", exercise=name))
        answer = course.solution(exercise) if is_solved else exercise.starter
        cells.append(cell(new_code_cell, answer, name, role="answer", exercise=name))
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    notebook.metadata.language_info = {"name": "python"}
    nbformat.validate(notebook)
    return notebook


def cell(make: Callable[..., NotebookNode], source: str, identity: str, **metadata: str) -> NotebookNode:
    """A cell with an id that stays the same from one starter notebook to the next."""
    made = make(source.strip(), id=identity_of(identity))
    if metadata:
        made.metadata[METADATA] = metadata
    return made
