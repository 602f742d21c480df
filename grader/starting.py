"""Starting: what `grader start` has to write into a folder, beside the notebooks that are there and stay as they are.

A notebook that is there may be open in Jupyter, which would write over whatever were added to the file. So what is
missing goes into another file.
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from grader.course import LoadedCourse
from grader.errors import UserError
from grader.files import write_new
from grader.notebook import METADATA, answering_cells, parsed, read_bounded, role_of, tagged_exercise, upgraded
from grader.quiz.bank import closest
from grader.quiz.questions import ShortAnswer
from grader.starter import sections, starter_notebook


@dataclass(frozen=True)
class Plan:
    """What is to be written. file: the new notebook; None if nothing is missing. course: with the exercises for it.

    kept: the notebooks that are there.
    """

    file: Path | None
    course: LoadedCourse
    questions: tuple[ShortAnswer, ...]
    kept: tuple[Path, ...] = ()


def planned(folder: Path, course: LoadedCourse, questions: Sequence[ShortAnswer], only: Sequence[str] = ()) -> Plan:
    """What of a course, or of a part of it, the notebooks in a folder don't have yet.

    only: exercises, sections, or the name of the folder that the questions come from; everything if empty.
    Raises UserError for one that there is not, and if what is there under a notebook's name can't be read as one.
    """
    names, wanted = chosen(course, questions, only)
    kept = notebooks_in(folder, course.course.starter)
    there = frozenset[str]().union(*(held(file, course) for file in kept.values()))
    exercises = {name: course.exercises[name] for name in names if exercise_id(name) not in there}
    missing = tuple(question for question in wanted if question_id(question.name) not in there)
    start = Path(course.course.starter)
    number = max(kept, default=0) + 1
    name = start.name if 1 not in kept else f"{start.stem}-{number}{start.suffix}"
    file = folder / name if exercises or missing else None
    return Plan(file, replace(course, exercises=exercises), missing, tuple(kept.values()))


def chosen(
    course: LoadedCourse, questions: Sequence[ShortAnswer], only: Sequence[str]
) -> tuple[list[str], Sequence[ShortAnswer]]:
    """The exercises and questions that are asked for, in the course's order."""
    if not only:
        return list(course.exercises), questions
    under: dict[str, list[str]] = {}
    for section, names in sections(course):
        under.setdefault(section.casefold(), []).extend(names)
    found: set[str] = set()
    is_asking = False
    for one in only:
        if one in course.exercises:
            found.add(one)
        elif one and one.casefold() in under:
            found.update(under[one.casefold()])
        elif one and one == course.course.questionnaire:
            is_asking = True
        else:
            known = [*course.exercises, *(section for section, _ in sections(course)), course.course.questionnaire]
            near = closest(one, [name for name in known if name])
            raise UserError(
                f"{one}: no such exercise or section.{near} The exercises are: {', '.join(course.exercises)}."
            )
    return [name for name in course.exercises if name in found], questions if is_asking else ()


def notebooks_in(folder: Path, starter: str) -> dict[int, Path]:
    """The notebooks that were started in a folder, by their numbers: the first, then starter-2.ipynb and so on."""
    start = Path(starter)
    named = re.compile(rf"{re.escape(start.stem)}(?:-([1-9][0-9]{{0,8}}))?{re.escape(start.suffix)}")
    try:
        names = sorted(file.name for file in folder.iterdir())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UserError(f"{folder}: can't be looked into ({error.strerror}). Give a folder of your own.") from error
    fits = [(match, name) for name in names if (match := named.fullmatch(name))]
    return {int(match[1] or 1): folder / name for match, name in sorted(fits, key=lambda fit: int(fit[0][1] or 1))}


def held(file: Path, course: LoadedCourse) -> frozenset[str]:
    """The exercises and questions that a notebook has a place for, or an answer to, as `exercise_id` names them."""
    try:
        notebook = upgraded(file, parsed(file, read_bounded(file)))
    except UserError as error:
        raise UserError(
            f"{file}: is there already, and is no notebook that can be read. It was left as it is: "
            "move it away, or give another folder."
        ) from error
    places = set(map(tagged_exercise, notebook.cells))
    exercises = {
        exercise_id(name)
        for name, exercise in course.exercises.items()
        if name in places or answering_cells(notebook, name, exercise.names, course.given)
    }
    asked = [cell.metadata[METADATA].get("question") for cell in notebook.cells if role_of(cell) == "question"]
    return frozenset(exercises.union(question_id(name) for name in asked if isinstance(name, str)))


def exercise_id(name: str) -> str:
    """How an exercise is called among exercises and questions."""
    return f"exercise {name}"


def question_id(name: str) -> str:
    """How a question is called among them."""
    return f"question {name}"


# Writing


def make_folder(folder: Path) -> None:
    """Makes the folder, if it is not there. Raises UserError if it can't be made, or nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"{folder}: can't be written to ({error.strerror}). Give a folder of your own.") from error


def write_starter(plan: Plan, data: Path, package: str = "") -> None:
    """Writes the notebook that is planned. data, package: as in `starter_notebook`. Raises UserError if it can't."""
    assert plan.file is not None, "there is something to write"
    notebook = starter_notebook(plan.course, str(data), questions=plan.questions, package=package)
    try:
        write_new(plan.file, nbformat.writes(notebook).encode() + b"\n")
    except FileExistsError as error:
        raise UserError(
            f"{plan.file}: somebody else has just written this file. It was left as it is. Run the command again."
        ) from error
    except OSError as error:
        raise UserError(f"{plan.file}: can't be written ({error.strerror}). Give a folder of your own.") from error
