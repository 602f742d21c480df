"""What students call: `grader.check`, `grader.hint`, `grader.show`, `grader.progress`."""

import os
import sys
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.jupyter.connection import Connection, EndedError
from grader.jupyter.executed import Notes
from grader.jupyter.messages import Check, Hint, Progress, Request, Show, Shown
from grader.places import released_beside

ELSEWHERE = (
    "This works in a notebook, on what its cells have defined: in Jupyter, VS Code or Colab, or in IPython. "
    "For a file there is a command: grader check NOTEBOOK"
)
COURSE = "GRADER_COURSE"

notes = Notes()
connection: Connection | None = None


def check(*exercises: object) -> None:
    """Checks these exercises, by name, as what was run stands now; without any, those that were tried.

    Nothing of the student's is changed by it. It shows one card: what passed, and the first that did not, with why.
    """
    display(Check(tuple(map(name_of, exercises)), cells()))


def hint(exercise: object) -> None:
    """Shows one hint more for an exercise. It is never held against anyone how many were taken."""
    display(Hint(name_of(exercise)))


def show(exercise: object) -> None:
    """Shows an exercise's statement."""
    display(Show(name_of(exercise)))


def progress() -> None:
    """Shows all exercises, with the points that what was run reaches now."""
    display(Progress(cells()))


def name_of(exercise: object) -> str:
    """An exercise's name, also if it is given as the function or class that answers it."""
    return exercise if isinstance(exercise, str) else str(getattr(exercise, "__name__", exercise))


def cells() -> Any:
    """The cells that were run; none outside a notebook."""
    found = shell()
    return () if found is None else notes.executed(found)


def display(request: Request) -> None:
    """Shows what the assessor answers, in a notebook; elsewhere says that there is none."""
    found = shell()
    if found is None:
        say(ELSEWHERE)
        return
    from IPython.display import display as show_bundle

    try:
        shown = answer(request, found)
    except UserError as error:
        say(str(error))
        return
    forms = {"text/plain": shown.plain, "text/html": shown.html, "text/markdown": shown.markdown}
    show_bundle({kind: text for kind, text in forms.items() if text}, raw=True)


def answer(request: Request, found: Any) -> Shown:
    """What the assessor answers, which is started if there is none, or none any more. found: IPython."""
    try:
        return connected().request(request, found.user_ns, say)
    except EndedError:  # it was ended since the last check, for lack of memory for example
        return connected().request(request, found.user_ns, say)


def connected() -> Connection:
    """The assessor of this kernel and of the course that $GRADER_COURSE names, or that was released into its folder."""
    global connection
    named = os.environ.get(COURSE)
    course = Path(named).resolve() if named else released_beside(Path("notebook.ipynb"))
    if connection is None or not connection.is_alive() or connection.course != course:
        if connection is not None:
            connection.close()
        connection = Connection(course)
    return connection


def shell() -> Any:
    """IPython, if this process is one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def say(words: str) -> None:
    """Prints a sentence, below the cell."""
    sys.stdout.write(f"{words}\n")
