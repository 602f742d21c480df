"""Variants of a generated question: the same for the same seed, and with options that can be told apart."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.quiz.generators import Generator, one_number_of, one_of, variant, written

ROOT = Path(__file__).resolve().parents[3]


def adds(random):
    a, b = random.randrange(0, 4), random.randrange(0, 4)
    wrong = [(a * b, "That is the product."), (a - b, "That is the difference."), (10 * a + b, "These are the digits.")]
    return one_number_of(f"What is {a} + {b}?", a + b, wrong, "Count on.")


SUMS = Generator(name="sums", topic="adding", difficulty=2, section="Sums", make=adds)


@given(st.integers(0, 10**9))
def test_a_variant_has_what_its_generator_says_and_options_that_differ(seed):
    question = variant(SUMS, seed)

    assert (question.name, question.topic, question.difficulty, question.section) == (
        f"sums#{seed}",
        "adding",
        2,
        "Sums",
    )
    assert len(question.wrong) >= 2
    assert len({int(option) for option in question.options}) == len(question.options)


def test_the_same_seed_gives_the_same_question_and_others_give_others():
    assert variant(SUMS, 7) == variant(SUMS, 7)
    assert len({variant(SUMS, seed).prompt for seed in range(50)}) > 5


def test_the_seed_means_the_same_in_another_process():
    code = (
        "from random import Random\n"
        "from grader.quiz.generators import Generator, one_number_of, variant\n"
        "def make(random):\n"
        "    number = random.randrange(10**6)\n"
        "    return one_number_of('Which?', number, [(number + 1, 'One more.'), (number + 2, 'Two more.')], 'So.')\n"
        "print(variant(Generator('g', 't', 1, 's', make), 17).right[0])\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "70707"


def test_numbers_that_leave_too_few_options_are_drawn_again():
    drawn = []

    def makes(random):
        drawn.append(random.randrange(3))
        return one_of("Which?", "a", [("a" if drawn[-1] else "b", "No."), ("c", "No.")], "So.")

    for seed in range(10):
        assert variant(dataclasses.replace(SUMS, make=makes), seed).options == ("a", "b", "c")
    assert len(drawn) > 10


def test_a_generator_whose_mistakes_are_all_the_same_is_told_so():
    generator = dataclasses.replace(SUMS, make=lambda _: one_of("Which?", "a", [("b", "No."), ("b", "Nor.")], "So."))

    with pytest.raises(UserError, match=r"sums#3: .* 2 wrong options"):
        variant(generator, 3)


def test_a_question_that_cant_be_asked_is_told():
    generator = dataclasses.replace(SUMS, make=lambda _: one_of("", "a", [("b", "No."), ("c", "Nor.")], "So."))

    with pytest.raises(UserError, match="'sums#3': prompt is empty"):
        variant(generator, 3)


def test_of_mistakes_that_give_the_same_the_first_is_told():
    question = one_of("Which?", "a", [("a", "It is right."), ("b", "First."), ("b", "Second.")], "So.")

    assert question.wrong == {"b": "First."}


def test_a_number_that_may_be_a_rounding_of_another_is_no_option():
    question = one_number_of(
        "Which?", 0.625, [(0.63, "Up."), (0.62, "Down."), (0.65, "Off."), (0.66, "Far.")], "So.", 2
    )

    assert question.options == ("0.63", "0.65")


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [(-0.001, 2, "0.00"), (0.5, 2, "0.50"), (-3, 0, "-3"), (2.675, 2, "2.68"), (1e-7, 3, "0.000")],
)
def test_a_number_is_written_with_all_its_digits(number, digits, text):
    assert written(number, digits) == text
