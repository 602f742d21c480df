"""`grader watch`: grades a notebook whenever it is saved, and keeps a page with its report up to date."""

import contextlib
import secrets
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.shared import (
    check_seed,
    course_option,
    debug_option,
    exercise_option,
    files_option,
    limit_options,
    limits_of,
    load,
    room_of,
    running_options,
    seed_option,
)
from grader.devices import Wish

if TYPE_CHECKING:
    from grader.notebook import Submission
    from grader.results import Grade
    from grader.telling import Tell
    from grader.watch_server import Board
    from grader.watching import State

# Browsers that the module webbrowser would start in this very terminal, where there is no other.
IN_TERMINAL = ("www-browser", "links", "elinks", "lynx", "w3m")


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path), metavar="NOTEBOOK")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, metavar="NUMBER",
    help="The port of the page on this machine.  [default: one that is free]",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only say where the page is: don't open it.")
@exercise_option
@seed_option("others each time you start watching")
@limit_options
@running_options
@files_option
@course_option
@debug_option
def watch(
    notebook: Path,
    port: int,
    no_browser: bool,
    names: tuple[str, ...],
    seed: str | None,
    timeout: float,
    limit_settings: tuple[str, ...],
    python: str,
    is_full: bool,
    wish: Wish,
    is_open: bool,
    files: tuple[Path, ...],
    course_folder: Path | None,
) -> None:
    """Grade NOTEBOOK whenever you save it, and show its report on a page that keeps itself up to date.

    Only you can see the page, on this machine. A save that changes no code is not graded again. While you watch, the
    checks' cases stay the same. Stop with Ctrl-C.
    """
    from grader.notebook import read_bounded
    from grader.places import released_beside

    read_bounded(notebook)  # what is no file at all would never be graded
    from grader.showing import escaped

    limits = limits_of(timeout, limit_settings)
    course_folder = course_folder or released_beside(notebook)
    # Its zygote imports what notebooks import while we do the same.
    room = room_of(python, wish, is_open, course_folder, files)
    from grader.report import watched_policy
    from grader.watch_server import Board, WatchServer
    from grader.watching import State, line_of, settled, stamps_of, states

    board = Board()
    put_up(board, State(), notebook)
    with WatchServer(board, watched_policy(), port) as server:
        click.echo(f"The report of {escaped(notebook.name)}: {server.address}")
        if not no_browser:
            open_browser(server.address_once)
        from grader.grading import grade, judges_of
        from grader.telling import telling

        course, data = load(course_folder, names, may_be_released=True)
        check_seed(seed, course)
        with telling() as tell:
            course.prepare(data, tell)
        # With the same cases for all saves, what the oracle answers is worked out once.
        judges = judges_of(course, seed or secrets.token_hex(16))

        def grade_it(submission: "Submission") -> "Grade":
            with telling_on_terminals() as tell:
                return grade(submission, course, data, limits, tell, room, is_sliced=not is_full, judges=judges)

        click.echo("It is made anew whenever you save the notebook. Stop with Ctrl-C.")
        for state in states(notebook, settled(stamps_of(notebook)), grade_it, clock):
            put_up(board, state, notebook)
            if state.stage != "grading":
                click.echo(escaped(line_of(state)))


def put_up(board: "Board", state: "State", notebook: Path) -> None:
    """Shows how things stand: to pages that are open, and to those that will be."""
    from grader.report import render_watched
    from grader.watching import news_of

    is_old = state.stage == "grading" and board.shown.page  # it is told apart from the page
    board.put(news_of(state), None if is_old else render_watched(state, notebook.name).encode())


def telling_on_terminals() -> "contextlib.AbstractContextManager[Tell]":
    """Tells how far a grading is where there is a bar that goes away; elsewhere a line a grading is enough."""
    from grader.telling import quietly, telling

    return telling() if sys.stderr.isatty() else contextlib.nullcontext(quietly)


def clock() -> str:
    """The time of day."""
    return time.strftime("%H:%M:%S")


def open_browser(address: str) -> None:
    """Opens an address in the user's browser, if there is one with a window of its own; who has none was told it.

    In a thread, since some browsers are waited for until they end.
    """
    with contextlib.suppress(webbrowser.Error):
        browser = webbrowser.get()
        if Path(getattr(browser, "name", "")).name not in IN_TERMINAL:
            threading.Thread(target=quietly_opened, args=(browser, address), daemon=True).start()


def quietly_opened(browser: webbrowser.BaseBrowser, address: str) -> None:
    """Opens an address, or does nothing."""
    with contextlib.suppress(webbrowser.Error, OSError):
        browser.open(address)
