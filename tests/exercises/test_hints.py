"""Hints that help on: several for each exercise, none that gives the solution away, or says what was said before."""

import ast
import builtins
import keyword
import re
from pathlib import Path
from string import ascii_letters

import numpy as np
import pytest
import torch
from matplotlib import pyplot
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import SGD

from grader.course import LoadedCourse, load_course
from grader.exercise import Exercise

EXERCISES = load_course().exercises
LONGEST = 300  # characters: a sentence or two
SHORTEST_ANSWER = 10  # characters without spaces: what a function returns, or a name is set to
SHORTEST_STATEMENT = 15  # shorter ones are found in all code, such as `opt.step()`

MODULES = {"torch": torch, "F": functional, "nn": nn, "np": np, "plt": pyplot}
TYPES = (Tensor, np.ndarray, nn.Module, SGD, Path, str, list, dict)
# What else a hint may name: an attribute, an argument, or what modules that are not imported above have.
OTHERS = {"Counter", "SimpleNamespace", "collections", "itertools", "math", "types", "zip_longest"}
OTHERS |= {"DataLoader", "_loss", "fillvalue", "padding", "stride", "weight"}


def in_ticks(text: str) -> list[str]:
    """The pieces of code in a text."""
    return re.findall(r"`([^`]+)`", text)


def sentences(text: str) -> set[str]:
    """The sentences of a text that say something, without its ticks: not the name with a colon before a hint."""
    parts = re.split(r"(?<=[.:?])\s+", " ".join(text.replace("`", "").split()))
    return {part for part in parts if len(part.split()) > 3}


def without_spaces(code: str) -> str:
    """Code as it is compared: neither spaces nor a choice of quotes make a difference."""
    return re.sub(r"\s", "", code).replace("'", '"')


def answers(code: str) -> set[str]:
    """The statements of a solution, and what it returns or sets its names to, without spaces.

    The first line of a loop or a `with` is no answer yet.
    """
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr) and node.value:
            if isinstance(node.value, ast.Constant | ast.Name):  # a docstring, or nothing that is calculated
                continue
            found |= {(ast.unparse(node), SHORTEST_STATEMENT)}
            if not isinstance(node, ast.Expr):
                found |= {(ast.unparse(node.value), SHORTEST_ANSWER)}
        elif isinstance(node, ast.AugAssign | ast.Raise):
            found |= {(ast.unparse(node), SHORTEST_STATEMENT)}
    return {short for text, least in found if len(short := without_spaces(text)) >= least}


def is_of_module(path: str) -> bool:
    """Whether `torch.optim.SGD` and the like can be found."""
    first, *rest = path.split(".")
    found: object = MODULES[first]
    for name in rest:
        found = getattr(found, name, None)
    return found is not None


def known_names(exercise: Exercise) -> set[str]:
    """The names that a hint's code may use without saying what they are: letters, and what the student has met."""
    told = re.findall(r"\w+", "\n".join([exercise.statement, exercise.given, exercise.starter]))
    provided = {name for other in EXERCISES.values() for name in other.names}
    libraries = {name for place in (*MODULES.values(), *TYPES) for name in dir(place)}
    return {*told, *provided, *libraries, *dir(builtins), *keyword.kwlist, *MODULES, *OTHERS, *ascii_letters}


each_exercise = pytest.mark.parametrize("name", EXERCISES)


@each_exercise
def test_there_are_two_hints_at_least_and_none_is_long(name: str) -> None:
    hints = EXERCISES[name].hints

    assert len(hints) >= 2
    assert [hint for hint in hints if not 0 < len(hint) <= LONGEST] == []


@each_exercise
def test_no_hint_repeats_the_statement_another_hint_or_what_a_failed_check_says(name: str) -> None:
    exercise = EXERCISES[name]
    said = sentences(exercise.statement)
    for other in [*exercise.checks, *exercise.misconceptions]:
        said |= sentences(other.hint)

    for hint in exercise.hints:
        assert sentences(hint) & said == set()
        said |= sentences(hint)


@each_exercise
def test_no_hint_holds_a_line_of_a_solution(name: str, course: LoadedCourse) -> None:
    exercise = EXERCISES[name]
    lines = set().union(*map(answers, [course.solution(exercise), *exercise.accepts.values()]))

    told = [without_spaces(code) for hint in exercise.hints for code in in_ticks(hint)]

    assert [(line, code) for code in told for line in lines if line in code] == []


@each_exercise
def test_ticks_come_in_pairs_and_hold_names_that_exist(name: str) -> None:
    hints = EXERCISES[name].hints
    known = known_names(EXERCISES[name])

    assert [hint for hint in hints if hint.count("`") % 2] == []
    for path in re.findall(r"[^\W\d]\w*(?:\.\w+)*", "\n".join(code for hint in hints for code in in_ticks(hint))):
        first, *attributes = path.split(".")
        assert is_of_module(path) if first in MODULES else {first, *attributes} <= known, path


@each_exercise
def test_hints_for_several_names_leave_none_out(name: str) -> None:
    exercise = EXERCISES[name]
    told = {word for hint in exercise.hints for code in in_ticks(hint) for word in re.findall(r"\w+", code)}

    assert len(exercise.names) == 1 or set(exercise.names) <= told


def test_code_of_the_solution_is_recognised_in_a_hint() -> None:
    assert answers("def invert(pixels):\n    return 255  -  pixels\n") == {"255-pixels", "return255-pixels"}
    assert answers("nine = torch.arange(1, 10)") == {"nine=torch.arange(1,10)", "torch.arange(1,10)"}
    assert answers("def f(p, lr):\n    '''Text.'''\n    p.data -= lr * p.grad\n    p.grad = None\n") == {
        "p.data-=lr*p.grad"
    }
