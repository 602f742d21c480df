"""The bubblewrap around a zygote: what its kernels may see of this machine, and how it is started.

They see the system's programs and libraries, the notebooks' Python, and the course's data, all read-only. There is no
home folder, no other notebook, no course, no network, and no environment. What each kernel adds to it for itself
stands in grader/sandbox.py.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import UserError
from grader.places import PATIENT, content_folder
from grader.sandbox import HOME, SCRATCH

BUBBLEWRAP = "bwrap"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime", "timezone", "mime.types")
MACHINE = ("/sys/devices/system/cpu", "/sys/devices/system/node")  # torch asks how many cores there are
PACKAGES = ("", "lib*/python3*/*-packages/", "envs/*/lib*/python3*/*-packages/")  # below a folder that holds Pythons
COMPUTING = ("nvidia*", "kfd")  # below /dev: GPUs to compute with
GRAPHICS = (*COMPUTING, "dri")  # and to draw
NO_GPU = {"CUDA_VISIBLE_DEVICES": ""}  # in an environment: what looks for one finds none
USERS = b"student:x:1000:1000:student:/tmp/notebook:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
GROUPS = b"student:x:1000:\nnobody:x:65534:\n"
ASK = """
import json, os, sys
packages = [folder for folder in sys.path if os.path.basename(folder) in ("site-packages", "dist-packages")]
print(json.dumps([sys.prefix, sys.base_prefix, *packages]))
"""
ASK_S = 60.0
ELSEWHERE = "Use a venv, and a folder of its own for the data ($GRADER_DATA); or --no-isolation."
CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "KILL", "SETFCAP")  # the last to map user 0


@dataclass(frozen=True)
class View:
    """What a zygote and its kernels see besides the system. python: their interpreter.

    readable: the folders that stay where they are, read-only. hidden: those below them that are shown empty.
    devices: the files of GPUs, below /dev.
    """

    python: str
    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    devices: tuple[str, ...] = ()

    @property
    def kept(self) -> list[str]:
        """The readable folders below the folder that each kernel covers with its own."""
        return [folder for folder in self.readable if Path(SCRATCH) in Path(folder).parents]


def view_of(python: str, data: Path, course: Path, devices: tuple[str, ...] = ()) -> View:
    """What kernels of a Python see.

    data: the course's data, which is made if need be. course: the folder of the course, which is hidden. devices: the
    files of the GPUs that they may use.
    Raises UserError for an interpreter that does not run, or that shares its folder with the user's own files.
    """
    data.mkdir(parents=True, exist_ok=True)
    outside = {Path(folder) for folder in SYSTEM}
    readable = {folder for folder in (*places_of(python), data.resolve()) if not outside & {folder, *folder.parents}}
    home = Path.home().resolve()
    for folder in readable:
        if folder in (home, *home.parents):
            what = "the data is" if folder == data.resolve() else f"{python} is installed"
            raise UserError(f"{folder}: {what} in your home folder itself, which notebooks must not see. {ELSEWHERE}")
    package, content = Path(__file__).resolve().parent, content_folder()
    hidden = [package, *(top / name for top in (content, course.resolve()) for name in ("exercises", "reference"))]
    seen = readable | outside
    hidden += [folder for place in (*seen, Path("/usr/local")) for folder in graders_in(place)]
    return View(
        python,
        tuple(sorted(str(folder) for folder in readable)),
        tuple(sorted({str(folder) for folder in hidden if seen & {folder, *folder.parents} and folder.is_dir()})),
        devices,
    )


def graders_in(place: Path) -> Iterator[Path]:
    """Where this grader, or another version of it, is installed below a folder. A checkout's venv has a copy, too."""
    for packages in PACKAGES:
        for content in place.glob(f"{packages}grader/content/reference"):
            yield content.parent.parent.resolve()


