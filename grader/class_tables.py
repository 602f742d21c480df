"""What the terminal shows of a class: how its students stand, what became of it when, and whose work is alike."""

import datetime
from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from grader.book.entries import Event
from grader.book.policy import Total
from grader.book.queries import MISSING
from grader.showing import counted, one_line, percent, points_text
from grader.similarity import Alike
from grader.standing import Standing
from grader.terminal import NARROW, console

UNITS_S = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
FAR = 0.5  # the share from which two submissions' likeness stands out
DATE = "%Y-%m-%d %H:%M"


def print_standings(standings: Sequence[Standing], assignment: str, policy: Sequence[str]) -> None:
    """How a class stands in an assignment; policy: its rules in sentences."""
    out = console()
    out.print(heading(assignment))
    table = bare_table("student", "name", ">points", ">of", "remarks")
    for standing in standings:
        table.add_row(text(standing.student), text(standing.name), *numbers_of(standing), remark(standing))
    if standings:
        out.print(table)
    out.print()
    out.print(Text(class_line(standings)))
    for sentence in policy:
        out.print(Text(sentence))


def print_student(standings: Sequence[Standing], policy: Sequence[str]) -> None:
    """How one student stands in assignments; in detail if it is one."""
    out = console()
    name = next((standing.name for standing in standings if standing.name), "")
    student = standings[0].student
    out.print(heading(f"{student} ({name})" if name else student))
    table = bare_table("assignment", ">points", ">of", "remarks")
    for standing in standings:
        table.add_row(text(standing.assignment), *numbers_of(standing), remark(standing))
    out.print(table)
    for standing in standings:
        if standing.override:
            given = standing.override
            line = f"{standing.assignment}: {given.author} gave {counted(given.points, 'point')} on {local(given.made)}"
            out.print(text(f"{line}: {given.comment}"))
    if len(standings) == 1 and standings[0].outline:
        exercises = bare_table("exercise", ">points", ">of")
        for exercise in standings[0].outline.exercises:
            exercises.add_row(text(exercise.title), points_text(exercise.points), points_text(exercise.possible))
        out.print()
        out.print(exercises)
    for sentence in policy:
        out.print(Text(sentence))


def print_totals(totals: Sequence[Total], assignments: Sequence[str], policy: Sequence[str]) -> None:
    """What students have of all assignments together."""
    out = console()
    out.print(heading(f"All of {counted(len(assignments), 'assignment')}"))
    table = bare_table("student", "name", ">points", ">of", ">share", "left out")
    for total in totals:
        share = f"{percent(total.points, total.possible)}%" if total.possible else "-"
        table.add_row(
            text(total.student),
            text(total.name),
            points_text(total.points),
            points_text(total.possible),
            share,
            text(", ".join(total.dropped)),
        )
    out.print(table)
    out.print()
    out.print(Text(counted(len(totals), "student") + "."))
    for sentence in policy:
        out.print(Text(sentence))


def print_history(events: Sequence[Event]) -> None:
    """Who did what and when, in local time."""
    out = console()
    moments = [datetime.datetime.fromisoformat(event.made).astimezone() for event in events]
    zones = {zone_of(moment) for moment in moments}
    one_zone = zones.pop() if len(zones) == 1 else ""
    table = bare_table(f"when ({one_zone})" if one_zone else "when", "student", "what")
    for event, moment in zip(events, moments, strict=True):
        when = f"{moment:{DATE}}" if one_zone else f"{moment:{DATE}} {zone_of(moment)}"
        table.add_row(when, text(event.student), text(event_text(event)))
    out.print(table if events else Text("Nothing happened yet."))


def print_alike(pairs: Sequence[Alike], compared: int, most: int) -> None:
    """The most alike pairs of submissions, and what that does not mean."""
    out = console()
    if not pairs:
        out.print(Text(f"{counted(compared, 'submission')}: no two are alike beyond what everybody was given."))
        return
    table = bare_table(">alike", "submission", ">shared", "submission", ">shared", ">cells")
    for pair in pairs[:most]:
        alike = Text(f"{pair.score:.0%}", style="bold" if pair.score >= FAR else "")
        left, right = f"{pair.left_share:.0%}", f"{pair.right_share:.0%}"
        table.add_row(alike, text(pair.left), left, text(pair.right), right, str(len(pair.passages)))
    out.print(table)
    if len(pairs) > most:
        out.print(Text(f"and {counted(len(pairs) - most, 'more pair')}"))
    out.print()
    out.print(Text(f"{counted(compared, 'submission')}, {counted(len(pairs), 'pair')} alike."))
    out.print(Text("A hint for a person, never a verdict: look at what is alike before you speak with anybody."))


# Parts


