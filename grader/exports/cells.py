"""CSV in which no cell that a student could have written is a formula.

A spreadsheet computes a cell that begins with = + - @ as soon as the file is opened, and formulas can run programs and
send data away. An apostrophe before it makes it text. A cell can also begin where its author wants it to, after a
delimiter or quotation mark that the spreadsheet takes for its own; so what follows these is kept from it too.
Source: OWASP, "CSV Injection" (owasp.org/www-community/attacks/CSV_Injection), and its ASVS 5.0, 1.2.10.
"""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

from grader.exports.texts import cleaned

Cell = str | float | None

# The signs themselves, their full-width and other variants (all characters whose compatibility form begins with one of
# them), and the minus of mathematics.
SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊⁻⩵⩶﬩\u2212"  # noqa: RUF001
JOINERS = "\u200c\u200d"  # unseen, but Persian names and emoji are spelled with them
UNSEEN = f"\\s{JOINERS}\u2800\u3164"
FORMULA = re.compile(rf'(?:^|[,;|:"])[{UNSEEN}]*(?=[{SIGNS}])')


def safe(text: str) -> str:
    """Text in one line, with an apostrophe before whatever a spreadsheet could take for a formula."""
    line = " ".join(cleaned(text).split())
    if not line.isascii():
        line = "".join(c for c in line if c in JOINERS or unicodedata.category(c) != "Cf").strip()
    return FORMULA.sub(lambda found: found[0] + "'", line)


def rounded(number: float | None) -> float | None:
    """A number for a cell, with two decimals at most, as learning platforms show them; None if it is none."""
    if number is None or not math.isfinite(number):
        return None
    short = round(number, 2)
    return int(short) if short == int(short) else short


def csv_bytes(rows: Iterable[Sequence[Cell]], *, for_spreadsheet: bool = False) -> bytes:
    """Rows as CSV in UTF-8 (RFC 4180): texts safe and in quotation marks, numbers without.

    for_spreadsheet: begins with the mark by which Excel knows UTF-8, and which other programs' imports may stumble at.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else safe(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig" if for_spreadsheet else "utf-8")
