"""What mutants there are of a piece of code."""

import ast

import pytest

from grader.mutants import mutants, unchanged


def changed_lines(code, *names, **options):
    """For each mutant, the lines that it does not share with the code."""
    whole = set(unchanged(code, *names).splitlines())
    return [
        " ".join(line.strip() for line in m.code.splitlines() if line not in whole)
        for m in mutants(code, *names, **options)
    ]


def of_expression(expression):
    """The mutants of a function that returns an expression, as expressions; None stands for no value."""
    code = f"import torch\n\ndef f(a, b, x):\n    return {expression}\n"
    return {line.removeprefix("return ") for line in changed_lines(code, "f")} - {"None"}


def of_statements(*statements):
    """The mutants of a function with these statements, its lines joined by semicolons."""
    code = "def f(a, b, x):\n" + "".join(f"    {line}\n" for line in statements)
    first, *_ = unchanged(code, "f").splitlines()
    return {"; ".join(line[4:] for line in m.code.splitlines() if line != first) for m in mutants(code, "f")}


@pytest.mark.parametrize(
    ("expression", "others"),
    [
        ("a + b", {"a - b", "a * b"}),
        ("a - b", {"a + b", "a * b"}),
        ("a * b", {"a / b", "a + b"}),
        ("a / b", {"a * b", "a // b"}),
        ("a // b", {"a / b", "a * b"}),
        ("a % b", {"a // b", "a * b"}),
        ("a ** b", {"a * b", "a + b"}),
        ("a @ b", {"a * b"}),
        ("a & b", {"a | b"}),
        ("a < b", {"a <= b", "a >= b"}),
        ("a <= b", {"a < b", "a > b"}),
        ("a > b", {"a >= b", "a <= b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a == b", {"a != b"}),
        ("a is b", {"a is not b"}),
        ("a in b", {"a not in b"}),
        ("a < b < x", {"a <= b < x", "a >= b < x", "a < b <= x", "a < b >= x"}),
        ("a and b", {"a or b"}),
        ("a or b", {"a and b"}),
        ("not a", {"a"}),
        ("-a", {"a"}),
        ("5", {"6"}),
        ("0", {"1"}),
        ("1", {"2", "0"}),
        ("0.5", {"1.5"}),
        ("1.0", {"2.0", "0.0"}),
        ("True", {"False"}),
        ("'mean'", {"'mean_'"}),
        ("f'{a + 1}'", set()),
        ("b(a, x=b)", {"b(a)"}),
        ("b(a, x)", {"b(x, a)", "b(a)"}),
        ("b(a)", set()),
        ("b(*a, **x)", {"b(*a)"}),
        ("a.abs()", {"a"}),
        ("a.view(b)", {"a.view()", "a"}),
        ("torch.abs(a)", {"torch.abs()"}),
        ("torch.abs(a).abs()", {"torch.abs().abs()", "torch.abs(a)"}),
        (
            "a.mean((-1, b))",
            {"a", "a.mean()", "a.mean((b, -1))", "a.mean((1, b))", "a.mean((-2, b))", "a.mean((-0, b))"},
        ),
        ("zip(a, b, strict=True)", {"zip(b, a, strict=True)", "zip(a, strict=True)"}),
        ("a if x else b", {"a if not x else b"}),
        ("a if x == b else b", {"a if x != b else b"}),
        ("[a for a in b if a]", {"[a for a in b if not a]", "[a for a in b if True]"}),
        ("a[b:]", {"a[:]"}),
        ("a[:b]", {"a[:]"}),
        ("a[::b]", {"a[::]"}),
        ("a[b:, x]", {"a[:, x]", "a[x, b:]"}),
        ("(a, b)", {"(b, a)"}),
        ("[a, b, x]", {"[b, a, x]", "[a, x, b]"}),
        ("a in (b, x)", {"a not in (b, x)"}),
        ("isinstance(a, (b, x))", {"isinstance((b, x), a)", "isinstance(a)"}),
    ],
)
def test_an_expression_has_these_mutants(expression, others):
    assert {ast.unparse(ast.parse(found)) for found in of_expression(expression)} == {
        ast.unparse(ast.parse(other)) for other in others
    }


@pytest.mark.parametrize(
    ("statements", "others"),
    [
        (["a += b"], {"a -= b", "a *= b", "pass"}),
        (["a = b"], {"pass"}),
        (["a.append(b)"], {"pass", "a.append()"}),
        (["assert a, a + 1"], {"pass"}),
        (["raise ValueError(a + 1)"], {"pass"}),
        (["return a"], {"return None"}),
        (["return"], set()),
        (["return None"], set()),
        (["yield a"], {"pass"}),
        (["..."], set()),
        (["for a in b: break"], {"pass", "for a in b:;     continue"}),
        (["while a: continue"], {"pass", "while a:;     break", "while not a:;     continue"}),
        (["while True: break"], {"pass", "while True:;     continue", "while False:;     break"}),
        (["if a == b: return"], {"pass", "if a != b:;     return", "if True:;     return"}),
        (
            ["if a and b: return"],
            {"pass", "if a or b:;     return", "if not (a and b):;     return", "if True:;     return"},
        ),
        (["if not a: return"], {"pass", "if a:;     return", "if True:;     return"}),
        (["with a: return"], {"if True:;     return"}),
        (["try: a", "except b: x"], {"try:;     pass; except b:;     x", "try:;     a; except b:;     pass"}),
    ],
)  # fmt: skip
def test_a_statement_has_these_mutants(statements, others):
    assert of_statements(*statements) == others


def test_annotations_docstrings_and_messages_are_not_mutated():
    code = '''\
def f(a: int = 5 - b, *, c: "str" = None) -> list[int, 3]:
    """Gives 1 + 1."""
    d: dict[str, 4] = a
    e: int
    raise ValueError("no " + a)


class A:
    """Has 2 + 2."""

    field: dict[str, 1] = 7

    def g(self, a: 5):
        """Does nothing."""
'''
    found = changed_lines(code, "f", "A")

    assert found == [
        "def f(a=5 + b, *, c=None):",
        "def f(a=5 * b, *, c=None):",
        "def f(a=6 - b, *, c=None):",
        "",  # d = a and the raise become a `pass`, as `e: int` already has
        "",
        "field: object = 8",
    ]


def test_default_values_are_mutated_and_named_by_their_parameter():
    assert {m.name for m in mutants("def f(a, b=2, *, c=True):\n    pass\n", "f")} == {
        "f(b): 2 → 3",
        "f(c): True → False",
    }


def test_decorators_are_removed():
    code = "@torch.no_grad()\n@other\ndef f(a):\n    pass\n"

    assert [(m.name, m.code) for m in mutants(code, "f")] == [
        ("f: @torch.no_grad() → removed", "@other\ndef f(a):\n    pass"),
        ("f: @other → removed", "@torch.no_grad()\ndef f(a):\n    pass"),
    ]


MODULE = """\
from typing import Protocol, TypeVar

T = TypeVar("T")


class Shape(Protocol):
    def __len__(self) -> int: ...


LIMIT = 3


def helper(x: T) -> T:
    return x + 1


def unused(x):
    return x - 1


class Model:
    def forward(self, x: Shape):
        return helper(x) < LIMIT
"""


def test_what_is_provided_and_what_it_uses_is_mutated_and_nothing_else():
    assert {m.name.partition(":")[0] for m in mutants(MODULE, "Model")} == {"LIMIT", "helper", "Model.forward"}


def test_what_is_spared_stays_as_it_is():
    found = mutants(MODULE, "Model", spared=["helper"])

    assert {m.name.partition(":")[0] for m in found} == {"LIMIT", "Model.forward"}
    assert all("return x + 1" in m.code for m in found)


def test_mutants_differ_from_the_code_and_from_each_other():
    found = mutants(MODULE, "Model", "unused")

    assert len({m.code for m in found} | {unchanged(MODULE, "Model", "unused")}) == len(found) + 1
    assert len({m.name for m in found}) == len(found)


def test_the_same_mistake_in_two_places_has_two_names():
    found = mutants("def f(a):\n    a += 1\n    a += 1\n", "f")

    assert [m.name for m in found if m.name.startswith("f: a += 1 → pass")] == [
        "f: a += 1 → pass",
        "f: a += 1 → pass (2)",
    ]


def test_names_do_not_depend_on_lines_or_layout():
    code = "def f(a):\n    return len(a.shape)+1\n"
    moved = "\n\nimport torch\n# A comment\ndef f(a):\n    '''Words.'''\n    return (len(a.shape)\n            + 1)\n"

    assert [m.name for m in mutants(code, "f")] == [m.name for m in mutants(moved, "f")]
    assert "f: return len(a.shape) + 1 → return len(a.shape) - 1" in [m.name for m in mutants(code, "f")]


def test_long_statements_are_named_by_the_expression_that_differs():
    code = (
        "def f(a):\n    return first_long_name(a, 'first') + second_long_name(a, 'second') + third_long_name(a - 1)\n"
    )

    assert "f: third_long_name(a - 1) → third_long_name(a + 1)" in [m.name for m in mutants(code, "f")]


def test_a_dataclass_keeps_its_fields():
    code = "from dataclasses import dataclass\n\n@dataclass\nclass A:\n    x: int\n    y: int = 2\n"

    namespace = {"__name__": "mutant"}
    exec(unchanged(code, "A"), namespace)

    assert (namespace["A"](1).x, namespace["A"](1).y) == (1, 2)
