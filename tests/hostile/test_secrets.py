"""Notebooks that look for what is none of theirs, that change it, or that leave something behind for the next one.

Each prints what it found or could do, and that should be nothing. What they look for is planted outside before: a
marker in the grader's environment, in the home folder and in another submission, and listeners on its network.
"""

import ast
import contextlib
import os
import platform
import secrets
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader import isolation
from grader.errors import UserError
from grader.execution import Session
from grader.forking import Zygote, held
from grader.isolation import GROUPS, SETTINGS, SYSTEM, USERS, View, bubblewrap, view_of
from grader.kernel import Room, isolated_room
from grader.limits import Limits
from grader.notebook import Submission, read_notebook
from grader.sandbox import DENIED, MACHINES, SCRATCH
from tests.grader.notebooks import write_notebook
from tests.hostile.attacks import CORNER, DISTANCE, LIMITS, Attack, Outcome

MARKER = f"planted-{secrets.token_hex(16)}"
PATIENT = Limits(cell_s=60, notebook_s=120)
X86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have one set of system calls")

# What cells begin with: how to find the marker without knowing it, and system calls without the C library's help.
PATTERN = "import re\npattern = re.compile(b'planted-[0-9a-f]{32}')\n"
SYSTEM_CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)

def system_call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *arguments) >= 0:
        return "done"
    return errno.errorcode[ctypes.get_errno()]
"""

IN_MEMORY = """
def in_memory(pattern):
    found = []
    for line in open("/proc/self/maps"):
        addresses, modes = line.split()[:2]
        start, end = (int(address, 16) for address in addresses.split("-"))
        if "rw" in modes:
            with open("/proc/self/mem", "rb", buffering=0) as memory:
                memory.seek(start)
                while start < end and (block := memory.read(min(end - start, 1 << 24))):
                    found += pattern.findall(block)
                    start += len(block)
    return found
"""


@pytest.fixture(scope="module")
def room(room: Room) -> Iterator[Room]:
    """A room whose zygote started with secrets in the grader's environment and in the home folder."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.NamedTemporaryFile("w", prefix="planted-", dir=Path.home()) as secret,
    ):
        secret.write(MARKER)
        secret.flush()
        patch.setenv("SECRET_TOKEN", MARKER)
        patch.setattr(Zygote, "_shared", {})
        zygote = Zygote.shared(room.python, room.view)
        yield room
        zygote.close()


def given(code: str, **values: object) -> str:
    """A cell's code, after assignments of these values."""
    return "\n".join(f"{name} = {value!r}" for name, value in values.items()) + "\n" + code


def found(outcome: Outcome) -> Any:
    """What the last cell printed, as a value; every cell has to have ended well."""
    assert outcome.errors == [""] * len(outcome.errors), [cell.error for cell in outcome.grade.notebook]
    return ast.literal_eval(outcome.grade.notebook[-1].text)


# The reference, other submissions, the user's own


def test_no_module_of_the_grader_can_be_imported(attack: Attack) -> None:
    outcome = attack("""
import importlib
found = []
for name in (
    "grader.judging", "grader.zygote", "grader.sandbox", "grader.content.reference.tensors", "reference", "exercises",
):
    try:
        found.append(repr(importlib.import_module(name)))
    except ImportError:
        pass
print(found)
""")

    assert found(outcome) == []


def test_no_folder_holds_the_course_or_a_notebook(attack: Attack, tmp_path: Path) -> None:
    write_notebook(tmp_path / "other.ipynb", DISTANCE)

    outcome = attack(
        """
import os
names = {"mnist_distance.py", "bottom_right.py", "pixel_similarity.py", "judging.py", "t10k-labels-idx1-ubyte.gz"}
found = []
for top, folders, files in os.walk("/"):
    folders[:] = [folder for folder in folders if top != "/" or folder != "proc"]
    found += [f"{top}/{file}" for file in files if file in names or file.endswith(".ipynb") or "planted-" in file]
print(found)
""",
        limits=PATIENT,
    )

    assert found(outcome) == []


