"""Times as other programs write them, in UTC."""

import datetime
import re
import zoneinfo

# nbgrader: "2026-03-01 12:00:00.123456 UTC" (its exchange's timestamp_format, and timezone "UTC" by default, or the
# name of another zone). Gradescope: "2019-09-04 21:03:57.297916000 Z". ISO 8601 has a T, and no space before the zone.
FORM = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?\s*(\S*)", re.ASCII)
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
NAMES_OF_UTC = frozenset({"", "Z", "UTC", "GMT"})


def utc_of(text: str) -> str:
    """A time in UTC, ISO 8601, to the second; empty if it isn't understood. Without a zone it is UTC."""
    found = FORM.fullmatch(text.strip())
    zone = zone_of(found[4]) if found else None
    if not found or zone is None:
        return ""
    try:
        moment = datetime.datetime.fromisoformat(f"{found[1]} {found[2]}").replace(tzinfo=zone)
        return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return ""


def zone_of(name: str) -> datetime.tzinfo | None:
    """The time zone of a name such as UTC, +01:00 or Europe/Paris; None for others, such as PST, which are several."""
    if name in NAMES_OF_UTC:
        return datetime.UTC
    offset = OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes >= 24 * 60:
            return None
        return datetime.timezone(datetime.timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    if "/" not in name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
