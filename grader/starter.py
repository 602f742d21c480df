"""The starter notebook of a course, or of a part of it, and the same notebook solved by the reference."""

import html
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import LoadedCourse
from grader.exercise import Exercise
from grader.notebook import METADATA, identity_of
from grader.quiz.questions import ShortAnswer
from grader.showing import counted

ASK = "import grader\n\n%load_ext grader"
QUESTIONS = "In your own words"

# On Colab PyTorch is installed, and pip leaves alone what is new enough, unless it is called with --upgrade. `grader
# start` prepares the data where the set-up cell looks for it.
COLAB = """\
# For Google Colab; anywhere else this does nothing. PyTorch is there already, and stays as it is.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet {package}
    %env GRADER_DATA=/content/grader-data
    !grader start /content/grader-data
"""


def starter_notebook(
    course: LoadedCourse,
    data: str,
    *,
    questions: Sequence[ShortAnswer] = (),
    is_solved: bool = False,
    package: str = "",
) -> NotebookNode:
    """A notebook with statement, cell and check of each exercise; with the reference's answers if it is solved.

    data: the path of the prepared data that the set-up cell falls back to. questions: those to be answered in writing,
    at the end. package: what Colab's pip installs, in a first cell for that; no such cell if empty.
    """
    declared = course.course
    cells = []
    if declared.introduction:
        cells.append(text_cell(declared.introduction, "introduction"))
    cells.append(text_cell(contents(course, questions), "contents"))
    if package:
        cells.append(code_cell(COLAB.format(package=package), "colab", role="grader"))
    cells.append(code_cell(ASK, "grader", role="grader"))
    if declared.setup:
        cells.append(code_cell(declared.setup.replace("{data}", data), "setup", role="setup"))
    for section, names in sections(course):
        if section:
            cells.append(text_cell(section_text(section, declared.book), f"{names[0]}-section"))
        for name in names:
            exercise = course.exercises[name]
            answer = course.solution(exercise) if is_solved else exercise.starter
            cells += exercise_cells(name, exercise, answer)
    if questions:
        cells.append(text_cell(questions_text(declared.starter), "questions"))
        for question in questions:
            cells += question_cells(question, question.model_answer if is_solved else "")
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    notebook.metadata.language_info = {"name": "python"}
    nbformat.validate(notebook)
    return notebook


def sections(course: LoadedCourse) -> Iterator[tuple[str, list[str]]]:
    """The headings, each with the names of the exercises under it; an exercise without one stands where others do."""
    section, names = "", list[str]()
    for name, exercise in course.exercises.items():
        if exercise.section not in ("", section):
            if names:
                yield section, names
            section, names = exercise.section, []
        names.append(name)
    if names:
        yield section, names


# The parts


def contents(course: LoadedCourse, questions: Sequence[ShortAnswer]) -> str:
    """The table of contents."""
    points = sum(exercise.points for exercise in course.exercises.values())
    lines = ["## Contents", ""]
    if course.exercises:
        lines += [f"{counted(len(course.exercises), 'exercise')}, {counted(points, 'point')}", ""]
    for section, names in sections(course):
        indent = "  " if section else ""
        lines += [f"- {link(section)}"] if section else []
        for name in names:
            exercise = course.exercises[name]
            lines.append(f"{indent}- {link(exercise.title)}, {counted(exercise.points, 'point')}")
    if questions:
        lines.append(f"- {link(QUESTIONS)}, {counted(len(questions), 'question')}")
    return "\n".join(lines)


def section_text(section: str, book: str) -> str:
    """A section's heading, with a link to the section of the book that it is named after."""
    there = f"\n\n[This section in the book]({book}#{quote(fragment(section))})" if book else ""
    return f"{heading(2, section)}{there}"


def exercise_cells(name: str, exercise: Exercise, answer: str) -> Iterator[NotebookNode]:
    """The cells of an exercise: its statement, what is given, the answer, and its check."""
    worth = f"*{counted(exercise.points, 'point')}*, `{name}`"
    text = f"{heading(3, exercise.title)}\n\n{worth}\n\n{exercise.statement.strip()}"
    yield text_cell(text, f"{name}-statement")
    if exercise.given:
        yield code_cell(exercise.given, f"{name}-given", role="given", exercise=name)
    yield code_cell(answer, name, role="answer", exercise=name)
    yield code_cell(f'grader.check("{name}")', f"{name}-check", role="check", exercise=name)


def questions_text(file: str) -> str:
    """What stands above the questions."""
    return (
        f"{heading(2, QUESTIONS)}\n\nWrite each answer into the empty cell below its question, a few sentences. Leave "
        f"out what you like: it is not held against you. Save the notebook, and\n\n    grader quiz mark {file}\n\nin a "
        "terminal says which ideas are in your answers, and which are missing."
    )


def question_cells(question: ShortAnswer, answer: str) -> Iterator[NotebookNode]:
    """A question under its name, by which `grader quiz mark` finds it, and the cell for the answer."""
    text = f"### {question.name.replace('-', ' ')}\n\n{question.prompt.strip()}"
    yield text_cell(text, f"question-{question.name}", role="question", question=question.name)
    yield cell(new_markdown_cell, answer, f"answer-{question.name}")


# Links within the notebook
#
# JupyterLab, Notebook 7, nbconvert and nbviewer give a heading its own text for an id, with dashes for spaces, and
# JupyterLab takes other ids out of Markdown for safety (`allowNamedProperties` of @jupyterlab/apputils). VS Code makes
# a heading's id of small letters without punctuation (extensions/markdown-language-features/notebook/index.ts), and
# Colab none that could be known before, but both keep the ids of elements. So the same one is given in both ways.


def fragment(text: str) -> str:
    """What a link to a heading of Jupyter's ends with, after the #. Source: nbconvert.filters.strings.add_anchor."""
    return text.replace(" ", "-")


def heading(level: int, text: str) -> str:
    """A heading that can be linked to, wherever the notebook is opened."""
    place = html.escape(fragment(text))
    return f'<a id="{place}" name="{place}"></a>\n\n{"#" * level} {text}'


def link(text: str) -> str:
    """A link to the heading of this text."""
    return f"[{text}](#{fragment(text)})"


# Cells


def text_cell(source: str, identity: str, role: str = "text", **metadata: str) -> NotebookNode:
    """A cell of Markdown."""
    return cell(new_markdown_cell, source, identity, role=role, **metadata)


def code_cell(source: str, identity: str, **metadata: str) -> NotebookNode:
    """A cell of code."""
    return cell(new_code_cell, source, identity, **metadata)


def cell(make: Callable[..., NotebookNode], source: str, identity: str, **metadata: str) -> NotebookNode:
    """A cell with an id that stays the same from one starter notebook to the next."""
    made = make(source.strip(), id=identity_of(identity))
    if metadata:
        made.metadata[METADATA] = metadata
    return made
