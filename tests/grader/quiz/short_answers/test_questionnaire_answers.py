"""One student's answers to the chapter's questionnaire: what is wrong is found, and what is right is not lost."""

import json
from pathlib import Path

import pytest

from grader.quiz.bank import open_bank
from grader.quiz.marks import MET, NOT_MET, WRONG, Mark
from grader.quiz.questions import ShortAnswer
from grader.quiz.short_answers import mark_short_answer

FILE = Path(__file__).resolve().parents[3] / "data" / "questionnaire_answers.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()[1:]]
SAID = {row["question"]: row["said"] for row in ROWS}
QUESTIONS = {item.name: item for item in open_bank().questions if isinstance(item, ShortAnswer)}


def marked(name: str) -> Mark:
    return mark_short_answer(QUESTIONS[name], SAID[name])


@pytest.mark.parametrize(
    ("name", "correction", "place"),
    [
        ("grey-and-colour-images", "how much light there is", "Darkest red and green or blue as number 255"),
        ("what-is-a-list-comprehension", "It is the remainder", "o//2"),
        ("what-is-a-list-comprehension", "It may collect anything", "List comprehension creates a plain list"),
        ("rank-3-tensor", "The length of the shape is the **rank**", "Rank-3 tensor is a length"),
        ("what-is-sgd", "That is pixel similarity", "ideal image"),
        ("high-learning-rate", "Either can happen", "instead of diverging"),
        ("meaning-of-a-gradient", "A gradient here is a number", "Gradient is a differential function"),
        ("loss-and-metric", "The loss is not a derivative", "Loss function is a reasonably smooth derivative"),
        ("what-an-activation-function-is", "That is the linear layer", "batch@weights + bias"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_corrected_where_it_stands(name, correction, place):
    wrong = [finding for finding in marked(name).findings if finding.state == WRONG]

    (found,) = [finding for finding in wrong if correction in finding.explanation]
    assert place.replace("//", "") in SAID[name][slice(*found.place)].replace("\\", "").replace("//", "")


def test_a_missing_answer_has_nothing_and_needs_nobody():
    mark = marked("bias-parameters")

    assert SAID["bias-parameters"] == ""
    assert (mark.points, mark.needs_review) == (0, False)
    assert {finding.state for finding in mark.findings} == {NOT_MET}


@pytest.mark.parametrize(
    "name",
    [
        "rmse-and-l1",
        "metrics-on-which-set",
        "why-mini-batches",
        "no-accuracy-as-loss",
        "what-view-does",
        "why-more-than-one-nonlinearity",
    ],
)
def test_right_answers_have_full_marks_and_no_corrections(name):
    mark = marked(name)

    assert {finding.state for finding in mark.findings} == {MET}
    assert mark.points == mark.possible


@pytest.mark.parametrize("name", ["folders-of-mnist-sample", "pixel-similarity", "function-and-module-of-relu"])
def test_no_key_point_of_the_other_right_answers_is_denied_without_a_person(name):
    mark = marked(name)

    assert mark.points == mark.possible or mark.needs_review
