"""The exported JSON in JupyterQuiz itself: shown, answered and marked by its own script in a browser."""

import warnings

import pytest

from grader.quiz.exports import export
from tests.grader.quiz.exports.samples import NASTY, NUMBER, ORDERING, OUTPUT, SEVERAL, SHAPE, SINGLE

QUESTIONS = (SINGLE, SEVERAL, NUMBER, SHAPE, OUTPUT, ORDERING)


@pytest.fixture
def quizzes(opened, tmp_path, monkeypatch):
    """The questions as JupyterQuiz shows them, one after the other; and what went wrong in the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jupyterquiz.dynamic import display as target
    file = tmp_path / "quiz.json"
    file.write_bytes(export(QUESTIONS, "jupyterquiz", "Lab 4").content)
    shown = []
    monkeypatch.setattr(target, "display", lambda part: shown.append(part.data))
    target.display_quiz(str(file), shuffle_answers=False)
    html, script = shown
    page = opened(f'<!doctype html><meta charset="utf-8"><body>{html}<script>{script}</script>')
    page.wait_for_function(f"document.querySelectorAll('.Quiz').length == {len(QUESTIONS)}")
    return page.query_selector_all(".Quiz")


def answered(quiz, text):
    """Whether a typed answer is marked as right."""
    field = quiz.query_selector("input")
    field.fill(text)
    field.press("Enter")
    return "incorrect" not in quiz.query_selector(".Feedback").get_attribute("class").split()


def test_texts_options_and_answers_come_through(quizzes):
    single, several, number, shape, output, ordering = quizzes

    assert NASTY.replace("`", "") in single.inner_text()
    assert "x = {'a': 1}  # <b>\nprint(x)" in single.inner_text()
    for label, feedback in (("a = {1}", "Since a[0] < {b} & c"), ("%50% of it", "No: ~half."), ("#", "A comment.")):
        [option] = [option for option in single.query_selector_all("label") if option.inner_text() == label]
        option.click()
        assert single.query_selector(".Feedback").inner_text().startswith(feedback)
    assert sorted(option.inner_text() for option in several.query_selector_all("label")) == ["b", "c", "w", "x", "y"]
    assert [answered(number, said) for said in ("-0.3", "-0.4", "-0.2", "-0.45")] == [True, True, True, False]
    assert [answered(shape, said) for said in ("(3,)", "[3]", "4")] == [True, True, False]
    assert [answered(output, said) for said in ("12", "``` 12 * {}")] == [False, True]
    letters = {row.inner_text()[3:]: row.inner_text()[0] for row in ordering.query_selector_all("li")}
    right = [letters[step] for step in ("init", "predict -> y", "loss", "step")]
    assert [answered(ordering, "".join(order)) for order in (right, right[::-1])] == [True, False]
