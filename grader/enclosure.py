"""What one isolated kernel is given: its limits, its files, and the control group that counts its memory."""

import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from grader.isolation import View
from grader.limits import Limits
from grader.memory import MemoryGroup
from grader.sandbox import HOME


@dataclass
class Enclosure:
    """The walls of the kernels of one notebook.

    files: what the notebook finds in its folder. group: what counts and limits its memory, where that is possible.
    links: symbolic links that it finds, by their place, with what they lead to.
    """

    view: View
    limits: Limits
    files: Sequence[Path] = ()
    group: MemoryGroup | None = None
    links: Mapping[str, str] = field(default_factory=dict)

    def request(self, connection: Path) -> tuple[dict[str, Any], list[IO[bytes]]]:
        """What the zygote is asked for on behalf of the walls, and the open files that go with it.

        connection: the kernel's connection file, which it gets a copy of.
        """
        walls = {
            "scratch_bytes": self.limits.scratch_bytes,
            "memory_bytes": 0 if self.view.devices else self.limits.memory_bytes,  # a GPU's driver reserves far more
            "file_bytes": min(self.limits.file_bytes, self.limits.scratch_bytes),
            "open_files": self.limits.open_files,
            "processes": self.limits.processes,
            "cpu_s": max(1, round(self.limits.cpu_s)),
            "kept": self.view.kept,
        }
        groups = self.group.open() if self.group else []
        archives = [packed(self.files)] if self.files else []
        asked = {
            "walls": walls,
            "folder": HOME,
            "links": dict(self.links),
            "groups": len(groups),
            "connection": connection.read_text("utf-8"),
            "connection_file": str(connection),
        }
        return asked, [*groups, *archives]


def packed(files: Sequence[Path]) -> IO[bytes]:
    """A tar archive of files and folders, each under its own name, open at its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever asked for it closes it
    with tarfile.open(fileobj=file, mode="w") as archive:
        for source in files:
            archive.add(source.resolve(), source.name, filter=owned_by_nobody)
    file.seek(0)
    return file


def owned_by_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """An entry that anybody may unpack and read; None for what is no file, folder or link."""
    if not (entry.isfile() or entry.isdir() or entry.issym() or entry.islnk()):
        return None
    mode = 0o755 if entry.isdir() else 0o644
    return entry.replace(uid=0, gid=0, uname="", gname="", mode=mode, deep=False)
