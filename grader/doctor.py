"""`grader doctor`: what this machine offers for running notebooks safely and fast."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError
from grader.forking import Zygote, can_fork
from grader.isolation import BUBBLEWRAP, graphics, missing, view_of
from grader.limits import Limits, described
from grader.memory import MemoryGroup
from grader.sandbox import counts_processes_by_namespace

TRY_S = 60.0
SWITCHES = {  # settings of Linux that keep ordinary users from making namespaces, and the values that do
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=10000"),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for bwrap that lets it",
    ),
}


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at. said: how it is. advice: what to do for more; empty if nothing.

    is_needed: whether notebooks are not isolated without it.
    """

    subject: str
    is_fine: bool
    said: str
    advice: str = ""
    is_needed: bool = False


def examine(python: str, data: Path, course: Path) -> list[Fact]:
    """Looks at this machine. python, data, course: as `view_of` takes them."""
    walls = isolation(python, data, course)
    return [kernels(python), walls, *(limits_of_all() if walls.is_fine else []), gpu(), default_limits()]


def kernels(python: str) -> Fact:
    """Whether the notebooks' Python can run notebooks, and warm ones."""
    try:
        code = "import sys, ipykernel; print('%d.%d.%d' % sys.version_info[:3])"
        result = subprocess.run(  # noqa: S603
            [python, "-c", code], cwd="/", capture_output=True, text=True, timeout=TRY_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return Fact("notebooks", False, f"{python} can't run them", f"{python} -m pip install ipykernel", True)
    how = "warm kernels, forked from a zygote" if can_fork() else "a new process each: warm kernels need Linux"
    return Fact("notebooks", True, f"Python {result.stdout.strip()}, {how}")


def isolation(python: str, data: Path, course: Path) -> Fact:
    """Whether notebooks are isolated, by trying."""
    problem = missing()
    if problem:
        advice = "apt install bubblewrap, or your system's like" if sys.platform.startswith("linux") else ""
        return Fact("isolation", False, problem, advice or "use a container or a Linux machine", True)
    try:
        problem = Zygote.shared(python, view_of(python, data, course)).problem()
    except UserError as error:
        problem = str(error)
    if problem:
        return Fact("isolation", False, problem, advice_on_namespaces(), True)
    user = "root, who becomes nobody" if os.geteuid() == 0 else "an ordinary user"
    return Fact("isolation", True, f"bubblewrap ({shutil.which(BUBBLEWRAP)}), namespaces, seccomp; as {user}")


def advice_on_namespaces() -> str:
    """What keeps this user from making namespaces, as far as it can be seen."""
    for file, (value, advice) in SWITCHES.items():
        if Path(file).exists() and Path(file).read_text().strip() == value:
            return f"as root: {advice}"
    return 'in a container: give it the right to make namespaces (README, "A container around it")'


def limits_of_all() -> list[Fact]:
    """Whether memory and processes are limited for a notebook as a whole."""
    group = MemoryGroup.make(Limits().memory_bytes)
    if group:
        group.close()
        memory = Fact("memory", True, f"limited for all of a notebook's processes together ({group.folder.parent})")
    else:
        advice = "run the grader so: systemd-run --user --scope -p Delegate=yes grader ..."
        memory = Fact("memory", False, "limited for each of a notebook's processes, not for all together", advice)
    if counts_processes_by_namespace():
        return [memory, Fact("processes", True, "limited for each notebook")]
    return [memory, Fact("processes", False, "not limited: Linux counts them by notebook only from 5.14 on")]


def gpu() -> Fact:
    """Whether there is a GPU for notebooks."""
    there = "notebooks may use it with --device cuda; their memory is then limited by group only"
    return Fact("GPU", True, there if graphics() else "none")


def default_limits() -> Fact:
    """The limits that hold where no others are given."""
    said = ", ".join(f"{name}={value}" for name, value in described(Limits()).items())
    return Fact("limits", True, said, "change them: --limit NAME=VALUE")
