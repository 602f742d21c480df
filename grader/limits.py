"""What a notebook may take: its limits, as `--limit NAME=VALUE` sets them and the report shows them."""

import re

import msgspec

from grader.errors import UserError

UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}
# What holds without isolation, too.
EVERYWHERE = ("cell_s", "notebook_s", "output_bytes", "notebook_output_bytes", "flood_bytes")
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(s|(?:([kmg]i?)?b?))", re.IGNORECASE)


class Limits(msgspec.Struct, frozen=True):
    """How much a notebook may take: seconds, bytes and numbers of things.

    cell_s, notebook_s: wall time of one cell, and of all cells together; all probes together may take as long again.
    output_bytes, notebook_output_bytes: the text that is kept of what one cell shows, and of what all show together;
    the middle of more is left out. flood_bytes: all that one cell may show; one that shows more is stopped. These hold
    for every kernel; the others for isolated ones only. cpu_s: CPU time of one process. memory_bytes: of one process
    and, where control groups can be used, of all together. processes: with their threads. file_bytes: of one file.
    scratch_bytes: of all files.
    """

    cell_s: float = 120
    notebook_s: float = 1_800
    output_bytes: int = 20 * 2**10
    notebook_output_bytes: int = 2**20
    flood_bytes: int = 100 * 2**20
    cpu_s: float = 7_200
    memory_bytes: int = 4 * 2**30
    processes: int = 512
    open_files: int = 1_024
    file_bytes: int = 2**30
    scratch_bytes: int = 2**30


def with_limits(limits: Limits, settings: tuple[str, ...]) -> Limits:
    """Limits changed by settings such as "memory=2GB" or "processes=64".

    Raises UserError for a setting that names no limit, or that is no amount above 0.
    """
    names = limit_names()
    changed: dict[str, float] = {}
    for setting in settings:
        name, _, amount = setting.partition("=")
        if name not in names:
            raise UserError(f"--limit {setting}: no such limit. There are: {', '.join(names)}.")
        match = AMOUNT.fullmatch(amount.strip())
        number = float(match[1]) * UNITS[(match[3] or "").lower()] if match else 0
        if number <= 0 or number >= 2**62:
            raise UserError(f"--limit {setting}: give an amount above 0, such as {name}={example(names[name])}.")
        changed[names[name]] = number if names[name].endswith("_s") else int(number)
    return msgspec.structs.replace(limits, **changed)


def limit_names() -> dict[str, str]:
    """The fields of Limits by the names that readers see: "open-files" for open_files."""
    return {re.sub("_(s|bytes)$", "", name).replace("_", "-"): name for name in Limits.__struct_fields__}


def example(field: str) -> str:
    """An amount that a limit could have."""
    return {"s": "60", "bytes": "500MB"}.get(field.rpartition("_")[2], "100")


def described(limits: Limits, is_isolated: bool = True) -> dict[str, str]:
    """The limits as readers see them: "memory": "4 GiB". Without isolation, only those that hold then."""
    names = {name: field for name, field in limit_names().items() if is_isolated or field in EVERYWHERE}
    return {name: amount_of(field, getattr(limits, field)) for name, field in names.items()}


def amount_of(field: str, value: float) -> str:
    """One limit with its unit."""
    if field.endswith("_s"):
        return f"{value:g} s"
    if not field.endswith("_bytes"):
        return f"{value:,}"
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if value >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value:g} bytes"
