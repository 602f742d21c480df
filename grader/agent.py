"""The agent: answers probes inside the student's kernel, with plain data and nothing else.

The grader sends this file's text into the kernel, so it needs only the standard library, and numpy and torch
where they are. It holds no expected value and decides nothing: student code may read and replace all of it, and
gains nothing but the chance to send a wrong observation. The grader runs the same functions in its own process
on the oracle, so that both sides are observed alike.

A probe is a small function (its source text), the names it is given from the notebook, and cases to run it on:

    {"source": "def scenario(f, *args): return f(*args)", "function": "scenario", "names": ["mnist_distance"],
     "cases": [[value, ...], ...], "seed": 7, "limit_s": 10.0}

Probes run in a fork of the kernel where the platform can (Linux, no CUDA context): what they draw, change, print or
break ends with the fork, and a fork that hangs or dies takes no cell with it. A fork takes longer than most probes do,
so those of one message share one, as long as all goes well: one that hangs, dies or sends nonsense is asked again, as
the first of a new fork. Elsewhere they run in the kernel itself, with the namespace, the random states and torch's
modes put back after each.
"""

import _thread
import base64
import contextlib
import ctypes
import gc
import importlib
import io
import itertools
import json
import linecache
import os
import random
import re
import select
import signal
import stat
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

