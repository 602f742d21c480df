"""Questions whose answers are what some code gives: it is run, and gives them."""

import contextlib
import io

import pytest
import torch
import torch.nn.functional as F
from torch import nn, tensor

from grader.course import load_course
from grader.quiz.bank import load_bank
from grader.quiz.questions import GAP, Code, Drawing, Output, Question, Shape

COURSE = load_course()
QUESTIONS = {question.name: question for question in load_bank(COURSE).questions}


def of_kind(kind: type[Question]) -> object:
    chosen = [question for question in QUESTIONS.values() if isinstance(question, kind)]
    return pytest.mark.parametrize("question", chosen, ids=[question.name for question in chosen])


@of_kind(Output)
def test_code_prints_what_the_answer_says(question: Output) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(question.code, {})

    assert printed.getvalue().rstrip("\n") == question.answer


# Fillings that students give, and that are wrong
WRONG_FILLINGS = {
    "select-the-odd-ones": ["n//2 != 0", "n%2 == 0", "0%2 != 0", "n%2 == 1 and n > 0"],
    "select-the-corner": ["2:", "1:, 1:", ":2, :2", ":, -2", "-2, -2"],
    "root-of-the-mean": [".mean()", ".sqrt().mean()", ".sum().sqrt()", ".sqrt()"],
    "mean-of-each-image": ["", "0", "-1", "(1, 2)", "(0, 1)"],
    "write-the-sigmoid": ["torch.exp(x)", "x", "-torch.exp(-x)", "torch.exp(-x**2)"],
    "missing-to-the-target": ["predictions", "1 - targets", "predictions - 1", "1"],
    "write-the-step": ["p * lr", "p.grad", "-p.grad * lr", "lr", "p.grad.lr", "p.grad / lr"],
    "from-activation-to-prediction": ["xb", "xb.softmax(0)", "xb > 0.5", "-xb.sigmoid()"],
    "image-to-row": ["view(28*28, -1)", "view(-1)", "flatten()", "view(-1, 28)"],
    "make-a-dataset": ["zip(x, y)", "(x, y)", "list(zip(y, x))", "x + y"],
    "write-the-relu": ["abs()", "min(tensor(0.0))", "sign()", "sigmoid()"],
    "step-and-forget": ["pass", "opt.zero_grad", "loss.zero_grad()", "opt.step()"],
}


def shown(question: Code, filling: str) -> list[object] | None:
    """The values that a filling gives; None if there is an error."""
    names: dict[str, object] = {}
    exec(question.setup, names)
    try:
        exec(question.template.replace(GAP, filling), names)
        return [eval(expression, names) for expression in question.shows]
    except Exception:  # noqa: BLE001 (whatever it is, such an answer is wrong)
        return None


@of_kind(Code)
def test_the_right_filling_gives_values_that_can_be_compared(question: Code) -> None:
    values = shown(question, question.answer)

    assert values is not None
    assert all(isinstance(value, int | float | str | list | tuple) for value in values)
    assert shown(question, question.answer) == values


@of_kind(Code)
def test_a_wrong_filling_gives_other_values(question: Code) -> None:
    right = shown(question, question.answer)

    assert len(WRONG_FILLINGS[question.name]) >= 4
    assert [filling for filling in WRONG_FILLINGS[question.name] if shown(question, filling) == right] == []


@pytest.mark.parametrize(
    ("name", "filling"),
    [
        ("select-the-odd-ones", "n % 2"),
        ("select-the-odd-ones", "n & 1"),
        ("root-of-the-mean", ".mean()**0.5"),
        ("mean-of-each-image", "dim=(-2, -1)"),
        ("write-the-sigmoid", "(-x).exp()"),
        ("write-the-step", "lr*p.grad.data"),
        ("image-to-row", "reshape(5, 784)"),
        ("image-to-row", "flatten(1)"),
        ("make-a-dataset", "[(a, b) for a, b in zip(x, y)]"),
        ("write-the-relu", "clamp(min=0)"),
        ("write-the-relu", "relu()"),
        ("step-and-forget", "w.grad = None"),
    ],
)
def test_another_right_filling_gives_the_same_values(name: str, filling: str) -> None:
    question = QUESTIONS[name]
    assert isinstance(question, Code)
    assert shown(question, filling) == shown(question, question.answer)


def stacked(n: int) -> torch.Tensor:
    return torch.stack([torch.zeros(28, 28, dtype=torch.uint8)] * n).float() / 255


def labels_of_ten_digits() -> torch.Tensor:
    scores, labels = torch.zeros(64, 10), torch.arange(64) % 10
    assert F.cross_entropy(scores, labels) > 0
    with pytest.raises(RuntimeError):
        F.cross_entropy(scores, labels.unsqueeze(1))
    return labels


SHAPES = {
    "stack-of-threes": lambda: stacked(6131),
    "mean-image": lambda: stacked(6131).mean(0),
    "images-as-rows": lambda: torch.cat([stacked(6131), stacked(6265)]).view(-1, 28 * 28),
    "column-of-targets": lambda: tensor([1] * 6131 + [0] * 6265).unsqueeze(1),
    "distances-of-a-batch": lambda: (torch.zeros(1010, 28, 28) - torch.zeros(28, 28)).abs().mean((-1, -2)),
    "activations-of-a-batch": lambda: torch.zeros(256, 784) @ torch.zeros(784, 1) + torch.zeros(1),
    "every-pair-by-mistake": lambda: torch.zeros(4, 1) == torch.zeros(4),
    "one-number": lambda: torch.where(torch.ones(256, 1) == 1, torch.ones(256, 1), torch.zeros(256, 1)).mean(),
    "hidden-layer": lambda: (torch.zeros(64, 784) @ torch.zeros(784, 30) + torch.zeros(30)).max(tensor(0.0)),
    "labels-of-ten-digits": labels_of_ten_digits,
}


@of_kind(Shape)
def test_a_shape_is_what_pytorch_gives(question: Shape) -> None:
    assert tuple(SHAPES[question.name]().shape) == question.answer


@of_kind(Drawing)
def test_what_is_to_be_drawn_is_asked_for_by_its_exercise(question: Drawing) -> None:
    exercise = COURSE.exercises[question.exercise]
    assert any(f"`{name}()`" in question.prompt for name in exercise.names)


def test_a_relu_is_flat_below_0_and_the_sigmoid_at_its_ends() -> None:
    x = tensor([-6.0, 0.0, 6.0]).requires_grad_()
    x.sigmoid().sum().backward()

    assert x.grad[1] > 50 * x.grad[0]
    assert x.grad[1] > 50 * x.grad[2]
    assert nn.ReLU()(tensor([-2.0, -1.0, 0.0, 1.0])).tolist() == [0, 0, 0, 1]
