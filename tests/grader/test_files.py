"""How commands write what they make."""

import os
import threading
from pathlib import Path

import pytest

from grader import files
from grader.errors import UserError
from grader.files import write


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_bytes(b"older and longer")

    write(file, b"new")

    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_what_is_no_file_is_written_into_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()

    write(pipe, b"content")

    reader.join(10)
    assert read == [b"content"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path: Path) -> None:
    file, link = tmp_path / "mine", tmp_path / "lab.report.html"
    file.write_bytes(b"what I had")
    link.symlink_to(file)

    write(link, b"new")

    assert not link.is_symlink()
    assert link.read_bytes() == b"new"
    assert file.read_bytes() == b"what I had"


def test_what_stands_among_the_devices_is_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "DEVICES", tmp_path)  # as /dev/stdout is, which leads to a file where it is redirected
    file, link = tmp_path / "redirected", tmp_path / "stdout"
    file.touch()
    link.symlink_to(file)

    write(link, b"new")

    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_what_can_not_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be written"):
        write(tmp_path / "no" / "out", b"new")

    assert list(tmp_path.iterdir()) == []
