"""Which cells a slice keeps. In each test the last cell answers, and its name is asked for after it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.effects import effects_of
from grader.slicing import Cells, Demand


def kept(*cells, name="f", supplied=(), failing=()):
    """The positions, from 0, of the cells that are run so that the last one's `name` can be probed."""
    found = Cells(dict(enumerate(cells)))
    demand = Demand(len(cells) - 1, frozenset({name}), frozenset(supplied))
    return sorted(found.sliced([demand], frozenset(failing)).run)


DEF = "def f(a): return a + x"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("x = 1", "y = 2", DEF), [0, 2]),
        (("x = 1", "x = 2", DEF), [1, 2]),
        (("x = 1", "x = x + 1", DEF), [0, 1, 2]),
        (("x = 1", "x += 1", DEF), [0, 1, 2]),
        (("x = 1", "if y: x = 2", DEF), [0, 1, 2]),
        (("x = 1", "for x in range(3): pass", DEF), [0, 1, 2]),
        (("x = 1", "del x", DEF), [0, 1, 2]),
        (("x, y = 1, 2", "z = y", DEF), [0, 2]),
        (("z = 1", "x = z", "z = 3", DEF), [0, 1, 3]),
        (("import numpy", "x = numpy.ones(2)", DEF), [0, 1, 2]),
        (("y = 2", "x = [y for y in range(3)]", DEF), [1, 2]),
        (("with open('a') as x: pass", DEF), [0, 1]),
        (("try:\n    x = 1\nexcept Exception:\n    x = 2", DEF), [0, 1]),
        (("%%time\nx = 1", DEF), [0, 1]),
        (("%time x = 1", DEF), [0, 1]),
        (("%%capture x\ny = 1", DEF), [0, 1]),
    ],
)
def test_what_defines_a_name_that_the_answer_reads_is_kept(cells, expected):
    assert kept(*cells) == expected


@pytest.mark.parametrize(
    "change",
    [
        "x.append(1)",
        "x[0] = 1",
        "x.size = 1",
        "del x[0]",
        "x.grad.zero_()",
        "fill(x)",
        "fill([x])",
        "fill(to=x)",
        "library.fill_(x)",
        "y = x\ny.append(1)",
        "for part in x: part.fill_(1)",
        "x.data -= 1",
        "setattr(x, 'a', 1)",
    ],
)
def test_what_may_change_an_object_that_the_answer_reads_is_kept(change):
    assert kept("x = make()", change, "z = 1", DEF) == [0, 1, 3]


@pytest.mark.parametrize("look", ["print(x)", "x.mean()", "len(x)", "show_image(x)", "y = x / 2", "x", "y = x.shape"])
def test_what_only_looks_at_an_object_is_left_out(look):
    assert kept("x = make()", look, DEF) == [0, 2]


def test_a_function_of_the_notebooks_own_may_change_what_another_of_its_name_would_not():
    assert kept("x = make()", "def show(a): a.append(1)", "show(x)", DEF) == [0, 1, 2, 3]


def test_a_change_under_another_name_is_a_change():
    assert kept("x = make()", "params = x, 1", "params[0].append(1)", DEF) == [0, 1, 2, 3]
    assert kept("y = make()", "x = [y]", "y.append(1)", DEF) == [0, 1, 2, 3]


def test_a_number_is_not_changed_by_being_passed_on():
    assert kept("x = 1.", "train(x)", DEF) == [0, 2]


def test_what_a_function_needs_is_needed_where_it_is_called_not_where_it_is_defined():
    assert kept("def f(a): return g(a)", "def g(a): return h(a)", "def h(a): return a", "f(1)") == [0, 1, 2]
    assert kept("y = make()", "def g(): return y", "def f(a): return a") == [2]
    assert kept("def g(): return y", "y = 1", "x = g(1)", "z = 2", DEF) == [0, 1, 2, 4]


def test_what_a_method_needs_is_needed_where_its_object_is_used():
    cells = ("y = 1", "class C:\n    def get(self): return y", "c = C()", "x = c.get()", DEF)

    assert kept(*cells) == [0, 1, 2, 3, 4]


def test_a_function_that_sets_a_name_of_the_notebook_is_kept_with_its_call():
    setter = "def set_x(value):\n    global x\n    x = value"

    assert kept("x = 1", setter, "set_x(2)", "z = 3", DEF) == [0, 1, 2, 4]


def test_a_method_that_changes_a_name_of_the_notebook_is_kept_with_its_call():
    cells = ("x = []", "class C:\n    def go(self): x.append(1)", "c = C()", "c.go()", DEF)

    assert kept(*cells) == [0, 1, 2, 3, 4]


def test_a_star_import_is_kept():
    assert kept("y = 1", "from math import *", "def f(a): return a") == [1, 2]


@pytest.mark.parametrize("code", ["exec(text)", "eval('1')", "globals()['x'] = 1", "%run other.ipynb"])
def test_code_that_can_not_be_read_is_kept_with_all_before_it(code):
    assert kept("y = 1", code, "z = 1", "def f(a): return a") == [0, 1, 3]


def test_shell_commands_and_cells_that_are_no_python_are_kept():
    assert kept("!mkdir data", "def broken(:", "y = 1", "def f(a): return a") == [0, 1, 3]


def test_imports_and_settings_are_kept():
    cells = ("import torch", "torch.manual_seed(1)", "%matplotlib inline", "Path.BASE = 3", "go()", "def go(): pass")

    assert kept(*cells, "def f(a): return a") == [0, 1, 2, 3, 6]


def test_a_decorated_function_is_kept_since_its_decorator_may_change_a_package():
    assert kept("@patch\ndef show(self: Learner): return 1", "def f(a): return a") == [0, 1]


