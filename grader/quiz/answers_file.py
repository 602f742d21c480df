"""Files of answers: what the quiz's page wrote, Markdown or plain text, or a notebook.

In Markdown and in a notebook an answer stands under a heading that is the question's name, or the question itself. Of a
notebook's answer both the Markdown and the code count; what its code printed does not, nor what else the starter
notebook holds.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from markdown_it import MarkdownIt
from nbformat import NotebookNode

from grader.book.entries import clean
from grader.errors import UserError
from grader.notebook import role_of, upgraded
from grader.quiz.marks import Answer

VERSION = 1
LIMIT_BYTES = 20 * 2**20
AGAIN = "Save it again from the quiz's page."


class AnswersFile(msgspec.Struct, frozen=True):
    """The answers in a file, in its order. course: the title of the course that its page was made of, if it says so.

    In a text or notebook an answer's question is what the heading says. is_starter: whether it is a starter notebook of
    the course, which asks questions of its own: what stands empty there is not answered yet.
    """

    answers: tuple[Answer, ...]
    course: str = ""
    version: int = VERSION
    is_starter: bool = False


def read_answers(file: Path) -> AnswersFile:
    """The answers in a file. Raises UserError if there is no such file, or if it holds no answers that can be read."""
    text = read_text(file)
    if not text.strip():
        raise UserError(f"{file}: an empty file. Write each answer under a heading with its question's name.")
    if file.suffix.lower() == ".ipynb" or text.lstrip().startswith("{"):
        data = parsed(file, text)
        if file.suffix.lower() == ".ipynb" or "cells" in data:
            cells = notebook_cells(file, data)
            is_starter = any(role_of(cell) == "question" for cell in cells)
            return msgspec.structs.replace(in_sections(file, notebook_sections(cells)), is_starter=is_starter)
        return page_answers(file, data)
    return in_sections(file, sections_of(text))


def read_text(file: Path) -> str:
    """The text of a file."""
    try:
        if file.is_dir():
            raise UserError(f"{file}: a folder. Give the file that holds the answers.")
        size = file.stat().st_size
        if size > LIMIT_BYTES:
            raise UserError(f"{file}: too large for answers ({size / 2**20:.0f} MB). Is it the right file?")
        content = file.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{file}: no such file. Look at the spelling and the folder.") from None
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}).") from error
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # what some Windows programs call Unicode
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{file}: not a text (it is no UTF-8). Save it as UTF-8, or export it as Markdown.") from None


# What the page wrote


def parsed(file: Path, text: str) -> dict[str, Any]:
    """The JSON object in a file."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{file}: a broken file of answers (line {error.lineno} is not JSON). {AGAIN}") from None
    except RecursionError:
        raise UserError(f"{file}: a broken file of answers (its JSON is nested too deeply). {AGAIN}") from None
    if not isinstance(data, dict):
        raise UserError(f"{file}: JSON, but no file of answers. {AGAIN}")
    return data


def page_answers(file: Path, data: dict[str, Any]) -> AnswersFile:
    """The answers as the page writes them."""
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        raise UserError(f"{file}: answers of a newer grader (their version is {version}). Install that one.")
    try:
        return cleaned(msgspec.convert(data, AnswersFile))
    except msgspec.ValidationError as error:
        raise UserError(f"{file}: a broken file of answers ({error}). {AGAIN}") from None


def cleaned(found: AnswersFile) -> AnswersFile:
    """Answers without what no file could hold."""
    answers = tuple(Answer(clean(answer.question).strip(), cleaned_said(answer.said)) for answer in found.answers)
    return msgspec.structs.replace(found, answers=answers, course=clean(found.course))


def cleaned_said(said: Any) -> Any:
    """What was said, alike."""
    if isinstance(said, str):
        return clean(said)
    if isinstance(said, tuple):
        return tuple(map(clean, said))
    return {clean(key): clean(value) for key, value in said.items()}


# Markdown and notebooks


def in_sections(file: Path, sections: Iterable[tuple[str, str]]) -> AnswersFile:
    """Answers by their headings. A heading of nothing, such as a title, is left out if others hold answers."""
    found = [(clean(heading), clean(text)) for heading, text in sections]
    if not any(heading for heading, _ in found):
        raise UserError(
            f"{file}: holds no heading, so nobody can tell which answer is to which question. "
            "Write each answer under a heading with its question's name, such as: ## NAME"
        )
    return AnswersFile(tuple(Answer(heading, text) for heading, text in found if heading))


def sections_of(text: str) -> list[tuple[str, str]]:
    """The headings of a Markdown text, each with what stands under it; first, under "", what stands before them."""
    lines = text.splitlines()
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    starts = [
        (token.map, tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    if not starts:
        return [("", text.strip())]
    first, *others = (span[0] for span, _ in starts)
    ends = [*others, len(lines)]
    return [
        ("", "\n".join(lines[:first]).strip()),
        *(
            (heading.strip(), "\n".join(lines[span[1] : end]).strip("\n"))
            for (span, heading), end in zip(starts, ends, strict=True)
        ),
    ]


def notebook_cells(file: Path, data: dict[str, Any]) -> list[NotebookNode]:
    """The cells of a notebook."""
    version = data.get("nbformat")
    if not isinstance(version, int) or version > 4 or not ("cells" in data or "worksheets" in data):
        raise UserError(f"{file}: not a notebook that can be read. Export it again from Jupyter: File > Save Notebook.")
    cells: list[NotebookNode] = upgraded(file, data).cells
    return cells


def notebook_sections(cells: Iterable[NotebookNode]) -> list[tuple[str, str]]:
    """The headings of a notebook, alike; code stands under the heading before it.

    What the starter notebook holds besides questions stands under no heading, and ends the answer above it.
    """
    found: list[tuple[str, str]] = [("", "")]
    for cell in cells:
        if role_of(cell) not in ("", "question"):
            found.append(("", ""))
            continue
        sections = sections_of(cell.source) if cell.cell_type == "markdown" else [("", cell.source)]
        heading, before = found[-1]
        found[-1] = (heading, "\n\n".join(filter(None, [before, sections[0][1]])))
        found += sections[1:]
    return found