PATIENCE = 4
AGAIN_S = 1.0  # before it is interrupted once more
LIMIT_DEPTH = 20
LIMIT_ITEMS = 100_000
LIMIT_TEXT = 20_000
LIMIT_ARRAY_BYTES = 16 * 2**20
LIMIT_AXES = 16
DTYPES = (
    *("bool", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
)
LIMIT_CHARACTERS = 24 * 2**20
LIMIT_REPLY_BYTES = 48 * 2**20
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
LIMIT_MEMORY_BYTES = 8 * 2**30

Json = dict[str, Any]
Namespace = dict[str, Any]


def observe(request: str, namespace: Namespace) -> str:
    """Answers of all probes in `request`; both are base64 of JSON, so that no quoting can go wrong on the way."""
    text = base64.b64decode(request).decode()
    for name in ("numpy", "torch"):
        if name in text or "tensor" in text:  # once for all, not in every fork again
            library(name)
    probes = json.loads(text)["probes"]
    answers: list[Json] = []
    while len(answers) < len(probes):
        answers += answers_isolated(probes[len(answers) :], namespace)
        if answers[-1]["ending"] == "timeout":  # what hangs once will hang again: don't wait as long for it
            slow = probes[len(answers) - 1]
            for later in probes[len(answers) :]:
                if set(later["names"]) & set(slow["names"]):
                    later["limit_s"] = min(later["limit_s"], slow["limit_s"] / PATIENCE)
    return base64.b64encode(json.dumps({"answers": answers}).encode()).decode()


def answers_isolated(probes: list[Json], namespace: Namespace) -> list[Json]:
    """The answer to the first probe, and to as many after it as could be run with it, where later cells see nothing."""
    missing = absent_names(probes[0], namespace)
    if missing:
        return [{"observations": [], "ending": "missing", "detail": ", ".join(missing)}]
    if can_fork():
        return answers_in_fork(list(itertools.takewhile(lambda p: not absent_names(p, namespace), probes)), namespace)
    return [answer_in_time(probes[0], namespace)]


def absent_names(probe: Json, namespace: Namespace) -> list[str]:
    """The names that a probe is about and the notebook does not define."""
    return [name for name in probe["names"] if name not in namespace]


def answer_here(probe: Json, namespace: Namespace) -> Json:
    """The answer to one probe, run in this process; namespace, random states and torch's modes are put back."""
    with kept_state(), kept_names(namespace):
        observations = list(observations_of(probe, namespace))
    return {"observations": observations, "ending": "done", "detail": ""}


def answer_in_time(probe: Json, namespace: Namespace) -> Json:
    """As `answer_here`; what takes longer than the probe may is interrupted as a user would, until it gives way.

    Raises KeyboardInterrupt if it is a user who interrupts.
    """
    if threading.current_thread() is not threading.main_thread():
        return answer_here(probe, namespace)  # nobody could interrupt it
    observations: list[Json] = []
    is_done, is_over, stops = threading.Event(), threading.Event(), []

    def interrupt() -> None:
        pause_s = probe["limit_s"]
        while not is_done.wait(pause_s):
            is_over.set()
            pause_s = AGAIN_S
            _thread.interrupt_main()

    def stop(number: int, frame: object) -> None:  # noqa: ARG001
        stops.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    alarm = threading.Thread(target=interrupt, daemon=True)
    alarm.start()
    try:
        with kept_state(), kept_names(namespace):
            for observed in observations_of(probe, namespace):
                if stops:
                    break  # it is what the interruption has made of it
                observations.append(observed)
    except KeyboardInterrupt:
        pass  # between two observations
    finally:
        with contextlib.suppress(KeyboardInterrupt):  # it has come too late
            is_done.set()
            alarm.join()
        signal.signal(signal.SIGINT, before)
    if stops and not is_over.is_set():
        raise KeyboardInterrupt
    return {"observations": observations, "ending": "timeout" if is_over.is_set() else "done", "detail": ""}


def observations_of(probe: Json, namespace: Namespace) -> Iterator[Json]:
    """Runs the probe's function case by case and yields an observation for each."""
    code: Namespace = {"__name__": "probe"}
    exec(compile(probe["source"], "<probe>", "exec"), code)  # noqa: S102  the course's own scenario
    function = code[probe["function"]]
    with normal_modes():
        for case in probe["cases"]:
            seed(probe["seed"])
            yield observation(function, [namespace[name] for name in probe["names"]], case)


def observation(function: Callable[..., object], subjects: list[object], case: list[Json]) -> Json:
    """What one call gives: its value or its exception, what it printed, and how long it took."""
    printed = BoundedText(LIMIT_TEXT)
    started = time.perf_counter()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = function(*subjects, *[decode(argument) for argument in case])
            value = Encoder().encode(result)
        except BaseException as error:  # noqa: BLE001  whatever student code raises is an observation
            value = raised(error)
    return {"value": value, "printed": printed.getvalue(), "seconds": time.perf_counter() - started}


# Isolation


def can_fork() -> bool:
    """Forks are safe on Linux unless a CUDA context exists, which a child can't use."""
    torch = sys.modules.get("torch")
    return sys.platform == "linux" and not (torch is not None and torch.cuda.is_initialized())


def answers_in_fork(probes: list[Json], namespace: Namespace) -> list[Json]:
    """Answers from a child process, which is ended when it is done or out of time: to all probes, if all ends well.

    Otherwise those to the probes before the one that did not; its own only if it is the first, since what it met may
    be what another probe has left.
    """
    reading, writing = os.pipe()
    kernel = os.getpid()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns that forks and threads mix badly; see normal_modes
        child = os.fork()
    if child == 0:
        end_with(kernel)
        os.close(reading)
        answer_as_child(probes, namespace, writing)
    os.close(writing)
    answers: list[Json] = []
    try:
        lines = Lines(reading)
        for probe in probes:
            answers.append(answer_in(lines, time.monotonic() + probe["limit_s"]))
            if answers[-1]["ending"] != "done":
                break
    except KeyboardInterrupt:
        answers.append({"observations": [], "ending": "timeout", "detail": ""})
    finally:
        os.close(reading)
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if answers[-1]["ending"] == "died":
        answers[-1]["detail"] = ending_in_words(status)
    return answers if len(answers) == 1 or answers[-1]["ending"] == "done" else answers[:-1]


def answer_in(lines: "Lines", deadline: float) -> Json:
    """The next answer that a child has written."""
    received, ending = lines.until_empty(deadline)
    try:
        return {"observations": [json.loads(line) for line in received], "ending": ending, "detail": ""}
    except (ValueError, RecursionError):  # student code has written to the pipe
        return {"observations": [], "ending": "malformed", "detail": "there is something else between the answers"}


def end_with(kernel: int) -> None:
    """Has this child killed when the kernel ends, which may not live to do it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != kernel:
        os._exit(0)


def answer_as_child(probes: list[Json], namespace: Namespace, writing: int) -> None:
    """Runs in the child: writes one line an observation and an empty one after each probe's, and never returns."""
    status = 1
    try:
        gc.freeze()  # or the first collection would copy every page that the fork shares with the kernel
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        close_channels(writing)
        limit_memory()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        with os.fdopen(writing, "wb", buffering=0) as out:
            for probe in probes:
                with kept_names(namespace):
                    for line in observations_of(probe, namespace):
                        write_all(out, json.dumps(line).encode() + b"\n")
                write_all(out, b"\n")
        status = 0
    finally:
        os._exit(status)


def close_channels(kept: int) -> None:
    """Closes the pipes and sockets of the kernel, so that a probe can't send anything in its name; files stay."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  pathlib may be what the student replaced
        descriptor = int(name)
        with contextlib.suppress(OSError):
            mode = os.fstat(descriptor).st_mode
            if descriptor not in (0, 1, 2, kept) and (stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode)):
                os.close(descriptor)


def write_all(out: io.RawIOBase | io.FileIO, data: bytes) -> None:
    """Writes all of data; a raw pipe takes only a part of a long line at a time."""
    view = memoryview(data)
    while view:
        view = view[out.write(view) :]


class Lines:
    """The lines that come out of a pipe."""

    def __init__(self, reading: int) -> None:
        self.reading = reading
        self.received = bytearray(b"\n")  # the end of a line that never was: an empty one is two ends in a row

    def until_empty(self, deadline: float) -> tuple[list[bytes], str]:
        """The lines before the next empty one, and how it ended: done; or died, timeout or oversized without one."""
        searched = 0
        while (end := self.received.find(b"\n\n", searched)) < 0:
            searched = len(self.received) - 1
            if searched > LIMIT_REPLY_BYTES:
                return self.complete(), "oversized"
            ready, _, _ = select.select([self.reading], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return self.complete(), "timeout"
            block = os.read(self.reading, 1 << 20)
            if not block:
                return self.complete(), "died"
            self.received += block
        lines = bytes(self.received[1:end]).split(b"\n") if end else []
        del self.received[: end + 1]
        return lines, "done"

    def complete(self) -> list[bytes]:
        """The lines that have come as a whole."""
        return bytes(self.received).split(b"\n")[1:-1]


def ending_in_words(status: int) -> str:
    """What ended a child, from its wait status."""
    if os.WIFSIGNALED(status):
        return f"was killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended its process with status {os.WEXITSTATUS(status)}"


def limit_memory(limit_bytes: int = LIMIT_MEMORY_BYTES) -> None:
    """Lets this process take so much more memory than it has mapped already."""
    import resource

    with open("/proc/self/statm") as statm:  # noqa: PTH123  pathlib may be what the student replaced
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + limit_bytes, hard))


@contextlib.contextmanager
def normal_modes() -> Iterator[None]:
    """Gives every probe the same start, whatever modes the notebook has left behind.

    One thread: a forked child hangs in a parallel region whose worker threads stayed in the parent.
    """
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    with contextlib.ExitStack() as modes:
        if numpy is not None:
            modes.enter_context(numpy.errstate(divide="warn", over="warn", under="ignore", invalid="warn"))
        if torch is not None:
            modes.enter_context(torch.inference_mode(False))
            modes.enter_context(torch.autocast("cpu", enabled=False))
            torch.set_num_threads(1)
            torch.set_grad_enabled(True)
            torch.set_default_dtype(torch.float32)
            torch.set_default_device("cpu")
        yield


@contextlib.contextmanager
def kept_names(namespace: Namespace) -> Iterator[None]:
    """Puts a namespace back as it was: which names it has, and what they stand for."""
    before = dict(namespace)
    try:
        yield
    finally:
        namespace.clear()
        namespace.update(before)


@contextlib.contextmanager
def kept_state() -> Iterator[None]:
    """Puts the random states and torch's modes back as they were."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    random_state = random.getstate()
    numpy_state = numpy.random.get_state() if numpy is not None else None
    if torch is not None:
        torch_state = torch.get_rng_state()
        threads, grad, dtype = torch.get_num_threads(), torch.is_grad_enabled(), torch.get_default_dtype()
        device = torch.get_default_device()
    try:
        yield
    finally:
        random.setstate(random_state)
        if numpy is not None:
            numpy.random.set_state(numpy_state)
        if torch is not None:
            torch.set_rng_state(torch_state)
            torch.set_num_threads(threads)
            torch.set_grad_enabled(grad)
            torch.set_default_dtype(dtype)
            torch.set_default_device(device)


def seed(number: int) -> None:
    """Seeds every generator that a notebook draws from."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    random.seed(number)
    if numpy is not None:
        numpy.random.seed(number)
    if torch is not None:
        torch.default_generator.manual_seed(number)  # torch.manual_seed takes 0.6 ms, most of it to ask for GPUs
        if torch.cuda.is_initialized():
            torch.cuda.manual_seed_all(number)


def library(name: str) -> Any:
    """The module of that name, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class BoundedText(io.TextIOBase):
    """Keeps the first `limit` characters written to it."""

    def __init__(self, limit: int) -> None:
        self.room = limit
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return clean("".join(self.parts))


# Values as plain data


class Encoder:
    """Turns a value into plain data; at most LIMIT_ITEMS items, LIMIT_DEPTH levels, LIMIT_ARRAY_BYTES an array.

    Arrays and texts may take LIMIT_CHARACTERS together, so that a list of large ones is given up before it fills
    the memory.

    What is no plain data becomes its type and a short text. Methods that a student's subclass may have replaced
    are not asked: the base type's are.
    """

    def __init__(self) -> None:
        self.items_left = LIMIT_ITEMS
        self.characters_left = LIMIT_CHARACTERS

    def encode(self, value: object, depth: int = 0) -> Json:
        """The value as JSON; see grader/values.py for its schema."""
        self.items_left -= 1
        if self.items_left < 0 or depth > LIMIT_DEPTH:
            return {
                "t": "large",
                "what": f"more than {LIMIT_ITEMS:,} items, {LIMIT_DEPTH} levels of nesting, "
                f"or {LIMIT_CHARACTERS // 2**20} MB",
            }
        numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if value is None or isinstance(value, bool):
            return {"t": "plain", "v": value}
        if torch is not None and isinstance(value, torch.Tensor):
            return self.counted(encode_tensor(value, torch))
        if isinstance(value, str):
            return self.counted({"t": "plain", "v": clean(str.__str__(value))})
        if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
            return self.counted(encode_array(value, numpy))
        if isinstance(value, int):
            return encode_integer(int.__int__(value))
        if isinstance(value, float):
            return {"t": "float", "v": float.__repr__(value)}
        if isinstance(value, (list, tuple, set, frozenset, range)):
            return self.encode_items(value, depth)
        if isinstance(value, dict):
            return {
                "t": "pairs",
                "v": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in self.taken(dict.items(value))],
            }
        return {"t": "other", "type": type_name(type(value)), "text": short_text(value)}

    def counted(self, data: Json) -> Json:
        """The array or text, whose characters are counted; no item follows one for which there was no room."""
        self.characters_left -= len(data.get("data") or data.get("v") or "")
        if self.characters_left < 0:
            self.items_left = 0
        return data

    def encode_items(self, value: Any, depth: int) -> Json:
        """A list, tuple, set or range, with the kind it was."""
        kind = next(base for base in (list, tuple, set, frozenset, range) if isinstance(value, base))
        items = [self.encode(item, depth + 1) for item in self.taken(kind.__iter__(value))]
        if kind in (set, frozenset):
            items.sort(key=json.dumps)
        return {"t": "items", "kind": kind.__name__, "v": items}

    def taken(self, items: Any) -> Iterator[Any]:
        """The items for which there is room, and one more to say that there was none."""
        for item in items:
            yield item
            if self.items_left < 0:
                break


