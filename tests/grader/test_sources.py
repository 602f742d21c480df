"""Code taken out of its module, together with what it needs."""

import subprocess
import sys

import pytest

from grader.sources import names_defined, source_of

MODULE = '''\
"""A module with a little of everything."""

import functools
import math as m
import os.path, sys
from collections import Counter, deque as queue
from grader.exercise import Calls
from reference.shapes import area, side as edge

TWO = 2
FACTORS = [n * TWO for n in range(3)]
low, high = 0, 9

if TWO > 1:
    MORE = 3
else:
    MORE = 4

for turn in range(3):
    LAST = turn

try:
    import tomllib
except ImportError:
    tomllib = None


def double(n):
    return TWO * n


def quadruple(n):
    return double(double(n))


@functools.cache
def root(n):
    return m.sqrt(n)


class Base:
    factor = TWO


class Derived(Base):
    """Has a method with a helper."""

    def times(self, n):
        return double(n) * self.factor


def countdown(n):
    return [] if n == 0 else [n, *countdown(n - 1)]


def is_even(n):
    return n == 0 or is_odd(n - 1)


def is_odd(n):
    return n != 0 and is_even(n - 1)


def counts(items) -> Counter:
    return Counter(items)


def square_area(n):
    return area(n) + edge()


def declares():
    return Calls


def both():
    return low + high + MORE + LAST


def path(*parts):
    return os.path.join(*parts)


def newest():
    return queue([1], 1)


def has_toml():
    return tomllib is not None


def shadows(double):
    return double + 1


unused = print
'''

SHAPES = """\
from reference.order import product


def area(side):
    return product(side, side)


def side():
    return 100
"""


@pytest.fixture
def module(tmp_path):
    """The file of the module, in a course with a reference."""
    for name, text in (
        ("exercises/module.py", MODULE),
        ("reference/__init__.py", ""),
        ("reference/shapes.py", SHAPES),
        ("reference/order.py", "def product(a, b):\n    return a * b\n"),
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "exercises" / "module.py"


@pytest.mark.parametrize(
    ("name", "call", "result"),
    [
        ("double", "double(4)", 8),
        ("quadruple", "quadruple(4)", 16),
        ("root", "root(9)", 3),
        ("Derived", "Derived().times(3)", 12),
        ("countdown", "countdown(3)", [3, 2, 1]),
        ("is_even", "is_even(10)", True),
        ("is_odd", "is_odd(10)", False),
        ("counts", "counts('aab')['a']", 2),
        ("square_area", "square_area(3)", 109),
        ("both", "both()", 14),
        ("path", "path('a', 'b').replace(os.sep, '/')", "a/b"),
        ("newest", "list(newest())", [1]),
        ("has_toml", "has_toml()", True),
        ("shadows", "shadows(1)", 2),
        ("FACTORS", "FACTORS", [0, 2, 4]),
        ("MORE", "MORE", 3),
        ("high", "high", 9),
        ("m", "m.floor(2.5)", 2),
        ("edge", "edge()", 100),
    ],
)
def test_what_is_taken_out_runs_elsewhere(module, name, call, result):
    namespace = {}
    exec(source_of(module, name), namespace)

    assert eval(call, namespace) == result


def test_only_what_is_needed_is_taken_along(module):
    code = source_of(module, "quadruple")

    assert (
        code == "TWO = 2\n\n\ndef double(n):\n    return TWO * n\n\n\ndef quadruple(n):\n    return double(double(n))"
    )


def test_a_parameter_is_not_taken_for_a_helper_of_its_name(module):
    assert source_of(module, "shadows") == "def shadows(double):\n    return double + 1"


def test_several_names_share_their_helpers(module):
    code = source_of(module, "quadruple", "double", "Derived")

    assert code.count("def double") == 1
    assert code.index("TWO = 2") < code.index("def double") < code.index("def quadruple") < code.index("class Derived")


def test_decorators_come_along_with_their_import(module):
    assert source_of(module, "root").startswith("import functools\nimport math as m\n\n\n@functools.cache\ndef root")


def test_imports_are_reduced_to_what_is_used(module):
    assert source_of(module, "counts").startswith("from collections import Counter\n\n\n")
    assert source_of(module, "newest").startswith("from collections import deque as queue\n\n\n")
    assert source_of(module, "path").startswith("import os.path\n\n\n")


def test_imports_from_the_reference_are_replaced_by_what_they_import(module):
    code = source_of(module, "square_area")

    assert "import" not in code
    assert code.index("def product") < code.index("def area") < code.index("def square_area")


def test_what_runs_needs_neither_the_reference_nor_the_engine(module, tmp_path):
    code = source_of(module, "square_area", "declares") + "\nprint(square_area(3))"

    ran = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ran.stdout == "109\n"


def test_another_package_may_be_the_one_that_is_followed(module):
    assert "from reference.shapes import area" in source_of(module, "square_area", followed="elsewhere")


def test_a_name_that_is_not_defined_is_an_error(module):
    with pytest.raises(LookupError, match=r"module\.py defines no triple"):
        source_of(module, "double", "triple")


def test_a_name_that_the_reference_does_not_define_is_an_error(module):
    (module.parent / "other.py").write_text(
        "from reference.order import sum\n\n\ndef f():\n    return sum()\n", "utf-8"
    )

    with pytest.raises(LookupError, match=r"order\.py defines no sum"):
        source_of(module.parent / "other.py", "f")


def test_helpers_of_one_name_in_two_files_are_an_error(module):
    (module.parent / "other.py").write_text(
        "from reference.shapes import area\n\n\ndef product():\n    ...\n\n\ndef f():\n    return area(product())\n",
        "utf-8",
    )

    with pytest.raises(LookupError, match="both define product"):
        source_of(module.parent / "other.py", "f")


def test_the_package_itself_may_define_what_is_imported(module):
    (module.parent.parent / "reference" / "__init__.py").write_text("def nothing():\n    return 0\n", "utf-8")
    (module.parent / "other.py").write_text("from reference import nothing\n", "utf-8")

    assert source_of(module.parent / "other.py", "nothing") == "def nothing():\n    return 0"


def test_all_names_of_a_module_are_known_and_no_local_ones(module):
    names = names_defined(module)

    assert names >= {"m", "os", "queue", "edge", "low", "high", "MORE", "turn", "tomllib", "Derived", "unused"}
    assert not names & {"n", "deque", "math", "times", "factor", "items"}
