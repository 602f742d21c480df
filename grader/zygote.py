"""The zygote: a process that has imported what notebooks import, and forks a kernel whenever it is asked to.

The grader runs this file's text (`python -c`) under the Python of the notebooks, so it needs only the standard
library, ipykernel, and what it preloads where that is installed. It speaks JSON, a line each, over the socket whose
descriptor is its first argument:

    told      {"problem": "unshare: Operation not permitted"}, first of all; empty where it can isolate, or need not
    asked     {"id": 1, "imports": ["fastai", ...], "is_isolated": false, "descriptors": 6}
              with the descriptors of a file that the kernel alone reads, so that later ones don't inherit it:
              {"arguments": ["-f", "connection.json"], "folder": "/where/code/starts", "environment": {...},
               "sockets": ["ipc:///where/the/kernel/binds", ...], "walls": null}
              and of those sockets; for an isolated kernel with "walls": {...}, the text of its "connection" file and
              where that lies outside, "connection_file", symbolic "links" by their place, the number of control
              "groups", the descriptors of whose lists of processes follow those of the sockets, and perhaps that of a
              tar archive
    answered  {"id": 1, "pid": 4711}
    asked     {"signal": 2, "pid": 4711}
    told      {"pid": 4711, "status": -9}, when a kernel has ended; negative for a signal, as subprocess counts

An isolated kernel is alone behind its walls (see grader/sandbox.py), and finds the files of the archive in its
scratch folder. The zygote ends, and every kernel with it, when the other end of the socket is closed.
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
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.pacing import pace
from grader.sandbox import HOME, SCRATCH, enter, fork_first

# What notebooks of this subject import, heaviest first. pyplot and the inline backend are left out: they bind
# themselves to the kernel that is there when they are imported.
PRELOADED = (
    *("torch", "torch._subclasses.schema_check_mode", "numpy", "numpy.random", "PIL.Image"),
    *("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.font_manager"),
    *("IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "faulthandler", "tornado.platform.asyncio"),
    *("ipykernel.kernelapp", "ipykernel.debugger"),
)
# What takes so long to import that it is imported here for the first notebook that needs it, and for all after it.
# The first optimizer of PyTorch that is made imports its compiler: 0.8 s, in every fork.
ON_DEMAND = {
    "torch.optim": "torch._dynamo",
    "fastai": "fastai.vision.all",
    "fastbook": "fastai.vision.all",
    "pandas": "pandas",
    "torchvision": "torchvision",
}
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
CONNECTION = f"{SCRATCH}/connection.json"
TRIAL = {"scratch_bytes": 2**20, "memory_bytes": 0, "file_bytes": 2**20, "open_files": 64, "processes": 8, "cpu_s": 60}
INLINE = "module://matplotlib_inline.backend_inline"


def main(descriptor: int, places: dict[str, list[str]] | None) -> None:
    """Preloads, then serves until the other end is closed.

    places: of the isolated, what they must be able to read ("readable"), and what of it lies in the folder that they
    cover ("kept"), and the files of GPUs ("devices"); None for a zygote whose kernels are not isolated. Where there are
    GPUs nothing is preloaded: some packages look for one as they are imported, and in forks of that there is none.
    """
    with socket.socket(fileno=descriptor) as channel:
        tell(channel, {"problem": problem(places) if places else ""})
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123  what is said from now on is for nobody
            os.dup2(nowhere.fileno(), 2)
        os.environ.setdefault("MPLBACKEND", INLINE)
        has_gpu = places is not None and bool(places["devices"])
        if not has_gpu:
            preload(PRELOADED)
        serve(channel, {} if has_gpu else ON_DEMAND)


def preload(names: Iterable[str]) -> None:
    """Imports modules, for all kernels that are forked from now on."""
    for name in names:
        with contextlib.suppress(Exception):  # what is not there, or is broken, is the notebook's to find out
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # collecting would write to the pages that the kernels share


def problem(places: dict[str, list[str]]) -> str:
    """Why a fork can't be isolated, by trying; empty if it can."""
    ours, theirs = os.pipe()
    child = fork_or_none()
    if child is None:
        return "a process namespace of its own is not permitted (see `grader doctor`)"
    if child == 0:
        try:
            enter({**TRIAL, "kept": places["kept"]})
            hidden = [place for place in places["readable"] if not os.access(place, os.R_OK | os.X_OK)]
            reason = f"{hidden[0]} can't be read by other users" if hidden else ""
        except Exception as error:  # noqa: BLE001  whatever it is, it is the answer
            reason = str(error)
        os.write(theirs, reason.encode())
        os._exit(0)
    os.close(theirs)
    os.waitpid(child, 0)
    with os.fdopen(ours, "rb") as answer:
        return answer.read().decode()


def fork_or_none() -> int | None:
    """A fork in namespaces of its own; None where that is not permitted."""
    try:
        return fork_first()
    except OSError:
        return None


