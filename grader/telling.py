"""Progress for people: a bar on a terminal, a line for each stage elsewhere. It goes to stderr."""

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

SILENCE_S = 10.0  # between two lines where there is no bar
REDRAW_S = 0.05  # between two states of a training's bar: its steps take less than drawing it

Tell = Callable[[str, int, int], None]
# Called with the step of a training, how many there will be, the loss, and the accuracy: nan while it is not known.
TellStep = Callable[[int, int, float, float], None]

# Called with how many submissions are done, of how many, and how many of those could not be graded.
TellGraded = Callable[[int, int, int], None]


def quietly(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


# What a stage is called while it lasts; anything else is data that is prepared.
STAGES = {
    "cells": "Running the cells",
    "trials": "Trying the checks",
    "notebooks": "Reading notebooks",
    "submissions": "Comparing submissions",
    "answers": "Marking the answers",
    "records": "Recording the right answers",
}


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

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


@contextmanager
def telling_training() -> Iterator[TellStep]:
    """A function to be called with a training's step, of how many, the loss, and the accuracy (nan: not known)."""
    if sys.stderr.isatty():
        with training_bar() as tell:
            yield tell
    else:
        yield training_lines()


@contextmanager
def training_bar() -> Iterator[TellStep]:
    """A rich progress bar with loss, accuracy and time; gone when all is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    numbers = TextColumn("{task.fields[numbers]}")
    columns = (TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn(), numbers, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as progress:
        task = progress.add_task("Training", total=None, numbers="")
        drawn = float("-inf")

        def tell(step: int, steps: int, loss: float, accuracy: float) -> None:
            nonlocal drawn
            now = time.monotonic()
            if now - drawn > REDRAW_S or step == steps:
                drawn = now
                progress.update(task, completed=step, total=steps, numbers=numbers_text(loss, accuracy))

        yield tell


def training_lines() -> TellStep:
    """Writes a line when a training begins, and now and then how it goes."""
    told = float("-inf")

    def tell(step: int, steps: int, loss: float, accuracy: float) -> None:
        nonlocal told
        now = time.monotonic()
        if step < steps and now - told > SILENCE_S:
            told = now
            line = f"Training (step {step:,} of {steps:,}): {numbers_text(loss, accuracy)} ..."
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    return tell


def numbers_text(loss: float, accuracy: float) -> str:
    """The loss, and the accuracy if it is known."""
    known = [] if math.isnan(accuracy) else [f"accuracy {accuracy:.2%}"]
    return ", ".join([f"loss {loss:.3f}", *known])


@contextmanager
def telling_class() -> Iterator[tuple[Tell, TellGraded]]:
    """Two functions: one is called as data is prepared, the other as submissions are graded."""
    if sys.stderr.isatty():
        with class_bars() as both:
            yield both
    else:
        yield lines(), class_lines()


@contextmanager
def class_bars() -> Iterator[tuple[Tell, TellGraded]]:
    """Rich progress bars, of the grading with how many a minute and the time left; gone when all is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    numbers = TextColumn("{task.fields[numbers]}")
    columns = (TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn(), numbers)
    left = TimeRemainingColumn(compact=True)
    with Progress(*columns, left, console=Console(stderr=True), transient=True, expand=True) as progress:
        tasks: dict[str, TaskID] = {}
        started = time.monotonic()

        def shown(name: str, done: int, total: int, numbers: str) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total, numbers="")
            progress.update(tasks[name], completed=done, total=total, numbers=numbers)

        def tell(stage: str, done: int, total: int) -> None:
            shown(words(stage), done, total, "")

        def tell_graded(done: int, total: int, failed: int) -> None:
            shown("Grading", done, total, rate_text(done, failed, time.monotonic() - started))

        yield tell, tell_graded


def class_lines() -> TellGraded:
    """Writes a line when a grading begins, and now and then how far it is."""
    started = time.monotonic()
    told = float("-inf")

    def tell(done: int, total: int, failed: int) -> None:
        nonlocal told
        now = time.monotonic()
        if done < total and now - told > SILENCE_S:
            told = now
            how_far = f"{done:,} of {total:,}" if done else f"{total:,}"
            parts = [how_far, rate_text(done, failed, now - started), left_text(done, total, now - started)]
            print(f"Grading ({', '.join(filter(None, parts))}) ...", file=sys.stderr, flush=True)  # noqa: T201

    return tell


def rate_text(done: int, failed: int, seconds: float) -> str:
    """How fast it goes, and of how many nothing came."""
    rate = 60 * done / seconds if done and seconds > 0 else 0
    parts = [f"{rate:,.0f}/min" if rate >= 10 else f"{rate:.1f}/min"] if rate else []
    return ", ".join([*parts, *([f"{failed:,} without a grade"] if failed else [])])


def left_text(done: int, total: int, seconds: float) -> str:
    """How long it will take, at the speed so far."""
    if not done:
        return ""
    left = seconds / done * (total - done)
    return (
        f"{left:.0f} s left"
        if left < 90
        else f"{left / 60:.0f} min left"
        if left < 5400
        else f"{left / 3600:.1f} h left"
    )
