"""A quiz in a notebook: the questions that are asked one after the other, and what was answered."""

from collections.abc import Callable, Mapping, Sequence

from grader.quiz.cards import Shown, mark_card, question_card, said_only
from grader.quiz.lettering import paired, picked
from grader.quiz.marks import Answer, Mark
from grader.quiz.page import Asked, asked_of
from grader.quiz.questions import Question
from grader.quiz.selections import Said
from grader.showing import counted, points_text

Marking = Callable[[Question, Answer], Mark]
Keeping = Callable[[Answer, Mark], None]


class Sitting:
    """Several questions, one of which is the next to be answered, until none is left."""

    def __init__(self, questions: Sequence[Question], seed: int, mark: Marking, keep: Keeping) -> None:
        """keep: is told every answer with its mark."""
        self.questions = tuple(questions)
        self.seed = seed
        self.marks: list[Mark] = []
        self._place = 0
        self._mark, self._keep = mark, keep

    @property
    def question(self) -> Question | None:
        """The question to be answered; None at the end."""
        return self.questions[self._place] if self._place < len(self.questions) else None

    @property
    def asked(self) -> Asked | None:
        """The question as it is asked."""
        return None if self.question is None else asked_of(self.question, self.seed)

    def card(self) -> Shown:
        """The question to be answered; at the end, how it went."""
        asked = self.asked
        if asked is None:
            return said_only(self.result())
        return question_card(asked, f"Question {self._place + 1} of {len(self.questions)}")

    def answer(self, said: Said) -> Shown:
        """Marks an answer to the question, keeps it, and goes on to the next one.

        Raises UnreadableError for an answer that can't be marked as it stands, and asks the same question again.
        """
        question = self.question
        assert question is not None, "there is a question left"
        answer = Answer(question.name, said)
        mark = self._mark(question, answer)
        self._keep(answer, mark)
        self.marks.append(mark)
        self._place += 1
        return mark_card(question, mark)

    def skip(self) -> None:
        """Goes on to the next question without an answer."""
        self._place += 1

    def result(self) -> str:
        """How it went."""
        if not self.marks:
            return "No question is left, and none was answered."
        counting = [mark for mark in self.marks if not mark.needs_review]
        points, possible = sum(mark.points for mark in counting), sum(mark.possible for mark in counting)
        answered = f"{len(self.marks)} of {counted(len(self.questions), 'question')}"
        open_ones = len(self.marks) - len(counting)
        waiting = f", and {counted(open_ones, 'answer')} for a person to judge" if open_ones else ""
        return f"You have answered {answered}: {points_text(points)} of {counted(possible, 'point')}{waiting}."


def meant(asked: Asked, said: Sequence[object]) -> Said:
    """What the arguments of a call say: letters are the texts that they stand for, numbers and shapes are written out.

    Raises UnreadableError for what is no letter of any text.
    """
    if len(said) == 1 and isinstance(said[0], Mapping):
        return {str(term): str(definition) for term, definition in said[0].items()}
    if asked.kind in ("choice", "choices", "ordering", "matching"):
        parts = list(said[0]) if len(said) == 1 and isinstance(said[0], (list, tuple)) else list(said)
        texts = [str(part) for part in parts]
        if asked.kind == "matching":
            return paired(" ".join(texts), asked.terms, asked.texts)
        return tuple(text for part in texts for text in picked(part, asked.texts))
    if asked.kind == "shape" and (len(said) != 1 or isinstance(said[0], list)):
        sizes = said[0] if len(said) == 1 and isinstance(said[0], list) else said
        return str(tuple(sizes)) if isinstance(sizes, Sequence) else str(sizes)
    return "\n".join(str(part) for part in said)
