"""Tasks in forked processes: several at a time, and none that hangs, crashes or takes all memory ends the others.

A fork shares all that its parent has worked out and loaded, and nothing that it does comes back but its messages.
"""

import contextlib
import faulthandler
import os
import selectors
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.agent import end_with, ending_in_words, limit_memory

Task = Callable[[], Iterable[bytes]]  # yields its messages, which hold no newline

BLOCK_BYTES = 1 << 16


@dataclass(frozen=True)
class Ended:
    """How a task ended; detail is empty if it came to its end, and otherwise follows on "It"."""

    detail: str = ""


@dataclass
class Child:
    """A task's process, while it runs."""

    index: int
    pid: int
    reading: int
    deadline: float
    received: bytearray = field(default_factory=bytearray)


def can_fork() -> bool:
    """Whether this platform has forks."""
    return hasattr(os, "fork")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_forks(
    tasks: Sequence[Task],
    workers: int,
    limit_s: float = float("inf"),
    limit_bytes: int | None = None,
    is_silent: bool = False,
) -> Iterator[tuple[int, bytes | Ended]]:
    """The messages of all tasks as they come, each with its task's index; the last one of a task is how it ended.

    workers: how many run at a time. limit_s, limit_bytes: the time and the further memory that each may take.
    is_silent: what they print goes nowhere.
    """
    waiting = list(enumerate(tasks))[::-1]
    running: dict[int, Child] = {}
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    index, task = waiting.pop()
                    child = started(index, task, time.monotonic() + limit_s, limit_bytes, is_silent)
                    running[child.reading] = child
                    selector.register(child.reading, selectors.EVENT_READ)
                first = min(child.deadline for child in running.values())
                patience = None if first == float("inf") else max(0.0, first - time.monotonic())
                ready = {key.fd for key, _ in selector.select(patience)}
                for child in list(running.values()):
                    is_late = time.monotonic() > child.deadline
                    block = os.read(child.reading, BLOCK_BYTES) if child.reading in ready else None
                    *lines, child.received = (child.received + (block or b"")).split(b"\n")
                    yield from ((child.index, bytes(line)) for line in lines)
                    if block == b"" or is_late:
                        selector.unregister(child.reading)
                        del running[child.reading]
                        yield child.index, Ended(ended(child, "" if block == b"" else f"after {limit_s:.1f} seconds"))
        finally:
            for child in running.values():
                ended(child, "before it was done")


def started(index: int, task: Task, deadline: float, limit_bytes: int | None, is_silent: bool) -> Child:
    """A new process that runs the task."""
    reading, writing = os.pipe()
    parent = os.getpid()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # or the child would write it again
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns that forks and threads mix badly: one thread, see below
        pid = os.fork()
    if pid:
        os.close(writing)
        return Child(index, pid, reading, deadline)
    try:
        os.close(reading)
        run_as_child(task, writing, parent, limit_bytes, is_silent)
        os._exit(0)
    except BaseException:  # noqa: BLE001  nothing of the parent's may run on in the child
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def run_as_child(task: Task, writing: int, parent: int, limit_bytes: int | None, is_silent: bool) -> None:
    """Runs a task in a process of its own, and writes its messages."""
    os.setsid()  # so that what it starts can be ended with it, and Ctrl-C reaches the parent alone
    end_with(parent)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)  # the threads of a parallel region stayed in the parent: it would wait for them
    if limit_bytes is not None:
        with contextlib.suppress(OSError):  # only Linux tells how much is mapped already
            limit_memory(limit_bytes)
    if is_silent:
        faulthandler.disable()  # it writes to a copy of the terminal
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    with os.fdopen(writing, "wb") as out:
        for message in task():
            out.write(message + b"\n")
            out.flush()


def ended(child: Child, when: str) -> str:
    """How a child ended that has closed its pipe; with `when`, it is ended now, though it has not come to its end."""
    os.close(child.reading)
    for kill in (os.killpg, os.kill) if when else ():
        with contextlib.suppress(OSError):
            kill(child.pid, signal.SIGKILL)
    _, status = os.waitpid(child.pid, 0)
    if when:
        return f"had not ended {when}"
    return ending_in_words(status) if status else ""