def test_nothing_is_there_but_the_system_python_and_the_data(attack: Attack, room: Room, tmp_path: Path) -> None:
    assert room.view is not None
    (tmp_path / "notes.txt").write_text(MARKER)
    search = """
import os
files = []
for top, folders, names in os.walk("/"):
    folders[:] = [folder for folder in folders if os.path.join(top, folder) not in known]
    files += [os.path.join(top, name) for name in names]
print((files, [file for file in files if pattern.search(open(file, "rb").read())]))
"""

    outcome = attack(given(PATTERN + search, known=[*SYSTEM, "/proc", "/sys", "/dev", *room.view.readable]))

    files, marked = found(outcome)
    settings = [f"/etc/{name}" for name in (*SETTINGS, "passwd", "group")]
    assert {"/".join(file.split("/")[:3]) for file in files} <= {*settings, "/tmp/connection.json", "/tmp/.ipython"}
    assert marked == []


def test_what_only_root_may_read_can_not_be_read(attack: Attack) -> None:
    outcome = attack("""
import os
found = []
for place in (
    "/etc/shadow", "/etc/sudoers", "/etc/ssh", "/etc/hosts", "~/.ssh", "/root/.ssh", "/home", "/var/log", "/run/user",
    "/var/run/docker.sock", "/proc/1/root/etc/shadow", "/proc/self/cwd/../../etc/shadow", "/proc/kcore", "/proc/kmsg",
    "/dev/kmsg", "/dev/mem", "/dev/sda", "/dev/vda", "/sys/class", "/sys/kernel", "/sys/firmware", "/sys/fs/cgroup",
):
    try:
        place = os.path.expanduser(place)
        found.append((place, os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(100)))
    except OSError:
        pass
print(found)
""")

    assert found(outcome) == []


# Other processes, and what is left of the zygote


def test_neither_the_environment_nor_the_memory_holds_the_graders_secrets(attack: Attack) -> None:
    search = """
import glob
found = in_memory(pattern)
for file in [*glob.glob("/proc/[0-9]*/environ"), *glob.glob("/proc/[0-9]*/cmdline")]:
    found += pattern.findall(open(file, "rb").read())
print(found)
"""

    assert found(attack(PATTERN + IN_MEMORY + search, limits=PATIENT)) == []


def test_the_key_of_one_kernel_is_not_in_the_memory_of_the_next(attack: Attack) -> None:
    search = r"""
import json
keys = re.compile(rb'key\\*": \\*"([0-9a-f-]{33})')  # in JSON, and in JSON that is a text in JSON
print((json.load(open("/tmp/connection.json"))["key"], in_memory(keys)))
"""

    key, _ = found(attack(PATTERN + IN_MEMORY + search, limits=PATIENT))
    own, keys = found(attack(PATTERN + IN_MEMORY + search, limits=PATIENT))

    assert own.encode() in keys
    assert key.encode() not in keys


def test_no_process_but_its_own_can_be_seen_or_signalled(attack: Attack) -> None:
    outcome = attack("""
import os, signal
found = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
for process in set(range(70_000)) - set(map(int, os.listdir("/proc/self/task"))) - {0}:
    try:
        os.kill(process, signal.SIGKILL)
        found.append(process)
    except ProcessLookupError:
        pass
for everybody in (-1, 0):
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.kill(everybody, signal.SIGTERM)
    except ProcessLookupError:
        pass
print((os.getpid(), os.getppid(), found))
""")

    assert found(outcome) == (1, 0, [])


def test_priorities_and_processors_of_others_are_left_alone(attack: Attack, room: Room) -> None:
    zygote = Zygote.shared(room.python, room.view).process.pid
    processes = (os.getpid(), zygote)
    before = [scheduling(process) for process in processes]

    outcome = attack("""
import os
for which in (os.PRIO_USER, os.PRIO_PGRP, os.PRIO_PROCESS):
    os.setpriority(which, 0, 19)
for process in range(0, 70_000):
    try:
        os.sched_setaffinity(process, {0})
    except ProcessLookupError:
        pass
""")

    assert outcome.errors == [""]
    assert [scheduling(process) for process in processes] == before


def scheduling(process: int) -> tuple[int, set[int]]:
    """A process's priority, and the processors that it may use."""
    return os.getpriority(os.PRIO_PROCESS, process), os.sched_getaffinity(process)


# The network


