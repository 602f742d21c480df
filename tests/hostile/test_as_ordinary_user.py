"""Where root runs the tests, the attacks are run once more by a user who is nobody special."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__)
# What attacks meet that depends on who runs the grader: its walls and the system's limits. What is forged, and what
# breaks a kernel from within, is the same for everybody.
ATTACKS = {
    "harmless": "",
    "processes": "signals or limited or daemons or recursion or harm_no_other",
    "resources": "not flood",
    "secrets": "",
}
ROOT = HERE.parents[2]
USER = 1_234
LIMIT_S = 900

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="an ordinary user runs the tests already"),
    pytest.mark.skipif(not (shutil.which("bwrap") and shutil.which("setpriv")), reason="needs bubblewrap and setpriv"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder that is the user's own."""
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        os.chown(folder, USER, USER)
        yield Path(folder)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attacks_are_stopped_for_an_ordinary_user_too(home: Path, name: str) -> None:
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-cov", f"--basetemp={home / 'tests'}"]
    file = HERE.with_name(f"test_{name}.py")
    command = [*as_user(home), sys.executable, "-m", "pytest", *options, "-k", ATTACKS[name], str(file)]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)

    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]


def as_user(home: Path) -> list[str]:
    """The command before one that an ordinary user is to run, who can reach Python and the tests wherever they are."""
    needed = sorted({Path(sys.prefix), Path(sys.base_prefix), ROOT})
    closed = {folder for place in needed for folder in place.parents if not folder.stat().st_mode & 0o001}
    command = ["bwrap", "--dev-bind", "/", "/"]
    for top in sorted(folder for folder in closed if not set(folder.parents) & closed):
        command += ["--perms", "0755", "--tmpfs", str(top)]
        for place in [place for place in needed if top in place.parents]:
            between = [folder for folder in reversed(place.parents) if top in folder.parents]
            command += [word for folder in between for word in ("--perms", "0755", "--dir", str(folder))]
            command += ["--ro-bind", str(place), str(place)]
    environment = {"HOME": home, "TMPDIR": home, "TESTS_NEED_WALLS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command += [word for name, value in environment.items() for word in ("--setenv", name, str(value))]
    return [*command, "setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all"]
