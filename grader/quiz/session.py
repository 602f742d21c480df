"""A quiz from its first question to its last: practice, which is told at once and kept, or an exam, told at the end."""

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from rich.text import Text

from grader.quiz.answers_file import AnswersFile
from grader.quiz.bank import Bank
from grader.quiz.marked import mark_all
from grader.quiz.marking import MarkCode
from grader.quiz.marks import Answer
from grader.quiz.practice import Practice
from grader.quiz.questions import Drawing, Question
from grader.quiz.running import Runner
from grader.quiz.schedule import cards_of, entries_of, next_due, next_names, review_of
from grader.quiz.summary import print_marked, print_results, when
from grader.quiz.terminal import Given, Terminal, answered, practised, put
from grader.showing import counted, one_line

LARGEST_SEED = 100_000  # of a variant: short enough to be typed


def practise(
    bank: Bank, practice: Practice, runner: Runner, terminal: Terminal, number: int, seed: int, topics: Sequence[str]
) -> None:
    """Puts what is due, then what is new; every answer is kept as soon as it is marked.

    Raises KeyboardInterrupt if it was stopped, after it has said what is kept.
    """
    now, cards = datetime.now(UTC), cards_of(practice.reviews())
    names = next_names(bank, cards, now, number, topics)
    out = terminal.out
    if not names:
        upcoming = next_due(bank, cards, topics)
        back = f"The next question comes back {when(upcoming, now)}. " if upcoming else ""
        out.print(f"Nothing is due, and nothing new is left. {back}`grader quiz --exam` asks all the same.")
        return
    due = sum(name in cards for name in names)
    out.print(f"{due} due, {len(names) - due} new. Ctrl-C stops; what you have answered is kept.")
    given: list[Given] = []
    try:
        for place, name in enumerate(names, 1):
            question = question_of(bank, name, seed)
            one = practised(question, seed, f"Question {place} of {len(names)}", terminal, runner.mark)
            if one is None:
                continue
            practice.record(review_of(question.name, kept(one.answer), one.mark, is_own_mark=one.is_own_mark))
            given.append(one)
            out.print(Text(f"It comes back {back_in(practice, name)}.", style="dim"))
    except EOFError:
        pass
    finally:
        out.print()
        out.print(Text(closing(given), style="bold"))
        print_isolation(runner, terminal)


def kept(answer: Answer) -> str:
    """What was said, as one text: a text as it is, anything else as JSON."""
    return answer.said if isinstance(answer.said, str) else msgspec.json.encode(answer.said).decode()


def back_in(practice: Practice, name: str) -> str:
    """When a question that was just answered comes back."""
    return when(cards_of(practice.reviews())[name].due, datetime.now(UTC))


def closing(given: Sequence[Given]) -> str:
    """How it went, in a sentence."""
    if not given:
        return "No answer was kept."
    shares = [one.mark.points / one.mark.possible for one in given]
    right, wrong = sum(share >= 1 for share in shares), sum(share <= 0 for share in shares)
    return f"{counted(len(given), 'answer')} kept: {right} right, {len(given) - right - wrong} in part, {wrong} wrong."


def examine(
    bank: Bank, course: str, runner: Runner, terminal: Terminal, number: int, seed: int, topics: Sequence[str]
) -> None:
    """Puts questions that the seed draws, and tells at the end what the answers are worth; nothing is kept.

    Raises KeyboardInterrupt if it was stopped, after it has told of what was answered until then.
    """
    questions = exam_of(bank, number, seed, topics)
    out = terminal.out
    out.print(f"Exam {seed}: {counted(len(questions), 'question')}. `--seed {seed}` asks the same ones again.")
    answers: list[Answer] = []
    try:
        for place, question in enumerate(questions, 1):
            put(question, seed, f"Question {place} of {len(questions)}", terminal)
            answers.append(answered(question, seed, terminal)[0])
    except EOFError:
        pass
    finally:
        out.print()
        show_exam(bank, course, answers, runner.mark, terminal)
        print_isolation(runner, terminal)


def show_exam(bank: Bank, course: str, answers: Sequence[Answer], mark_code: MarkCode, terminal: Terminal) -> None:
    """An exam's result: a table, then the reasons."""
    marked = mark_all(AnswersFile(tuple(answers)), "exam", course, bank, mark_code)
    if answers:
        print_results(marked, terminal.out)
    print_marked(marked, out=terminal.out)


def exam_of(bank: Bank, number: int, seed: int, topics: Sequence[str]) -> list[Question]:
    """The questions of an exam: so many of the topics' as a seed draws, but for what can't be answered here."""
    names = list(entries_of(bank, topics))
    random.Random(seed).shuffle(names)  # noqa: S311  no secret
    found = (question_of(bank, name, seed) for name in names)
    return [question for question in found if not isinstance(question, Drawing)][:number]


def question_of(bank: Bank, name: str, seed: int) -> Question:
    """A question of the bank; of a generator the variant for this seed, which is another one for every generator."""
    if not entries_of(bank)[name].is_generated:
        return bank.find(name)
    digest = hashlib.sha256(f"{name}\0{seed}".encode()).digest()
    return bank.find(f"{name}#{int.from_bytes(digest[:8], 'big') % LARGEST_SEED}")


def print_isolation(runner: Runner, terminal: Terminal) -> None:
    """Says so if code has run without walls."""
    problem = isolation_problem(runner)
    if problem:
        terminal.out.print(Text(one_line(problem), style="yellow"))


def isolation_problem(runner: Runner) -> str:
    """What to say of code that has run without walls; empty if none has."""
    if not runner.has_run or runner.room.is_isolated:
        return ""
    return f"Ran without isolation ({runner.room.problem}): it could use the network and your files."
