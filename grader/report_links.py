"""How a page links the reports of students: relatively, so that a folder with all of them can be moved."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote


def report_links(names: Mapping[str, str], reports: Path, page: Path) -> dict[str, str]:
    """Addresses, relative to where the page is, of those reports that are there.

    names: by student, paths below the folder of reports. A student whose report isn't there is left out.
    """
    base, start = reports.resolve(), page.resolve().parent
    there = {student: base / name for student, name in names.items() if (base / name).is_file()}
    try:
        ways = {student: Path(os.path.relpath(file, start)).as_posix() for student, file in there.items()}
    except ValueError:  # they are on another drive
        return {}
    return {student: quote(way, safe="/@+") for student, way in ways.items()}
