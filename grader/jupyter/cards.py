"""The plain-text twins of what a notebook shows, for terminals and screen readers."""

from collections.abc import Mapping, Sequence

from grader.results import ExerciseResult
from grader.showing import counted, points_text
from grader.wording import SYMBOLS, verdict_lines

WIDTH = 20  # of a bar, in characters


def checked_text(
    results: Sequence[ExerciseResult],
    first: tuple[str, int] | None,
    helped: Sequence[str],
    notes: Mapping[str, str],
) -> str:
    """The results of exercises: a line for each check, and why the first one failed, as `first_failing` gives it.

    helped: the exercises that have hints. notes: a further sentence on an exercise, or "".
    """
    lines: list[str] = []
    for result in results:
        lines.append(
            f"{result.title} ({result.name}): {points_text(result.points)} of {counted(result.possible, 'point')}"
        )
        lines += [f"  Checked your {own} as {name}." for name, own in result.stand_ins.items()]
        if not result.is_attempted:
            lines += [f"  {SYMBOLS['missing']} {line}" for line in verdict_lines(result.verdicts[0])[:1]]
        for place, verdict in enumerate(result.verdicts if result.is_attempted else ()):
            lines.append(f"  {SYMBOLS[verdict.outcome]} {verdict.description}")
            if (result.name, place) == first:
                lines += [f"      {line}" for line in verdict_lines(verdict)]
                if result.name in helped:
                    lines.append(f"      grader.hint({result.name!r}) gives a hint.")
        lines += [f"  {notes[result.name]}"] if notes[result.name] else []
    return "\n".join(lines)


def first_failing(results: Sequence[ExerciseResult]) -> tuple[str, int] | None:
    """The exercise, and the place in it, of the first check that did not pass; None if all have."""
    failing = (
        (result.name, place)
        for result in results
        for place, verdict in enumerate(result.verdicts)
        if verdict.outcome != "passed"
    )
    return next(failing, None)


def progress_text(rows: Sequence[tuple[str, float | None, float]]) -> str:
    """Exercises by name, with the points that were reached, None where nothing was tried, and those possible."""
    width = max((len(name) for name, _, _ in rows), default=0)
    lines = [
        f"{name:<{width}}  {bar(points or 0, possible)}  {score(points, possible)}" for name, points, possible in rows
    ]
    return "\n".join([*lines, total_of(rows)])


def bar(points: float, possible: float) -> str:
    """A bar of characters; full only if all points were reached."""
    filled = int(WIDTH * points / possible) if possible else 0
    return "█" * filled + "░" * (WIDTH - filled)


def score(points: float | None, possible: float) -> str:
    """An exercise's points in words."""
    return (
        f"not tried yet ({points_text(possible)})"
        if points is None
        else f"{points_text(points)} of {points_text(possible)}"
    )


def total_of(rows: Sequence[tuple[str, float | None, float]]) -> str:
    """What all exercises give together."""
    reached = sum(points or 0 for _, points, _ in rows)
    tried = sum(points is not None for _, points, _ in rows)
    possible = counted(sum(possible for _, _, possible in rows), "point")
    return f"{points_text(reached)} of {possible}; {tried} of {counted(len(rows), 'exercise')} tried."


def hints_text(name: str, hints: Sequence[str], taken: int, note: str) -> str:
    """The hints that were taken, the newest last."""
    lines = [f"{number}. {hint}" for number, hint in enumerate(hints[:taken], start=1)]
    return "\n".join(
        filter(None, [f"Hint {taken} of {len(hints)} for {name}", *lines, after_hints(taken, hints), note])
    )


def after_hints(taken: int, hints: Sequence[str]) -> str:
    """What to say below the hints."""
    return "The same call gives the next one." if taken < len(hints) else "These are all there are."


def statement_text(title: str, points: float, statement: str) -> str:
    """An exercise's statement, in Markdown."""
    return f"**{title}** ({counted(points, 'point')})\n\n{statement.strip()}"
