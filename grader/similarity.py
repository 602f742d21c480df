"""Submissions whose code is alike beyond what everybody was given: a hint for a person, never a verdict.

Fingerprints of the starter code and of the course's own solutions count for nothing, and the more submissions share one
the less it says: people who solve the same small task come to the same lines. What is left, and in two submissions
only, is what to look at. An index from fingerprints to submissions finds the pairs; they are not compared one by one.

Why no library: copydetect, the one on PyPI that does this in Python, compares every file with every other, weighs what
all share like what two share, and takes and gives files.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

import msgspec
import numpy as np
import numpy.typing as npt
from nbformat import NotebookNode

from grader.course import LoadedCourse
from grader.fingerprints import Fingerprint, all_hashes, chosen_hashes, fingerprints
from grader.notebook import is_asking

LEAST_SCORE = 0.2
LEAST_SHARED = 8  # fingerprints; about as many lines
COMMON_PART = 1 / 40  # of a class; what more submissions share is taken for the task's doing
COMMON_LEAST = 10
REPEATED = 20  # how often a submission's fingerprint is looked at; the pairs of cells that share one are all compared
KEPT = 500  # submissions whose marks are kept at a time


class Code(msgspec.Struct, frozen=True):
    """A code cell of a submission. cell: its position in the notebook, from 1."""

    cell: int
    source: str


class Work(msgspec.Struct, frozen=True):
    """The code of one submission. name: by which the results call it."""

    name: str
    codes: tuple[Code, ...]


class Place(msgspec.Struct, frozen=True):
    """One side of a passage: a cell, and which of its lines are alike, from 1."""

    cell: int
    source: str
    lines: tuple[int, ...]


class Passage(msgspec.Struct, frozen=True):
    """Two cells with lines that are alike."""

    left: Place
    right: Place


class Alike(msgspec.Struct, frozen=True):
    """Two submissions that are alike.

    left_share, right_share: what part of each one's own code the other has too, 0 to 1. score: the part of the smaller
    one's own code that is shared, counted the less the more others have it; by it the pairs are sorted.
    """

    left: str
    right: str
    left_share: float
    right_share: float
    score: float
    passages: tuple[Passage, ...]


Hashes = npt.NDArray[np.int64]
Hashing = Callable[[Sequence["Work"], frozenset[int]], list[Hashes]]
Marks = Mapping[int, Sequence[tuple[Code, Fingerprint]]]  # where a submission has each of its own fingerprints


def codes_of(notebook: NotebookNode) -> tuple[Code, ...]:
    """The code cells of a notebook in which there is something of somebody's own."""
    codes = ((at, cell) for at, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code")
    return tuple(Code(at, cell.source) for at, cell in codes if cell.source.strip() and not is_asking(cell))


def known_code(course: LoadedCourse) -> list[str]:
    """The code that a course gives to everybody, or that anybody may come to: starter cells and right answers."""
    known = [course.course.setup]
    for exercise in course.exercises.values():
        known += [exercise.given, exercise.starter, course.solution(exercise), *exercise.accepts.values()]
    return [code for code in known if code.strip()]


def similar(
    works: Sequence[Work],
    known: Iterable[str] = (),
    least_score: float = LEAST_SCORE,
    least_shared: int = LEAST_SHARED,
    hashing: Hashing | None = None,
) -> list[Alike]:
    """The pairs of submissions that are alike, the most alike first.

    known: sources whose likenesses count for nothing. least_score, least_shared: how much of their own code, and how
    many fingerprints, two submissions must share to be told. The names of works are different ones. hashing: how their
    hashes are worked out, which is what takes time; one after the other by default.
    """
    given = frozenset[int]().union(*map(all_hashes, known))
    own = (hashing or in_turn)(works, given)
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for sharing in owners_of_shared(own, max(COMMON_LEAST, int(len(works) * COMMON_PART))):
        for pair in combinations(sharing, 2):
            weights[pair] += 1 / (len(sharing) - 1)
    scores = {(left, right): weight / min(len(own[left]), len(own[right])) for (left, right), weight in weights.items()}
    told = [pair for pair, score in scores.items() if score >= least_score]
    told.sort(key=lambda pair: (-scores[pair], pair))
    marks = lru_cache(KEPT)(lambda place: own_marks(works[place], given))  # who is in one pair often is in others
    pairs = (
        alike((works[left].name, works[right].name), marks(left), marks(right), scores[left, right], least_shared)
        for left, right in told
    )
    return [pair for pair in pairs if pair]


def in_turn(works: Sequence[Work], given: frozenset[int]) -> list[Hashes]:
    """The hashes of each submission's own code, one after the other."""
    return [own_hashes(work, given) for work in works]


def own_hashes(work: Work, given: frozenset[int]) -> Hashes:
    """The hashes of a submission's fingerprints that nobody gave it, rising."""
    found = frozenset[int]().union(*(chosen_hashes(code.source) for code in work.codes))
    return np.array(sorted(found - given), dtype=np.int64)


def owners_of_shared(own: Sequence[Hashes], most: int) -> Iterator[list[int]]:
    """For each hash that at least two and at most so many submissions have, which these are, rising."""
    hashes = np.concatenate([*own, np.empty(0, np.int64)])
    owners = np.repeat(np.arange(len(own)), [len(found) for found in own])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.diff(hashes, prepend=-1))
    sizes = np.diff(starts, append=len(hashes))
    for at in np.flatnonzero((sizes > 1) & (sizes <= most)):
        yield owners[starts[at] : starts[at] + sizes[at]].tolist()


def own_marks(work: Work, given: frozenset[int]) -> Marks:
    """The fingerprints of a submission that nobody gave it, with where they are."""
    marks: dict[int, list[tuple[Code, Fingerprint]]] = defaultdict(list)
    for code in work.codes:
        for mark in fingerprints(code.source):
            if mark.hash not in given and len(marks[mark.hash]) < REPEATED:
                marks[mark.hash].append((code, mark))
    return marks


def alike(
    names: tuple[str, str], left_marks: Marks, right_marks: Marks, score: float, least_shared: int
) -> Alike | None:
    """A pair, with where it is alike; None if too few fingerprints say so."""
    both = left_marks.keys() & right_marks.keys()
    if len(both) < least_shared:
        return None
    return Alike(
        *names,
        len(both) / len(left_marks),
        len(both) / len(right_marks),
        score,
        tuple(passages(both, left_marks, right_marks)),
    )


def passages(both: set[int], left: Marks, right: Marks) -> list[Passage]:
    """Pairs of cells that show all of these fingerprints, as few as need be, in the order of the left one's."""
    pairs: dict[tuple[int, int], set[int]] = defaultdict(set)
    cells: dict[tuple[str, int], Code] = {}
    for mark in both:
        for here, _ in left[mark]:
            for there, _ in right[mark]:
                pairs[here.cell, there.cell].add(mark)
                cells["left", here.cell], cells["right", there.cell] = here, there
    told: set[int] = set()
    chosen = []
    for pair in sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair)):
        if pairs[pair] - told:
            told |= pairs[pair]
            chosen.append(pair)
    return [
        Passage(
            place(cells["left", here], pairs[here, there], left),
            place(cells["right", there], pairs[here, there], right),
        )
        for here, there in sorted(chosen)
    ]


def place(code: Code, shared: set[int], marks: Marks) -> Place:
    """The lines of a cell that these fingerprints cover."""
    lines = {line for mark in shared for there, found in marks[mark] if there.cell == code.cell for line in found.lines}
    return Place(code.cell, code.source, tuple(sorted(lines)))
