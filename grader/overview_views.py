"""A class overview laid out for its page: the histogram, the heat map, who needs a look, and a row for each student."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import msgspec

from grader.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Chart, round_step
from grader.looks import Kind, Look, looks_of
from grader.overview import (
    Band,
    Bin,
    Overview,
    exercise_shares,
    is_missing,
    overview_of,
    seconds_of,
    shares_of,
)
from grader.showing import counted, percent, points_text, seconds_text, shortened
from grader.standing import Standing

LEVELS = (
    1,
    17,
    34,
    50,
    67,
    84,
    100,
)  # percents at which a cell gets the next colour: the first something, the last all
LIMIT_LISTED, LIMIT_REASONS = 12, 8  # students of one reason to look, and reasons of a group; the table has them all
LIMIT_REASON = 160  # characters
GAP = 2  # between the columns of the histogram

GROUPS: dict[Kind, str] = {
    "ungraded": "Not graded",
    "waiting": "Checks that wait for a person",
    "timeout": "Timed out",
    "event": "Stopped by a limit or a wall",
    "open": "Ran without isolation",
    "override": "Points given by a person",
}
assert set(GROUPS) == set(get_args(Kind))


@dataclass(frozen=True)
class StudentRow:
    """A student in the table. link: to their report; empty if there is none."""

    student: str
    name: str
    link: str
    points: str
    share: str
    late: str
    seconds: str
    looks: tuple[Look, ...]
    is_missing: bool

    @property
    def shown(self) -> str:
        """What the student is called."""
        return self.name or self.student


@dataclass(frozen=True)
class Group:
    """Students who need a look for one kind of reason, by the reason, as far as they are listed here.

    bit: the kind in the script's data. total: how many they are; more: how many of them are not listed.
    """

    kind: str
    title: str
    bit: int
    reasons: list[tuple[str, list[StudentRow]]]
    total: int
    more: int


@dataclass(frozen=True)
class Column:
    """A column of the histogram: its place in the drawing, and what it counts."""

    x: float
    y: float
    width: float
    height: float
    label: str
    students: int


@dataclass(frozen=True)
class HeatCell:
    """A cell of the heat map; text: a percentage, or a dash where there is nothing."""

    text: str
    level: str


@dataclass(frozen=True)
class HeatColumn:
    """A column's head: one student, or the places of a band in the order of points."""

    student: StudentRow | None
    places: str


@dataclass(frozen=True)
class OverviewView:
    """All that the page shows. rows: by name. data: numbers for the table's script, as JSON."""

    overview: Overview
    assignment: str
    chart: Chart
    columns: list[Column]
    heads: list[HeatColumn]
    heat: list[list[HeatCell]]
    groups: list[Group]
    looked: int
    late: int
    slowest: list[StudentRow]
    rows: list[StudentRow]
    data: bytes


def laid_out(standings: Sequence[Standing], links: Mapping[str, str]) -> OverviewView:
    """A class laid out. links: to the reports of students, by their ids."""
    overview = overview_of(standings)
    order = sorted(range(len(standings)), key=lambda i: (alphabetic(called(standings[i])), standings[i].student))
    rows = [
        row_of(s, share, links.get(s.student, "")) for s, share in zip(standings, shares_of(standings), strict=True)
    ]
    chart, columns = histogram(overview.bins)
    groups = [group_of(kind, title, [rows[place] for place in order]) for kind, title in GROUPS.items()]
    return OverviewView(
        overview=overview,
        assignment=standings[0].assignment if standings else "",
        chart=chart,
        columns=columns,
        heads=heads_of(overview.bands, rows),
        heat=[
            [heat_cell(band.shares[place]) for band in overview.bands] + [heat_cell(exercise.share)]
            for place, exercise in enumerate(overview.exercises)
        ],
        groups=[group for group in groups if group.total],
        looked=sum(bool(row.looks) for row in rows),
        late=sum(standing.late_s > 0 for standing in standings),
        slowest=[rows[place] for place in overview.slowest],
        rows=[rows[place] for place in order],
        data=table_data([standings[place] for place in order], overview),
    )


def called(standing: Standing) -> str:
    """What a student is called: by name, or else by id."""
    return standing.name or standing.student


