"""Lines in a chart: where their points are and what stands on the axes. The template draws them as SVG."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# In the units of the drawing, about one pixel each; the margins are for the axes' labels.
WIDTH, HEIGHT = 440, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 30, 44

Point = tuple[float, float]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what is written there."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Values from low to high along a line of the drawing, from start to end.

    unit: follows every tick's number. least_step: between two ticks; 1 for what is counted.
    """

    low: float
    high: float
    start: float
    end: float
    unit: str = ""
    least_step: float = 0.0

    def at(self, value: float) -> float:
        """Where a value is in the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[Tick]:
        """About five round numbers."""
        step = max(round_step(self.high - self.low), self.least_step)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        form = f",.{decimals}f" if 1e-4 <= step < 1e6 else ".3g"
        return [Tick(self.at(n * step), f"{n * step:{form}}{self.unit}") for n in range(first, last + 1)]


@dataclass(frozen=True)
class Chart:
    """Two axes, and the way from values to the drawing between them."""

    x: Axis
    y: Axis

    def path(self, points: Iterable[Point]) -> str:
        """The line through the points as SVG writes it, broken where a point is no number."""
        commands, is_drawing = [], False
        for x, y in points:
            if math.isfinite(y):
                commands.append(f"{'L' if is_drawing else 'M'}{self.x.at(x):g} {self.y.at(y):g}")
            is_drawing = math.isfinite(y)
        return "".join(commands)

    def spots(self, points: Iterable[Point]) -> list[Point]:
        """Where the points are in the drawing; without those that are no numbers."""
        return [(self.x.at(x), self.y.at(y)) for x, y in points if math.isfinite(y)]


def chart_of(xs: Sequence[int], ys: Sequence[float], unit: str = "", top: float | None = None) -> Chart:
    """A chart in which all finite ones of these values have their place, and round numbers at the ends of y.

    xs: what is counted, such as steps. top: where y ends, instead.
    """
    finite = [y for y in ys if math.isfinite(y)] or [0.0, 1.0]
    low, high = min(finite), max(finite) if top is None else top
    step = round_step((high - low) or abs(high) or 1.0)
    low, high = math.floor(low / step + 1e-9) * step, (math.ceil(high / step - 1e-9) * step if top is None else top)
    if high <= low:
        low, high = (low, low + step) if top is None else (high - step, high)
    first, last = min(xs), max(xs)
    x = Axis(first, last if last > first else first + 1, LEFT, WIDTH - RIGHT, least_step=1)
    return Chart(x, Axis(low, high, HEIGHT - BOTTOM, TOP, unit))


def round_step(span: float, count: int = 5) -> float:
    """1, 2 or 5 times a power of ten, of which about `count` make the span."""
    least = span / count
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
