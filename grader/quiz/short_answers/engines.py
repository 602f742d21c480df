"""How alike a passage of an answer and a phrasing are: the interface of all engines, and the lexical one."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from grader.quiz.short_answers.rubric import Passage, Rubric

RECALL = 1.0  # how many times as much it counts that the phrasing is covered as that the passage says nothing else


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
        """The weighted F-measure of the concepts that a passage shares with a phrasing."""
        said = [passage.sides.keys() for passage in passages]
        meant = [phrasing.sides.keys() for phrasing in phrasings]
        return [[overlap(one, other, rubric) for other in meant] for one in said]


LEXICAL = Lexical()


def overlap(said: Set[str], meant: Set[str], rubric: Rubric) -> float:
    """How much of what is meant is said, and of what is said is meant, as one F-measure with the weight RECALL."""
    shared = sum(map(rubric.weight, said & meant))
    if not shared:
        return 0.0
    recall = shared / sum(map(rubric.weight, meant))
    precision = shared / sum(map(rubric.weight, said))
    return (1 + RECALL**2) * precision * recall / (RECALL**2 * precision + recall)
