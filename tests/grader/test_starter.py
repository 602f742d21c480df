"""The starter notebook: what a student begins with."""

import re

import nbformat
import pytest

from grader.notebook import METADATA, is_asking, role_of
from grader.quiz.bank import written_questions
from grader.quiz.questions import ShortAnswer
from grader.starter import fragment, starter_notebook

BOOK = "https://example.org/book.ipynb"


@pytest.fixture(scope="module")
def questions(course):
    return written_questions(course)


@pytest.fixture(scope="module")
def notebook(course, questions):
    return starter_notebook(course, "data", questions=questions)


def sources(notebook, role):
    return [cell.source for cell in notebook.cells if role_of(cell) == role]


def headings(notebook, level):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [found for text in texts for found in re.findall(rf"^{'#' * level} (.*)", text, re.MULTILINE)]


def test_a_section_is_a_heading_once_above_its_first_exercise(course, notebook):
    found = [h for h in headings(notebook, 2) if h not in ("Contents", "In your own words")]

    assert found == list(dict.fromkeys(exercise.section for exercise in course.exercises.values()))


def test_an_exercise_is_its_statement_what_is_given_the_answer_and_the_check(course, notebook):
    roles = [(role_of(cell), cell.metadata[METADATA].get("exercise")) for cell in notebook.cells if role_of(cell)]
    own = [one for one in roles if one[1]]

    expected = []
    for name, exercise in course.exercises.items():
        given = [("given", name)] if exercise.given else []
        expected += [*given, ("answer", name), ("check", name)]
    assert own == expected
    assert sources(notebook, "check") == [f'grader.check("{name}")' for name in course.exercises]


def test_the_grader_is_imported_before_anything_else_runs(notebook):
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert [role_of(cell) for cell in codes[:2]] == ["grader", "setup"]
    assert codes[0].source == "import grader\n\n%load_ext grader"


def test_every_link_of_the_contents_leads_to_a_heading_and_to_an_element_of_that_id(notebook):
    (contents,) = [text for text in sources(notebook, "text") if text.startswith("## Contents")]
    links = re.findall(r"\[([^]]*)\]\(#(.*)\)", contents)

    of_jupyter = {fragment(text) for level in (1, 2, 3) for text in headings(notebook, level)}
    of_others = re.findall(r'<a id="([^"]*)" name="([^"]*)"></a>', "".join(sources(notebook, "text")))
    assert len(links) > 30
    assert {target for _, target in links} <= of_jupyter
    assert sorted(of_others) == sorted((target, target) for _, target in links)


def test_the_contents_name_every_exercise_with_its_points(course, notebook):
    (contents,) = [text for text in sources(notebook, "text") if text.startswith("## Contents")]

    for exercise in course.exercises.values():
        assert re.search(
            rf"\[{re.escape(exercise.title)}\]\(.*\), {exercise.points:g} points?$", contents, re.MULTILINE
        )
    assert f"{len(course.exercises)} exercises" in contents


def test_headings_can_be_told_apart(notebook):
    found = [fragment(heading) for level in (1, 2, 3) for heading in headings(notebook, level)]
    of_exercises = found[: found.index("In-your-own-words")]

    assert len(set(of_exercises)) == len(of_exercises)


def test_a_section_leads_to_the_book_s(load):
    course = load(
        {
            "exercises/course.py": "from grader.exercise import Course\n\n"
            f"course = Course(title='N', exercises=['spread'], starter='n.ipynb', book={BOOK!r})\n",
            "exercises/spread.py": "from grader.exercise import Exercise\n\n"
            "exercise = Exercise(title='S', section='Why? (An Answer)', provides='spread', oracle='extremes:spread',\n"
            "                    statement='', starter='', checks=[])\n",
        }.items()
    )

    (section,) = [cell.source for cell in starter_notebook(course, "data").cells if cell.id == "spread-section"]

    assert section.endswith(f"[This section in the book]({BOOK}#Why%3F-%28An-Answer%29)")


def test_without_sections_book_and_questions_there_are_none(small_course):
    notebook = starter_notebook(small_course, "data")

    assert headings(notebook, 2) == ["Contents"]
    assert "](http" not in "".join(cell.source for cell in notebook.cells)
    assert [cell.id for cell in notebook.cells] == ["contents", "grader", "spread-statement", "spread", "spread-check"]


def test_it_is_the_same_each_time_and_valid(course, questions, notebook):
    again = starter_notebook(course, "data", questions=questions)

    assert again == notebook
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
    nbformat.validate(notebook, relax_add_props=False)


def test_only_colab_s_notebook_installs_and_only_there(course):
    install, ask = starter_notebook(course, "data", package="a-grader==1").cells[2:4]

    assert role_of(install) == role_of(ask) == "grader"
    lines = install.source.splitlines()
    guard = lines.index('if "google.colab" in sys.modules:')
    assert lines[guard + 1].strip() == "%pip install --quiet a-grader==1"
    assert all(line.startswith("    ") for line in lines[guard + 1 :])
    assert "torch" not in install.source.replace("PyTorch", "")
    assert not any("pip" in cell.source for cell in starter_notebook(course, "data").cells if cell.cell_type == "code")


def test_each_question_is_followed_by_an_empty_cell_that_is_the_student_s(questions, notebook):
    cells = notebook.cells
    asked = [place for place, cell in enumerate(cells) if role_of(cell) == "question"]

    assert all(isinstance(question, ShortAnswer) for question in questions)
    assert [cells[place].metadata[METADATA]["question"] for place in asked] == [question.name for question in questions]
    assert all(question.prompt.strip() in cells[place].source for place, question in zip(asked, questions, strict=True))
    for place in asked:
        answer = cells[place + 1]
        assert (answer.cell_type, answer.source, role_of(answer)) == ("markdown", "", "")


def test_solved_it_holds_the_model_answers(course, questions):
    cells = {cell.id: cell for cell in starter_notebook(course, "data", questions=questions, is_solved=True).cells}

    for question in questions:
        assert cells[f"answer-{question.name}"].source == question.model_answer.strip()


def test_the_cells_that_ask_are_known_for_it(notebook):
    asking = [cell for cell in notebook.cells if is_asking(cell)]

    assert [role_of(cell) for cell in asking] == ["check"] * len(sources(notebook, "check"))
