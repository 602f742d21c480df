"""The page of marked answers, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.quiz.answers_file import AnswersFile
from grader.quiz.marked import mark_all, with_note
from grader.quiz.marks import Answer
from grader.report import render_marks
from tests.grader.quiz.banks import BANK
from tests.grader.test_report import ATTACK, assert_inert, open_all_details

ANSWERS = (
    ("half", "1/4"),
    ("even", ("2", "3")),
    ("words", {"sum": "of *"}),
    ("why", "It is three."),
    ("picture", "done"),
    ("output", ""),
    ("plus", "It adds."),
    ("hlaf", "1"),
)


def page_of(*answers, note="A note."):
    found = AnswersFile(tuple(Answer(*answer) for answer in answers))
    return render_marks(with_note(mark_all(found, "answers.md", "Sums", BANK, None), note))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(opened, scheme, width):
    page = opened(page_of(*ANSWERS), color_scheme=scheme, viewport={"width": width, "height": 800})
    open_all_details(page)

    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_reasons_are_shown_and_what_is_right_on_request(opened):
    page = opened(page_of(*ANSWERS))
    answer = page.locator("#answer-1")
    text = answer.inner_text()
    answer.locator("summary").click()

    assert "Wrong" in text
    assert "It is 0.5." in text
    assert "About half." not in text
    assert "About half." in answer.inner_text()
    assert page.locator("#answer-7 details").count() == 0


def test_what_waits_for_a_person_is_linked_and_what_is_no_answer_is_told(opened):
    page = opened(page_of(*ANSWERS))
    page.get_by_role("link", name="picture").click()

    assert page.url.endswith("#answer-5")
    assert "hlaf: no such question. Do you mean half?" in page.locator(".notes").inner_text()
    assert "A note." in page.locator(".notes").inner_text()


def test_hostile_answers_run_and_load_nothing_and_are_shown_letter_by_letter(opened):
    page = opened(
        page_of(("why", ATTACK), ("plus", (ATTACK,)), ("words", {ATTACK: ATTACK}), (ATTACK, ATTACK), note=ATTACK)
    )
    open_all_details(page)

    assert_inert(page)
    assert ATTACK.split("\n")[0] in page.locator("#answer-1 .said").first.inner_text()


def test_of_no_answers_there_is_a_page_too(opened):
    assert "0 of 0 points" in opened(page_of(note="")).title()
