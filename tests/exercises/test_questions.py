"""The questions can be asked as they are, and what PyTorch can tell about their answers is true."""

import ast
import re
from typing import TypeVar

import pytest
import torch
import torch.nn.functional as F
from torch import nn, tensor
from torch.utils.data import DataLoader

from grader.course import load_course
from grader.quiz.bank import files_of, load_bank, name_of
from grader.quiz.question_file import KINDS
from grader.quiz.questions import Choice, KeyPoint, Matching, Number, Ordering, Question, ShortAnswer

COURSE = load_course()
QUESTIONS = {question.name: question for question in load_bank(COURSE).questions}

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

QUESTIONNAIRE = """images, files and folders, pixel similarity, list comprehensions, rank-3 tensor, rank and shape,
RMSE and L1 norm, array computing, slicing, broadcasting, validation set, SGD, mini-batch, gradient descent,
initialisation, loss, learning rate, gradient, automatic gradients, accuracy as a loss, sigmoid, loss and metric, step,
DataLoader, epoch, Dataset, view, bias, matrix multiplication, backward pass, zeroing gradients, Learner, training loop,
ReLU, activation function, F.relu and nn.ReLU, universal approximation""".replace("\n", " ").split(", ")
RESEARCH = ["a Learner of your own", "all ten digits"]


SECTIONS = {
    "Pixels: The Foundations of Computer Vision",
    "First Try: Pixel Similarity",
    "NumPy Arrays and PyTorch Tensors",
    "Computing Metrics Using Broadcasting",
    "Stochastic Gradient Descent (SGD)",
    "Calculating Gradients",
    "Stepping With a Learning Rate",
    "An End-to-End SGD Example",
    "Summarizing Gradient Descent",
    "The MNIST Loss Function",
    "Sigmoid",
    "SGD and Mini-Batches",
    "Putting It All Together",
    "Creating an Optimizer",
    "Adding a Nonlinearity",
    "Going Deeper",
    "Jargon Recap",
    "Further Research",
}


Kind = TypeVar("Kind", bound=Question)


def of_kind(kind: type[Kind]) -> list[Kind]:
    return [question for question in QUESTIONS.values() if isinstance(question, kind)]


def in_folder(folder: str) -> list[Question]:
    return [QUESTIONS[name_of(file, file.name)] for file in files_of(COURSE.folder, folder)]


def test_every_term_of_the_vocabulary_is_asked_about() -> None:
    assert {question.topic for question in in_folder("vocabulary")} == TERMS
    defined = {term for matching in of_kind(Matching) for term in matching.pairs}
    assert defined >= TERMS


def test_every_heading_of_the_questionnaire_is_asked_exactly_once_and_in_its_order() -> None:
    asked = [question.topic for question in in_folder("questionnaire")]

    assert len(QUESTIONNAIRE) == 37
    assert asked == QUESTIONNAIRE + RESEARCH


def test_the_bank_has_at_least_sixty_questions_beside_the_questionnaire() -> None:
    assert len(QUESTIONS) - len(QUESTIONNAIRE + RESEARCH) >= 60


def test_every_section_is_a_heading_of_the_chapter() -> None:
    bank = load_bank(COURSE)
    assert {question.section for question in bank.questions} | {made.section for made in bank.generators} <= SECTIONS


def test_no_question_is_asked_twice_in_the_same_words() -> None:
    asked = [
        (question.prompt, *getattr(question, "pairs", ()), getattr(question, "code", ""))
        for question in QUESTIONS.values()
    ]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_an_exercise_that_is_named_exists(question: Question) -> None:
    titles = {exercise.title for exercise in COURSE.exercises.values()}
    sentences = re.findall(r"The exercises? “.*", question.explanation)
    named = {title for sentence in sentences for title in re.findall("“(.*?)”", sentence)}

    assert named <= titles
    assert bool(named) == ("exercise" in question.explanation)


