"""Each variant of a generated question has one right answer, which is what its code gives, and options that differ.

VARIANTS=10000 in the environment looks at so many of each.
"""

import ast
import itertools
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn, tensor
from torch.utils.data import DataLoader

from grader.course import load_course
from grader.quiz.bank import load_bank
from grader.quiz.generators import Generator, variant
from grader.quiz.questions import Choice

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = int(os.environ.get("VARIANTS", "200"))
GENERATORS = load_bank(load_course()).generators
of_each = pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.name)

# What their prompts ask for in words. The numbers and lists in a prompt are n[0], n[1], ... in its order.
ASKED_IN_WORDS = {
    "small-batch-losses": "F.l1_loss(tensor(n[0]), tensor(n[1]).float())",
    "batch-accuracies": "((tensor(n[0]).sigmoid() > 0.5) == tensor(n[1])).float().mean()",
    "distances L1": "F.l1_loss(tensor(n[0]), tensor(n[1]))",
    "distances RMSE": "F.mse_loss(tensor(n[0]), tensor(n[1])).sqrt()",
    "steps-of-a-training": "n[1] * -(n[0] // -n[2])",
    "sigmoid-values": "torch.sigmoid(tensor(n[0]))",
}


def variants(generator: Generator) -> list[Choice]:
    made = [variant(generator, seed) for seed in range(VARIANTS)]
    assert all(isinstance(question, Choice) for question in made)
    return made


def value_of(option: str) -> object:
    """What an option says, however it is written: a number, a shape or list, or else its words."""
    try:
        return ast.literal_eval(option.strip("`"))
    except (SyntaxError, ValueError):
        return option


def says_the_same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, rel=1e-6, abs=1e-9)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(itertools.starmap(says_the_same, zip(one, other, strict=True)))
    return one == other


def by_pytorch(question: Choice) -> object:
    """What the code in a prompt gives, or what stands for its words; None if it can't be calculated."""
    names = {"torch": torch, "tensor": tensor, "nn": nn, "F": F, "DataLoader": DataLoader}
    name = question.name.partition("#")[0]
    if name == "distances":
        name += " L1" if "(L1)" in question.prompt else " RMSE"
    if name in ASKED_IN_WORDS:
        found = re.findall(r"\[[^\]]*\]|(?<![\w.])-?\d+(?:\.\d+)?", question.prompt)
        return plain(eval(ASKED_IN_WORDS[name], {**names, "n": [ast.literal_eval(text) for text in found]}))
    code, asked = re.fullmatch(r"```python\n(.*)\n```\n\nWhat is `(.*)`\?", question.prompt, re.DOTALL).groups()
    try:
        exec(code, names)
        return plain(eval(asked, names))
    except RuntimeError:
        return None


def plain(value: object) -> object:
    if isinstance(value, torch.Size):
        return tuple(value)
    return value.item() if isinstance(value, torch.Tensor) else value


def test_there_are_at_least_fifteen_generators() -> None:
    assert len(GENERATORS) >= 15


@of_each
def test_no_two_options_say_the_same(generator: Generator) -> None:
    for question in variants(generator):
        values = [value_of(option) for option in question.options]
        assert not [pair for pair in itertools.combinations(values, 2) if says_the_same(*pair)], question


@of_each
def test_the_right_option_is_what_pytorch_gives_and_no_other_is_as_near(generator: Generator) -> None:
    for question in variants(generator)[: max(100, VARIANTS // 10)]:
        value, right = by_pytorch(question), value_of(question.right[0])
        if value is None:
            assert "error" in question.right[0], question
        elif isinstance(right, float):
            distances = {abs(value_of(option) - value): option for option in question.options}
            assert distances[min(distances)] == question.right[0], question
            assert min(distances) <= 0.50001 * 10 ** -len(question.right[0].partition(".")[2]), question
        else:
            assert says_the_same(value, right), question


@of_each
def test_every_mistake_is_explained_in_a_sentence(generator: Generator) -> None:
    for question in variants(generator)[:50]:
        sentences = [question.explanation, *question.wrong.values()]
        assert all(len(text) >= 15 and text.endswith(".") for text in sentences)
        assert not [text for text in sentences if "`" in re.sub("`[^`]*`", "", text)]


@of_each
def test_another_seed_asks_another_question(generator: Generator) -> None:
    assert len({variant(generator, seed).prompt for seed in range(40)}) >= 20


@of_each
def test_most_variants_have_three_wrong_options_or_more(generator: Generator) -> None:
    counts = [len(question.wrong) for question in variants(generator)[:100]]
    assert sum(count >= 3 for count in counts) >= 80


def test_variants_take_their_random_numbers_from_their_seed_alone() -> None:
    random.seed(1)
    torch.manual_seed(1)
    before = (random.getstate(), torch.get_rng_state().tolist())

    first = [variant(generator, 5) for generator in GENERATORS]

    assert (random.getstate(), torch.get_rng_state().tolist()) == before
    assert [variant(generator, 5) for generator in GENERATORS] == first


def test_variants_are_the_same_in_another_process_in_which_only_those_that_need_it_import_torch() -> None:
    code = (
        "import sys\n"
        "from grader.quiz.bank import open_bank\n"
        "bank = open_bank()\n"
        "assert 'torch' not in sys.modules\n"
        "for generator in reversed(bank.generators):\n"
        "    print(bank.find(f'{generator.name}#5'))\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines() == [str(variant(generator, 5)) for generator in reversed(GENERATORS)]