def alphabetic(text: str) -> str:
    """What a text is sorted by: small letters, and none after the z for an accent."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def row_of(standing: Standing, share: float | None, link: str) -> StudentRow:
    """A student in the table."""
    return StudentRow(
        student=standing.student,
        name=standing.name if standing.name != standing.student else "",
        link=link,
        points="" if standing.points is None else points_text(standing.points),
        share="" if share is None else f"{percent_of(share)}%",
        late=late_text(standing.late_s) if standing.late_s > 0 else "",
        seconds=seconds_text(seconds_of(standing)) if standing.outline else "",
        looks=tuple(Look(look.kind, shortened(look.reason, LIMIT_REASON)) for look in looks_of(standing)),
        is_missing=is_missing(standing),
    )


def percent_of(share: float) -> int:
    """A share in percent: 100 or more only for all, 0 only for nothing."""
    return round(100 * share) if share >= 1 else max(1, percent(share, 1)) if share > 0 else 0


def late_text(seconds: float) -> str:
    """How late something is, no more exactly than a reader cares for."""
    for unit, size in (("day", 86_400), ("hour", 3_600)):
        if seconds >= size:
            return counted(round(seconds / size, 1), unit)
    return counted(max(1, round(seconds / 60)), "minute")


def level_of(per_cent: int) -> int:
    """The level of the colour for a percentage."""
    return sum(per_cent >= least for least in LEVELS)


# Plots


def histogram(bins: Sequence[Bin]) -> tuple[Chart, list[Column]]:
    """The distribution as columns, in percent of the possible points."""
    most = max((found.students for found in bins), default=0) or 1
    step = max(1.0, round_step(most))
    x = Axis(0, 100 * bins[-1].high, LEFT, WIDTH - RIGHT - 6, "%")  # so that "100%" has its place under the end
    y = Axis(0, -(-most // step) * step, HEIGHT - BOTTOM, TOP, least_step=1)
    columns = [
        Column(
            x=x.at(100 * found.low) + GAP / 2,
            y=y.at(found.students),
            width=round(x.at(100 * found.high) - x.at(100 * found.low) - GAP, 1),
            height=round(y.at(0) - y.at(found.students), 1),
            label=bin_label(found),
            students=found.students,
        )
        for found in bins
    ]
    return Chart(x, y), columns


def bin_label(found: Bin) -> str:
    """What a bin holds, in words."""
    if found.low >= 1:
        return "more than 100%"
    if found.high >= 1:
        return f"{100 * found.low:.0f}% to 100%"
    return f"{100 * found.low:.0f}% to below {100 * found.high:.0f}%"


def heads_of(bands: Sequence[Band], rows: Sequence[StudentRow]) -> list[HeatColumn]:
    """The heads of the heat map's columns."""
    heads, place = [], 1
    for band in bands:
        last = place + len(band.students) - 1
        alone = rows[band.students[0]] if last == place else None
        heads.append(HeatColumn(alone, f"{place}\u2013{last}"))
        place = last + 1
    return heads


def heat_cell(share: float | None) -> HeatCell:
    """A share as a percentage with its colour."""
    if share is None:
        return HeatCell("\u2013", "none")
    return HeatCell(str(percent_of(share)), f"level-{level_of(percent_of(share))}")


# Students


def group_of(kind: Kind, title: str, rows: Sequence[StudentRow]) -> Group:
    """Those who need a look for one kind of reason."""
    reasons: dict[str, list[StudentRow]] = {}
    for row in rows:
        text = "; ".join(look.reason for look in row.looks if look.kind == kind)
        if text:
            reasons.setdefault(text, []).append(row)
    total = sum(map(len, reasons.values()))
    # Of every reason the first few: one that thousands share hides no other.
    often = sorted(reasons.items(), key=lambda item: -len(item[1]))[:LIMIT_REASONS]
    listed = [(text, found[:LIMIT_LISTED]) for text, found in often]
    more = total - sum(len(found) for _, found in listed)
    return Group(kind, title, 1 << list(GROUPS).index(kind), listed, total, more)


def table_data(standings: Sequence[Standing], overview: Overview) -> bytes:
    """What the script sorts by, and shows of the exercises: numbers only, in the order of the table's rows.

    A row: points, share in percent, lateness, seconds, reasons to look, the kinds of these reasons as bits (then
    missing, then late), and after these the percentages of the exercises; null where there is nothing.
    """
    names = [exercise.name for exercise in overview.exercises]
    kinds = list(GROUPS)
    rows = []
    for standing, share in zip(standings, shares_of(standings), strict=True):
        looks = looks_of(standing)
        bits = sum(1 << kinds.index(kind) for kind in {look.kind for look in looks})
        bits |= is_missing(standing) << len(kinds) | (standing.late_s > 0) << len(kinds) + 1
        numbers = (standing.points, None if share is None else 100 * share, standing.late_s)
        rows.append(
            [
                *(None if number is None else round(number, 2) for number in numbers),
                round(seconds_of(standing), 2) if standing.outline else None,
                len(looks),
                bits,
                *(None if one is None else percent_of(one) for one in exercise_shares(standing, names)),
            ]
        )
    return msgspec.json.encode({"levels": LEVELS, "rows": rows})
