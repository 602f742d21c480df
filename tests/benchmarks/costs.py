"""What programs cost that a benchmark starts: wall time, and CPU time, which other work on the machine changes less."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, and of CPU time of all processes that were started and have ended."""

    wall_s: float
    cpu_s: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.wall_s - other.wall_s, self.cpu_s - other.cpu_s)

    def __truediv__(self, count: float) -> "Cost":
        return Cost(self.wall_s / count, self.cpu_s / count)


def cost_of(action: Callable[[], object]) -> Cost:
    """What an action costs that starts programs and waits for them; what this process itself does is not counted."""
    started = so_far()
    action()
    return so_far() - started


def so_far() -> Cost:
    """What it has cost until now."""
    times = os.times()
    return Cost(time.perf_counter(), times.children_user + times.children_system)