def bare_table(*headings: str) -> Table:
    """A table without lines; numbers stand to the right, in columns whose heading begins with ">".

    The last text has the room that the others leave, of whom none takes all: an id may be as long as a line.
    """
    table = Table(box=None, pad_edge=False)
    widest = max(NARROW, console().width) * 3 // 10
    last = max(place for place, name in enumerate(headings) if not name.startswith(">"))
    for place, name in enumerate(headings):
        if name.startswith(">"):
            table.add_column(name[1:], justify="right", no_wrap=True)
        else:
            most = widest if len(headings) > 2 and place != last else None
            table.add_column(name, overflow="fold", no_wrap=name.startswith("when"), max_width=most)
    return table


def heading(title: str) -> Text:
    """The line above a table."""
    return Text(one_line(title), style="bold")


def text(anybodys: str) -> Text:
    """Text that may be anybody's, with nothing that the terminal or rich would obey."""
    return Text(one_line(anybodys))


def numbers_of(standing: Standing) -> tuple[Text, str]:
    """The points that count, and of how many; a dash where there are none."""
    points = "-" if standing.points is None else points_text(standing.points)
    style = "bold" if standing.override else ""
    return Text(points, style=style), points_text(standing.possible) if standing.possible else "-"


def remark(standing: Standing) -> Text:
    """What there is to know of a standing beside its points."""
    return Text(one_line("; ".join(remarks(standing))), style="yellow" if standing.points is None else "")


def remarks(standing: Standing) -> Iterator[str]:
    """Who gave the points, how late it was and what that cost, and why nothing was graded."""
    if standing.override:
        automatic = "" if standing.automatic is None else f" (automatic: {points_text(standing.automatic)})"
        yield f"given by {standing.override.author}{automatic}"
    if standing.late_s:
        cost = f", {points_text(-standing.penalty)}" if standing.penalty else ""
        yield f"{late_text(standing.late_s)} late{cost}"
    if standing.problem:
        yield standing.problem


def class_line(standings: Sequence[Standing]) -> str:
    """How many there are of each kind, and the mean of those that have points."""
    graded = [standing for standing in standings if standing.points is not None]
    missing = sum(standing.points is None and standing.problem == MISSING for standing in standings)
    others = len(standings) - len(graded) - missing
    kinds = [f"{len(graded)} with points"] if graded else []
    kinds += [f"{missing} missing"] if missing else []
    kinds += [f"{others} not graded"] if others else []
    line = f"{counted(len(standings), 'student')}: {', '.join(kinds)}." if kinds else "No students."
    shares = [standing.points / standing.possible for standing in graded if standing.possible and standing.points]
    if graded and any(standing.possible for standing in graded):
        line += f" Mean: {sum(shares) / sum(bool(s.possible) for s in graded):.0%} of the possible points."
    return line


def stands(standing: Standing) -> str:
    """In a sentence's part, how a student stands and by whose word."""
    if standing.points is None:
        return one_line(f"no points ({standing.problem or 'not graded'})")
    possible = f" of {points_text(standing.possible)}" if standing.possible else ""
    points = f"{points_text(standing.points)}{possible} points"
    if standing.override:
        return one_line(f"{points}, given by {standing.override.author}: {standing.override.comment}")
    if standing.penalty:
        cost = f"{points_text(standing.penalty)} off for being {late_text(standing.late_s)} late"
        return f"{points}, {cost} (automatic: {points_text(standing.automatic or 0)})"
    return f"{points}, as graded"


def event_text(event: Event) -> str:
    """What happened, in a line."""
    points = "" if event.points is None else points_text(event.points)
    match event.what:
        case "handed in":
            line = f"handed in {event.assignment}: {event.text}"
        case "graded":
            line = f"{event.assignment} graded {points} of {points_text(event.possible)} by {event.who} ({event.text})"
        case "not graded":
            line = f"{event.assignment} not graded by {event.who}: {event.text}"
        case "overridden":
            line = f"{event.assignment} set to {points} by {event.who}: {event.text}"
        case "override withdrawn":
            line = f"{event.assignment}: override withdrawn by {event.who}: {event.text}"
        case _:
            line = f"{event.what}: {event.text}" if event.text else event.what
    return line


def late_text(seconds: float) -> str:
    """A length of time in its two largest units: "1 d 3 h"."""
    whole = max(1, round(seconds))
    parts: list[tuple[int, str]] = []
    for unit, size in UNITS_S:
        amount, whole = divmod(whole, size)
        if amount or parts:
            parts.append((amount, unit))
    return " ".join(f"{amount} {unit}" for amount, unit in parts[:2] if amount)


def local(moment: str) -> str:
    """A moment (ISO 8601) in local time, with its zone."""
    found = datetime.datetime.fromisoformat(moment).astimezone()
    return f"{found:{DATE}} {zone_of(found)}"


def zone_of(moment: datetime.datetime) -> str:
    """A moment's distance to UTC: "UTC+01:00"."""
    offset = f"{moment:%z}"
    return "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"
