"""What `%load_ext grader` adds to IPython: magics, names that complete with Tab, and an early start of the assessor."""

from typing import Any

from grader.errors import UserError
from grader.jupyter import calls

COMPLETED = (r"%%?(check|hint|show)\b", r".*\bgrader\.(check|hint|show)\(")  # after which Tab offers names


def load(shell: Any) -> None:
    """Called by IPython; a second time it changes nothing."""
    unload(shell)
    shell.events.register("post_run_cell", calls.notes.note)
    for name, magic in (("check", check), ("hint", hint), ("show", show), ("progress", progress)):
        shell.register_magic_function(magic, "line", name)
    shell.register_magic_function(check_cell, "cell", "check")
    for pattern in COMPLETED:
        shell.set_hook("complete_command", names_for, re_key=pattern)
    calls.connected()


def unload(shell: Any) -> None:
    """Called by IPython for `%unload_ext grader`."""
    if calls.notes.note in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", calls.notes.note)


def check(line: str) -> None:
    """%check NAME ... checks these exercises, and without a name those that were tried."""
    calls.check(*names_in(line))


def check_cell(line: str, body: str) -> None:
    """%%check NAME above a cell runs it, and checks the exercise if it ended well."""
    result = calls.shell().run_cell(body, store_history=False)
    if result.success:
        check(line)
    else:
        calls.say("Not checked: the cell ended with an error.")


def hint(line: str) -> None:
    """%hint NAME shows one hint more."""
    for name in names_in(line):
        calls.hint(name)


def show(line: str) -> None:
    """%show NAME shows the statement."""
    for name in names_in(line):
        calls.show(name)


def progress(line: str) -> None:  # noqa: ARG001
    """%progress shows all exercises with their points."""
    calls.progress()


def names_in(line: str) -> list[str]:
    """The names that a magic is given, with quotes or without."""
    return [word.strip("'\",") for word in line.split()]


def names_for(shell: Any, event: Any) -> list[str]:  # noqa: ARG001
    """The names of exercises, for Tab; none if the assessor can't begin."""
    try:
        assessor = calls.connected()
        assessor.ready(calls.say)
    except UserError:
        return []
    return [name for name in assessor.names if name.startswith(event.symbol)]
