"""How each kind of question is put in a terminal, and what is made of what is typed."""

import io
import sys

import pytest
from rich.console import Console

from grader.quiz.asking import definitions_of, items_of
from grader.quiz.lettering import lettered
from grader.quiz.marking import unsure
from grader.quiz.marks import Mark
from grader.quiz.terminal import Terminal, practised, put
from tests.grader.quiz.banks import QUESTIONS

NAMED = {question.name: question for question in QUESTIONS}


@pytest.fixture
def typed(monkeypatch):
    """A function that makes a terminal in which these lines are typed; what it shows is in `out.file`."""

    def make(text, is_interactive=False):
        stdin = io.StringIO(text)
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr("builtins.input", lambda prompt: next(iter(stdin.readline, "")).rstrip("\n"))
        return Terminal(Console(file=io.StringIO(), width=80), is_interactive)

    return make


def shown(terminal):
    return terminal.out.file.getvalue()


def answered(name, terminal):
    return practised(
        NAMED[name], 1, "Question 1 of 1", terminal, lambda question, said: Mark(question.name, said == "+\n1", 1)
    )


@pytest.mark.parametrize("name", NAMED)
def test_every_question_is_put_with_its_text_and_with_how_to_answer(name, typed):
    terminal = typed("")

    put(NAMED[name], 1, "Question 1 of 1", terminal)

    assert f"The question `{name}`?" in shown(terminal)
    assert "Enter" in shown(terminal)


def test_the_letters_of_an_order_are_those_that_are_shown(typed):
    letters = {text: letter for letter, text in lettered(items_of(NAMED["steps"], 1))}
    terminal = typed(" ".join(letters[item] for item in NAMED["steps"].items))

    assert answered("steps", terminal).mark.points == 1
    assert all(f"{letter}) {item}" in shown(terminal) for item, letter in letters.items())


def test_terms_are_matched_by_number_and_letter(typed):
    letters = {text: letter for letter, text in lettered(definitions_of(NAMED["words"], 1))}
    pairs = NAMED["words"].pairs
    terminal = typed(" ".join(f"{place}{letters[pairs[term]]}" for place, term in enumerate(pairs, 1)))

    assert answered("words", terminal).mark.points == 1


def test_code_may_have_several_lines_to_an_empty_one(typed):
    terminal = typed("+\n1\n\nnot read")

    assert answered("code", terminal).answer.said == "+\n1"
    assert sys.stdin.read() == "not read"


@pytest.mark.parametrize(
    ("name", "text"), [("half", "\n"), ("plus", "\n"), ("code", "\n"), ("why", "\n"), ("steps", " \n")]
)
def test_enter_alone_is_an_answer_that_is_not_known(name, text, typed):
    terminal = typed(text)

    assert answered(name, terminal).mark.points == 0
    assert "Not answered." in shown(terminal)
    assert "The answer:" in shown(terminal)


def test_a_drawing_is_marked_by_whoever_drew_it(typed):
    given = answered("picture", typed("\ny\n", is_interactive=True))

    assert (given.mark.points, given.is_own_mark) == (1, True)
    assert answered("picture", typed("\n\n", is_interactive=True)) is None
    assert answered("picture", typed("\n")) is None


def test_a_short_answer_that_is_not_known_is_no_matter_of_opinion(typed):
    terminal = typed("\n", is_interactive=True)

    assert answered("why", terminal).is_own_mark is False
    assert "Was it right?" not in shown(terminal)


def test_code_that_could_not_be_marked_is_not_counted(typed):
    given = practised(NAMED["code"], 1, "", typed("+\n\n"), lambda question, said: unsure(question, "Why."))

    assert given is None


def test_what_is_typed_is_shown_without_what_a_terminal_would_obey(typed):
    terminal = typed("\x1b[31mIt adds.\n")

    answered("plus", terminal)

    assert "\x1b" not in shown(terminal)
