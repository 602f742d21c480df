"""Control groups: what counts and limits the memory of all processes of a notebook, where this user may make them."""

import contextlib
import os
import time
from pathlib import Path
from typing import IO

MOUNTS = Path("/proc/self/mountinfo")
GROUPS = Path("/proc/self/cgroup")
END_S = 2.0
LISTS = "cgroup.procs"


class MemoryGroup:
    """A control group for one notebook; it is removed with `close`."""

    _made = 0

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        """Makes the group. Raises OSError where that is not permitted, or memory is not controlled."""
        self.folder = folder
        folder.mkdir()
        try:
            names = ("memory.max", "memory.swap.max") if (folder / "memory.max").exists() else VERSION_1
            (folder / names[0]).write_text(str(limit_bytes))
            with contextlib.suppress(OSError):  # where swap is not counted
                (folder / names[1]).write_text("0" if names[1] == "memory.swap.max" else str(limit_bytes))
        except OSError:
            folder.rmdir()
            raise

    @classmethod
    def make(cls, limit_bytes: int) -> "MemoryGroup | None":
        """A new group below or beside this process's own; None where this user may make none."""
        cls._made += 1
        name = f"grader-{os.getpid()}-{cls._made}"
        for parent in parents():
            with contextlib.suppress(OSError):
                return cls(parent / name, limit_bytes)
        return None

    def open(self) -> list[IO[bytes]]:
        """The list of processes: whoever writes 0 to it joins the group."""
        return [(self.folder / LISTS).open("wb", buffering=0)]

    def kills(self) -> int:
        """How many processes were ended since the group's memory was full."""
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                text = (self.folder / name).read_text()
                return int(dict(line.split() for line in text.splitlines())["oom_kill"])
        return 0

    def close(self) -> None:
        """Removes the group, once the processes in it have gone."""
        deadline = time.monotonic() + END_S
        while time.monotonic() < deadline:
            try:
                self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.002)
            else:
                return


VERSION_1 = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")


def parents() -> list[Path]:
    """The groups in which this user could make one: this process's own, and the one above it."""
    try:
        own = dict(line.split(":", 2)[1:] for line in GROUPS.read_text().splitlines())
        mounts = [line.split() for line in MOUNTS.read_text().splitlines()]
    except (OSError, ValueError):
        return []
    found = []
    for fields in mounts:
        kind = fields[fields.index("-") + 1]
        is_ours = kind == "cgroup2" or (kind == "cgroup" and "memory" in fields[-1].split(","))
        names = [name for name in own if ("memory" in name.split(",") if kind == "cgroup" else not name)]
        if is_ours and names:
            root, top = Path(fields[3]), Path(fields[4])
            with contextlib.suppress(ValueError):
                group = top / Path(own[names[0]]).relative_to(root)
                found += [group, group.parent] if group != top else [group]
    return [group for group in found if os.access(group, os.W_OK)]