def serve(channel: socket.socket, on_demand: dict[str, str]) -> None:
    """Forks a kernel for each request, and tells when one has ended.

    on_demand: what is imported here before the first kernel whose notebook needs it, by what the notebook imports.
    """
    ended, waker = socket.socketpair()
    for end in (ended, waker):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    kernels: set[int] = set()
    on_demand = dict(on_demand)
    received = b""
    descriptors: list[int] = []
    try:
        while True:
            ready, _, _ = select.select([channel, ended], [], [])
            if ended in ready:
                ended.recv(4096)
                for pid, status in endings(kernels):
                    tell(channel, {"pid": pid, "status": status})
            if channel in ready:
                block, more, _, _ = socket.recv_fds(channel, 1 << 20, 64)
                if not block:
                    return
                descriptors += more
                *lines, received = (received + block).split(b"\n")
                for request in map(json.loads, lines):
                    if "signal" in request:
                        send(request["signal"], request["pid"])
                    else:
                        new = [on_demand.pop(name) for name in request["imports"] if name in on_demand]
                        if new:
                            preload(new)
                        taken, descriptors = split(descriptors, request["descriptors"])
                        pid = fork_kernel(request["is_isolated"], taken)
                        kernels.add(pid)
                        tell(channel, {"id": request["id"], "pid": pid})
    finally:
        for pid in kernels:
            send(signal.SIGKILL, pid)


def split(items: list[int], count: int) -> tuple[list[int], list[int]]:
    """The first items, and the others."""
    return items[:count], items[count:]


def send(number: int, kernel: int) -> None:
    """Sends a signal to a kernel and its group, if they are still there."""
    try:
        os.killpg(kernel, number)
    except OSError:
        with contextlib.suppress(OSError):
            os.kill(kernel, number)  # so young that it has no group yet


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
                send(signal.SIGKILL, pid)
    return found


def fork_kernel(is_isolated: bool, descriptors: list[int]) -> int:
    """Forks a kernel; it takes the descriptors with it, and reads from the first one what it shall be."""
    zygote = os.getpid()
    pid = fork_first() if is_isolated else os.fork()
    if pid == 0:
        try:
            os.setsid()
            if not is_isolated:  # else it is the first of its namespace, which ends with the zygote's
                end_with(zygote)
            with os.fdopen(descriptors[0], "rb") as told:
                request = json.load(told)
            become_kernel(request, descriptors[1:])
        finally:
            os._exit(1)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def end_with(parent: int) -> None:
    """Has this process killed when its parent ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended before
        os._exit(0)


def become_kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    """Turns this fork into an ordinary ipykernel; returns when that has been shut down."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    close_all_but(descriptors)
    sockets, rest = split(descriptors, len(request["sockets"]))
    arguments = request["arguments"]
    if request["walls"]:
        move_in(request, rest)
        arguments = [CONNECTION if argument == request["connection_file"] else argument for argument in arguments]
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["ipykernel_launcher", *arguments]
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]  # the notebooks' Python may have a package of that name
    reseed()
    use_sockets(dict(zip(request["sockets"], sockets, strict=True)))
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    application = IPKernelApp.instance()
    application.update_config(Config(HistoryManager={"enabled": False}))
    if len(arguments) == 2 and arguments[0] == "-f":  # as always; making a parser for it takes a while
        application.update_config(Config(IPKernelApp={"connection_file": arguments[1]}))
        application.parse_command_line = take_none  # type: ignore[method-assign]  # of this one
    application.initialize(arguments)
    pace()
    application.start()


def take_none(argv: list[str] | None = None) -> None:
    """Stands where arguments would be parsed, when they have been taken already."""


def close_all_but(descriptors: list[int]) -> None:
    """Closes what belongs to the zygote."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  numbers, not paths
        if int(name) > 2 and int(name) not in descriptors:
            with contextlib.suppress(OSError):
                os.close(int(name))


def move_in(request: dict[str, Any], descriptors: list[int]) -> None:
    """Goes behind the walls, and unpacks what the notebook finds there. descriptors: control groups, an archive."""
    groups, archives = split(descriptors, request["groups"])
    for group in groups:
        os.write(group, b"0")  # this process
        os.close(group)
    enter(request["walls"])
    Path(CONNECTION).write_text(request["connection"])
    for place, target in request["links"].items():
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).symlink_to(target)
    for archive in archives:
        with os.fdopen(archive, "rb") as file, tarfile.open(fileobj=file) as packed:
            packed.extractall(HOME)  # noqa: S202  the grader has packed it


def use_sockets(sockets: dict[str, int]) -> None:
    """Has ZeroMQ use sockets that listen already, by their address, where it would bind new ones."""
    import zmq

    bind = zmq.Socket.bind

    def use(self: Any, address: str) -> Any:
        if address in sockets:
            self.setsockopt(zmq.USE_FD, sockets.pop(address))
        if not sockets:
            zmq.Socket.bind = bind  # type: ignore[method-assign]  # as it was
        return bind(self, address)

    if sockets:
        zmq.Socket.bind = use  # type: ignore[method-assign,assignment]  # until the last of them has been used


def reseed() -> None:
    """Gives every kernel random numbers of its own, as a new process has them."""
    random.seed()
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed()
    if torch is not None:
        torch.seed()