def test_all_kinds_and_difficulties_occur() -> None:
    assert {type(question) for question in QUESTIONS.values()} == set(KINDS.values())
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


def bytes_below_zero() -> float:
    return (tensor(3, dtype=torch.uint8) - tensor(5, dtype=torch.uint8)).item()


def memory_of_broadcasting() -> float:
    images, mean3 = torch.zeros(1010, 28, 28), torch.zeros(28, 28)
    _, broadcast = torch.broadcast_tensors(images, mean3)
    assert broadcast.shape == images.shape
    return broadcast.untyped_storage().nbytes() / broadcast.element_size()


def place_in_the_vector() -> float:
    return torch.arange(28 * 28).view(28, 28)[2, 3].item()


def rise_over_run() -> float:
    old, new = tensor([3.0, 3.1], dtype=torch.float64)
    return ((new**2 - old**2) / (new - old)).item()


def how_many_gradients() -> float:
    model = nn.Linear(784, 1)
    model(torch.ones(2, 784)).mean().backward()
    return sum(p.grad.numel() for p in model.parameters() if p.grad is not None)


def gradient_of_accuracy() -> float:
    def accuracy(predictions: torch.Tensor) -> torch.Tensor:
        return (predictions > 0.5).float().mean()

    predictions = tensor([0.2, 0.7, 0.9])
    return ((accuracy(predictions + 0.001) - accuracy(predictions)) / 0.001).item()


def step_without_a_slope() -> float:
    w = tensor(5.0).requires_grad_()
    for _ in range(100):
        w.grad = tensor(0.0)
        torch.optim.SGD([w], lr=1.0).step()
    return w.item()


def loss_of_an_epoch() -> float:
    return tensor([1.0, 1.0, 1.0, 5.0]).mean().item()


def in_scientific_notation() -> float:
    return 10e-5 / 0.00001


def matching_layers() -> float:
    hidden = (torch.ones(4, 784) @ torch.ones(784, 30) + torch.ones(30)).max(tensor(0.0))
    assert (hidden @ torch.ones(30, 1)).shape == (4, 1)
    return hidden.shape[1]


CALCULATIONS = {
    calculate.__name__.replace("_", "-"): calculate
    for calculate in [
        count_parameters,
        count_mini_batches,
        gradient_of_a_square,
        backward_twice,
        one_step,
        bytes_below_zero,
        memory_of_broadcasting,
        place_in_the_vector,
        rise_over_run,
        how_many_gradients,
        gradient_of_accuracy,
        step_without_a_slope,
        loss_of_an_epoch,
        matching_layers,
        in_scientific_notation,
    ]
}


@pytest.mark.parametrize("question", of_kind(Number), ids=lambda question: question.name)
def test_a_number_is_what_pytorch_gives(question: Number) -> None:
    assert CALCULATIONS[question.name]() == pytest.approx(question.answer, abs=question.tolerance + 1e-6)


def test_no_calculation_is_without_its_question() -> None:
    assert {question.name for question in of_kind(Number)} == set(CALCULATIONS)


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


def choice(name: str) -> Choice:
    question = QUESTIONS[name]
    assert isinstance(question, Choice)
    return question


def in_python(code: str, **names: object) -> object:
    return eval(code.strip("`"), {"torch": torch, "tensor": tensor, **names})


def test_just_the_right_slices_select_the_four_numbers_at_the_bottom_right() -> None:
    t = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) * 2

    def selects(code: str) -> bool:
        selected = in_python(code, t=t)
        return isinstance(selected, torch.Tensor) and selected.tolist() == [[10, 12], [16, 18]]

    question = choice("which-slices")
    assert {option for option in question.options if selects(option)} == set(question.right)


def test_a_wrong_slice_selects_what_its_reason_says() -> None:
    t = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) * 2

    assert in_python("`t[2:]`", t=t).tolist() == [[14, 16, 18]]
    assert [part.item() for part in in_python("`t[0, 2], t[1, 2], t[2, 1:2]`", t=t)] == [6, 12, 16]
    assert in_python("`t[:, -2]`", t=t).tolist() == [4, 10, 16]
    assert in_python("`t[1:2, 1:2]`", t=t).tolist() == [[10]]