@pytest.fixture
def listeners() -> Iterator[dict[str, socket.socket]]:
    """What listens on this machine: nobody is to connect."""
    with contextlib.ExitStack() as opened:
        made = {
            "IPv4": opened.enter_context(socket.create_server(("127.0.0.1", 0))),
            "abstract": opened.enter_context(socket.socket(socket.AF_UNIX)),
            "file": opened.enter_context(socket.socket(socket.AF_UNIX)),
        }
        made["abstract"].bind(f"\0{MARKER}")
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            Path(folder).chmod(0o755)
            made["file"].bind(f"{folder}/socket")
            Path(folder, "socket").chmod(0o777)
            for each in made.values():
                each.listen()
            yield made


@pytest.mark.parametrize("kind", ["IPv4", "abstract", "file"])
def test_what_listens_on_the_machine_can_not_be_reached(attack: Attack, listeners: Any, kind: str) -> None:
    listener = listeners[kind]
    connect = """
import socket
try:
    socket.socket(family).connect(address)
    print([address])
except OSError:
    print([])
"""

    outcome = attack(given(connect, family=int(listener.family), address=listener.getsockname()))

    assert found(outcome) == []
    assert select.select([listener], [], [], 0) == ([], [], [])


def test_there_is_no_network(attack: Attack) -> None:
    outcome = attack("""
import os, socket
found = [(name, os.path.exists(f"/sys/class/net/{name}")) for _, name in socket.if_nameindex() if name != "lo"]
for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 443)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("1.1.1.1", 53)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("255.255.255.255", 9)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("2606:4700:4700::1111", 443)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 631)),
):
    try:
        with socket.socket(family, kind) as made:
            made.settimeout(1)
            made.connect(address)
            made.send(b"x")
            found.append(address)
    except OSError:
        pass
try:
    found.append(socket.getaddrinfo("example.org", 80))
except OSError:
    pass
print(found)
""")

    assert found(outcome) == []


def test_sockets_that_need_no_network_are_refused(attack: Attack) -> None:
    outcome = attack("""
import errno, socket
found = []
for family in range(64):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for make in (socket.socket, socket.socketpair):
            try:
                made = make(family, kind)
            except OSError as error:
                if error.errno == errno.EAFNOSUPPORT:
                    continue
            found.append(family)
print(set(found))
""")

    assert found(outcome) <= {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}


def test_the_sockets_that_the_kernel_was_given_tell_nothing_of_the_machines_network(attack: Attack) -> None:
    outcome = attack("""
import array, fcntl, os, struct
INTERFACES, ADDRESS, NAMESPACE = 0x8912, 0x8915, 0x894C
found = []
for name in os.listdir("/proc/self/fd"):
    answer = array.array("B", bytes(4096))
    for request, argument in (
        (INTERFACES, struct.pack("iL", len(answer), answer.buffer_info()[0])),
        (ADDRESS, struct.pack("16s16x", b"eth0")),
        (NAMESPACE, b""),
    ):
        try:
            found.append(fcntl.ioctl(int(name), request, argument))
        except OSError:
            pass
print(found)
""")

    assert found(outcome) == []


# The system's kernel


def test_system_calls_that_no_notebook_needs_are_refused(attack: Attack) -> None:
    column = MACHINES[platform.machine()][0]
    numbers = {name: number[column] for name, number in DENIED.items() if number[column]}
    call_all = "print({name: system_call(number, 0, 0, 0, 0, 0, 0) for name, number in numbers.items()})"

    outcome = attack(given(SYSTEM_CALL + call_all, numbers=numbers))

    assert {name: answer for name, answer in found(outcome).items() if answer != "EPERM"} == {}


@X86
def test_a_second_set_of_numbers_is_refused(attack: Attack) -> None:
    outcome = attack(SYSTEM_CALL + "print([system_call(0x4000_0000 | number) for number in (39, 101, 165, 521)])")

    assert found(outcome) == ["EPERM"] * 4


@X86
def test_system_calls_of_32_bits_end_the_kernel(attack: Attack) -> None:
    outcome = attack(
        """
import ctypes, mmap
code = bytes.fromhex("b814000000 cd80 c3")  # number 20 by interrupt 0x80
memory = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
memory.write(code)
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
""",
        DISTANCE,
    )

    assert outcome.errors == ["Kernel ended", ""]
    assert outcome.is_full("mnist_distance")


