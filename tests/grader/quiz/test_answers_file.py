"""Files of answers: the page's, Markdown, notebooks, and what is none of them."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.quiz.answers_file import read_answers, sections_of
from grader.quiz.marks import Answer

MARKDOWN = """# My answers

## half
0,5

## `code`

```python
# not a heading
+
```
## why
One line.

Another one.
"""


@pytest.fixture
def written(tmp_path):
    """A function that writes a file and reads the answers in it."""

    def read(content, name="answers.json"):
        file = tmp_path / name
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_answers(file)

    return read


def test_the_page_s_answers_are_read_in_every_form(written):
    said = ["0.5", ["2", "4"], {"sum": "of +"}]
    found = written(
        {"version": 1, "course": "Sums", "answers": [{"question": f"q{i}", "said": one} for i, one in enumerate(said)]}
    )

    assert found.course == "Sums"
    assert found.answers == (Answer("q0", "0.5"), Answer("q1", ("2", "4")), Answer("q2", {"sum": "of +"}))


@pytest.mark.parametrize("name", ["answers.md", "answers.txt", "answers"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_in_markdown_an_answer_stands_under_its_heading(written, name, encoding):
    found = written(MARKDOWN.replace("\n", "\r\n").encode(encoding), name)

    assert found.answers == (
        Answer("My answers", ""),
        Answer("half", "0,5"),
        Answer("`code`", "```python\n# not a heading\n+\n```"),
        Answer("why", "One line.\n\nAnother one."),
    )


def test_in_a_notebook_the_cells_below_a_heading_are_the_answer(written):
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell("My notebook\n\n## half"),
        v4.new_markdown_cell("It is 0.5."),
        v4.new_markdown_cell("## code\n## why\nSince"),
        v4.new_code_cell("1 + 1", outputs=[v4.new_output("stream", text="2\n")]),
    ]

    found = written(nbformat.writes(v4.new_notebook(cells=cells)), "answers.ipynb")

    assert found.answers == (Answer("half", "It is 0.5."), Answer("code", ""), Answer("why", "Since\n\n1 + 1"))


def of_starter(role, cell):
    cell.metadata["grader"] = {"role": role}
    return cell


def test_of_a_starter_notebook_only_what_stands_below_its_questions_is_an_answer(written):
    v4 = nbformat.v4
    cells = [
        of_starter("text", v4.new_markdown_cell("# The course\n\n## Exercises")),
        of_starter("answer", v4.new_code_cell("half = 0.5")),
        v4.new_code_cell("half"),
        of_starter("question", v4.new_markdown_cell("### half\nHow much?")),
        v4.new_markdown_cell("It is 0.5."),
        v4.new_code_cell("1 / 2"),
        of_starter("text", v4.new_markdown_cell("## More")),
        v4.new_markdown_cell("A note."),
        of_starter("question", v4.new_markdown_cell("### why")),
    ]

    found = written(nbformat.writes(v4.new_notebook(cells=cells)), "answers.ipynb")

    assert found.answers == (Answer("half", "How much?\n\nIt is 0.5.\n\n1 / 2"), Answer("why", ""))
    assert found.is_starter


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "a.json", "a.json: an empty file"),
        ("{", "a.json", "line 1 is not JSON"),
        ('{\n"answers": [\n', "a.json", "line 3 is not JSON"),
        ("{}", "a.json", "missing required field `answers`"),
        ({"answers": [{"question": "q", "said": 3}]}, "a.json", r"got `int` - at `\$.answers\[0\].said`"),
        ({"answers": [{"question": "q"}]}, "a.json", r"missing required field `said` - at `\$.answers\[0\]`"),
        ({"version": 2, "answers": []}, "a.json", "answers of a newer grader"),
        ('{"a":' * 100_000, "a.json", "nested too deeply"),
        ("[]", "a.ipynb", "JSON, but no file of answers"),
        ({"cells": []}, "a.ipynb", "not a notebook that can be read"),
        ({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"x": 1}]}, "a.ipynb", "a damaged notebook"),
        ("just a text", "a.md", "holds no heading"),
        (b"\xff\xd8\xff\xe0 picture", "a.md", "not a text"),
        (b"\xff\xfe\x00", "a.md", "not a text"),
    ],
)
def test_a_file_without_answers_is_told_in_a_line(written, content, name, message):
    with pytest.raises(UserError, match=message) as refused:
        written(content, name)

    assert name in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_folder_and_what_is_not_there_are_told(tmp_path):
    with pytest.raises(UserError, match="a folder"):
        read_answers(tmp_path)
    with pytest.raises(UserError, match="no such file"):
        read_answers(tmp_path / "answers.md")


def test_what_no_file_could_hold_is_replaced(written):
    found = written('{"answers": [{"question": "a\\ud800", "said": {"\\u0000": "\\udfff"}}]}')

    assert found.answers == (Answer("a?", {"\ufffd": "?"}),)


@given(st.text())
def test_every_line_of_a_text_stands_under_one_heading(text):
    sections = sections_of(text)

    assert sections[0][0] == ""
    assert sum(len(said) for _, said in sections) <= len(text) + len(sections)