def test_just_the_right_line_makes_a_step() -> None:
    question = choice("formula-of-the-step")

    def steps(line: str) -> bool:
        w, lr = tensor(5.0).requires_grad_(), 0.1
        w.grad = tensor(2.0)
        with torch.no_grad():
            try:
                exec(line.strip("`"), {"w": w, "lr": lr})
            except AttributeError:
                assert "attribute" in question.wrong[line]
        return w.item() == pytest.approx(4.8)

    assert [option for option in question.options if steps(option)] == list(question.right)


def test_the_options_for_the_matrix_product_are_what_is_said_of_them() -> None:
    question = choice("what-at-does")
    a, b = tensor([[1, 2], [3, 4]]), tensor([[5, 6], [7, 8]])
    said = {"element by element.": a * b, "rows times rows": a @ b.T, "of all elements": (a * b).sum(), "sum,": a + b}

    assert torch.equal(in_python(question.right[0]), a @ b)
    for option, reason in question.wrong.items():
        assert any(torch.equal(in_python(option), value) for words, value in said.items() if words in reason)


def test_the_squared_error_punishes_a_big_mistake_more_than_l1() -> None:
    many_small, one_large, ideal = tensor([2.0] * 4), tensor([8.0, 0, 0, 0]), torch.zeros(4)

    assert F.l1_loss(many_small, ideal) == F.l1_loss(one_large, ideal) == 2
    assert (F.mse_loss(many_small, ideal), F.mse_loss(one_large, ideal)) == (4, 16)


def test_the_mean_over_the_last_two_axes_leaves_one_number_for_each_image() -> None:
    differences = (torch.zeros(1010, 28, 28) - torch.ones(28, 28)).abs()

    assert differences.mean((-1, -2)).shape == (1010,)
    assert differences.mean().shape == ()
    assert differences.mean(0).shape == (28, 28)
    assert differences.mean(-1).shape == (1010, 28)


def test_unsqueeze_adds_an_axis_of_size_1() -> None:
    t = tensor([1, 0, 1])

    assert str(tuple(t.unsqueeze(1).shape)) == choice("what-unsqueeze-does").right[0]
    assert t.unsqueeze(0).shape == (1, 3)


def test_tensors_have_the_ranks_of_their_names() -> None:
    question = QUESTIONS["names-of-ranks"]
    assert isinstance(question, Matching)
    assert [in_python(code).ndim for code in question.pairs.values()] == [0, 1, 2, 3]


def test_the_comprehension_is_a_syntax_error_with_an_else_too() -> None:
    for code in ("[if(i%2==0):i*2 i for i in array]", "[if(i%2==0):i*2 else i for i in array]"):
        with pytest.raises(SyntaxError):
            ast.parse(code)


def test_a_conditional_expression_leaves_nothing_out() -> None:
    question = choice("choosing-or-leaving-out")
    code = re.findall("`([^`]*)`", question.prompt)[0]

    assert in_python(question.right[0]) == in_python(code) == [2, 2, 6]
    assert in_python("[n*2 for n in [1, 2, 3] if n%2 == 1]") == [2, 6]


def test_the_same_graph_has_one_backward() -> None:
    w = tensor(3.0).requires_grad_()
    loss = w**2
    loss.backward()
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()
    (w**2).backward()
    assert w.grad == 12


def test_a_method_without_parentheses_does_nothing() -> None:
    w = tensor(3.0).requires_grad_()
    loss = w**2
    exec("loss.backward", {"loss": loss})
    assert w.grad is None


