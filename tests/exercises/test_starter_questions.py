"""The questions of the starter notebook: answered in it, they are marked by `grader quiz mark`."""

import nbformat
import pytest

from grader.notebook import role_of
from grader.quiz.answers_file import read_answers
from grader.quiz.bank import open_bank, written_questions
from grader.quiz.marked import mark_all, meant
from grader.starter import starter_notebook

ANSWERED = ("pixel-similarity", "what-is-sgd", "what-is-relu")


@pytest.fixture(scope="module")
def bank():
    return open_bank()


@pytest.fixture(scope="module")
def questions(course):
    return written_questions(course)


@pytest.fixture
def marked(course, bank, tmp_path):
    """A function that marks a notebook as the command does."""

    def mark(notebook):
        file = tmp_path / "chapter4.ipynb"
        nbformat.write(notebook, file)
        return mark_all(read_answers(file), file.name, course.course.title, bank, None)

    return mark


def test_what_is_answered_is_marked_and_the_rest_is_named(course, questions, marked):
    models = {question.name: question.model_answer for question in questions}
    notebook = starter_notebook(course, "data", questions=questions)
    for cell in notebook.cells:
        if cell.id.removeprefix("answer-") in ANSWERED:
            cell.source = models[cell.id.removeprefix("answer-")]

    found = marked(notebook)

    assert {answer.mark.question: answer.said for answer in found.answers} == {n: models[n].strip() for n in ANSWERED}
    assert found.is_all_right
    assert found.possible == sum(question.points for question in questions if question.name in ANSWERED)
    (note,) = found.notes
    assert note.startswith(f"{len(questions) - len(ANSWERED)} questions not answered yet")
    assert all((name in note) == (name not in ANSWERED) for name in models)


def test_an_answer_in_the_question_s_own_cell_is_marked_too(course, questions, marked):
    notebook = starter_notebook(course, "data", questions=questions[:1])
    (asked,) = [cell for cell in notebook.cells if role_of(cell) == "question"]
    asked.source += f"\n\n{questions[0].model_answer}"

    assert [answer.said for answer in marked(notebook).answers] == [questions[0].model_answer.strip()]


def test_untouched_nothing_is_marked_and_nothing_is_wrong(course, questions, marked):
    found = marked(starter_notebook(course, "data", questions=questions))

    assert (found.answers, found.problems, found.possible) == ((), (), 0)


def test_each_heading_means_its_own_question(course, bank, questions):
    cells = starter_notebook(course, "data", questions=questions).cells
    headings = [cell.source.splitlines()[0].lstrip("# ") for cell in cells if role_of(cell) == "question"]

    assert [meant(bank, heading).name for heading in headings] == [question.name for question in questions]
