"""Notebooks that were handed in, read from where they lie: a file, or a zip that stays as it is."""

from pathlib import Path
from types import TracebackType
from typing import Self

from grader.errors import UserError
from grader.intake.archives import OF_A_CLASS, OF_ONE_STUDENT, Archive
from grader.intake.collecting import NESTED_LIMIT_BYTES, Location
from grader.intake.submissions import HandIn
from grader.notebook import LIMIT_BYTES, Submission, notebook_in, read_bounded


def reason_of(error: UserError, location: Location) -> str:
    """Why a notebook can't be read, as a sentence without its name, for where that stands beside it."""
    reason = str(error)
    for name in (str(Path(location.file, *location.members)), location.shown, location.file):
        reason = reason.removeprefix(f"{name}: ")
    return reason[:1].upper() + reason[1:]


class Reader:
    """Reads hand-ins, in a `with` statement; the archive that the last one was in stays open for the next."""

    def __init__(self) -> None:
        self._file = ""
        self._archive: Archive | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def content(self, location: Location) -> bytes:
        """A notebook's bytes. Raises UserError if it can't be read, or if it is far larger than notebooks are."""
        if not location.members:
            return read_bounded(Path(location.file))
        archive = self._opened(location.file)
        if len(location.members) == 1:
            return archive.read(location.members[0], LIMIT_BYTES)
        nested, member = location.members
        content = archive.read(nested, NESTED_LIMIT_BYTES)
        with Archive(content, Location(location.file, (nested,)).shown, OF_ONE_STUDENT) as inner:
            return inner.read(member, LIMIT_BYTES)

    def submission(self, hand_in: HandIn) -> Submission:
        """The submission that was handed in. Raises UserError if what is in it can't be graded."""
        return notebook_in(self.content(hand_in.location), Path(hand_in.location.file, *hand_in.location.members))

    def _opened(self, file: str) -> Archive:
        if self._archive is None or self._file != file:
            if self._archive is not None:
                self._archive.close()
                self._archive = None
            self._archive, self._file = Archive(Path(file), file, OF_A_CLASS), file
        return self._archive
