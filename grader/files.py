"""Files that are written whole or not at all."""

import os
from pathlib import Path

from grader.errors import UserError


def write(file: Path, content: bytes) -> None:
    """Writes a file whole or not at all. Raises UserError if it can't be written."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    except OSError as error:
        raise UserError(f"{file}: can't be written ({error.strerror}). Give another file.") from error
    finally:
        unfinished.unlink(missing_ok=True)
