"""Who of a class needs a person's look, and why."""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from grader.endings import UNREACHABLE
from grader.overview import error_of, is_missing
from grader.showing import counted, points_text
from grader.standing import Standing

Kind = Literal["ungraded", "waiting", "timeout", "event", "open", "override"]

# What stands before a first error's message where a limit or a wall stopped the notebook; see grader/endings.py.
STOPPED = re.compile(r"(Timeout|Too much output|Out of memory|Kernel ended|MemoryError|PermissionError|OSError)\b")
RESTARTED = "The kernel ended"  # how the note on that begins


class Look(msgspec.Struct, frozen=True):
    """Why a person should look at a student's work: the kind of reason, and the reason in a few words."""

    kind: Kind
    reason: str


def looks_of(standing: Standing) -> tuple[Look, ...]:
    """Why a person should look at a student's work; nothing for those who handed nothing in."""
    if is_missing(standing):
        return ()
    looks: list[Look] = []
    if standing.problem:
        looks.append(Look("ungraded", standing.problem))
    looks += [Look("waiting", f"{checks} for a person") for checks in some(standing, "needs review", "wait")]
    looks += [Look("timeout", checks) for checks in some(standing, "timeout", "timed out")]
    looks += [Look("event", event) for event in events_of(standing)]
    if standing.outline and not standing.outline.is_isolated:
        looks.append(Look("open", "ran without isolation"))
    if standing.override:
        given = standing.override
        looks.append(Look("override", f"{points_text(given.points)} given by {given.author}: {given.comment}"))
    return tuple(looks)


def some(standing: Standing, outcome: str, verb: str) -> Sequence[str]:
    """How many checks have an outcome, in words; nothing if none have."""
    exercises = standing.outline.exercises if standing.outline else ()
    number = sum(check.outcome == outcome for exercise in exercises for check in exercise.checks)
    if verb == "wait" and number == 1:
        verb = "waits"
    return [f"{counted(number, 'check')} {verb}"] if number else []


def events_of(standing: Standing) -> list[str]:
    """What a limit or a wall stopped in the notebook, as far as its outline tells."""
    if standing.outline is None:
        return []
    error = error_of(standing)
    found = [error] if STOPPED.match(error) or UNREACHABLE.search(error) else []
    return found or [note for note in standing.outline.notes if note.startswith(RESTARTED)]
