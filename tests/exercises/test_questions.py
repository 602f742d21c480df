"""The questions can be asked as they are, and what PyTorch can tell about their answers is true."""

import re
from typing import TypeVar

import pytest
import torch
import torch.nn.functional as F
from torch import nn, tensor
from torch.utils.data import DataLoader

from grader.course import load_course, load_questions
from grader.questions import Choice, KeyPoint, Matching, Number, Ordering, Question, ShortAnswer

QUESTIONS = {question.name: question for question in load_questions(load_course())}

TERMS = {
    "ReLU",
    "mini-batch",
    "forward pass",
    "loss",
    "gradient",
    "backward pass",
    "gradient descent",
    "learning rate",
    "activations",
    "parameters",
}


Kind = TypeVar("Kind", bound=Question)


def of_kind(kind: type[Kind]) -> list[Kind]:
    return [question for question in QUESTIONS.values() if isinstance(question, kind)]


def test_every_term_of_the_vocabulary_is_asked_about() -> None:
    assert {question.topic for question in QUESTIONS.values()} == TERMS
    defined = {term for matching in of_kind(Matching) for term in matching.pairs}
    assert defined >= TERMS


def test_all_kinds_and_difficulties_occur() -> None:
    assert {type(question) for question in QUESTIONS.values()} == {Choice, Matching, ShortAnswer, Number, Ordering}
    assert {question.difficulty for question in QUESTIONS.values()} == {1, 2, 3}


@pytest.mark.parametrize("question", of_kind(Choice), ids=lambda question: question.name)
def test_a_choice_has_at_least_two_wrong_options(question: Choice) -> None:
    assert len(question.wrong) >= 2


@pytest.mark.parametrize("question", of_kind(Choice), ids=lambda question: question.name)
def test_a_reason_says_more_than_its_option(question: Choice) -> None:
    assert all(len(reason) >= 15 and reason.endswith(".") for reason in question.wrong.values())


@pytest.mark.parametrize("question", of_kind(Matching), ids=lambda question: question.name)
def test_no_definition_gives_its_term_away(question: Matching) -> None:
    assert not [term for term, definition in question.pairs.items() if term.casefold() in definition.casefold()]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_code_is_marked_as_code(question: Question) -> None:
    texts = [question.prompt, question.explanation]
    prose = [re.sub("`[^`]*`", "", text) for text in texts]
    assert not [text for text in prose if "`" in text or text.count("**") % 2]


# What PyTorch can tell


def count_parameters() -> float:
    network = nn.Sequential(nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 1))
    return sum(p.numel() for p in network.parameters())


def count_mini_batches() -> float:
    return len(DataLoader(range(12_396), batch_size=256))


def gradient_of_a_square() -> float:
    x = tensor(3.0).requires_grad_()
    (x**2).backward()
    assert x.grad is not None
    return x.grad.item()


def backward_twice() -> float:
    w = tensor(1.0).requires_grad_()
    for _ in range(2):
        (3 * w).backward()
    assert w.grad is not None
    return w.grad.item()


def one_step() -> float:
    w = tensor(5.0).requires_grad_()
    w.grad = tensor(2.0)
    torch.optim.SGD([w], lr=0.1).step()
    return w.item()


@pytest.mark.parametrize(
    "calculate", [count_parameters, count_mini_batches, gradient_of_a_square, backward_twice, one_step]
)
def test_a_number_is_what_pytorch_gives(calculate) -> None:
    question = QUESTIONS[calculate.__name__.replace("_", "-")]

    assert calculate() == pytest.approx(question.answer, abs=question.tolerance + 1e-6)


def test_every_number_is_checked_against_pytorch() -> None:
    checked = {count_parameters, count_mini_batches, gradient_of_a_square, backward_twice, one_step}

    assert {question.name for question in of_kind(Number)} == {f.__name__.replace("_", "-") for f in checked}


def test_the_options_for_relu_are_what_is_said_of_them() -> None:
    x = tensor([-2.0, 0.0, 3.0])
    question = QUESTIONS["relu-of-three-numbers"]
    functions = {"absolute value": x.abs(), "step": (x > 0).float(), "smaller": x.clamp(max=0), "sign": x.sign()}

    def value(option: str) -> torch.Tensor:
        return tensor([float(number) for number in re.findall(r"-?\d+\.", option)])

    assert torch.equal(value(question.right[0]), F.relu(x))
    for option, reason in question.wrong.items():
        assert torch.equal(value(option), next(given for words, given in functions.items() if words in reason))


def test_backward_gives_none_and_requires_grad_calculates_nothing() -> None:
    w = tensor(1.0).requires_grad_()
    assert w.grad is None
    assert (2 * w).backward() is None
    assert w.grad is not None


def test_sequential_takes_the_module_and_not_the_function() -> None:
    assert nn.Sequential(nn.ReLU())(tensor(-1.0)) == F.relu(tensor(-1.0))
    assert not list(nn.ReLU().parameters())
    with pytest.raises(TypeError):
        nn.Sequential(F.relu)


def test_a_gradient_of_4_makes_the_loss_grow_about_four_times_as_much() -> None:
    w = tensor(2.0, dtype=torch.float64).requires_grad_()
    (w**2).backward()
    assert w.grad == 4
    rise = 2.001**2 - 2**2
    assert rise / 0.001 == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize(("lr", "happens"), [(0.25, "falls"), (1.0, "stays"), (1.5, "grows")])
def test_a_high_learning_rate_bounces_or_makes_the_loss_grow(lr: float, happens: str) -> None:
    w, losses = 1.0, []
    for _ in range(4):
        losses.append(w**2)
        w -= lr * 2 * w
    order = {
        "falls": losses[1] < losses[0],
        "stays": losses[1] == losses[0],
        "grows": losses[3] > losses[1] > losses[0],
    }
    assert order[happens]


def test_cross_entropy_does_not_stay_between_0_and_1() -> None:
    assert F.cross_entropy(tensor([[-9.0, 9.0]]), tensor([0])) > 1


def test_every_key_point_has_several_phrasings_or_is_a_term() -> None:
    points = [point for question in of_kind(ShortAnswer) for point in question.key_points]
    assert all(isinstance(point, KeyPoint) and len(point.phrasings) >= 2 for point in points)
