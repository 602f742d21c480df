"""Which cells were run in this kernel, as IPython remembers them."""

from typing import Any

from grader.jupyter.messages import Executed
from grader.results import CellError


class Notes:
    """What IPython's history does not keep: the ids of cells, and the errors that they ended with."""

    def __init__(self) -> None:
        self.identities: dict[int, str] = {}
        self.errors: dict[int, CellError] = {}

    def note(self, result: Any) -> None:
        """Called by IPython when a cell has ended."""
        if not result.info.store_history or result.execution_count is None:
            return
        self.identities[result.execution_count] = str(getattr(result.info, "cell_id", None) or "")
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            self.errors[result.execution_count] = CellError(type(error).__name__, str(error)[:500])

    def executed(self, shell: Any) -> tuple[Executed, ...]:
        """The cells that were run, with the one that runs now."""
        sources = shell.history_manager.input_hist_raw
        return tuple(
            Executed(number, source, self.identities.get(number, ""), self.errors.get(number))
            for number, source in enumerate(sources)
            if number and source.strip()
        )
