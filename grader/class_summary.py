"""What the terminal shows after a run over a class: how many, what could not be graded and why, whom to look at."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from grader.looks import looks_of
from grader.showing import counted, escaped, one_line, points_text, seconds_text
from grader.standing import Standing

NARROW = 80
LISTED, FAILURES_LISTED = 10, 100


class Report(msgspec.Struct, frozen=True):
    """What there is to say of a run.

    standings: of those whose work was found. missing: students of the roster. aside: files that are nobody's or can't
    be read, with the reason. notes: on how work was found, by student. seconds: of wall time; 0 if nothing was graded.
    """

    assignment: str
    layout: str
    standings: tuple[Standing, ...]
    graded: int
    unchanged: int
    seconds: float
    missing: tuple[str, ...] | None
    aside: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    policy: tuple[str, ...]
    gradebook: str
    reports: Path


def print_class(report: Report) -> None:
    """The run in a table, and below it what needs a person."""
    found = Console(highlight=False, emoji=False)
    out = found if found.is_terminal else Console(highlight=False, emoji=False, width=NARROW)
    failed = [(one.student, one.problem) for one in report.standings if one.problem]
    looks = [(one.student, why) for one in report.standings if not one.problem and (why := why_look(one))]
    late = [one for one in report.standings if one.late_s > 0]
    pace = ""
    if report.graded and report.seconds:
        pace = f"in {seconds_text(report.seconds)}, {60 * report.graded / report.seconds:,.0f} a minute"
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    rows: list[tuple[int, str, str]] = [
        (len(report.standings), "students", f"assignment {report.assignment}; {report.layout}"),
        (report.graded, "graded now", pace),
        (report.unchanged, "unchanged", "graded before under the same conditions"),
        (len(failed), "could not be graded", ""),
        (len(late), "late", ""),
        (len(report.missing or ()), "missing", "of the roster"),
        (len(looks), "to look at", ""),
    ]
    optional = {"late": bool(late), "missing": report.missing is not None, "to look at": bool(looks)}
    for number, what, remark in rows:
        if optional.get(what, True):
            style = "red" if what == "could not be graded" and number else "bold"
            table.add_row(Text(f"{number:,}", style=style), what, one_line(remark))
    out.print(table)
    points = [one.points for one in report.standings if one.points is not None and not one.problem]
    if points:
        possible = max(one.possible for one in report.standings)
        mean = f"{points_text(round(sum(points) / len(points), 1))} of {counted(possible, 'point')}"
        out.print(Text(f"On average {mean}.", style="bold"))
    for sentence in report.policy:
        out.print(Text(sentence))
    out.print(listed("Could not be graded", failed, "red", FAILURES_LISTED))
    out.print(listed("Left out", report.aside, "yellow"))
    out.print(listed("To look at", looks, "yellow"))
    out.print(listed("Notes", report.notes, "yellow"))
    if report.missing:
        out.print(listed("Missing", [("", ", ".join(report.missing))], "yellow"))
    out.print()
    out.print(Text(f"Gradebook: {escaped(report.gradebook)}"), soft_wrap=True)
    out.print(Text(f"Reports: {escaped(str(report.reports))}"), soft_wrap=True)


def listed(title: str, items: Iterable[tuple[str, str]], style: str, most: int = LISTED) -> Group:
    """Some of the items under a title, each with what there is to say of it; nothing if there are none."""
    found = list(items)
    if not found:
        return Group()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold", max_width=NARROW // 3)
    grid.add_column(overflow="fold")
    for name, text in found[:most]:
        grid.add_row(*([one_line(name)] if name else []), one_line(text))
    more = [Text(f"… and {len(found) - most:,} more.")] if len(found) > most else []
    return Group(Text(""), Text(title, style=f"bold {style}"), grid, *more)


def why_look(standing: Standing) -> str:
    """Why a person should look at somebody's work, if one should and none has."""
    return "" if standing.override else "; ".join(look.reason for look in looks_of(standing))
