"""The engine of an exercise grader for Jupyter notebooks: the oracle stays outside, student code inside.

In a notebook, `grader.check("name")`, `grader.hint("name")`, `grader.show("name")`, `grader.progress()` and
`grader.quiz("topic")` are for students; `%load_ext grader` adds the same as magics. Each is imported when it is asked
for, so that `import grader` takes no time.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

CALLS = ("check", "hint", "progress", "show")


def __getattr__(name: str) -> Any:
    """What notebooks use."""
    if name in CALLS:
        return getattr(importlib.import_module("grader.jupyter.calls"), name)
    if name == "quiz":
        return importlib.import_module("grader.quiz")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What completes with Tab."""
    return [*CALLS, "quiz"]


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython for `%load_ext grader`."""
    importlib.import_module("grader.jupyter.extension").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Called by IPython for `%unload_ext grader`."""
    importlib.import_module("grader.jupyter.extension").unload(shell)
