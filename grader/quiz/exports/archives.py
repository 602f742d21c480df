"""Zip archives that are the same bytes whenever and wherever they are made."""

import io
import zipfile
from collections.abc import Mapping

BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the times that a zip can hold
READABLE = 0o644 << 16
UNIX = 3


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files in a zip, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, BEGINNING)
            entry.external_attr = READABLE
            entry.create_system = UNIX  # wherever it is made
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
