"""A class at a glance: what the standings of one assignment come to. Pure; grader/overview_views.py lays it out.

Difficulty and discrimination are those of classical test theory: the mean share of an exercise's points, and the
correlation of its points with those of all other exercises together (the corrected item-total correlation: with the
exercise itself in the total, an exercise would agree with itself).
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from grader.results import Outcome
from grader.standing import ExerciseOutline, Standing

LEAST_STUDENTS = 10  # fewer say nothing of a correlation
BINS = 10  # of the shares from 0 to 1
LIMIT_BANDS = 20
LIMIT_ALONE = 40  # students that each have a column of their own
MISSING = "missing"  # the problem of one who has handed nothing in


class Bin(msgspec.Struct, frozen=True):
    """How many students have a share from low up to high; the bin that ends at 1 has those who have all, too."""

    low: float
    high: float
    students: int


class Count(msgspec.Struct, frozen=True):
    """How many students a text is about. exercise: the title of the one that it belongs to, if it belongs to one."""

    text: str
    students: int
    exercise: str = ""


class CheckSummary(msgspec.Struct, frozen=True):
    """How many students have which outcome in a check."""

    description: str
    outcomes: dict[Outcome, int]

    @property
    def students(self) -> int:
        """Of how many it was asked."""
        return sum(self.outcomes.values())

    @property
    def passed(self) -> int:
        """How many passed it."""
        return self.outcomes.get("passed", 0)


class ExerciseSummary(msgspec.Struct, frozen=True):
    """What a class made of an exercise.

    students: of whom there is a result. share: the mean of what they got of its points; None if it has none.
    full: how many got all its points; unattempted: of how many nothing was found. discrimination: from -1 to 1; None
    where it can't be known: too few students, or all have the same points here or elsewhere.
    """

    name: str
    title: str
    possible: float
    students: int
    share: float | None
    full: int
    unattempted: int
    discrimination: float | None
    checks: tuple[CheckSummary, ...]
    misconceptions: tuple[Count, ...]


class Band(msgspec.Struct, frozen=True):
    """Some students next to each other in the order of their points, from the most to the least.

    students: their places among the standings. shares: of every exercise, the mean of what they got; None where none
    of them has a result.
    """

    students: tuple[int, ...]
    shares: tuple[float | None, ...]


class Overview(msgspec.Struct, frozen=True):
    """A class at a glance.

    graded: students with points that count. missing: those who handed nothing in. mean, median: of the points that
    count, and mean_share of what they are of the possible ones; None without any. possible: the most that anybody could
    get. slowest: the places of those whose notebooks took longest, among the standings.
    """

    students: int
    graded: int
    missing: int
    possible: float
    mean: float | None
    median: float | None
    mean_share: float | None
    bins: tuple[Bin, ...]
    exercises: tuple[ExerciseSummary, ...]
    bands: tuple[Band, ...]
    misconceptions: tuple[Count, ...]
    errors: tuple[Count, ...]
    slowest: tuple[int, ...]


def overview_of(standings: Sequence[Standing], *, slowest: int = 10) -> Overview:
    """What the standings of one assignment come to."""
    possible = possible_of(standings)
    points = [standing.points for standing in standings if standing.points is not None]
    shares = [share for share in shares_of(standings) if share is not None]
    exercises = exercises_of(standings)
    every = [count for exercise in exercises for count in exercise.misconceptions]
    timed = [place for place, standing in enumerate(standings) if standing.outline]
    return Overview(
        students=len(standings),
        graded=len(points),
        missing=sum(is_missing(standing) for standing in standings),
        possible=possible,
        mean=statistics.fmean(points) if points else None,
        median=statistics.median(points) if points else None,
        mean_share=statistics.fmean(shares) if shares else None,
        bins=bins_of(shares),
        exercises=exercises,
        bands=bands_of(standings, [exercise.name for exercise in exercises]),
        misconceptions=tuple(sorted(every, key=lambda count: (-count.students, count.exercise, count.text))),
        errors=counts(error_of(standing) for standing in standings),
        slowest=tuple(sorted(timed, key=lambda place: -seconds_of(standings[place]))[:slowest]),
    )


# Who has what


def is_missing(standing: Standing) -> bool:
    """Whether nothing was handed in, and nobody gave points all the same."""
    return standing.problem == MISSING and standing.points is None


def possible_of(standings: Sequence[Standing]) -> float:
    """The most that anybody could get."""
    return max((standing.possible for standing in standings), default=0.0)


def shares_of(standings: Sequence[Standing]) -> list[float | None]:
    """What each has of the points that they could get; None without points, or where there were none to get."""
    most = possible_of(standings)
    # Points that a person gave where nothing was graded are of what the others could get.
    return [share_of(standing.points, standing.possible or most) for standing in standings]


def share_of(points: float | None, possible: float) -> float | None:
    """Points as a share of the possible ones; None where there are none of either."""
    return None if points is None or possible <= 0 else max(0.0, points / possible)


def seconds_of(standing: Standing) -> float:
    """How long it took to run and grade the notebook; 0 if it wasn't."""
    return standing.outline.seconds if standing.outline else 0.0


