"""A file of answers, marked: which question is meant, what counts, and what is left to a person."""

import csv
import dataclasses
import io
import json

import pytest

from grader.errors import UserError
from grader.quiz.answers_file import AnswersFile
from grader.quiz.bank import Bank
from grader.quiz.marked import mark_all, marked_json, meant, quote, with_note, without_prompt
from grader.quiz.marks import MET, UNSURE, Answer, Finding, Mark
from grader.quiz.questions import Choice
from grader.quiz.review_list import review_list
from tests.grader.quiz.banks import BANK, QUESTIONS


def marked(*answers, course=""):
    found = AnswersFile(tuple(Answer(question, said) for question, said in answers), course)
    return mark_all(found, "answers.json", "Sums", BANK, lambda question, said: Mark(question.name, said == "+", 1))


def test_the_points_of_all_answers_add_up_and_say_of_how_many():
    found = marked(("half", "1/2"), ("code", "+"), ("even", ("2",)), ("plus", ("It joins.",)), ("shape", ""))

    assert (found.points, found.possible, found.waiting) == (2.5, 5, 0)
    assert [answer.mark.points for answer in found.answers] == [1, 1, 0.5, 0, 0]
    assert not found.is_all_right


def test_all_is_right_only_if_nothing_is_left_open():
    assert marked(("half", "1/2")).is_all_right
    assert not marked(("half", "1/2"), ("hlaf", "1/2")).is_all_right
    assert not marked(("half", "1/2"), ("picture", "done")).is_all_right


def test_an_answer_to_no_question_is_told_with_the_nearest_name_and_the_rest_is_marked():
    found = marked(("hlaf", "0.5"), ("plus", ("It adds.",)), ("drawn", "3"), ("The question half, as I recall?", "3"))

    assert [answer.mark.question for answer in found.answers] == ["plus"]
    assert len(found.problems) == 3
    assert "hlaf: no such question. Do you mean half? It is not marked." in found.problems
    assert "drawn: this question is made of a seed. Add one, as in drawn#1. It is not marked." in found.problems
    assert "Do you mean half?" in found.problems[2]


def test_a_title_above_the_answers_is_no_answer():
    assert marked(("My answers", ""), ("half", "1/2")).is_all_right
    assert marked(("half", "1/2"), ("My answers", "")).problems


@pytest.mark.parametrize(
    "heading", ["half", "`half`", "**half**", "Half", "1. The question `half`?", "the question half"]
)
def test_a_question_is_known_by_its_name_and_by_its_text(heading):
    assert meant(BANK, heading).name == "half"


def test_how_others_ask_a_question_counts_more_than_another_question_s_text():
    half, plus = (BANK.find(name) for name in ("half", "plus"))
    asked = dataclasses.replace(plus, also_asked=half.prompt)
    bank = Bank(tuple(asked if question is plus else question for question in BANK.questions), BANK.generators)

    assert meant(bank, half.prompt) == asked
    assert meant(bank, "half") == half


def test_a_variant_is_known_by_its_seed():
    question = meant(BANK, "drawn#17")
    found = marked(("drawn#17", str(question.answer)), ("drawn#18", "0"))

    assert [answer.mark.question for answer in found.answers] == ["drawn#17", "drawn#18"]
    assert [answer.mark.points for answer in found.answers] == [1, 0]


def test_nothing_that_resembles_no_question_is_guessed():
    with pytest.raises(UserError) as refused:
        meant(BANK, "On the nature of zebras")

    assert str(refused.value) == "'On the nature of zebras': no such question. It is not marked."


def test_of_two_answers_to_a_question_the_later_one_counts():
    found = marked(("half", "3"), ("plus", ""), ("half", "1/2"))

    assert [answer.mark.question for answer in found.answers] == ["plus", "half"]
    assert found.points == 1
    assert "half is answered more than once: the last answer counts." in found.notes


def test_answers_to_another_course_are_told():
    assert "another course, 'Physics'" in marked(("half", "1"), course="Physics").notes[0]
    assert marked(("half", "1"), course="Sums").notes == ()


def test_what_can_t_be_read_waits_for_a_person_with_the_reason():
    found = marked(("half", "a half"), ("plus", ("It multiplies.",)), ("half#3", ""))

    assert (found.points, found.possible, found.waiting) == (0, 2, 2)
    assert [answer.mark.findings[0].state for answer in found.to_review] == [UNSURE, UNSURE]
    assert "Write it in digits" in found.to_review[0].mark.findings[0].explanation


def test_the_list_for_a_person_has_every_such_answer_and_no_formula():
    found = marked(("half", "=cmd()"), ("plus", ("It adds.",)), ("picture", "done"))
    rows = list(csv.DictReader(io.StringIO(review_list(found).decode("utf-8-sig"))))

    assert [row["question"] for row in rows] == ["half", "picture"]
    assert rows[0]["said"] == "'=cmd()"
    assert rows[0]["model answer"] == "0.5"
    assert rows[0]["possible"] == "1"


def test_the_json_holds_the_marks_with_their_reasons():
    data = json.loads(marked_json(with_note(marked(("words", {"sum": "of *"})), "A note.")))

    assert (data["points"], data["possible"], data["notes"]) == (0, 1, ["A note."])
    assert data["answers"][0]["said"] == {"sum": "of *"}
    assert data["answers"][0]["mark"]["findings"][0]["state"] == "wrong"


def test_no_note_changes_nothing():
    found = marked(("half", "1"))

    assert with_note(found, "") is found


def test_what_a_starter_notebook_asks_and_nobody_answered_counts_for_nothing():
    asked = {"course": "Sums", "bank": BANK, "mark_code": None, "file": "a"}
    answers = (Answer("half", "0.5"), Answer("plus", ""), Answer("why", f"{BANK.find('why').prompt}\n\n"))

    found = mark_all(AnswersFile(answers, is_starter=True), **asked)
    elsewhere = mark_all(AnswersFile(answers), **asked)

    assert [answer.mark.question for answer in found.answers] == ["half"]
    assert found.points == found.possible
    assert found.notes == ("2 questions not answered yet, which is not held against you: plus, why.",)
    assert len(elsewhere.answers) == 3
    assert elsewhere.points < elsewhere.possible
    assert not elsewhere.notes


@pytest.mark.parametrize("copied", ["The question `half`?\n0.5", "the question half\n\n0.5"])
def test_the_question_copied_above_an_answer_is_not_taken_for_it(copied):
    assert without_prompt(copied, "The question `half`?") == "0.5"


def test_of_the_question_alone_nothing_is_left():
    assert without_prompt("The question `half`?\n", "The question `half`?") == ""


def test_tell_is_called_as_answers_are_done():
    told = []
    found = AnswersFile((Answer("half", "1"), Answer("plus", "")))

    mark_all(found, "a", "Sums", BANK, None, tell=lambda *step: told.append(step))

    assert told == [("answers", 0, 2), ("answers", 1, 2), ("answers", 2, 2)]


def test_every_kind_of_question_can_be_left_out():
    found = marked(*((question.name, "") for question in QUESTIONS))

    assert len(found.answers) == len(QUESTIONS)
    assert found.points == found.waiting == 0
    assert all(answer.solution for answer in found.answers)
    assert {answer.kind for answer in found.answers} >= {Choice.__name__, "Drawing"}


def test_the_part_of_an_answer_in_which_something_was_found_is_quoted():
    assert quote("It is\n two.", Finding(MET, "two", place=(3, 11))) == "is two."
    assert quote("It is two.", Finding(MET, "two")) == ""
