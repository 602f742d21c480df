"""Policies as instructors declare them: a TOML file, or options of the command line.

    penalty = "10%"        # of the points, for every started day or hour
    per = "day"
    of = "possible"        # or "earned": of which points
    maximum = "50%"        # that is taken off
    grace = "15 min"
    cut-off = "7 days"     # later than this: 0 points
    drop-lowest = 1        # assignments

    [due]                  # or, for all assignments: due = 2026-11-20T18:00:00
    lab4 = 2026-11-20T18:00:00
    lab5 = 2026-12-04      # to the end of that day
    "*" = 2026-12-18T18:00:00+01:00

    [extensions.lab4]      # by the id of the student
    ada = 2026-11-27T18:00:00

A date without a time zone is meant in that of the machine.
"""

import datetime
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from grader.book.policy import EVERY, Policy
from grader.errors import UserError

DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:(s|sec|seconds?)|(m|min|minutes?)|(h|hours?)|(d|days?)|(w|weeks?))", re.IGNORECASE
)
DURATION_UNITS_S = (1, 60, 3_600, 86_400, 604_800)
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def read_policy(file: Path) -> Policy:
    """The policy that a TOML file declares; raises UserError if it can't be read, or declares what there is not."""
    try:
        declared = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise UserError(f"{file}: not a policy (it is no UTF-8 text). Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError(f"{file}: not a policy (not TOML: {error}).") from None
    return changed(Policy(), declared, str(file))


def with_settings(policy: Policy, settings: Iterable[str], option: str = "--policy") -> Policy:
    """A policy changed by settings such as "penalty=10%", "per=hour" or "drop-lowest=1".

    Raises UserError for one that there is not, or whose value is none.
    """
    for setting in settings:
        name, has_value, value = setting.partition("=")
        if not has_value:
            raise UserError(f"{option} {setting}: give a name and a value, such as penalty=10%.")
        policy = changed(policy, {name.strip(): value.strip()}, option)
    return policy


def with_due(policy: Policy, dates: Iterable[str], option: str = "--due") -> Policy:
    """A policy with due dates such as "2026-11-20 18:00", for all assignments, or "lab4=2026-11-20T18:00+01:00".

    Raises UserError for what is no date.
    """
    due = dict(policy.due)
    for date in dates:
        name, has_name, when = date.rpartition("=")
        due[name.strip() if has_name else EVERY] = moment(when.strip(), f"{option} {date}")
    return msgspec.structs.replace(policy, due=due)


def changed(policy: Policy, declared: dict[str, object], where: str) -> Policy:
    """A policy with what was declared in its place."""
    found: dict[str, object] = {}
    for key, value in declared.items():
        if key not in KEYS:
            raise UserError(f"{where}: there is no {key!r}. {nearest(key, KEYS)}")
        field, read = KEYS[key]
        found[field] = read(value, f"{where}: {key}{f' = {value}' if not isinstance(value, dict) else ''}")
    return msgspec.structs.replace(policy, **found)


def nearest(name: str, names: Iterable[str], how_many: int = 20) -> str:
    """What may have been meant by a name that there is not."""
    names = list(names)
    likely = difflib.get_close_matches(name, names, 1)
    more = ", …" if len(names) > how_many else ""
    return f"Did you mean {likely[0]!r}?" if likely else f"There are: {', '.join(names[:how_many])}{more}."


def share(value: object, where: str) -> float:
    """A share from 0 to 1, or in percent."""
    match = PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    found = float(match[1]) / 100 if match else number(value)
    if found is None or not 0 <= found <= 1:
        raise UserError(f"{where}: give a share from 0 to 1, or in percent, such as 10%.")
    return found


def number(value: object) -> float | None:
    """A number that was declared as one, or as a text; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def duration(value: object, where: str) -> float:
    """A length of time, in seconds."""
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UserError(f"{where}: give a time with its unit, such as 15 min, 2 hours or 7 days.")
    unit = next(size for size, name in zip(DURATION_UNITS_S, match.groups()[1:], strict=True) if name)
    return float(match[1]) * unit


def count(value: object, where: str) -> int:
    """A whole number from 0."""
    found = number(value)
    if found is None or found < 0 or not found.is_integer():
        raise UserError(f"{where}: give a whole number, such as 1.")
    return int(found)


def one_of(*words: str) -> Callable[[object, str], str]:
    """A reader of one of these words."""

    def read(value: object, where: str) -> str:
        if value not in words:
            raise UserError(f"{where}: give {' or '.join(words)}.")
        return str(value)

    return read


def dates(value: object, where: str) -> dict[str, datetime.datetime]:
    """Dates by name; one alone is for every name."""
    if not isinstance(value, dict):
        return {EVERY: moment(value, where)}
    return {str(name): moment(date, f"{where}.{name} = {date}") for name, date in value.items()}


def extensions(value: object, where: str) -> dict[str, dict[str, datetime.datetime]]:
    """Dates by assignment, then by student."""
    if not isinstance(value, dict) or not all(isinstance(part, dict) for part in value.values()):
        raise UserError(f"{where}: give dates by assignment and student: [extensions.lab4], then ada = 2026-11-27.")
    return {str(name): dates(part, f"{where}.{name}") for name, part in value.items()}


def moment(value: object, where: str) -> datetime.datetime:
    """A moment, in UTC; without a time zone, of the machine's; a date without a time is over when its day is."""
    try:
        found = parsed_date(value.strip()) if isinstance(value, str) else value
        if isinstance(found, datetime.date) and not isinstance(found, datetime.datetime):
            found = datetime.datetime.combine(found + datetime.timedelta(days=1), datetime.time())
        if isinstance(found, datetime.datetime):
            return found.astimezone(datetime.UTC)
    except (ValueError, OverflowError, OSError):  # the last two: years that clocks don't have
        pass
    raise UserError(f"{where}: not a date. Give one such as 2026-11-20 18:00, or 2026-11-20T18:00+01:00.")


def parsed_date(text: str) -> datetime.date:
    """A date, or a date with a time, in ISO 8601."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return datetime.datetime.fromisoformat(text)


KEYS: dict[str, tuple[str, Callable[[object, str], object]]] = {
    "penalty": ("penalty", share),
    "per": ("per", one_of("day", "hour")),
    "of": ("of", one_of("possible", "earned")),
    "maximum": ("maximum", share),
    "grace": ("grace_s", duration),
    "cut-off": ("cut_off_s", duration),
    "drop-lowest": ("drop_lowest", count),
    "due": ("due", dates),
    "extensions": ("extensions", extensions),
}


def policy_from(file: Path | None, settings: Sequence[str] = (), due: Sequence[str] = ()) -> Policy:
    """The policy of a file, if there is one, changed by settings and due dates of the command line."""
    return with_due(with_settings(read_policy(file) if file else Policy(), settings), due)
