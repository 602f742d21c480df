"""`grader quiz page`: the quiz as one page, to practise with or as an exam."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.quiz import bank_and_title
from grader.commands.shared import PASSED, check_replaceable, check_writable, course_option, debug_option
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.quiz.bank import Bank
    from grader.quiz.questions import Question


@click.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="quiz.html", show_default=True, metavar="FILE",
    help="Where to write the page.",
)  # fmt: skip
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only this topic; may be given several times.")
@click.option("--number", type=click.IntRange(min=1), help="How many questions, drawn by the seed.  [default: all]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Draws questions and orders.")
@click.option("--variants", type=click.IntRange(min=0), default=1, show_default=True,
              help="How many variants of each generated question.")  # fmt: skip
@click.option("--exam", "is_exam", is_flag=True, help="Hold no answers: the page saves a file for `grader quiz mark`.")
@course_option
@debug_option
def page(
    output: Path,
    topics: tuple[str, ...],
    number: int | None,
    seed: int,
    variants: int,
    is_exam: bool,
    course_folder: Path | None,
) -> int:
    """Write the quiz as one page that needs nothing else, not even a network: for a computer or a phone.

    It marks at once and explains; sentences and code are compared with a model answer, or marked by `grader quiz mark`.
    """
    check_writable(output)
    check_replaceable(output)
    bank, title = bank_and_title(course_folder)
    questions = questions_of(bank, bank.topics_called(topics), number, seed, variants)
    if not questions:
        raise UserError("There is no question for a page. Give another --topic, or let --variants be 1 or more.")
    from grader.quiz.page import laid_out
    from grader.report import render_quiz
    from grader.showing import counted

    document = render_quiz(laid_out(questions, title, "exam" if is_exam else "practice", seed))
    write(output, document.encode("utf-8", "replace"))
    what = "an exam of" if is_exam else "a quiz of"
    click.echo(f"Wrote {output}: {what} {counted(len(questions), 'question')}.")
    return PASSED


def questions_of(bank: "Bank", topics: Sequence[str], number: int | None, seed: int, variants: int) -> "list[Question]":
    """The questions of these topics, or of all, in the bank's order; so many as the seed draws, if a number is given.

    variants: how many of each generated question. What can only be drawn in a notebook is left out.
    """
    from grader.quiz.questions import Drawing
    from grader.quiz.schedule import entries_of
    from grader.quiz.session import question_of

    found: dict[str, Question] = {}
    for name, entry in entries_of(bank, topics).items():
        for place in range(variants if entry.is_generated else 1):
            question = question_of(bank, name, seed + place)
            if not isinstance(question, Drawing):
                found[question.name] = question
    names = list(found)
    if number is not None and number < len(names):
        drawn = set(random.Random(seed).sample(names, number))  # noqa: S311  no secret
        names = [name for name in names if name in drawn]
    return [found[name] for name in names]