def test_what_replaces_the_hand_made_pieces_gives_the_same() -> None:
    question = QUESTIONS["by-hand-and-by-library"]
    assert isinstance(question, Matching)
    res, targets = tensor([[-2.0], [0.5], [3.0]]), tensor([[1], [0], [1]])
    p = res.sigmoid()

    library = question.pairs["`mnist_loss(predictions, targets)`"]
    by_library = in_python(library, F=F, predictions=res, targets=targets)
    assert torch.allclose(by_library, torch.where(targets == 1, 1 - p, p).mean())
    assert torch.equal(in_python(question.pairs["`res.max(tensor(0.0))`"], F=F, res=res), res.max(tensor(0.0)))


def test_a_list_of_pairs_is_a_dataset_and_the_zip_itself_is_none() -> None:
    images, labels = torch.zeros(3, 4), tensor([3, 7, 3])
    inputs, targets = next(iter(DataLoader(list(zip(images, labels, strict=True)), batch_size=2)))

    assert (inputs.shape, targets.tolist()) == ((2, 4), [3, 7])
    with pytest.raises(TypeError):
        len(zip(images, labels, strict=True))
    assert len((images, labels)) == 2


def test_a_data_loader_shuffles_the_whole_collection_anew() -> None:
    torch.manual_seed(0)
    loader = DataLoader(range(15), batch_size=5, shuffle=True)
    first, second = list(loader), list(loader)

    assert [len(batch) for batch in first] == [5, 5, 5]
    assert sorted(torch.cat(first).tolist()) == list(range(15))
    assert {*first[0].tolist()} not in ({0, 1, 2, 3, 4}, {*second[0].tolist()})


def test_the_sigmoid_is_as_it_is_described() -> None:
    x = torch.linspace(-10, 10, 101)

    assert ((x.sigmoid() > 0) & (x.sigmoid() < 1)).all()
    assert (x.sigmoid().diff() > 0).all()
    assert tensor(0.0).sigmoid() == 0.5


def test_a_view_looks_at_the_same_memory_and_is_no_transpose() -> None:
    t = torch.arange(6).view(3, 2)

    assert t.view(2, 3).data_ptr() == t.data_ptr()
    assert t.view(2, 3).tolist() != t.T.tolist()


def test_neurons_of_a_network_of_zeros_stay_alike_and_a_linear_model_learns() -> None:
    linear, network = nn.Linear(2, 1), nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    for model in (linear, network):
        for p in model.parameters():
            nn.init.zeros_(p)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            (model(tensor([[1.0, 2.0], [3.0, -1.0]])) - tensor([[1.0], [2.0]])).square().mean().backward()
            optimizer.step()

    assert linear.weight.abs().min() > 0
    assert isinstance(network[0], nn.Linear)
    assert len(network[0].weight.unique(dim=0)) == 1


def test_the_root_of_each_square_is_the_absolute_value() -> None:
    d = tensor([3.0, -4.0, 0.0])

    assert d.square().sqrt().mean() == d.abs().mean() != d.square().mean().sqrt()


def test_cross_entropy_contains_the_softmax() -> None:
    scores, target = tensor([[2.0, 0.0, -1.0]]), tensor([0])

    assert F.cross_entropy(scores, target) == pytest.approx(-scores.softmax(1)[0, 0].log().item())


def test_random_weights_give_different_results_for_different_images() -> None:
    torch.manual_seed(0)
    assert len(nn.Linear(784, 1)(torch.rand(5, 784)).unique()) == 5


def test_lines_of_an_epoch_train_when_they_stand_in_their_order() -> None:
    question = QUESTIONS["lines-of-an-epoch"]
    assert isinstance(question, Ordering)
    loop, *body = [item.strip("`") for item in question.items]
    model = nn.Linear(1, 1)
    xb = torch.linspace(-1, 1, 8).view(-1, 1)
    names = {"dl": [(xb, 3 * xb)] * 50, "model": model, "params": [*model.parameters()], "lr": 0.5}

    exec("\n    ".join([loop, *body]), {**names, "loss_func": F.mse_loss})

    assert model.weight.item() == pytest.approx(3, abs=0.01)
    assert all((p.grad == 0).all() for p in model.parameters())
