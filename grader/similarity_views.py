"""Submissions that are alike, laid out for their page: the lines that are alike and some around them, side by side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.similarity import Alike, Place

LIMIT_LISTED = 1000  # pairs in the table
LIMIT_SHOWN = 50  # pairs that are shown side by side: a person will hardly look at more
LIMIT_PASSAGES = 30  # of a pair
LIMIT_LINES = 80  # of one side of a passage
LIMIT_LINE = 300  # characters
LINE_END = re.compile(r"\r\n|\r|\n")
AROUND = 2  # lines that are shown before and after those that are alike


@dataclass(frozen=True)
class Line:
    """A line of a cell. number: from 1; before: how many lines are left out before it."""

    number: int
    text: str
    is_alike: bool
    before: int = 0


@dataclass(frozen=True)
class Side:
    """One side of a passage. after: how many of the cell's lines are left out after the last one."""

    cell: int
    lines: tuple[Line, ...]
    after: int


@dataclass(frozen=True)
class PairView:
    """Two submissions that are alike. left_out: passages that are not shown."""

    left: str
    right: str
    left_name: str
    right_name: str
    left_share: float
    right_share: float
    score: float
    passages: tuple[tuple[Side, Side], ...]
    left_out: int


@dataclass(frozen=True)
class SimilarityView:
    """All that the page shows. listed: pairs in the table, of which the first so many are shown; left_out: others."""

    listed: tuple[PairView, ...]
    shown: int
    left_out: int


def laid_out(pairs: Sequence[Alike], names: Mapping[str, str]) -> SimilarityView:
    """The pairs, the most alike first, laid out. names: those of the submissions' students, as far as known."""
    listed = [
        PairView(
            left=pair.left,
            right=pair.right,
            left_name=names.get(pair.left, ""),
            right_name=names.get(pair.right, ""),
            left_share=pair.left_share,
            right_share=pair.right_share,
            score=pair.score,
            passages=tuple((side(passage.left), side(passage.right)) for passage in pair.passages[:LIMIT_PASSAGES])
            if place < LIMIT_SHOWN
            else (),
            left_out=max(0, len(pair.passages) - LIMIT_PASSAGES),
        )
        for place, pair in enumerate(pairs[:LIMIT_LISTED])
    ]
    return SimilarityView(tuple(listed), min(len(listed), LIMIT_SHOWN), len(pairs) - len(listed))


def side(place: Place) -> Side:
    """The lines of a cell that are alike, and some around them."""
    source = LINE_END.split(place.source.rstrip())  # as Python counts lines: other separators stand within one
    alike = set(place.lines)
    wanted = sorted(
        {number for line in alike for number in range(line - AROUND, line + AROUND + 1) if 1 <= number <= len(source)}
    )[:LIMIT_LINES]
    lines = []
    last = 0
    for number in wanted:
        text = source[number - 1]
        short = text if len(text) <= LIMIT_LINE else text[:LIMIT_LINE] + " …"
        lines.append(Line(number, short, number in alike, number - last - 1))
        last = number
    return Side(place.cell, tuple(lines), len(source) - last)
