"""The zygote: a process that has imported what notebooks import, and forks a kernel whenever it is asked to.

The grader runs this file's text (`python -c`) under the Python of the notebooks, so it needs only the standard
library, ipykernel, and what it preloads where that is installed. It speaks JSON, a line each, over the socket whose
descriptor is its one argument:

    asked     {"id": 1, "arguments": ["-f", "connection.json"], "folder": "/where/code/starts", "environment": {...}}
    answered  {"id": 1, "pid": 4711}
    told      {"pid": 4711, "status": -9}, when a kernel has ended; negative for a signal, as subprocess counts

It ends, and every kernel with it, when the other end of the socket is closed.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from typing import Any

# What notebooks of this subject import, heaviest first. pyplot and the inline backend are left out: they bind
# themselves to the kernel that is there when they are imported.
PRELOADED = (
    *("torch", "numpy", "PIL.Image", "matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.font_manager"),
    *("IPython.core.completer", "ipykernel.kernelapp", "ipykernel.debugger"),
)
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
INLINE = "module://matplotlib_inline.backend_inline"


def main(descriptor: int) -> None:
    """Preloads, then serves until the other end is closed."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # collecting would write to the pages that the kernels share
    with socket.socket(fileno=descriptor) as channel:
        serve(channel)


def serve(channel: socket.socket) -> None:
    """Forks a kernel for each request, and tells when one has ended."""
    ended, waker = socket.socketpair()
    for end in (ended, waker):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    kernels: set[int] = set()
    received = b""
    try:
        while True:
            ready, _, _ = select.select([channel, ended], [], [])
            if ended in ready:
                ended.recv(4096)
                for pid, status in endings(kernels):
                    tell(channel, {"pid": pid, "status": status})
            if channel in ready:
                block = channel.recv(1 << 20)
                if not block:
                    return
                *lines, received = (received + block).split(b"\n")
                for line in lines:
                    request = json.loads(line)
                    zygote = os.getpid()
                    pid = os.fork()
                    if pid == 0:
                        end_with(zygote)
                        for end in (channel, ended, waker):
                            end.close()
                        become_kernel(request)
                    kernels.add(pid)
                    tell(channel, {"id": request["id"], "pid": pid})
    finally:
        for pid in kernels:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)


def tell(channel: socket.socket, message: dict[str, Any]) -> None:
    """Sends one line."""
    channel.sendall(json.dumps(message).encode() + b"\n")


def endings(kernels: set[int]) -> list[tuple[int, int]]:
    """The kernels that have ended since the last time, with their status; what is left of their groups is killed."""
    found = []
    for pid in list(kernels):
        with contextlib.suppress(ChildProcessError):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                kernels.discard(pid)
                found.append((pid, os.waitstatus_to_exitcode(status)))
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
    return found


def end_with(parent: int) -> None:
    """Has this process killed when its parent ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended before
        os._exit(0)


def become_kernel(request: dict[str, Any]) -> None:
    """Turns this fork into an ordinary ipykernel; never returns."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.argv = ["ipykernel_launcher", *request["arguments"]]
        reseed()
        from ipykernel.kernelapp import IPKernelApp

        application = IPKernelApp.instance()
        application.initialize(request["arguments"])
        application.start()
    finally:
        os._exit(0)


def reseed() -> None:
    """Gives every kernel random numbers of its own, as a new process has them."""
    random.seed()
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed()
    if torch is not None:
        torch.seed()


if __name__ == "__main__":
    main(int(sys.argv[1]))
