"""What a class comes to: laws of the statistics, and what counts as a reason to look."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.endings import broken_error, died_error, flood_error, garbled_error, timeout_error
from grader.execution import CellEnd
from grader.grading import Run, notes_on
from grader.looks import looks_of
from grader.overview import LIMIT_ALONE, LIMIT_BANDS, bins_of, correlation, exercise_shares, overview_of
from grader.slicing import Cells
from grader.standing import CheckOutline, ExerciseOutline, Outline, Override, Standing

OUTCOMES = ["passed", "failed", "error", "timeout", "missing", "needs review"]


def check_of(number, mark):
    """A check for one point. mark: whether it passed, or its outcome, or the misconception for which it failed."""
    outcome = {True: "passed", False: "failed"}.get(mark, mark if mark in OUTCOMES else "failed")
    misconception = mark if isinstance(mark, str) and mark not in OUTCOMES else ""
    return CheckOutline(f"check {number}", outcome, float(mark is True), 1.0, misconception)


def outline_of(*marks, seconds=1.0, **changes):
    """A grade in brief: of each exercise the marks of its checks."""
    exercises = []
    for name, theirs in zip("abcdefgh", marks, strict=False):
        checks = tuple(check_of(*numbered) for numbered in enumerate(theirs))
        exercises.append(ExerciseOutline(name, name.upper(), sum(c.points for c in checks), len(checks), checks))
    return Outline(tuple(exercises), seconds, **({"is_isolated": True} | changes))


def standing_of(student, *marks, **changes):
    """A student with these marks, whose points are what they add up to."""
    outline = outline_of(*marks, **changes)
    points, possible = sum(e.points for e in outline.exercises), sum(e.possible for e in outline.exercises)
    return Standing(str(student), "lab4", points=points, automatic=points, possible=possible, outline=outline)


marks = st.lists(st.sampled_from([True, True, False, "missing", "swaps"]), min_size=1, max_size=3)
classes = st.lists(st.lists(marks, min_size=3, max_size=3), max_size=60).map(
    lambda students: [standing_of(place, *theirs) for place, theirs in enumerate(students)]
)


@given(classes)
def test_everybody_is_in_one_bin_and_one_band_and_bands_are_in_order(standings):
    overview = overview_of(standings)
    ranked = [place for band in overview.bands for place in band.students]
    sizes = [len(band.students) for band in overview.bands]

    assert sum(found.students for found in overview.bins) == overview.graded == len(standings)
    assert sorted(ranked) == list(range(len(standings)))
    assert [standings[i].points for i in ranked] == sorted((s.points for s in standings), reverse=True)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    assert len(sizes) == (len(standings) if len(standings) <= LIMIT_ALONE else LIMIT_BANDS)


@given(classes)
def test_shares_are_shares_and_bands_average_to_the_difficulty(standings):
    overview = overview_of(standings)

    for place, exercise in enumerate(overview.exercises):
        parts = [(band.shares[place], len(band.students)) for band in overview.bands]
        assert 0 <= exercise.share <= 1
        assert sum(share * size for share, size in parts) / len(standings) == pytest.approx(exercise.share)
        assert exercise.discrimination is None or -1 <= exercise.discrimination <= 1
        assert exercise.full <= exercise.students - exercise.unattempted
        assert all(check.students <= exercise.students for check in exercise.checks)
        assert all(count.students <= exercise.students - exercise.full for count in exercise.misconceptions)


@given(classes, st.randoms())
def test_the_order_of_students_changes_no_statistic(standings, draw):
    shuffled = draw.sample(standings, len(standings))
    before, after = overview_of(standings), overview_of(shuffled)

    assert after.bins == before.bins
    assert after.misconceptions == before.misconceptions
    assert after.median == before.median
    assert {e.name: e.share for e in after.exercises} == pytest.approx({e.name: e.share for e in before.exercises})


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=10, max_size=40))
def test_correlation_is_symmetric_and_bent_by_no_scale_or_shift(pairs):
    left, right = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = correlation(left, right)

    assert (found is None) == (len(set(left)) == 1 or len(set(right)) == 1)
    if found is not None:
        assert correlation(right, left) == pytest.approx(found, abs=1e-9)
        assert correlation([3 * x + 5 for x in left], right) == pytest.approx(found, abs=1e-9)
        assert correlation([-x for x in left], right) == pytest.approx(-found, abs=1e-9)
        assert correlation(left, left) == pytest.approx(1)


def test_what_adding_floats_leaves_is_no_difference():
    same = [0.3, 0.1 + 0.2] * 6

    assert correlation(same, list(range(12))) is correlation(list(range(12)), same) is None


def test_discrimination_leaves_the_exercise_itself_out_of_the_total():
    marks = [(place % 2 == 0, place < 6, place < 6) for place in range(12)]  # the first goes with nothing
    first, second, third = overview_of([standing_of(i, *([m] for m in row)) for i, row in enumerate(marks)]).exercises

    assert first.discrimination == pytest.approx(0, abs=1e-9)
    assert second.discrimination == third.discrimination == pytest.approx(math.sqrt(0.5))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_students_say_nothing_of_discrimination(count):
    standings = [standing_of(place, [place % 2 == 0], [place % 3 == 0]) for place in range(count)]

    assert all(exercise.discrimination is None for exercise in overview_of(standings).exercises)


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        ([0, 0.0999], [2] + [0] * 9),
        ([0.1, 0.3 / 3, 1 - 0.9], [0, 3] + [0] * 8),
        ([0.9, 0.99, 1.0, 27.000000001 / 27], [0] * 9 + [4]),
        ([1, 1.2], [0] * 9 + [1, 1]),
    ],
)
def test_bins_end_where_they_say(shares, counts):
    assert [found.students for found in bins_of(shares)] == counts


def test_a_misconception_counts_once_for_each_student_and_belongs_to_its_exercise():
    standings = [standing_of(1, ["swaps", "swaps"], ["swaps"]), standing_of(2, ["swaps", True], ["sums"])]

    overview = overview_of(standings)

    assert [(m.exercise, m.text, m.students) for m in overview.misconceptions] == [
        ("A", "swaps", 2),
        ("B", "sums", 1),
        ("B", "swaps", 1),
    ]
    assert overview.exercises[0].checks[1].outcomes == {"failed": 1, "passed": 1}


def test_errors_are_the_same_in_whatever_cell_they_are():
    errors = ["cell 3: NameError: x", "cell 14: NameError: x", "cell 2: TypeError: a: b", ""]
    standings = [standing_of(place, [False], first_error=error) for place, error in enumerate(errors)]

    found = overview_of(standings).errors

    assert [(count.text, count.students) for count in found] == [("NameError: x", 2), ("TypeError: a: b", 1)]


def test_missing_and_broken_ones_have_no_part_in_the_mean_and_points_by_hand_do():
    standings = [
        standing_of("ada", [True, True]),
        Standing("bob", "lab4", problem="missing"),
        Standing("cat", "lab4", problem="no notebook"),
        Standing("dan", "lab4", points=1.0, override=Override(1.0, "oral", "prof", "2026-03-01"), problem="missing"),
    ]

    overview = overview_of(standings)

    assert (overview.students, overview.graded, overview.missing) == (4, 2, 1)
    assert (overview.mean, overview.mean_share) == (1.5, 0.75)
    assert [place for band in overview.bands for place in band.students] == [0]


def test_an_exercise_that_some_were_not_asked_is_averaged_over_the_others():
    standings = [standing_of("ada", [True], [True]), standing_of("bob", [False])]

    overview = overview_of(standings)

    assert [(e.name, e.students, e.share) for e in overview.exercises] == [("a", 2, 0.5), ("b", 1, 1.0)]
    assert exercise_shares(standings[1], ["a", "b"]) == (0.0, None)


def test_the_slowest_come_first():
    standings = [standing_of(place, [True], seconds=seconds) for place, seconds in enumerate([2.0, 9.0, 4.0])]

    assert overview_of(standings, slowest=2).slowest == (1, 2)


# Who needs a look


def kinds(standing):
    """The kinds of reasons to look."""
    return [look.kind for look in looks_of(standing)]


def test_ordinary_work_needs_no_look_and_neither_does_what_is_missing():
    ordinary = standing_of("ada", [True, False, "missing"], first_error="cell 2: NameError: x", notes=("Skipped: pip",))

    assert kinds(ordinary) == kinds(Standing("bob", "lab4", problem="missing")) == []


def test_every_reason_is_told():
    standing = replace(
        standing_of("ada", ["needs review", "timeout"], ["timeout"], is_isolated=False),
        override=Override(2.5, "oral", "prof", "2026-03-01"),
    )

    assert [(look.kind, look.reason) for look in looks_of(standing)] == [
        ("waiting", "1 check waits for a person"),
        ("timeout", "2 checks timed out"),
        ("open", "ran without isolation"),
        ("override", "2.5 given by prof: oral"),
    ]
    assert kinds(Standing("bob", "lab4", problem="no notebook")) == ["ungraded"]


@pytest.mark.parametrize(
    "error",
    [
        timeout_error(2, is_killed=True),
        flood_error(9, is_killed=False),
        died_error(),
        died_error(is_out_of_memory=True),
        broken_error(),
        garbled_error(ValueError("x")),
    ],
    ids=lambda error: error.type,
)
def test_what_the_grader_stopped_needs_a_look(error):
    assert kinds(standing_of("ada", [False], first_error=f"cell 3: {error.type}: {error.message}")) == ["event"]


@pytest.mark.parametrize(
    "error",
    ["URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", "PermissionError: [Errno 13] /root"],
)
def test_what_a_wall_stopped_needs_a_look(error):
    assert kinds(standing_of("ada", [False], first_error=f"cell 3: {error}")) == ["event"]


def test_a_kernel_that_ended_needs_a_look_though_no_exercise_depended_on_it():
    run = Run(None, [], {3: CellEnd(1.0)}, 2, {})
    notes = notes_on(run, Cells({}).sliced([]), Cells({}))

    assert kinds(standing_of("ada", [True], notes=tuple(notes))) == ["event"]
