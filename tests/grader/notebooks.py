"""Notebooks written as a student would, for tests."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def notebook_of(*cells: str, **tagged: str) -> NotebookNode:
    """A notebook of code cells; `tagged` gives cells of the starter notebook by the exercise they are for."""
    made = [new_code_cell(source) for source in cells]
    for exercise, source in tagged.items():
        made.append(new_code_cell(source, metadata={"grader": {"role": "answer", "exercise": exercise}}))
    return new_notebook(cells=made)


def write_notebook(file: Path, *cells: str, **tagged: str) -> Path:
    """The same in a file."""
    nbformat.write(notebook_of(*cells, **tagged), file)
    return file


def prose(text: str) -> NotebookNode:
    """A Markdown cell."""
    return new_markdown_cell(text)