def test_no_new_namespace_can_be_made(attack: Attack) -> None:
    outcome = attack(
        SYSTEM_CALL
        + """
import os, subprocess
NEW_USERS, ENDED = 0x1000_0000, 17
found = []
child = libc.syscall(ctypes.c_long({"x86_64": 56, "aarch64": 220}[os.uname().machine]), NEW_USERS | ENDED, 0, 0, 0, 0)
if child == 0:
    os._exit(0)
if child > 0:
    found.append("clone")
for command in ("unshare --user --map-root-user true", "nsenter --target 1 --user true", "bwrap --bind / / true"):
    try:
        if subprocess.run(command.split(), stderr=subprocess.DEVNULL).returncode == 0:
            found.append(command)
    except FileNotFoundError:
        pass
print(found)
"""
    )

    assert found(outcome) == []


def test_no_privilege_can_be_gained(attack: Attack) -> None:
    outcome = attack(
        """
import os, subprocess
for command in ("su --command true", "sudo --non-interactive true", "mount -t tmpfs none /tmp", "passwd -d root"):
    try:
        ended = subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        if ended.returncode == 0:
            print(command)
    except FileNotFoundError:
        pass
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Uid")
print({name: status[name].split() for name in names})
""",
        limits=PATIENT,
    )

    status = found(outcome)
    assert {int(value[0], 16) for name, value in status.items() if name.startswith("Cap")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Uid"]) == (["1"], ["2"], ["1000"] * 4)


# What others rely on


def test_nothing_that_others_use_can_be_written(attack: Attack, data: Path) -> None:
    files = [os.__file__, torch.__file__, "/usr/bin/env", "/etc/passwd", *map(str, data.glob("*.npz"))]
    before = [state(Path(file)) for file in files]

    outcome = attack(
        given(
            """
import os, shutil
attempts = {
    "write": lambda file: open(file, "r+b"),
    "append": lambda file: open(file, "ab"),
    "truncate": lambda file: os.truncate(file, 0),
    "touch": lambda file: os.utime(file),
    "permit": lambda file: os.chmod(file, 0o777),
    "mark": lambda file: os.setxattr(file, "user.planted", b"1"),
    "rename": lambda file: os.rename(file, file + ".old"),
    "remove": os.unlink,
    "link": lambda file: os.symlink("/tmp", file + ".link"),
    "add": lambda file: os.mkdir(os.path.join(os.path.dirname(file), "planted")),
    "copy": lambda file: shutil.copy(__import__("sys").executable, file),
}
assert all(map(os.path.exists, files))
found = []
for file in files:
    for name, attempt in attempts.items():
        try:
            attempt(file)
            found.append((name, file))
        except OSError:
            pass
print(found)
""",
            files=files,
        )
    )

    assert found(outcome) == []
    assert [state(Path(file)) for file in files] == before


def state(file: Path) -> tuple[object, ...]:
    """What would show that a file, or the folder that it is in, was changed."""
    known = file.stat()
    return known.st_ino, known.st_size, known.st_mode, known.st_mtime_ns, sorted(file.parent.iterdir())


def test_no_setting_of_the_system_can_be_written(attack: Attack) -> None:
    outcome = attack("""
import os
found = []
for top, _, files in (*os.walk("/proc/sys"), *os.walk("/sys"), ("/proc", [], os.listdir("/proc"))):
    for file in files:
        try:
            os.write(os.open(f"{top}/{file}", os.O_WRONLY), b"\\n")
            found.append(f"{top}/{file}")
        except OSError:
            pass
for file, text in (("oom_score_adj", b"-1000"), ("uid_map", b"0 0 1"), ("setgroups", b"allow")):
    try:
        os.write(os.open(f"/proc/self/{file}", os.O_WRONLY), text)
        found.append(file)
    except OSError:
        pass
print(found)
""")

    assert found(outcome) == []


# What is left for the next notebook, and for one that runs at the same time


@pytest.mark.parametrize(
    ("plant", "search"),
    [
        pytest.param(
            """
import os, pathlib
for folder in (".", "~", "/tmp", "/var/tmp", "/dev/shm", "/tmp/.ipython"):
    pathlib.Path(folder).expanduser().joinpath("planted").write_text("for you")
""",
            """
import os
print([top for start in ("/tmp", "/dev") for top, _, files in os.walk(start) if "planted" in files])
""",
            id="files",
        ),
        pytest.param(
            "import ctypes\nassert ctypes.CDLL(None).semget(4711, 1, 0o1666) >= 0",
            "import ctypes\nprint([made for made in [ctypes.CDLL(None).semget(4711, 0, 0)] if made >= 0])",
            id="semaphores",
        ),
        pytest.param(
            "import ctypes\nassert ctypes.CDLL(None).mq_open(b'/planted', 0o102, 0o666, None) >= 0",
            "import ctypes\nprint([place for place in [ctypes.CDLL(None).mq_open(b'/planted', 2)] if place >= 0])",
            id="message queue",
        ),
        pytest.param(
            """
import os, socket, time
made = socket.socket(socket.AF_UNIX)
made.bind("\\0planted")
made.listen()
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    time.sleep(600)
    os._exit(0)
""",
            """
import os, socket
made = socket.socket(socket.AF_UNIX)
print([place for place in ["planted"] if made.connect_ex("\\0" + place) == 0])
""",
            id="process that listens",
        ),
        pytest.param(
            """
import builtins, os, sys
import numpy, torch
torch.planted = numpy.planted = builtins.planted = sys.planted = 1
torch.Tensor.abs = torch.Tensor.neg
os.environ["PLANTED"] = "1"
get_ipython().events.register("pre_run_cell", print)
""",
            """
import builtins, os, sys
import numpy, torch
print([each for each in (torch, numpy, builtins, sys) if hasattr(each, "planted")] + [
    name for name in os.environ if name == "PLANTED"] + (["abs"] if torch.tensor(-1).abs() < 0 else []))
""",
            id="changed modules",
        ),
        pytest.param(
            """
import os, resource
os.nice(10)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.umask(0o777)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
""",
            """
import os, resource
print([os.nice(0)] * (os.nice(0) > 0) + [limit for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_CPU)
    if resource.getrlimit(limit)[0] < 100])
""",
            id="priority and limits",
        ),
    ],
)
def test_nothing_is_left_for_the_next_notebook(attack: Attack, plant: str, search: str) -> None:
    there = attack(plant, search)

    assert there.errors == ["", ""], [cell.error for cell in there.grade.notebook]
    assert there.text != "[]\n", "the search finds nothing where there is something"
    assert found(attack(search)) == []


def test_notebooks_that_run_at_the_same_time_have_nothing_in_common(
    attack: Attack, room: Room, data: Path, tmp_path: Path
) -> None:
    one = submission(
        tmp_path / "one.ipynb",
        """
import os, socket
ours, theirs = os.openpty()
os.write(ours, b"a message\\n")
made = socket.socket(socket.AF_UNIX)
made.bind("\\0planted")
made.listen()
open("/tmp/planted", "w").close()
open("/dev/shm/planted", "w").close()
print(os.ttyname(theirs))
""",
    )
    other = submission(
        tmp_path / "other.ipynb",
        """
import os, socket
found = [name for name in os.listdir("/dev/pts") if name.isdigit()]
found += [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
found += [place for place in ("/tmp/planted", "/dev/shm/planted") if os.path.exists(place)]
if socket.socket(socket.AF_UNIX).connect_ex("\\0planted") == 0:
    found.append("connected")
print(found)
""",
    )

    with session(one, data, room) as first, session(other, data, room) as second:
        first.run_cell(0)
        second.run_cell(0)

    assert printed(one) == "/dev/pts/0\n"
    assert printed(other) == "[]\n"


def submission(file: Path, *cells: str) -> Submission:
    """A notebook of these cells."""
    return read_notebook(write_notebook(file, *cells))


def session(submission: Submission, data: Path, room: Room) -> Session:
    """A session in which the notebook runs."""
    return Session(submission.notebook, submission.file.parent, data, LIMITS, room)


def printed(submission: Submission) -> str:
    """What the first cell of a notebook that has run printed."""
    return "".join(output.get("text", str(output)) for output in submission.notebook.cells[0].outputs)


@pytest.mark.parametrize(
    "damage",
    [
        "open('/tmp/connection.json', 'w').write('{}')",
        "import shutil\nfor place in ('/tmp', '/dev/shm'): shutil.rmtree(place, ignore_errors=True)",
        "import os\nos.environ.clear()\nos.chdir('/')\nos.umask(0o777)",
    ],
    ids=["connection file", "scratch folder", "environment"],
)
def test_a_notebook_that_damages_its_own_place_keeps_its_points(attack: Attack, damage: str) -> None:
    outcome = attack(damage, DISTANCE, CORNER)

    assert outcome.is_full("mnist_distance")
    assert outcome.is_full("bottom_right")


# Where the grader itself is within the notebooks' Python


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment with this grader's modules installed in it, a course of its own, and a package that stays."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    for name in ("grader/content/exercises", "grader/content/reference", "mycourse/exercises", "mycourse/reference"):
        (packages_of(folder) / name).mkdir(parents=True)
        (packages_of(folder) / name / "answer.py").write_text("answer = 42\n")
    (packages_of(folder) / "helper.py").write_text("right = True\n")
    return folder


def packages_of(venv: Path) -> Path:
    """Where an environment's packages are."""
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def test_a_grader_and_a_course_within_the_notebooks_python_are_hidden(venv: Path, tmp_path: Path) -> None:
    packages = packages_of(venv)

    view = view_of(str(venv / "bin" / "python"), tmp_path / "data", packages / "mycourse")

    hidden = [packages / "grader", packages / "mycourse" / "exercises", packages / "mycourse" / "reference"]
    assert set(view.hidden) >= set(map(str, hidden))
    assert str(venv) in view.readable


def test_the_package_that_runs_is_hidden_without_its_content_too(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = packages_of(venv) / "grader"
    (package / "content").rename(tmp_path / "content")
    monkeypatch.setattr(isolation, "__file__", str(package / "isolation.py"))

    assert str(package) in view_of(str(venv / "bin" / "python"), tmp_path / "data", tmp_path).hidden


def test_what_is_hidden_is_empty_and_what_is_beside_it_is_not(room: Room, venv: Path, tmp_path: Path) -> None:
    packages = packages_of(venv)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "table.csv").write_text("1,2")
    tmp_path.chmod(0o755)
    view = view_of(str(venv / "bin" / "python"), tmp_path / "data", packages / "mycourse")

    folders = [packages / "grader", packages / "mycourse" / "reference", packages, tmp_path / "data", tmp_path]

    assert seen(view, folders) == [[], [], ["grader", "helper.py", "mycourse"], ["table.csv"], ["data", "venv"]]


def seen(view: View, folders: list[Path]) -> list[list[str]]:
    """What is in these folders for somebody within."""
    ask = f"import os\nprint([sorted(os.listdir(folder)) for folder in {list(map(str, folders))}])"
    with held(USERS) as users, held(GROUPS) as groups:
        descriptors = (users.fileno(), groups.fileno())
        command = [*bubblewrap(view, *descriptors), view.python, "-c", ask]
        ended = subprocess.run(command, pass_fds=descriptors, capture_output=True, text=True, check=True)
    result: list[list[str]] = ast.literal_eval(ended.stdout)
    return result


def test_data_below_the_scratch_folder_stays_visible(attack: Attack, room: Room, data: Path) -> None:
    assert room.view is not None
    assert (str(data) in room.view.kept) == (Path(SCRATCH) in data.parents)

    outcome = attack("import os\nprint(sorted(os.listdir(os.environ['GRADER_DATA'])))")

    assert found(outcome) == sorted(file.name for file in data.iterdir())


@pytest.mark.parametrize("home", ["venv", "venv/student"])
def test_a_python_around_the_home_folder_is_refused(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / home))

    with pytest.raises(UserError, match=r"is installed in your home folder itself.*Use a venv"):
        view_of(str(venv / "bin" / "python"), tmp_path / "data", tmp_path)


def test_data_around_the_home_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(UserError, match="the data is in your home folder itself"):
        view_of(sys.executable, tmp_path, tmp_path / "course")


def test_without_bubblewrap_there_are_no_walls_and_it_is_said(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    room = isolated_room(sys.executable, data, tmp_path)

    assert (room.is_isolated, room.problem) == (False, "bubblewrap is not installed")
