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
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from grader.places import PATIENT

START_S = 120.0
END_S = 5.0


def can_fork() -> bool:
    """Whether this platform has what a zygote needs."""
    return sys.platform.startswith("linux")


class Zygote:
    """A process that forks kernels; start it early: it preloads while others work."""

    _shared: ClassVar[dict[str, "Zygote"]] = {}

    def __init__(self, python: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  the notebooks' Python, which the user has named
                [python, "-c", zygote_text(), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={"OMP_WAIT_POLICY": PATIENT, **os.environ},
            )
        self.channel = ours
        self.statuses: dict[int, int] = {}
        self._pids: dict[int, int] = {}
        self._received = b""
        self._requests = 0
        atexit.register(self.close)

    @classmethod
    def shared(cls, python: str = sys.executable) -> "Zygote":
        """The zygote of a Python; a new one if there is none, or if it has died."""
        zygote = cls._shared.get(python)
        if zygote is None or zygote.process.poll() is not None:
            if zygote is not None:
                zygote.close()
            zygote = cls._shared[python] = cls(python)
        return zygote

    def fork(self, arguments: list[str], folder: str, environment: dict[str, str]) -> int:
        """The process of a new kernel. Raises OSError if the zygote has died."""
        self._requests += 1
        request = {"id": self._requests, "arguments": arguments, "folder": folder, "environment": environment}
        self.channel.sendall(json.dumps(request).encode() + b"\n")
        deadline = time.monotonic() + START_S
        while self._requests not in self._pids:
            self.read(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline:
                raise OSError("the zygote does not answer")
        return self._pids.pop(self._requests)

    def status(self, pid: int) -> int | None:
        """How a kernel has ended; None if it lives."""
        with contextlib.suppress(OSError):
            self.read(0)
        if pid not in self.statuses and self.process.poll() is not None:
            return -signal.SIGKILL  # all kernels end with their zygote
        return self.statuses.get(pid)

    def read(self, wait_s: float) -> None:
        """Takes in what the zygote tells. Raises OSError if it has died."""
        if not select.select([self.channel], [], [], wait_s)[0]:
            return
        block = self.channel.recv(1 << 16)
        if not block:
            raise OSError("the zygote has died")
        *lines, self._received = (self._received + block).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "id" in message:
                self._pids[message["id"]] = message["pid"]
            else:
                self.statuses[message["pid"]] = message["status"]

    def close(self) -> None:
        """Ends the zygote and all its kernels."""
        self.channel.close()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_S)
        atexit.unregister(self.close)


def zygote_text() -> str:
    """The zygote's program."""
    spec = find_spec("grader.zygote")
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
        """Signals the process, if it is still there."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
