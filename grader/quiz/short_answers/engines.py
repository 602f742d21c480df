"""How alike a passage of an answer and a phrasing are: the interface of all engines, and the lexical one."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from grader.quiz.short_answers.rubric import Passage, Rubric


class Engine(Protocol):
    """Says how alike passages and phrasings are. Whether they contradict each other, the guards say."""

    @property
    def name(self) -> str:
        """By which it is chosen, and by which its calibration is known."""
        ...

    def similarities(
        self, passages: Sequence[Passage], phrasings: Sequence[Passage], rubric: Rubric
    ) -> list[list[float]]:
        """For each passage, a number from 0 to 1 for each phrasing."""
        ...


@dataclass(frozen=True)
class Lexical:
    """Compares the concepts of both, each as much as it tells about which idea is meant."""

    name: str = "lexical"

    def similarities(
        self, passages: Sequence[Passage], phrasings: Sequence[Passage], rubric: Rubric
    ) -> list[list[float]]:
        """The weighted overlap of the concepts of each passage with those of each phrasing."""
        said = [passage.sides.keys() for passage in passages]
        meant = [phrasing.sides.keys() for phrasing in phrasings]
        return [[overlap(one, other, rubric) for other in meant] for one in said]


LEXICAL = Lexical()


def overlap(said: Set[str], meant: Set[str], rubric: Rubric) -> float:
    """How much of what is meant is said, and of what is said is meant: the weighted coefficient of Dice, or F1."""
    shared = sum(map(rubric.weight, said & meant))
    if not shared:
        return 0.0
    return 2 * shared / (sum(map(rubric.weight, meant)) + sum(map(rubric.weight, said)))
