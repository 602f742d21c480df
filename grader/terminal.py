"""The terminal that summaries and tables are printed to."""

from rich.console import Console

NARROW = 80


def console() -> Console:
    """The terminal; 80 columns where nothing says how wide it is."""
    found = Console(highlight=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, emoji=False, width=NARROW)
