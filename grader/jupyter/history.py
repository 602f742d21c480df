"""The cells that a student has run, as the submission that they would be if it were handed in now."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import nbformat

from grader.course import LoadedCourse
from grader.execution import CellEnd
from grader.jupyter.messages import Executed
from grader.notebook import METADATA, Submission, identity_of, names_in


def standing(cells: Iterable[Executed]) -> list[Executed]:
    """The cells that made what stands now: without those run again later, or whose names all have another meaning."""
    kept: list[Executed] = []
    bound: set[str] = set()
    seen: set[str] = set()
    for cell in sorted(cells, key=lambda cell: cell.number, reverse=True):
        names = names_in(cell.source)
        identity = cell.identity or cell.source
        if identity not in seen and not (names and names <= bound):
            kept.append(cell)
        seen.add(identity)
        if cell.error is None:
            bound |= names
    return kept[::-1]


def submission_of(cells: Sequence[Executed], course: LoadedCourse) -> Submission:
    """The submission of these cells; each stands where its prompt's number says, and empty ones between them."""
    roles = Roles(course)
    last = max((cell.number for cell in cells), default=0)
    nodes: list[dict[str, object]] = [{"cell_type": "code", "source": "", "metadata": {}} for _ in range(last)]
    for cell in cells:
        nodes[cell.number - 1] |= {"source": cell.source, "metadata": roles.of(cell)}
    return Submission(Path("notebook.ipynb"), "", nbformat.from_dict({"cells": nodes, "metadata": {}, "nbformat": 4}))


def ends_of(cells: Sequence[Executed]) -> dict[int, CellEnd]:
    """How the cells ended, by their indices in the submission."""
    return {cell.number - 1: CellEnd(0, cell.error) for cell in cells}


class Roles:
    """Knows the cells of a course's own notebook again, whose metadata a kernel does not get."""

    def __init__(self, course: LoadedCourse) -> None:
        self.answers = {identity_of(name): name for name in course.exercises}
        self.gifts = {"setup", *(identity_of(f"{name}-given") for name in course.exercises)}
        self.given = {exercise.given.strip() for exercise in course.exercises.values()} - {""}
        parts = map(re.escape, course.course.setup.strip().split("{data}"))
        self.setup = re.compile(".*".join(parts), re.DOTALL) if course.course.setup.strip() else None

    def of(self, cell: Executed) -> Mapping[str, Mapping[str, str]]:
        """A cell's metadata; empty for what the student added."""
        source = cell.source.strip()
        role: dict[str, str] = {}
        if cell.identity in self.gifts or source in self.given or (self.setup and self.setup.fullmatch(source)):
            role = {"role": "given"}
        elif cell.identity in self.answers:
            role = {"role": "answer", "exercise": self.answers[cell.identity]}
        return {METADATA: role} if role else {}
