"""Control groups, made up in a folder that looks like theirs, and real where this user may make them."""

import subprocess
from pathlib import Path

import pytest

from grader import memory
from grader.memory import MemoryGroup

OWN = "4:memory:/lab\n0::/lab\n"


def mounted(monkeypatch: pytest.MonkeyPatch, folder: Path, kind: str, options: str) -> None:
    """Has this machine mount one hierarchy of control groups, at a folder."""
    (folder / "lab").mkdir(parents=True)
    (folder / "mountinfo").write_text(f"30 20 0:1 / {folder} rw - {kind} cgroup rw,{options}\n")
    (folder / "own").write_text(OWN)
    monkeypatch.setattr(memory, "MOUNTS", folder / "mountinfo")
    monkeypatch.setattr(memory, "GROUPS", folder / "own")


@pytest.mark.parametrize(("kind", "options"), [("cgroup", "memory"), ("cgroup2", "nsdelegate")])
def test_groups_are_made_below_or_beside_this_process(monkeypatch, tmp_path: Path, kind: str, options: str) -> None:
    mounted(monkeypatch, tmp_path, kind, options)

    assert memory.parents() == [tmp_path / "lab", tmp_path]


def test_hierarchies_without_memory_are_left_alone(monkeypatch, tmp_path: Path) -> None:
    mounted(monkeypatch, tmp_path, "cgroup", "cpu")

    assert memory.parents() == []


def test_where_nothing_is_mounted_there_is_no_group(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "MOUNTS", tmp_path / "nothing")

    assert MemoryGroup.make(2**30) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("memory.events", "low 0\nmax 3\noom 1\noom_kill 2\n"),
        ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
    ],
)
def test_the_kills_of_both_versions_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "group").mkdir()
    (tmp_path / "group" / name).write_text(text)
    group = MemoryGroup.__new__(MemoryGroup)
    group.folder = tmp_path / "group"

    assert group.kills() == 2


def test_a_process_that_takes_more_is_ended_and_counted() -> None:
    group = MemoryGroup.make(64 * 2**20)
    if group is None:
        pytest.skip("this user may make no control group")
    code = "import sys; open(sys.argv[1], 'w').write('0'); bytearray(10**9)"

    result = subprocess.run(["python3", "-c", code, str(group.folder / memory.LISTS)], check=False)
    kills = group.kills()
    group.close()

    assert result.returncode == -9
    assert kills == 1
    assert not group.folder.exists()
