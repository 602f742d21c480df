"""Budgets: how long the cells of one exercise may run together, where its statement says so.

A budget is the exercise's own: it is spent by cells on which this exercise depends and no other that was found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from grader.attempt import Attempt
from grader.execution import CellEnd
from grader.limits import Limits
from grader.results import CellError
from grader.slicing import Cells

USUAL = Limits()


@dataclass
class Budget:
    """What is left to the cells of one exercise, in seconds. title: the exercise's. cells: their indices."""

    title: str
    seconds: float
    cells: frozenset[int]
    used_s: float = 0

    @property
    def left_s(self) -> float:
        """What its cells may still take."""
        return self.seconds - self.used_s

    def ended(self, end: CellEnd) -> CellEnd:
        """Takes a cell's time from the budget; a cell that was stopped by it says so."""
        self.used_s += end.seconds
        if end.error is None or end.error.type != "Timeout" or self.left_s > 0:
            return end
        message = f'{end.error.message} No more was left of the {self.seconds:g} seconds of "{self.title}".'
        return CellEnd(end.seconds, msgspec.structs.replace(end.error, message=message, explanation=self.advice))

    @property
    def error(self) -> CellError:
        """Why a cell is not run when nothing is left."""
        return CellError("Timeout", f'Not run: the cells above it took all {self.seconds:g} seconds of "{self.title}".')

    @property
    def advice(self) -> str:
        """What to do about a budget that was too small."""
        return (
            f'The cells of "{self.title}" may run {self.seconds:g} seconds in all. Fewer epochs, larger mini-batches '
            "or a smaller model take less; a `--timeout` above the usual one raises this limit as well."
        )


def budgets_of(attempts: Sequence[Attempt], cells: Cells, limits: Limits) -> Mapping[str, Budget]:
    """The budgets of the exercises that have one, by their names.

    A budget holds at the usual time limit of a cell, and grows and shrinks with it.
    """
    budgets = {}
    for attempt in attempts:
        if attempt.exercise.budget_s:
            others = [demand for other in attempts if other is not attempt for demand in other.demands]
            own = cells.sliced(attempt.demands).needed - cells.sliced(others).needed
            seconds = attempt.exercise.budget_s * limits.cell_s / USUAL.cell_s
            budgets[attempt.name] = Budget(attempt.exercise.title, seconds, own)
    return budgets
