"""The labelled short answers: how they are read, and which half of the questions is held out from tuning."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from grader.quiz.bank import open_bank
from grader.quiz.questions import ShortAnswer

FILE = Path(__file__).resolve().parents[1] / "data" / "short_answers.jsonl"


@dataclass(frozen=True)
class Labelled:
    """An answer with what a person found in it: the ideas of the key points, and the wrong statements."""

    question: ShortAnswer
    said: str
    met: frozenset[str]
    wrong: frozenset[str]

    @property
    def points(self) -> float:
        """What a person gives for it."""
        return sum(point.points for point in self.question.key_points if point.idea in self.met)


def labelled_answers() -> list[Labelled]:
    """All of them, in the order of the file. Its first line says how they were made."""
    questions = {item.name: item for item in open_bank().questions if isinstance(item, ShortAnswer)}
    rows = map(json.loads, FILE.read_text("utf-8").splitlines()[1:])
    return [
        Labelled(questions[row["question"]], row["said"], frozenset(row["met"]), frozenset(row["wrong"]))
        for row in rows
    ]


def is_held_out(question: ShortAnswer) -> bool:
    """Whether no answer to a question may be used for tuning: its name alone decides."""
    return int(hashlib.sha256(question.name.encode()).hexdigest(), 16) % 2 == 1
