"""The data of the course: the digits of the chapter, and the salt of its last exercise."""

from pathlib import Path

from reference import mnist, salt


def prepare(folder: Path, progress: mnist.Progress | None = None) -> None:
    """Make in `folder` what is not there yet; progress is called with what is made and how much of it is done."""
    mnist.prepare(folder, progress)
    salt.prepare(folder, progress)
