"""The quiz: `grader quiz` and the commands below it."""

import importlib
import random
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.shared import (
    NOT_PASSED,
    PASSED,
    Command,
    check_replaceable,
    check_writable,
    course_option,
    debug_option,
    places,
)
from grader.files import write

if TYPE_CHECKING:
    from grader.kernel import Room
    from grader.quiz.bank import Bank
    from grader.quiz.marking import MarkShort
    from grader.quiz.running import Runner

# Commands that are imported only when they are called, or listed: the module and the name of each.
ELSEWHERE = {
    "page": ("grader.commands.quiz_page", "page"),
    "export": ("grader.commands.quiz_export", "export"),
}
NUMBER = 10


class Quiz(click.Group):
    """A group whose commands may be in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands that there are."""
        there = [name for name, (module, _) in ELSEWHERE.items() if find_spec(module)]
        return sorted([*super().list_commands(ctx), *there])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        module, name = ELSEWHERE.get(cmd_name, ("", ""))
        if module and find_spec(module):
            found = getattr(importlib.import_module(module), name)
            assert isinstance(found, click.Command)
            return found
        return super().get_command(ctx, cmd_name)


def practice_option(command: Command) -> Command:
    """Adds --practice to a command."""
    text = "Where your answers are kept.  [default: a file in your user data folder]"
    return click.option("--practice", "kept", type=click.Path(path_type=Path), metavar="FILE", help=text)(command)


def isolation_option(command: Command) -> Command:
    """Adds --no-isolation to a command."""
    text = "Let answers that are code use the network and your files: only for your own."
    return click.option("--no-isolation", "is_open", is_flag=True, help=text)(command)


@click.group(cls=Quiz, invoke_without_command=True)
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only this topic; may be given several times.")
@click.option("--number", type=click.IntRange(min=1), default=NUMBER, show_default=True, help="How many questions.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Draws numbers, orders and an exam's questions.  [default: random]"
)
@click.option("--exam", "is_exam", is_flag=True, help="Ask at random, and tell all at the end; nothing of it is kept.")
@practice_option
@isolation_option
@course_option
@debug_option
@click.pass_context
def quiz(
    context: click.Context,
    topics: tuple[str, ...],
    number: int,
    seed: int | None,
    is_exam: bool,
    kept: Path | None,
    is_open: bool,
    course_folder: Path | None,
) -> int:
    """Ask questions about the chapter: those that are due, then new ones, the easier first.

    Every answer is marked at once and kept on this computer, and the question comes back before you forget it: soon if
    it was wrong, ever later if it was right. Without a terminal, answers are read line by line from the input.
    """
    if context.invoked_subcommand:
        refuse_options(context)
        return PASSED
    bank, course = bank_and_title(course_folder)
    chosen = bank.topics_called(topics)
    from grader.quiz.session import examine, practise
    from grader.quiz.terminal import Terminal

    runner = runner_of(course_folder, is_open)
    drawn = random.randrange(10**6) if seed is None else seed  # noqa: S311  no secret
    if is_exam:
        examine(bank, course, runner, Terminal(), number, drawn, chosen)
        return PASSED
    from grader.quiz.practice import Practice

    with Practice(practice_place(kept, course_folder)) as practice:
        practise(bank, practice, runner, Terminal(), number, drawn, chosen)
    return PASSED


