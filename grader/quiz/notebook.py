"""What `grader.quiz(...)` does in a notebook: it draws questions, marks the answers, and keeps what was practised."""

import random
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from grader.errors import UserError
from grader.kernel import Room, isolated_room
from grader.places import content_folder, data_folder, practice_file
from grader.quiz.bank import Bank, open_bank
from grader.quiz.cards import Shown, said_only, stacked
from grader.quiz.marking import mark
from grader.quiz.marks import Answer, Mark
from grader.quiz.practice import Practice
from grader.quiz.questions import Code, Drawing, Question
from grader.quiz.running import Runner
from grader.quiz.schedule import cards_of, next_names, review_of
from grader.quiz.session import kept, question_of
from grader.quiz.sitting import Sitting, meant

now_asked: Sitting | None = None  # what `grader.quiz.answer` answers: a notebook has one quiz at a time


def begin(topics: Sequence[str], number: int, seed: int | None, course: Path | None) -> Shown:
    """Asks the first of so many questions of these topics, or of all; says so if there are none, or no such topic."""
    global now_asked
    try:
        bank = open_bank(course)
        drawn = random.randrange(10**6) if seed is None else seed  # noqa: S311  no secret
        questions = next_questions(bank, bank.topics_called(topics), number, drawn, practice_file(course))
        runner = Runner(lambda: room(course), data_folder(course))
    except UserError as error:
        return said_only(str(error))
    if not questions:
        return said_only("Nothing is due, and nothing new is left.")

    def marked(question: Question, answer: Answer) -> Mark:
        return mark(question, answer, lambda code, said: aside(runner.mark, code, said))

    now_asked = Sitting(questions, drawn, marked, lambda answer, mark: keep(practice_file(course), answer, mark))
    return shown(now_asked)


def answer(said: Sequence[object]) -> Shown:
    """Marks an answer to the question that was asked last; what came of it, and the next question."""
    if now_asked is None or now_asked.asked is None:
        return nothing_asked()
    try:
        told = now_asked.answer(meant(now_asked.asked, said))
    except UserError as error:
        return said_only(str(error))
    return stacked([told, now_asked.card()])


def skip() -> Shown:
    """The question after the one that was asked last."""
    if now_asked is None or now_asked.asked is None:
        return nothing_asked()
    now_asked.skip()
    return now_asked.card()


def nothing_asked() -> Shown:
    """What to say where no question waits for an answer."""
    return said_only("No question waits for an answer. `grader.quiz()` asks the next ones.")


def shown(sitting: Sitting) -> Shown:
    """The question of a sitting; with widgets where they are installed."""
    card = sitting.card()
    if find_spec("ipywidgets") is None:
        return card
    from grader.quiz.widget import widget_of

    return Shown(card.plain, card.html, widget_of(sitting))


# What is asked, and what is kept of it


def next_questions(bank: Bank, topics: Sequence[str], number: int, seed: int, file: Path) -> list[Question]:
    """What is due of what was practised, then what is new; nothing that is drawn in an exercise of the course."""
    with closing(Practice(file)) as practice:
        cards = cards_of(practice.reviews())
    names = next_names(bank, cards, datetime.now(UTC), len(bank.questions) + len(bank.generators), topics)
    found = (question_of(bank, name, seed) for name in names)
    return [question for question in found if not isinstance(question, Drawing)][:number]


def keep(file: Path, answer: Answer, mark: Mark) -> None:
    """Keeps an answer among what was practised, unless a person has to mark it."""
    if not mark.needs_review:
        with closing(Practice(file)) as practice:
            practice.record(review_of(answer.question, kept(answer), mark))


def room(course: Path | None) -> Room:
    """Where answers that are code run: in a kernel of their own, not in the notebook's."""
    return isolated_room(sys.executable, data_folder(course), course or content_folder())


def aside(run: Callable[[Code, str], Mark], question: Code, said: str) -> Mark:
    """Runs it in a thread of its own: in that of a notebook an event loop is running already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run, question, said).result()
