"""Whole or not at all: a file or folder is built under another name, and gets its own when it is done.

An interruption leaves nothing half done, and of two that build the same at once one is first and both are right.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def built_aside(target: Path) -> Iterator[Path]:
    """A new path next to `target` that becomes `target` when the block ends, and vanishes when it fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.parent / f".{target.name}.{uuid.uuid4().hex}"
    try:
        yield unfinished
        try:
            unfinished.replace(target)
        except OSError:  # a folder does not replace one that holds files: someone else was first
            if not target.exists():
                raise
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)