def error_of(standing: Standing) -> str:
    """The first error that mattered, without the cell that it was in; empty if none did."""
    text = standing.outline.first_error if standing.outline else ""
    place, colon, message = text.partition(": ")
    return message if colon and place.removeprefix("cell ").isdecimal() else text


def counts(texts: Iterable[str], exercise: str = "") -> tuple[Count, ...]:
    """How often each text comes, the most frequent first; empty ones don't count."""
    found = Counter(text for text in texts if text)
    return tuple(
        Count(text, number, exercise) for text, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )


# The distribution


def bins_of(shares: Sequence[float]) -> tuple[Bin, ...]:
    """The shares in ten bins; one more for those above 1, if there are any."""
    found = Counter(BINS if share > 1 + 1e-9 else min(math.floor(share * BINS + 1e-9), BINS - 1) for share in shares)
    many = BINS + 1 if found[BINS] else BINS
    return tuple(Bin(place / BINS, (place + 1) / BINS, found[place]) for place in range(many))


# The exercises


def exercises_of(standings: Sequence[Standing]) -> tuple[ExerciseSummary, ...]:
    """What the class made of each exercise, in the order in which they come in the submissions."""
    results: dict[str, list[ExerciseOutline]] = {}
    others: dict[str, list[float]] = {}
    for standing in standings:
        if standing.outline is None:
            continue
        total = math.fsum(result.points for result in standing.outline.exercises)
        for result in standing.outline.exercises:
            results.setdefault(result.name, []).append(result)
            others.setdefault(result.name, []).append(total - result.points)
    return tuple(exercise_of(found, others[name]) for name, found in results.items())


def exercise_of(results: Sequence[ExerciseOutline], others: Sequence[float]) -> ExerciseSummary:
    """One exercise. others: what each of these students got for all others together."""
    shares = [share for result in results if (share := share_of(result.points, result.possible)) is not None]
    title = results[-1].title
    checks: dict[str, Counter[Outcome]] = {}
    for result in results:
        for check in result.checks:
            checks.setdefault(check.description, Counter())[check.outcome] += 1
    mistakes = (name for result in results for name in {check.misconception for check in result.checks})
    return ExerciseSummary(
        name=results[-1].name,
        title=title,
        possible=max(result.possible for result in results),
        students=len(results),
        share=statistics.fmean(shares) if shares else None,
        full=sum(result.points >= result.possible for result in results),
        unattempted=sum(all(check.outcome == "missing" for check in result.checks) for result in results),
        discrimination=correlation([result.points for result in results], others),
        checks=tuple(CheckSummary(description, dict(found)) for description, found in checks.items()),
        misconceptions=counts(mistakes, title),
    )


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's correlation; None of too few numbers, or where all of one side are the same."""
    if len(left) < LEAST_STUDENTS or is_constant(left) or is_constant(right):
        return None
    try:
        return max(-1.0, min(1.0, statistics.correlation(left, right)))
    except statistics.StatisticsError:
        return None  # they differ by less than what a float's square can tell from 0


def is_constant(numbers: Sequence[float]) -> bool:
    """Whether numbers are the same but for what adding floats leaves."""
    return max(numbers) - min(numbers) <= 1e-9 * max(1.0, *map(abs, numbers))


# Exercises x students


def bands_of(standings: Sequence[Standing], names: Sequence[str]) -> tuple[Band, ...]:
    """The students with results in the order of their points: each alone, or in bands of about the same size."""
    ranked = sorted(
        (place for place, standing in enumerate(standings) if standing.outline),
        key=lambda place: -(standings[place].points or 0.0),
    )
    many = len(ranked) if len(ranked) <= LIMIT_ALONE else LIMIT_BANDS
    edges = [len(ranked) * edge // many for edge in range(many + 1)] if many else []
    parts = [tuple(ranked[low:high]) for low, high in pairwise(edges)]
    return tuple(Band(part, mean_shares([exercise_shares(standings[i], names) for i in part])) for part in parts)


def exercise_shares(standing: Standing, names: Sequence[str]) -> tuple[float | None, ...]:
    """What a student got of each exercise's points; None where there is no result."""
    results = {result.name: result for result in standing.outline.exercises} if standing.outline else {}
    return tuple(share_of(results[name].points, results[name].possible) if name in results else None for name in names)


def mean_shares(rows: Sequence[Sequence[float | None]]) -> tuple[float | None, ...]:
    """The means of columns, without what is None."""
    columns = ([share for share in column if share is not None] for column in zip(*rows, strict=True))
    return tuple(statistics.fmean(column) if column else None for column in columns)
