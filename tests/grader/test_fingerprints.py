"""What stays of code when its words are changed."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.fingerprints import (
    BASE,
    MODULUS,
    RUN,
    WINDOW,
    Token,
    all_hashes,
    chosen,
    fingerprints,
    run_hashes,
    tokens_of,
)

MEAN = """\
def spread(numbers):
    total = 0
    for number in numbers:
        total += abs(number)
    return total / len(numbers)
"""

kind = st.sampled_from(["name", "Call", "BinOp", "Add", "int", ".mean"])
kinds = st.lists(kind, max_size=40)


def hashes(kinds):
    """The fingerprints of tokens of these kinds."""
    found = run_hashes([Token(kind, 1) for kind in kinds])
    return {found[at] for at in chosen(found)}


@given(kinds, kinds, kinds, kinds, st.lists(kind, min_size=RUN + WINDOW - 1, max_size=40))
def test_what_is_shared_at_guaranteed_length_shares_a_fingerprint(before, after, ahead, behind, shared):
    assert hashes(before + shared + after) & hashes(ahead + shared + behind)


@given(kinds, kinds)
def test_a_hash_is_of_its_run_alone_wherever_that_stands(before, after):
    run = ["name", "Call", "BinOp", "Add"] * (RUN // 4)

    moved = run_hashes([Token(kind, 1) for kind in before + run + after])

    assert moved[len(before)] == run_hashes([Token(kind, 1) for kind in run])[0]


@given(kinds)
def test_every_window_has_a_fingerprint_and_the_smallest_is_it(kinds):
    found = run_hashes([Token(kind, 1) for kind in kinds])
    places = chosen(found)

    assert places == sorted(set(places))
    for start in range(len(found) - WINDOW + 1):
        assert any(start <= at < start + WINDOW and found[at] == min(found[start : start + WINDOW]) for at in places)
    assert bool(places) == bool(found)


@pytest.mark.parametrize(
    "change",
    [
        lambda code: (
            code.replace("numbers", "xs").replace("number", "x").replace("total", "acc").replace("spread", "f")
        ),
        lambda code: code.replace("total = 0", "total = 100  # not zero at all"),
        lambda code: code.replace("    total = 0", '    """What it is."""\n\n    total  =  (0)'),
        lambda code: code.replace("(numbers):", "(numbers: list[float]) -> float:").replace("total =", "total: int ="),
        lambda code: f"import math\n%matplotlib inline\n{code}",
        lambda code: f"%%time\n{code}",
    ],
    ids=["names", "numbers", "layout", "annotations", "imports", "magics"],
)
def test_what_can_be_changed_without_thinking_changes_no_fingerprint(change):
    assert change(MEAN) != MEAN
    own = {mark.hash for mark in fingerprints(MEAN)}

    assert own
    assert own <= {mark.hash for mark in fingerprints(change(MEAN))}


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.replace("abs(number)", "number * number"),
        lambda code: code.replace("+=", "-="),
        lambda code: code.replace("len(", "sum("),
    ],
    ids=["an expression", "an operator", "a function of Python's"],
)
def test_what_is_computed_in_another_way_is_another(change):
    assert {mark.hash for mark in fingerprints(change(MEAN))} != {mark.hash for mark in fingerprints(MEAN)}


def test_methods_of_libraries_are_kept_and_attributes_of_ones_own_are_not():
    kinds = [token.kind for token in tokens_of("self.weights = x.mean()")]

    assert ".mean" in kinds
    assert ".weights" not in kinds


def test_a_fingerprint_says_on_which_lines_it_stands():
    lines = {line for mark in fingerprints(f"\n# one\n{MEAN}") for line in mark.lines}

    assert lines == {3, 4, 5, 6, 7}


def test_fingerprints_are_some_of_all_hashes():
    assert {mark.hash for mark in fingerprints(MEAN)} <= all_hashes(MEAN)


def test_a_hash_is_the_same_in_every_process():
    code = zlib.crc32(b"name") + 1

    assert run_hashes([Token("name", 1)] * RUN) == [sum(code * BASE**n for n in range(RUN)) % MODULUS]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# only a comment",
        "x = 1",
        "def f(:\n" * 3,
        "a = '\\d'",
        "\x00",
        "\ud800 = 1",
        "(" * 10_000,
        "-" * 10_000 + "1",
        "a" + ".b" * 10_000,
        "x = " + "+".join("1" * 10_000),
        "'''",
    ],
)
def test_no_code_is_too_odd(source):
    assert isinstance(fingerprints(source), tuple)
