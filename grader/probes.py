"""Probes: what is asked of a namespace, in a student's kernel or, for the oracle, in the grader's own process."""

import base64
import contextlib
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from grader import agent
from grader.errors import UserError
from grader.exercise import Scenario
from grader.values import Answer, Value, decode_answers

Case = tuple[Any, ...]
Arguments = tuple[dict[str, Any], ...]  # a case's, encoded
CONSTANTS_KEPT = 1024


class Probe(msgspec.Struct, frozen=True):
    """One question to a namespace; see grader/agent.py for what becomes of it.

    cases: for each case its arguments, encoded. seed: of the random generators, set again before every case.
    """

    source: str
    function: str
    names: tuple[str, ...]
    cases: tuple[Arguments, ...]
    seed: int
    limit_s: float


Ask = Callable[[Sequence[Probe]], list[Answer]]


def seed_of(*parts: str) -> int:
    """A number that depends on all of the texts, the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:4], "big")


def draw_cases(check: Scenario, seed: int, count: int = 0) -> list[Case]:
    """The check's cases for a seed, or another number of them, the smallest that says something first, each once."""
    if not check.inputs:
        return [()]
    drawn: dict[str, Case] = {}

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count or check.cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(st.tuples(*check.inputs))
    def collect(case: Case) -> None:
        drawn.setdefault(json.dumps(encoded(case)), case)

    with warnings.catch_warnings(), no_constants_of_modules():
        warnings.simplefilter("ignore", hypothesis.errors.HypothesisWarning)
        collect()
    for case in drawn.values():
        check_arguments(check, case)
    return sorted(drawn.values(), key=size)


@contextlib.contextmanager
def no_constants_of_modules() -> Iterator[None]:
    """Has Hypothesis draw the same for the same seed in every process.

    Now and then it draws a constant that it has found in the code of the modules that are loaded, which are others in
    another process: a notebook in a class would get other cases than alone. Versions that don't do this are let be.
    """
    if not hasattr(providers, "_local_constants"):
        yield
        return
    none = type(providers._local_constants)()
    with (
        mock.patch.object(providers, "_get_local_constants", lambda: none),
        mock.patch.object(providers, "CONSTANTS_CACHE", type(providers.CONSTANTS_CACHE)(CONSTANTS_KEPT)),
    ):
        yield


def check_arguments(check: Scenario, case: Case) -> None:
    """Raises UserError if a notebook could not get the case: the oracle neither, and everything would pass."""
    try:
        for argument in encoded(case):
            agent.decode(argument)
    except (TypeError, ValueError) as error:
        raise UserError(
            f"{check.description!r}: an input can't be sent to a notebook ({error}). "
            "Draw numbers, texts, tensors, arrays, or lists, tuples, sets and dicts of them."
        ) from error


def encoded(case: Case) -> Arguments:
    """A case's arguments as plain data."""
    return tuple(agent.Encoder().encode(argument) for argument in case)


def size(case: Case) -> tuple[bool, int, str]:
    """Orders cases by how well they show something: the shorter the better, but nothing but zeros shows little."""
    return size_of(encoded(case))


def size_of(data: Arguments) -> tuple[bool, int, str]:
    """The same of a case's encoded arguments."""
    text = json.dumps(data)
    return not any(map(has_content, data)), len(text), text


def has_content(data: dict[str, Any]) -> bool:
    """Whether an encoded value holds anything that is not zero or empty."""
    if data["t"] == "array":
        return bool(base64.b64decode(data["data"]).strip(b"\0"))
    if data["t"] == "items":
        return any(map(has_content, data["v"]))
    return bool(data.get("v", True)) and data.get("v") != "0.0"


def make_probe(check: Scenario, names: tuple[str, ...], cases: Sequence[Case], seed: int) -> Probe:
    """The question that a check asks, about these names of a namespace."""
    return Probe(
        check.source,
        check.function_name,
        names,
        tuple(encoded(case) for case in cases),
        seed,
        check.limit_s,
    )


def id_of(probe: Probe) -> tuple[object, ...]:
    """What makes two probes the same question."""
    return probe.source, probe.names, repr(probe.cases), probe.seed


def ask_here(probes: Sequence[Probe], namespace: dict[str, object]) -> list[Answer]:
    """The answers of a namespace in this process: the oracle's, or a misconception's, never a student's."""
    answers = []
    for probe in probes:
        question = msgspec.to_builtins(probe)
        missing = [name for name in probe.names if name not in namespace]
        if missing:
            answers.append(Answer((), "missing", ", ".join(missing)))
        else:
            answer = {"answers": [agent.answer_here(question, namespace)]}
            answers += decode_answers(json.dumps(answer).encode(), 1)
    return answers


def decoded_value(data: dict[str, Any]) -> Value:
    """An encoded argument as a Value, for the report."""
    value: Value = msgspec.convert(data, Value)
    return value


def python_value(value: Value) -> object:
    """A value as Python code would hold it, for a check's `holds`; raises ValueError for what is no plain data."""
    return agent.decode(msgspec.json.decode(msgspec.json.encode(value)))
