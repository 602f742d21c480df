"""The parent's side of a zygote: start it, have kernels forked, and learn how they end. See grader/zygote.py."""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, ClassVar

from grader.isolation import GROUPS, NO_GPU, USERS, View, bubblewrap
from grader.places import PATIENT

AGENT = "_grader_agent"  # the module that answers probes, in the kernel

BOOT = """
import json, sys, types
for name, text in zip(sys.argv[3::2], sys.argv[4::2]):
    sys.modules[name] = types.ModuleType(name)
    exec(compile(text, f"<{name}>", "exec"), sys.modules[name].__dict__)
sys.modules["grader.zygote"].main(int(sys.argv[1]), json.loads(sys.argv[2]))
"""

START_S = 120.0
END_S = 5.0


def can_fork() -> bool:
    """Whether this platform has what a zygote needs."""
    return sys.platform.startswith("linux")


class Zygote:
    """A process that forks kernels; start it early: it preloads while others work.

    view: what its kernels see of the machine; None if they are not isolated.
    """

    _shared: ClassVar[dict[str | View, "Zygote"]] = {}

    def __init__(self, python: str, view: View | None = None) -> None:
        self._errors = held(b"")  # of its start; see grader/zygote.py
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as given:
            given.enter_context(theirs)
            descriptors = [theirs.fileno()]
            command = []
            if view:
                descriptors += [given.enter_context(held(text)).fileno() for text in (USERS, GROUPS)]
                command = bubblewrap(view, *descriptors[1:])
            places = {"readable": view.readable, "kept": view.kept, "devices": view.devices} if view else None
            self.process = subprocess.Popen(  # noqa: S603  the notebooks' Python, which the user has named
                [*command, python, "-c", BOOT, str(theirs.fileno()), json.dumps(places), *program()],
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
                env={"OMP_WAIT_POLICY": PATIENT, **os.environ, **NO_GPU},
            )
        self.channel = ours
        self.statuses: dict[int, int] = {}
        self._problem: str | None = None
        self._pids: dict[int, int] = {}
        self._received = b""
        self._requests = 0
        atexit.register(self.close)

    @classmethod
    def shared(cls, python: str = sys.executable, view: View | None = None) -> "Zygote":
        """The zygote of a Python and a view; a new one if there is none, or if it has died."""
        zygote = cls._shared.get(view or python)
        if zygote is None or zygote.process.poll() is not None:
            if zygote is not None:
                zygote.close()
            zygote = cls._shared[view or python] = cls(python, view)
        return zygote

    def problem(self) -> str:
        """Why it can't do what it was started for; empty if it can. Known at once, before it preloads."""
        try:
            self.wait_for(lambda: self._problem is not None)
        except OSError:
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").split("\n")
            said = [line for line in lines if line.strip()]
            return said[-1] if said else "it ends as it starts"
        return self._problem or ""

    def fork(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> int:
        """The number of a new kernel: what the zygote calls its process. Raises OSError if the zygote has died.

        request: what the kernel reads, as grader/zygote.py says, and its "imports". descriptors: files that the kernel
        takes over.
        """
        self._requests += 1
        number = self._requests
        with held(json.dumps(request).encode()) as told:
            passed = [told.fileno(), *descriptors]
            asked = {"id": number, "imports": request["imports"], "is_isolated": request["walls"] is not None}
            line = json.dumps({**asked, "descriptors": len(passed)}).encode() + b"\n"
            sent = socket.send_fds(self.channel, [line], passed)
            self.channel.sendall(line[sent:])
        self.wait_for(lambda: number in self._pids)
        return self._pids.pop(number)

    def signal(self, number: int, kernel: int) -> None:
        """Sends a signal to a kernel and its group."""
        with contextlib.suppress(OSError):
            self.channel.sendall(json.dumps({"signal": number, "pid": kernel}).encode() + b"\n")

    def status(self, kernel: int) -> int | None:
        """How a kernel has ended; None if it lives."""
        with contextlib.suppress(OSError):
            self.read(0)
        if kernel not in self.statuses and self.process.poll() is not None:
            return -signal.SIGKILL  # all kernels end with their zygote
        return self.statuses.get(kernel)

    def wait_for(self, is_done: Callable[[], bool]) -> None:
        """Reads until something has come. Raises OSError if the zygote dies, or takes too long."""
        deadline = time.monotonic() + START_S
        while not is_done():
            self.read(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline:
                raise OSError("the zygote does not answer")

    def read(self, wait_s: float) -> None:
        """Takes in what the zygote tells. Raises OSError if it has died."""
        if not select.select([self.channel], [], [], wait_s)[0]:
            return
        block = self.channel.recv(1 << 16)
        if not block:
            raise OSError("the zygote has died")
        *lines, self._received = (self._received + block).split(b"\n")
        for message in map(json.loads, lines):
            if "problem" in message:
                self._problem = message["problem"]
            elif "id" in message:
                self._pids[message["id"]] = message["pid"]
            else:
                self.statuses[message["pid"]] = message["status"]

    def close(self) -> None:
        """Ends the zygote and all its kernels."""
        self.channel.close()
        self._errors.close()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_S)
        atexit.unregister(self.close)


def held(content: bytes) -> IO[bytes]:
    """A file that is nowhere but in memory, to be read from its start."""
    file = os.fdopen(os.memfd_create("grader"), "w+b")
    file.write(content)
    file.seek(0)
    return file


def program() -> list[str]:
    """The modules that a zygote runs, each as its name and its text."""
    names = {"grader.pacing": "grader.pacing", "grader.sandbox": "grader.sandbox", AGENT: "grader.agent"}
    modules = {name: text_of(file) for name, file in {**names, "grader.zygote": "grader.zygote"}.items()}
    return [word for pair in {"grader": "", **modules}.items() for word in pair]


def text_of(module: str) -> str:
    """The source code of a module."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text("utf-8")


class ForkedKernel:
    """A kernel's process, with what jupyter_client expects of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, pid: int) -> None:
        self.zygote = zygote
        self.pid = pid

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        return self.zygote.status(self.pid)

    def send_signal(self, number: int) -> None:
        """Signals the kernel and its group, if they are still there."""
        if self.poll() is None:
            self.zygote.signal(number, self.pid)
