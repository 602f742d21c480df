"""Synthetic submissions: a class whose students answer an exercise rightly, in a style of their own, wrongly, or not.

All of it comes from the course: the reference solutions, the right answers in other styles that it accepts, and its
misconceptions. No two students hand in the same: each cell with an answer says in a comment whose it is, so that each
notebook gets other cases, and nothing that was worked out for one serves another.
"""

import ast
import functools
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from grader.course import LoadedCourse
from grader.exercise import Exercise, Misconception
from grader.notebook import METADATA
from grader.sources import names_defined, names_used, source_of
from grader.starter import starter_notebook

Kind = Literal["solution", "other style", "mistake", "nothing"]

SHARES: dict[Kind, float] = {"solution": 0.5, "other style": 0.2, "mistake": 0.2, "nothing": 0.1}
RIGHT: tuple[Kind, ...] = ("solution", "other style")


@dataclass(frozen=True)
class SampleAnswer:
    """What a student may write for an exercise. name: of the style or of the misconception."""

    kind: Kind
    name: str
    code: str


@dataclass(frozen=True)
class SampleWork:
    """A student's notebook, and what it holds by exercise."""

    student: str
    notebook: NotebookNode
    answers: dict[str, SampleAnswer]

    @property
    def right(self) -> list[str]:
        """The exercises that it solves."""
        return [name for name, answer in self.answers.items() if answer.kind in RIGHT]

    @property
    def mistaken(self) -> list[str]:
        """The exercises that it gets wrong."""
        return [name for name, answer in self.answers.items() if answer.kind == "mistake"]


def synthetic_class(course: LoadedCourse, data: Path, count: int, seed: int = 0) -> list[SampleWork]:
    """That many students' works; the same ones for the same seed. data: where the course's data was prepared."""
    choices = {name: sample_answers(course, name) for name in course.exercises}
    blank = starter_notebook(course, str(data))
    return [work(blank, choices, f"student{number:04}", random.Random(f"{seed} {number}")) for number in range(count)]


def work(
    blank: NotebookNode, choices: dict[str, dict[Kind, list[SampleAnswer]]], student: str, chance: random.Random
) -> SampleWork:
    """One student's work."""
    notebook, answers = nbformat.from_dict(blank), {}
    for cell in notebook.cells:
        marks = cell.metadata.get(METADATA, {})
        if marks.get("role") == "answer":
            name = marks["exercise"]
            answers[name] = drawn(choices[name], chance)
            cell.source = f"# {name}, by {student}\n{answers[name].code.strip()}"
    return SampleWork(student, notebook, answers)


def drawn(choices: dict[Kind, list[SampleAnswer]], chance: random.Random) -> SampleAnswer:
    """One of the answers, its kind by the shares."""
    kinds = [kind for kind in SHARES if choices[kind]]
    (kind,) = chance.choices(kinds, [SHARES[kind] for kind in kinds])
    return chance.choice(choices[kind])


def sample_answers(course: LoadedCourse, name: str) -> dict[Kind, list[SampleAnswer]]:
    """All that a student may write for an exercise."""
    exercise = course.exercises[name]
    solution = course.solution(exercise)
    styles = [SampleAnswer("other style", style, f"{solution}\n\n\n{code}") for style, code in exercise.accepts.items()]
    mistakes = [
        SampleAnswer("mistake", misconception.name, code)
        for misconception in exercise.misconceptions
        if (code := mistaken_code(course, name, misconception))
    ]
    return {
        "solution": [SampleAnswer("solution", "", solution)],
        "other style": styles,
        "mistake": mistakes,
        "nothing": [SampleAnswer("nothing", "", exercise.starter)],
    }


# A misconception as a cell


def mistaken_code(course: LoadedCourse, name: str, misconception: Misconception) -> str:
    """A cell that makes this mistake; empty if it can't be taken out of the exercise's file."""
    exercise, implementation = course.exercises[name], misconception.implementation
    if misconception.pattern:  # an example of what a student wrote, which stands alone
        return str(implementation)
    solution = course.solution(exercise)
    if isinstance(implementation, str):
        needs_course = re.search("^from (exercises|reference)", implementation, re.MULTILINE)  # no notebook can
        return "" if needs_course else f"{solution}\n\n\n{implementation}"
    file = course.folder / "exercises" / f"{name}.py"
    written = implementations(file).get(misconception.name)
    if written is None:
        return ""
    definitions = "\n".join(f"{target} = {value}" for target, value in assignments(exercise, written))
    needed = [used for used in names_used(definitions) if used in names_defined(file) and used not in exercise.names]
    try:
        helpers = source_of(file, *needed)
    except LookupError:
        return ""
    return "\n\n\n".join(filter(None, [solution, helpers, definitions]))


@functools.cache
def implementations(file: Path) -> dict[str, ast.expr]:
    """The implementation of each misconception that an exercise's file declares, as it is written there."""
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {
        call.args[0].value: call.args[1]
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == Misconception.__name__
        and len(call.args) > 1
        and isinstance(call.args[0], ast.Constant)
    }


def assignments(exercise: Exercise, written: ast.expr) -> Sequence[tuple[str, str]]:
    """What a cell has to define, and how: the exercise's one function, or what a mapping names."""
    if not isinstance(written, ast.Dict):
        return [(exercise.names[0], ast.unparse(written))]
    pairs = zip(written.keys, written.values, strict=True)
    return [(str(key.value), ast.unparse(value)) for key, value in pairs if isinstance(key, ast.Constant)]
