"""What the attacks have in common: right answers, and what came of an attack."""

from collections.abc import Callable
from dataclasses import dataclass

from grader.limits import Limits
from grader.results import Grade

EXERCISES = ("mnist_distance", "bottom_right")
LIMITS = Limits(cell_s=3, notebook_s=30)
DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))"
CORNER = """import torch
nine = torch.arange(1, 10).view(3, 3)

def double_corner(t):
    return 2 * t[-2:, -2:]"""


@dataclass(frozen=True)
class Outcome:
    """What came of an attack: its grade, and how many seconds that took."""

    grade: Grade
    seconds: float

    @property
    def errors(self) -> list[str]:
        """What each cell ended with: "Timeout", "Kernel ended", "Out of memory", an exception's name; or nothing."""
        return [cell.error.type if cell.error else "" for cell in self.grade.notebook]

    @property
    def text(self) -> str:
        """What all cells printed."""
        return "".join(cell.text for cell in self.grade.notebook)

    def is_full(self, exercise: str) -> bool:
        """Whether an exercise has all its points."""
        return any(result.name == exercise and result.points == result.possible for result in self.grade.exercises)


Attack = Callable[..., Outcome]
