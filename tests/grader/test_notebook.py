"""Reading notebooks: what is graded, what is refused and with which words, and which cells answer an exercise."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.errors import UserError
from grader.notebook import (
    LIMIT_BYTES,
    METADATA,
    answering_cells,
    is_asking,
    names_in,
    notebook_in,
    python_of,
    read_notebook,
    without_comments,
)
from tests.grader.notebooks import notebook_of, write_notebook


def refusal(file: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_notebook(file)
    return str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "nothing.ipynb")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "a folder" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", b'{"cells": [', b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_not_json_is_refused_as_no_notebook(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.ipynb"
    file.write_bytes(content)

    assert "not a notebook" in refusal(file)
    assert "File > Save Notebook" in refusal(file)


def test_the_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text('{\n "cells": [\n oops')

    assert "line 3 is not JSON" in refusal(file)


@pytest.mark.parametrize("data", [[], 3, {}, {"nbformat": "4", "cells": []}, {"nbformat": 4}, {"cells": []}])
def test_json_that_is_no_notebook_is_refused(tmp_path: Path, data: object) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps(data))

    assert "JSON, but not a notebook" in refusal(file)


@pytest.mark.parametrize(
    "cells", [7, [7], [{"cell_type": "code"}], [{"cell_type": "code", "source": 7, "metadata": {}, "outputs": []}]]
)
def test_a_notebook_with_damaged_cells_is_refused(tmp_path: Path, cells: object) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))

    assert "damaged notebook" in refusal(file)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}))

    assert "newer than this grader knows" in refusal(file)


@pytest.mark.parametrize("version", [2, 3])
def test_an_old_format_is_upgraded(tmp_path: Path, version: int) -> None:
    file = tmp_path / "old.ipynb"
    old = nbformat.convert(notebook_of("x = 1"), version)
    text = json.dumps(old)
    assert json.loads(text)["nbformat"] == version
    file.write_text(text)

    submission = read_notebook(file)

    assert submission.notebook.nbformat == 4
    assert [cell.source for cell in submission.notebook.cells] == ["x = 1"]
    assert f"format {version}" in submission.notes[0]


@pytest.mark.parametrize("cells", [[], ["", "   \n"]])
def test_a_notebook_without_code_is_refused(tmp_path: Path, cells: list[str]) -> None:
    assert "no code" in refusal(write_notebook(tmp_path / "a.ipynb", *cells))


@pytest.mark.parametrize(
    "metadata",
    [
        {"language_info": {"name": "R"}},
        {"kernelspec": {"name": "julia-1.9", "display_name": "Julia 1.9", "language": "julia"}},
    ],
)
def test_another_languages_notebook_is_refused(tmp_path: Path, metadata: dict[str, object]) -> None:
    notebook = notebook_of("x <- 1")
    notebook.metadata.update(metadata)
    file = tmp_path / "a.ipynb"
    nbformat.write(notebook, file)

    assert "another language's kernel" in refusal(file)


def test_a_far_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.ipynb"
    with file.open("wb") as out:
        out.truncate(2 * LIMIT_BYTES)  # a sparse file: it takes no room

    message = refusal(file)

    assert "too large (200 MB" in message
    assert "Clear" in message


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = write_notebook(tmp_path / "a.ipynb", "x = 1")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert read_notebook(file).notebook.cells[0].source == "x = 1"


def test_bytes_give_the_submission_that_their_file_gives(tmp_path: Path) -> None:
    file = write_notebook(tmp_path / "a.ipynb", "x = 1")

    assert notebook_in(file.read_bytes(), file) == read_notebook(file)


def test_what_is_wrong_with_bytes_is_said_of_the_name_they_are_given() -> None:
    with pytest.raises(UserError, match=r"^class\.zip/ada\.ipynb: not a notebook"):
        notebook_in(b"hello", Path("class.zip/ada.ipynb"))


def test_a_lone_surrogate_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(write_notebook(tmp_path / "b.ipynb", "x = 'SURROGATE'").read_text().replace("SURROGATE", "\\ud800"))

    read_notebook(file).notebook.cells[0].source.encode()


def test_the_seed_depends_on_the_code_alone(tmp_path: Path) -> None:
    one = read_notebook(write_notebook(tmp_path / "1.ipynb", "x = 1"))
    same = read_notebook(write_notebook(tmp_path / "2.ipynb", "x = 1"))
    other = read_notebook(write_notebook(tmp_path / "3.ipynb", "x = 2"))

    assert one.seed == same.seed != other.seed


# Which cells answer which exercise


def test_a_cell_answers_the_exercise_that_it_is_tagged_for() -> None:
    notebook = notebook_of("x = 1", distance="print('half an answer')")

    assert answering_cells(notebook, "distance", ("mnist_distance",)) == [1]


def test_a_cell_without_a_tag_answers_by_the_names_it_defines() -> None:
    notebook = notebook_of("x = 1", "def mnist_distance(a, b): ...", "y = mnist_distance(1, 2)")

    assert answering_cells(notebook, "distance", ("mnist_distance",)) == [1]


def test_every_cell_that_defines_the_name_counts() -> None:
    notebook = notebook_of("def f(): ...", "f = lambda: 1", f_exercise="")

    assert answering_cells(notebook, "f_exercise", ("f",)) == [0, 1]


def test_a_cell_that_is_given_answers_no_exercise() -> None:
    notebook = notebook_of("def f(): return 1", "def f(): return 2")
    notebook.cells[0].metadata[METADATA] = {"role": "given", "exercise": "g_exercise"}

    assert answering_cells(notebook, "f_exercise", ("f",), frozenset({"f", "g"})) == [1]


def test_an_answer_that_was_written_into_a_cell_that_is_given_is_found() -> None:
    notebook = notebook_of("def g(): return 1\n\ndef f(): return 2")
    notebook.cells[0].metadata[METADATA] = {"role": "given", "exercise": "g_exercise"}

    assert answering_cells(notebook, "f_exercise", ("f",), frozenset({"g"})) == [0]


@pytest.mark.parametrize("tag", [{"exercise": 7}, "f", {"exercise": "f", "role": "given"}])
def test_a_tag_that_is_no_answers_tag_is_ignored(tag: object) -> None:
    notebook = notebook_of("x = 1")
    notebook.cells[0].metadata["grader"] = tag

    assert answering_cells(notebook, "f", ("f",)) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): a = 1", {"f"}),
        ("class C:\n    b = 1", {"C"}),
        ("f = g = lambda x: x", {"f", "g"}),
        ("a, (b, *c) = 1, (2, 3)", {"a", "b", "c"}),
        ("x: int = 1", {"x"}),
        ("if True:\n    def f(): ...\nelse:\n    g = 1", {"f", "g"}),
        ("try:\n    import numpy as np\nexcept ImportError:\n    np = None", {"np"}),
        ("from torch import nn, tensor as t", {"nn", "t"}),
        ("for i in range(3): total = i", {"i", "total"}),
        ("with open('x') as f: pass", {"f"}),
        ("[y for y in range(3)]", set()),
        ("%matplotlib inline\n!pip install x\nz = 1", {"z"}),
        ("x = !ls", {"x"}),
        ("def broken(a):\n    return [if a]\nother = 1\nother == 2", {"broken", "other"}),
    ],
)
def test_the_names_that_a_cell_defines(source: str, names: set[str]) -> None:
    assert names_in(source) == names


def test_magics_become_python() -> None:
    assert "get_ipython()" in python_of("%timeit 1")
    assert python_of("x = 1") == "x = 1"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # // 2", "x = 1"),
        ("s = '# no comment'", "s = '# no comment'"),
        ("[if a: b]  # c", "[if a: b]"),
        ("x = (  # open", "x = ("),
    ],
)
def test_comments_are_left_out(source: str, expected: str) -> None:
    assert without_comments(source) == expected


@pytest.mark.parametrize(
    "code",
    [
        'grader.check("spread")',
        "grader.check()",
        "# again\n\ngrader.hint('spread');",
        "%check spread",
        "grader.progress()",
    ],
)
def test_a_cell_that_only_asks_the_grader_is_known(code) -> None:
    assert is_asking(new_code_cell(code))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import grader",
        'grader.check("spread")\nspread = 1',
        'grader.check("spread"); x = 1',
        "grader.check(spread := 1)",
        'grader.check("a" + "b")',
        "%check spread\nspread = 1",
        "%%check spread\ndef spread(numbers): ...",
        'grader.quiz("shapes")',
    ],
)
def test_a_cell_that_does_more_is_run(code) -> None:
    assert not is_asking(new_code_cell(code))


def test_an_answer_in_the_cell_that_checks_it_is_found() -> None:
    notebook = new_notebook(cells=[new_code_cell("def f(): ..."), new_code_cell("def f(): return 1")])
    notebook.cells[0].metadata[METADATA] = {"role": "answer", "exercise": "f_exercise"}
    notebook.cells[1].metadata[METADATA] = {"role": "check", "exercise": "f_exercise"}

    assert answering_cells(notebook, "f_exercise", ("f",), frozenset({"f"})) == [0, 1]