def encode_tensor(tensor: Any, torch: Any) -> Json:
    """A torch tensor: dtype, shape, strides and its numbers in C order, whatever device it is on."""
    plain = torch.Tensor.detach(tensor)
    if type(plain) is not torch.Tensor:
        plain = plain.as_subclass(torch.Tensor)
    description = {
        "t": "array",
        "kind": "tensor",
        "dtype": str(plain.dtype).removeprefix("torch."),
        "shape": list(plain.shape),
        "requires_grad": bool(tensor.requires_grad),
    }
    if plain.layout != torch.strided or description["dtype"] not in DTYPES or plain.ndim > LIMIT_AXES:
        return {
            "t": "other",
            "type": "Tensor",
            "text": f"a {plain.layout} {plain.dtype} tensor of shape {tuple(plain.shape)}",
        }
    if plain.numel() * plain.element_size() > LIMIT_ARRAY_BYTES:
        return {"t": "large", "what": f"a {description['dtype']} tensor of shape {tuple(plain.shape)}"}
    description["strides"] = list(plain.stride())
    if plain.dtype == torch.bfloat16:
        plain = plain.float()  # numpy has no bfloat16
    data = plain.cpu().resolve_conj().resolve_neg().contiguous().numpy().tobytes()
    return {**description, "data": base64.b64encode(data).decode()}