@quiz.command()
@click.argument("answers", type=click.Path(path_type=Path), metavar="ANSWERS")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a report for whoever answered.")
@click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write the marks as JSON.")
@click.option(
    "--review", type=click.Path(path_type=Path), metavar="FILE",
    help="Write a CSV list of the answers that a person has to mark.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["lexical", "semantic"]), default="lexical", show_default=True,
    help="How sentences are compared: by their words, or by a language model as well (the extra `semantic`).",
)  # fmt: skip
@isolation_option
@course_option
@debug_option
def mark(
    answers: Path,
    html: Path | None,
    json: Path | None,
    review: Path | None,
    engine: str,
    is_open: bool,
    course_folder: Path | None,
) -> int:
    """Mark the answers in the file ANSWERS, with the reasons.

    \b
    ANSWERS is one of these:
      the file that the quiz's page wrote (JSON)
      Markdown or plain text, each answer under a heading
      a notebook (.ipynb), each answer in the cells under a heading

    A heading is the question's name, such as ## what-loss-says, or ## shapes#17 for a variant; or it is the question's
    own text. Options, items and "term: definition" stand in a line each, code in the code's own lines or in a fence.

    Exit status: 0 if every answer is fully right, 1 if some are not or need a person, 2 if the file can't be marked.
    """
    for file in filter(None, (html, json, review)):
        check_writable(file, answers)
    if html:
        check_replaceable(html)
    from grader.quiz.answers_file import read_answers

    found = read_answers(answers)
    bank, course = bank_and_title(course_folder)
    from grader.quiz.marked import mark_all, marked_json, with_note
    from grader.quiz.review_list import review_list
    from grader.quiz.session import isolation_problem
    from grader.quiz.summary import print_marked
    from grader.telling import telling

    runner = runner_of(course_folder, is_open)
    with telling() as tell:
        marked = mark_all(found, answers.name, course, bank, runner.mark, marks_short(engine), tell)
    marked = with_note(marked, isolation_problem(runner))
    written: list[tuple[str, Path]] = []
    if html:
        from grader.report import render_marks

        write(html, render_marks(marked).encode("utf-8", "replace"))
        written.append(("Report", html))
    if json:
        write(json, marked_json(marked))
        written.append(("JSON", json))
    if review:
        write(review, review_list(marked))
        written.append(("For a person to mark", review))
    print_marked(marked, written)
    return PASSED if marked.is_all_right else NOT_PASSED


@quiz.command()
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only this topic; may be given several times.")
@practice_option
@course_option
@debug_option
def progress(topics: tuple[str, ...], kept: Path | None, course_folder: Path | None) -> int:
    """Show by topic what you have answered, what is due, and how much of it you probably remember."""
    from datetime import UTC, datetime

    bank, _ = bank_and_title(course_folder)
    chosen = bank.topics_called(topics)
    from grader.quiz.practice import Practice
    from grader.quiz.schedule import cards_of, next_due, progress_of
    from grader.quiz.summary import print_progress

    with Practice(practice_place(kept, course_folder)) as practice:
        reviews = practice.reviews()
    now = datetime.now(UTC)
    shown = [topic for topic in progress_of(bank, reviews, now) if not chosen or topic.topic in chosen]
    print_progress(shown, now, next_due(bank, cards_of(reviews), chosen))
    return PASSED


# What the options give


def refuse_options(context: click.Context) -> None:
    """Raises UsageError for options before a command: they would be for nothing."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name) if parameter.name else None
        if source is click.core.ParameterSource.COMMANDLINE:
            option, command = parameter.opts[0], context.invoked_subcommand
            raise click.UsageError(f"Give {option} behind the command: grader quiz {command} {option} ...", context)


def bank_and_title(course_folder: Path | None) -> "tuple[Bank, str]":
    """The bank of the course, and the course's title."""
    from grader.course import declaration
    from grader.quiz.bank import open_bank

    return open_bank(course_folder), declaration(course_folder).title


def marks_short(engine: str) -> "MarkShort | None":
    """What marks sentences by this engine; None for the usual one. Raises UserError if it is not installed."""
    if engine == "lexical":
        return None
    from grader.quiz.short_answers import mark_short_answer
    from grader.quiz.short_answers.semantic import semantic_engine

    return partial(mark_short_answer, engine=semantic_engine())


def practice_place(kept: Path | None, course_folder: Path | None) -> Path:
    """The file of what is practised."""
    from grader.places import practice_file

    return kept or practice_file(course_folder)


def runner_of(course_folder: Path | None, is_open: bool) -> "Runner":
    """What runs answers that are code: in a room that is made when it is needed, with walls if there can be any."""
    from grader.quiz.running import Runner

    def make() -> "Room":
        from grader.kernel import isolated_room, open_room

        return open_room(sys.executable) if is_open else isolated_room(sys.executable, *places(course_folder))

    return Runner(make, places(course_folder)[0])
