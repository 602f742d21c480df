"""`grader quiz export`: the questions for other programs."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.books import tell_notes
from grader.commands.exporting import file_name
from grader.commands.shared import PASSED, check_writable, course_option, debug_option
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.quiz.bank import Bank
    from grader.quiz.generators import Generator
    from grader.quiz.questions import Question

# The forms of an export (those of grader.quiz.exports, which takes time to import).
FORMS = ("qti", "gift", "moodle", "anki", "jupyterquiz")
LIMIT_VARIANTS = 1000
TRIES = 20  # seeds for each variant that is wanted, before a generator is taken to have no more
EPOCH = "SOURCE_DATE_EPOCH"  # the time to take for now, so that a build can be repeated (reproducible-builds.org)


@click.command("export")
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="For whom; qti is for Canvas.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE",
    help="Where to write it; - for the standard output.  [default: such as quiz.qti.zip, in this folder]",
)  # fmt: skip
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only this topic; may be given several times.")
@click.option(
    "--variants", type=click.IntRange(0, LIMIT_VARIANTS), default=1, show_default=True, metavar="NUMBER",
    help="How many variants of each generated question.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the first variant.")
@click.option("--title", default="", metavar="TEXT", help="Of the quiz, deck or category.  [default: the course's]")
@course_option
@debug_option
def export(
    form: str,
    output: Path | None,
    topics: tuple[str, ...],
    variants: int,
    seed: int,
    title: str,
    course_folder: Path | None,
) -> int:
    """Write the questions for another program: Canvas, Moodle, Anki, JupyterQuiz.

    What a program can't hold is asked in the nearest way it knows, or left out; what, and why, is said.
    """
    from grader.course import declaration
    from grader.quiz.bank import open_bank
    from grader.quiz.exports import FORMATS
    from grader.quiz.exports import export as exported

    title = title or declaration(course_folder).title
    file = output or Path(file_name(title) + FORMATS[form].ending)
    is_file = str(file) != "-"
    if is_file:
        check_writable(file)
    questions, notes = questions_of(open_bank(course_folder), topics, variants, seed)
    found = exported(questions, form, title, moment())
    if is_file:
        write(file, found.content)
    else:
        click.echo(found.content, nl=False)
    tell_notes((*notes, *found.notes))
    if is_file:
        from grader.showing import counted, escaped

        click.echo(escaped(f"Wrote {file}: {title}, from {counted(len(questions), 'question')}."))
    return PASSED


def questions_of(
    bank: "Bank", topics: Sequence[str], variants: int, seed: int
) -> "tuple[list[Question], tuple[str, ...]]":
    """The questions of these topics, or all, with variants of the generated ones; and what to say of them.

    Raises UserError for a topic that there is not, and if no question is left.
    """
    wanted = bank.topics_called(topics) or bank.topics
    questions = [question for question in bank.questions if question.topic in wanted]
    notes = []
    for generator in bank.generators:
        if generator.topic in wanted:
            made = list(variants_of(generator, variants, seed))
            questions += made
            if len(made) < variants:
                notes.append(f"{generator.name}: has {len(made)} different variants only.")
    if not questions:
        raise UserError("No question is left to export. Give --variants 1 or more, or another topic.")
    return questions, tuple(notes)


def variants_of(generator: "Generator", number: int, seed: int) -> "Iterator[Question]":
    """Variants of the seeds from `seed` on, none of which asks the same as one before."""
    from grader.quiz.generators import variant

    seen: set[str] = set()
    for each in range(seed, seed + TRIES * number):
        question = variant(generator, each)
        asked = repr(replace(question, name=""))
        if asked not in seen:
            seen.add(asked)
            yield question
        if len(seen) == number:
            return


def moment() -> float:
    """Now, in seconds since 1970, or what SOURCE_DATE_EPOCH says."""
    given = os.environ.get(EPOCH, "")
    if not given:
        return time.time()
    if not (given.isascii() and given.isdigit()):
        raise UserError(f"{EPOCH}: {given!r} is no number of seconds since 1970. Unset it, or give one.")
    return int(given)
