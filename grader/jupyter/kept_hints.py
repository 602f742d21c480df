"""How many hints of each exercise a student has taken, kept in a file of theirs; nothing reads it for a grade."""

import contextlib
from pathlib import Path

import msgspec

from grader.errors import UserError
from grader.files import write

NOT_KEPT = "How many you have taken could not be written down: next time it begins with the first again."


class KeptHints:
    """The counts in a file, which may be missing, damaged or in a folder that can't be written."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.counts: dict[str, int] = {}
        with contextlib.suppress(OSError, msgspec.DecodeError):
            self.counts = msgspec.json.decode(file.read_bytes(), type=dict[str, int])

    def one_more(self, name: str, most: int) -> tuple[int, str]:
        """How many hints to show now, of at most so many; and what there is to say if it could not be kept."""
        self.counts[name] = min(max(0, self.counts.get(name, 0)) + 1, most)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write(self.file, msgspec.json.encode(self.counts))
        except (OSError, UserError):
            return self.counts[name], NOT_KEPT
        return self.counts[name], ""