def encode_array(array: Any, numpy: Any) -> Json:
    """A numpy array or scalar of numbers or booleans; others as text."""
    plain = numpy.asarray(array)
    if plain.dtype.name not in DTYPES or plain.ndim > LIMIT_AXES:
        return {"t": "other", "type": type_name(type(array)), "text": short_text(array)}
    if plain.nbytes > LIMIT_ARRAY_BYTES:
        return {"t": "large", "what": f"a {plain.dtype} array of shape {plain.shape}"}
    plain = plain.astype(plain.dtype.newbyteorder("<"))
    return {
        "t": "array",
        "kind": "ndarray" if isinstance(array, numpy.ndarray) else "scalar",
        "dtype": plain.dtype.name,
        "shape": list(plain.shape),
        "strides": [step // max(1, plain.itemsize) for step in numpy.asarray(array).strides],
        "requires_grad": False,
        "data": base64.b64encode(plain.tobytes()).decode(),
    }


def encode_integer(value: int) -> Json:
    """An integer; as text where JSON readers would round it, as its length where it is absurdly long."""
    if abs(value) < 2**53:
        return {"t": "plain", "v": value}
    if value.bit_length() > 8 * LIMIT_TEXT:
        return {"t": "large", "what": f"an integer of {value.bit_length():,} bits"}
    return {"t": "integer", "hex": hex(value)}


def decode(data: Json) -> Any:
    """The value of an argument that the grader sent: the inverse of Encoder for what a case may hold.

    A range becomes a list.
    """
    kind = data["t"]
    if kind == "plain":
        return data["v"]
    if kind == "float":
        return float(data["v"])
    if kind == "integer":
        return int(data["hex"], 16)
    if kind == "items":
        build = {"tuple": tuple, "set": set, "frozenset": frozenset}.get(data["kind"], list)
        return build(decode(item) for item in data["v"])
    if kind == "pairs":
        return {decode(key): decode(value) for key, value in data["v"]}
    if kind == "array":
        numpy = importlib.import_module("numpy")
        stored = data["dtype"].replace("bfloat16", "float32")  # numpy has no bfloat16
        array = numpy.frombuffer(bytearray(base64.b64decode(data["data"])), dtype=stored).reshape(data["shape"])
        if data["kind"] == "tensor":
            torch = importlib.import_module("torch")
            tensor = torch.from_numpy(array).to(getattr(torch, data["dtype"]))
            return tensor.requires_grad_() if data["requires_grad"] else tensor
        return array if data["kind"] == "ndarray" else array[()]
    raise ValueError(f"no argument can be a {kind}")


def raised(error: BaseException) -> Json:
    """An exception as data: its type, its message, and the line of the notebook where it came from, if any."""
    line, number = "", 0
    step = error.__traceback__
    while step is not None:
        filename = step.tb_frame.f_code.co_filename
        if "ipykernel_" in filename or filename.startswith("<ipython-input"):
            line, number = linecache.getline(filename, step.tb_lineno).strip(), step.tb_lineno
        step = step.tb_next
    return {
        "t": "raised",
        "type": type(error).__name__[:200],
        "message": short_text(error, str),
        "line": clean(line[:500]),
        "number": number,
    }


def type_name(kind: type) -> str:
    """A type's name, with its module unless it is a built-in one."""
    module, name = str(kind.__module__), str(kind.__qualname__)
    return clean((name if module in ("builtins", "__main__") else f"{module}.{name}")[:200])


def short_text(value: object, convert: Callable[[object], str] = repr) -> str:
    """A text of at most a few hundred characters for a value, without addresses; never raises."""
    if isinstance(value, types.ModuleType):
        return clean(f"the module {value.__name__}"[:200])
    try:
        text = str.__str__(convert(value))
    except BaseException as error:  # noqa: BLE001  a hostile __repr__
        return f"(its text raises {type(error).__name__})"
    return clean(re.sub(r" at 0x[0-9a-fA-F]+", "", text[:600]))


def clean(text: str) -> str:
    """Text that any reader can take: bounded, and without lone surrogates."""
    return text[:LIMIT_TEXT].encode("utf-8", "replace").decode()
