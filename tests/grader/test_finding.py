"""Finding answers in notebooks that were not made from the starter notebook."""

import pytest

from grader.exercise import Exercise
from grader.finding import Found, find
from tests.grader.notebooks import notebook_of

exercise = Exercise(
    title="Distance", provides=("distance", "nine"), oracle="a:b", statement="", starter="", checks=[],
    aliases={"distance": ("dist", "gap")},
)  # fmt: skip


def found(*cells, **tagged) -> Found:
    return find(notebook_of(*cells, **tagged), "distance", exercise, frozenset({"distance"}))


@pytest.mark.parametrize(
    "cell",
    [
        "def distance(a, b): return a",
        "distance = lambda a, b: a",
        "class distance: pass",
        "if True:\n    def distance(a, b): return a",
        "try:\n    distance = f\nexcept Exception:\n    pass",
        "distance = functools.partial(f, 1)",
        "%%time\ndef distance(a, b): return a",
        "from my_own_work import distance",
        "nine = 9",
        "nine = torch.ones(3)",
    ],
)
def test_what_defines_a_name_answers(cell):
    assert found("x = 1", cell).cells == [1]


@pytest.mark.parametrize(
    "cell",
    [
        "from fastai.vision.all import distance",
        "from fastai.vision.all import *",
        "distance = 0.5",
        "distance = (a - b).abs()",
        "distance = len(a)",
        "for distance in range(3): pass",
        "def f():\n    distance = lambda: 1",
        "print(distance)",
    ],
)
def test_a_number_of_that_name_or_a_packages_function_is_no_answer(cell):
    assert found(cell).cells == []


def test_an_alias_stands_in_for_a_name_that_is_nowhere_defined():
    assert found("def gap(a, b): return a").stand_ins == {"distance": "gap"}
    assert found("def gap(a, b): return a").cells == [0]


def test_the_exact_name_wins():
    both = found("def gap(a, b): return a", "def distance(a, b): return b")

    assert both.stand_ins == {}
    assert both.cells == [1]


def test_an_alias_stands_in_in_the_courses_notebook_too():
    result = found("def dist(a, b): return a", other="x = 1")

    assert result.stand_ins == {"distance": "dist"}
    assert result.cells == [0]


def test_an_alias_that_is_a_number_does_not_stand_in():
    assert found("dist = 0.5").stand_ins == {}
