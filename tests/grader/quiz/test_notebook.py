"""`grader.quiz(...)` in a notebook: what it shows, and how a call answers it."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import grader
from grader.quiz.cards import mark_card, question_card
from grader.quiz.marking import mark
from grader.quiz.marks import Answer
from grader.quiz.page import asked_of
from grader.quiz.practice import Practice
from grader.quiz.quantities import UnreadableError
from grader.quiz.sitting import meant
from tests.grader.quiz.banks import QUESTIONS
from tests.grader.quiz.course_files import FILES

BY_NAME = {question.name: question for question in QUESTIONS}
LETTERS = {name: asked_of(BY_NAME[name]).texts for name in ("plus", "even", "steps", "words")}


@pytest.fixture
def course(write_course, tmp_path, monkeypatch):
    """The folder of a small course; what is practised is kept in the test's own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return write_course(FILES)


def test_to_import_the_grader_imports_no_quiz():
    code = "import sys, grader; print(sorted(name for name in sys.modules if name.startswith('grader')))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "['grader']"


def test_what_the_grader_does_not_have_is_told():
    with pytest.raises(AttributeError, match="no attribute 'quizz'"):
        grader.quizz  # noqa: B018


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("plus", ("b",), (LETTERS["plus"][1],)),
        ("plus", ("It adds.",), ("It adds.",)),
        ("even", ("a", "c"), (LETTERS["even"][0], LETTERS["even"][2])),
        ("even", (["2", "4"],), ("2", "4")),
        ("even", ("ad",), (LETTERS["even"][0], LETTERS["even"][3])),
        ("steps", ("c a b",), tuple(LETTERS["steps"][place] for place in (2, 0, 1))),
        ("words", ("1b 2a",), {"sum": LETTERS["words"][1], "product": LETTERS["words"][0]}),
        ("words", ({"sum": "of +"},), {"sum": "of +"}),
        ("half", (0.5,), "0.5"),
        ("shape", ((3, 1),), "(3, 1)"),
        ("shape", (3, 1), "(3, 1)"),
        ("shape", ([3, 1],), "(3, 1)"),
        ("shape", ((),), "()"),
        ("shape", ("3x1",), "3x1"),
        ("output", ("1\n",), "1\n"),
    ],
)
def test_a_call_says_what_is_meant(name, said, found):
    assert meant(asked_of(BY_NAME[name]), said) == found


def test_a_letter_that_no_option_has_is_told():
    with pytest.raises(UnreadableError, match="letters from a to c"):
        meant(asked_of(BY_NAME["plus"]), ("z",))


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.name != "picture"], ids=lambda one: one.name)
def test_html_and_plain_text_show_the_same(question):
    asked = asked_of(question)
    card = question_card(asked, "Question 1 of 1")
    told = mark_card(question, mark(question, Answer(question.name, "")))

    for text in (
        *asked.texts,
        *asked.terms,
        asked.code,
        f"difficulty {question.difficulty} of 3",
        "grader.quiz.answer(",
    ):
        assert text in card.plain
        assert text in str(card.html) or asked.code
    for text in ("Not right", "Not answered.", f"About {question.name}.", "In the book: “Sums”"):
        assert text in told.plain
        assert text in str(told.html)
    assert card._repr_mimebundle_().keys() >= {"text/plain", "text/html"}


def test_questions_are_asked_answered_kept_and_not_asked_again_before_they_are_due(course, tmp_path):
    first = grader.quiz("sums", number=2, seed=0, course=course)
    unread = grader.quiz.answer("q")
    told = grader.quiz.answer("It joins.")
    last = grader.quiz.answer("1/2")
    none = grader.quiz.answer("1")
    again = grader.quiz("sums", seed=0, course=course)
    skipped = grader.quiz.skip()
    with Practice(next((tmp_path / "data").rglob("*.db"))) as practice:
        kept = [
            (one.question, json.loads(one.said) if one.question == "plus" else one.said) for one in practice.reviews()
        ]

    assert repr(first).startswith("Question 1 of 2: sums, difficulty 1 of 3\n\nWhat about plus?")
    assert "letters from a to c" in repr(unread)
    assert "✗ Not right\n\n  ✗ It joins.: No.\n  ○ It adds.: This is right." in repr(told)
    assert "Question 2 of 2: sums, difficulty 2 of 3\n\nWhat about half?" in repr(told)
    assert "✓ Right\n\nThat was about half." in repr(last)
    assert repr(last).endswith("You have answered 2 of 2 questions: 1 of 2 points.")
    assert "No question waits" in repr(none)
    assert "What about code?" in repr(again)
    assert repr(skipped) == "No question is left, and none was answered."
    assert kept == [("plus", ["It joins."]), ("half", "1/2")]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda course: grader.quiz("sumz", course=course),
            "sumz: no such topic. Do you mean sums? There are: sums, words.",
        ),
        (lambda course: grader.quiz(course=course / "nowhere"), "not a course"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_raised(course, call, words):
    assert words in repr(call(course))


def test_in_a_kernel_without_widgets_text_is_shown_and_code_is_run(course):
    cells = [
        "import sys\nsys.modules['ipywidgets'] = None  # as if it were not installed\nimport grader",
        f"grader.quiz('sums', number=3, seed=0, course={str(course)!r})",
        "grader.quiz.skip()",
        "grader.quiz.answer(0.25)",
        "grader.quiz.answer('- 1 +')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(Path.cwd())}}).execute()
    shown = [cell.outputs[0].data for cell in notebook.cells[1:]]

    assert [sorted(data) for data in shown] == [["text/html", "text/plain"]] * 4
    assert "What about plus?" in shown[0]["text/plain"]
    assert "What about half?" in shown[1]["text/html"]
    assert "✗ Not right" in shown[2]["text/plain"]
    assert "total = 1 ____ 1" in shown[2]["text/plain"]
    assert "✗ total: " in shown[3]["text/plain"]
    assert "It gives 1. Meant is 2." in shown[3]["text/plain"]
