"""Progress for people: a bar on a terminal, a line for each stage elsewhere. It goes to stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SILENCE_S = 10.0  # between two lines where there is no bar

Tell = Callable[[str, int, int], None]


def quietly(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


# What a stage is called while it lasts; anything else is data that is prepared.
STAGES = {"cells": "Running the cells", "trials": "Trying the checks"}


@contextmanager
def telling() -> Iterator[Tell]:
    """A function to be called with a stage, how much of it is done, and of how much."""
    if sys.stderr.isatty():
        with bars() as tell:
            yield tell
    else:
        yield lines()


@contextmanager
def bars() -> Iterator[Tell]:
    """A rich progress bar, one line for each stage; gone when all is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(words(stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell


def lines() -> Tell:
    """Writes a line when a stage begins, and now and then how far it is."""
    told: dict[str, float] = {}

    def tell(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - told.get(stage, float("-inf")) > SILENCE_S:
            how_far = f"{done:,} of {total:,}" if stage in told else f"{total:,}"
            told[stage] = now
            print(f"{words(stage)} ({how_far}) ...", file=sys.stderr, flush=True)  # noqa: T201

    return tell


def words(stage: str) -> str:
    """A stage in words."""
    return STAGES.get(stage, f"Preparing {stage}")
