"""The command line: the commands under one name, and every error in a line or two for its reader."""

import contextlib
import os
import sys
from typing import NoReturn

import click

from grader import __version__
from grader.commands.classes import grade
from grader.commands.courses import doctor, list_exercises, train, verify
from grader.commands.gradebook import gradebook
from grader.commands.quiz import quiz
from grader.commands.releasing import release
from grader.commands.reports import report
from grader.commands.shared import PASSED, STOPPED, UNUSABLE, debug_option
from grader.commands.similar import similar
from grader.commands.students import check, start
from grader.commands.watch import watch
from grader.errors import UserError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="grader %(version)s")
@debug_option
def cli() -> None:
    """Grade Jupyter notebooks of the fast.ai book's chapter 4 (MNIST basics).

    Begin with `grader start DIR`, work on the notebook that it writes, and run `grader check` on it.
    """


COMMANDS = (
    *(start, check, watch, grade, gradebook, report, similar),
    *(quiz, train, verify, release, list_exercises, doctor),
)
for command in COMMANDS:
    cli.add_command(command)


def run() -> NoReturn:
    """The command `grader`: runs the command line, and turns every error into a line or two for its reader."""
    debug = "--debug" in sys.argv
    try:
        status = cli.main(standalone_mode=False)
    except UserError as error:
        status = fail(str(error), debug)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "grader"
        status = fail(f"{error.format_message()} See: {command} --help", debug)
    except click.ClickException as error:
        status = fail(error.format_message(), debug)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        status = STOPPED
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = PASSED
    except Exception as error:  # noqa: BLE001  a mistake of the grader's own
        status = fail(
            f"The grader itself failed ({type(error).__name__}: {error}).\n"
            "This is its mistake, not yours. --debug shows where; please report it.",
            debug,
        )
    sys.exit(status or PASSED)


def fail(message: str, debug: bool) -> int:
    """Says what is wrong on stderr; with --debug, after the traceback."""
    if debug:
        import traceback

        traceback.print_exc()
    from grader.showing import escaped

    # A message may name what students have named: nothing of that is to be obeyed by the terminal.
    click.echo("\n".join(map(escaped, f"grader: {message}".split("\n"))), err=True)
    return UNUSABLE