@cache
def places_of(python: str) -> tuple[Path, ...]:
    """The folders that an interpreter is installed in. Raises UserError if it does not run."""
    try:
        # Elsewhere, since it looks for modules in its folder first: this one may be full of students' files.
        result = subprocess.run([python, "-c", ASK], cwd="/", capture_output=True, timeout=ASK_S, check=True)  # noqa: S603
        found = [Path(folder) for folder in json.loads(result.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise UserError(
            f"{python}: is not a Python that runs. Give the path of one, such as {sys.executable}."
        ) from error
    binary = Path(python).resolve().parent
    folders = [folder.resolve() for folder in (*found, binary) if folder.is_dir()]
    return tuple(folder for folder in folders if not set(folder.parents) & set(folders))


def bubblewrap(view: View, users: int, groups: int) -> list[str]:
    """The command before a zygote's own. users, groups: descriptors from which /etc/passwd and /etc/group are read."""
    command = [BUBBLEWRAP, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() != 0:
        command += ["--unshare-user", "--uid", "0", "--gid", "0"]
    command += ["--new-session", "--as-pid-1", "--clearenv", "--cap-drop", "ALL"]
    for capability in CAPABILITIES:
        command += ["--cap-add", f"CAP_{capability}"]
    for name, value in environment(view.python, has_gpu=bool(view.devices)).items():
        command += ["--setenv", name, value]
    command += ["--perms", "1777", "--tmpfs", SCRATCH]  # the zygote's own; each kernel covers it
    for folder in SYSTEM:
        if Path(folder).is_symlink():
            command += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).is_dir():
            command += ["--ro-bind", folder, folder]
    for folder in ("/etc", "/sys", "/var", "/run", *above(view.readable)):
        command += ["--perms", "0755", "--dir", folder]  # or it were as private as what is shown in it
    for name in SETTINGS:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for descriptor, name in ((users, "passwd"), (groups, "group")):
        command += ["--perms", "0644", "--ro-bind-data", str(descriptor), f"/etc/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for device in view.devices:
        command += ["--dev-bind", device, device]
    for folder in MACHINE:
        command += ["--ro-bind-try", folder, folder]
    command += ["--symlink", SCRATCH, "/var/tmp"]  # noqa: S108
    for folder in view.readable:
        command += ["--ro-bind", folder, folder]
    for folder in view.hidden:
        command += ["--tmpfs", folder, "--remount-ro", folder]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def above(folders: tuple[str, ...]) -> list[str]:
    """The folders that lead to others, from the top down, without / and the one that is the zygote's own."""
    parents = {parent for folder in folders for parent in Path(folder).parents}
    return sorted(str(parent) for parent in parents - {Path("/"), Path(SCRATCH)})


def graphics() -> tuple[str, ...]:
    """The files of this machine's GPUs; none if there is nothing to compute with."""
    if not any(device for name in COMPUTING for device in Path("/dev").glob(name)):
        return ()
    return tuple(str(device) for name in GRAPHICS for device in sorted(Path("/dev").glob(name)))


def environment(python: str, *, has_gpu: bool = False) -> dict[str, str]:
    """The environment of the isolated: of the user's own, only what says how to show and how to compute."""
    starts = ("LANG", "LC_", "TZ", "OMP_", "MKL_", "OPENBLAS_", *(["CUDA_VISIBLE_"] if has_gpu else []))
    kept = {name: value for name, value in os.environ.items() if name.startswith(starts)}
    path = f"{Path(python).parent}:/usr/local/bin:/usr/bin:/bin"
    return {"OMP_WAIT_POLICY": PATIENT, "LANG": "C.UTF-8", **kept, "PATH": path, "HOME": HOME, "TMPDIR": SCRATCH}


def missing() -> str:
    """Why nothing can be isolated on this machine, as far as can be said without trying; empty if it can."""
    if not sys.platform.startswith("linux"):
        return "isolation needs Linux"
    if shutil.which(BUBBLEWRAP) is None:
        return "bubblewrap is not installed"
    return ""