def test_what_a_probe_brings_itself_is_not_needed():
    assert kept("y = slow()", "x = [y]", DEF, supplied=["x"]) == [2]


def test_a_cell_that_fails_may_not_have_defined_its_names():
    assert kept("x = 1", "x = broken()", DEF) == [1, 2]
    assert kept("x = 1", "x = broken()", DEF, failing=[1]) == [0, 1, 2]


def test_each_cell_that_defines_the_name_is_kept():
    cells = Cells(dict(enumerate(["def f(): return 1", "y = 1", "def f(): return 2"])))

    assert sorted(cells.sliced([Demand(i, frozenset("f")) for i in (0, 2)]).run) == [0, 2]


def test_what_is_defined_only_below_its_use_is_demanded_there():
    cells = Cells(dict(enumerate(["def f(a): return g(a)", "y = 1", "def g(a): return a", "def g(a): return 1"])))
    demand = Demand(0, frozenset("f"))

    assert [later.cell for later in cells.postponed(demand)] == [2, 3]


def test_a_cell_that_is_left_out_has_a_reason_that_names_what_it_defines():
    cells = Cells(dict(enumerate(["a = b = c = d = e = 1", "print(3 + 4, a)", "def f(): return 1"])))
    left_out = cells.sliced([Demand(2, frozenset("f"))]).left_out

    assert left_out[0] == "No exercise that was found needs `a`, `b`, `c`, `d` and 1 more from here."
    assert left_out[1] == "No exercise that was found depends on it."


def test_the_star_import_is_among_the_needed_if_a_name_comes_from_nowhere_else():
    cells = {0: "from fastai.vision.all import *", 1: "def f(a): return tensor(a)", 2: "def g(a): return len(a)"}
    found = Cells(cells)

    assert found.sliced([Demand(1, frozenset("f"))]).needed == {0, 1}
    assert found.sliced([Demand(2, frozenset("g"))]).needed == {2}


@pytest.mark.parametrize("cell", ["x = " + "(" * 500, "x = " + "1 + " * 5000 + "1", "x = '" + "a" * 300_000 + "'"])
def test_a_cell_that_can_not_be_read_is_kept_and_nothing_breaks(cell):
    assert kept("y = 1", cell, "def f(a): return a") == [1, 2]


def test_a_notebook_of_thousands_of_cells_is_not_sliced():
    assert len(kept(*["y = 1"] * 1001, "def f(a): return a")) == 1002


# A law: what a function gives after a slice is what it gives after all cells

CELLS = (
    *("a = 1", "b = [1]", "c = {'k': [2]}", "a = b", "b = [a]", "c = (a, b)", "a, b = b, a", "a += b", "b = b + [3]"),
    *("b.append(2)", "b[0] = 5", "c[1].append(4)", "del a", "del b[0]", "a = 'text'", "b = a", "a = [b, c]"),
    *("for a in b: pass", "for x in b: x.append(6)", "if b: b = [7]", "try:\n    a = b[9]\nexcept Exception: a = 8"),
    *(
        "def g(): return b",
        "def g(y=a): return y",
        "a = g()",
        "g().append(9)",
        "def g():\n    global a\n    a = 5",
        "g()",
    ),
    *(
        "class K:\n    def m(self): b.append(3)\n    z = a",
        "k = K()",
        "k.m()",
        "k.q = a",
        "b = k",
        "K.m(k)",
        "k = [K()]",
    ),
    *("h = lambda: (a, b)", "a = h()", "h = g", "raise ValueError", "a = undefined", "def h(t): t.append(1)", "h(b)"),
    *(
        "exec('a = 9')",
        "globals()['b'] = [0]",
        "b = sorted(b, key=h)",
        "with open('/dev/null') as a: pass",
        "b: list = [a]",
    ),
    *("def f(x): return x, a", "def f(x): return g(), b", "f = lambda x: (x, c)", "def f(x): return k.z, h()", "f(0)"),
    *(
        "def d(function): b.append(7); return function",
        "@d\ndef g(): return c",
        "a = [x for x in b]",
        "b = [a for a in b]",
    ),
    *(
        "print(b)",
        "len(b)",
        "a = b.copy()",
        "a = list(b)",
        "b = tuple(b)",
        "a = b[0]",
        "b.extend(c)",
        "import math as a",
    ),
)


def after(cells, run):
    """What `f` gives after each cell that defines it, and which cells fail, if these cells are run."""
    space, answers, failed = {}, [], set()
    for index in sorted(run):
        try:
            exec(compile(cells[index], "<cell>", "exec"), space)
        except Exception:  # noqa: BLE001  cells fail as they like
            failed.add(index)
        if "f" in effects_of(cells[index]).binds:
            try:
                answers.append(re.sub(r" at 0x\w+", "", repr(space["f"](0))))
            except Exception as error:  # noqa: BLE001  and so do answers
                answers.append(type(error).__name__)
    return answers, failed


@settings(max_examples=600)
@given(st.lists(st.sampled_from(CELLS), min_size=3, max_size=14))
def test_after_a_slice_a_function_gives_what_it_gives_after_all_cells(cells):
    found = Cells(dict(enumerate(cells)))
    places = [index for index, effects in found.effects.items() if "f" in effects.binds]
    demands = [Demand(index, frozenset("f")) for index in places]
    failed = frozenset()
    while True:
        run = found.sliced(demands, failed).run
        answers, failing = after(cells, run)
        if found.sliced(demands, frozenset(failing)).run <= run:
            break
        failed = frozenset(failing | failed)

    assert answers == after(cells, range(len(cells)))[0]
