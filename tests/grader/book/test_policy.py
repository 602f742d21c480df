"""Late penalties, extensions and drop rules, and the files and options that declare them."""

import datetime
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.book.policy import Policy, in_words, lowest, penalty_for, totals, unknown_names, with_policy
from grader.book.policy_reading import policy_from, read_policy, with_due, with_settings
from grader.errors import UserError
from grader.standing import Override, Standing

DUE = datetime.datetime(2026, 11, 20, 17, tzinfo=datetime.UTC)
HOUR, DAY = 3_600, 86_400

shares = st.floats(0, 1)
points = st.floats(0, 1_000)
lateness = st.floats(0, 60 * DAY)
policies = st.builds(
    Policy,
    due=st.just({"*": DUE}),
    grace_s=st.floats(0, DAY),
    penalty=shares,
    per=st.sampled_from(["day", "hour"]),
    of=st.sampled_from(["possible", "earned"]),
    maximum=shares,
    cut_off_s=st.none() | st.floats(0, 30 * DAY),
)


def standing(late_s=0.0, automatic=8.0, possible=10.0, student="ada", assignment="lab4", **changes):
    """A standing of a submission that was handed in this long after the due date."""
    handed_in = (DUE + datetime.timedelta(seconds=late_s)).isoformat()
    fields = {"automatic": automatic, "possible": possible, "points": automatic, "handed_in": handed_in}
    return Standing(student, assignment, **(fields | changes))


def points_of(policy, late_s, **changes):
    """The points that count."""
    return with_policy(standing(late_s, **changes), policy).points


@given(policies, lateness, points, points)
def test_points_are_never_negative_and_never_more_than_were_got(policy, late_s, automatic, possible):
    found = with_policy(standing(late_s, automatic, possible), policy)

    assert 0 <= found.points <= automatic + 1e-6
    assert found.points + found.penalty == pytest.approx(automatic, abs=1e-5)


@given(policies, lateness, lateness, points, points)
def test_who_is_later_never_gets_more(policy, one, other, automatic, possible):
    earlier, later = sorted([one, other])

    assert points_of(policy, later, automatic=automatic, possible=possible) <= points_of(
        policy, earlier, automatic=automatic, possible=possible
    )


@given(policies, lateness, points)
def test_an_override_is_never_changed(policy, late_s, given_points):
    override = Override(given_points, "so", "me", "2026-11-21T08:00:00+00:00")

    found = with_policy(standing(late_s, override=override), policy)

    assert (found.points, found.penalty) == (given_points, 0)


@given(policies, st.floats(0, 60 * DAY))
def test_who_is_in_time_keeps_everything(policy, early_s):
    assert points_of(policy, -early_s) == 8


@pytest.mark.parametrize(
    ("late_s", "lost"), [(0, 0), (0.5, 1), (1, 1), (DAY, 1), (DAY + 1, 2), (3 * DAY, 3), (4 * DAY, 3), (99 * DAY, 3)]
)
def test_every_started_day_costs_its_share_of_the_possible_points_up_to_the_maximum(late_s, lost):
    found = with_policy(standing(late_s), Policy(due={"lab4": DUE}, penalty=0.1, maximum=0.3))

    assert (found.penalty, found.points, found.late_s) == (lost, 8 - lost, late_s)


def test_a_share_of_the_earned_points_can_be_taken():
    assert points_of(Policy(due={"*": DUE}, penalty=0.25, of="earned"), HOUR) == 6


def test_hours_can_be_counted():
    assert points_of(Policy(due={"*": DUE}, penalty=0.1, per="hour"), 2.5 * HOUR) == 5


@pytest.mark.parametrize(("late_s", "counted_s"), [(600, 0), (900, 0), (901, 901)])
def test_within_the_grace_period_is_in_time(late_s, counted_s):
    found = with_policy(standing(late_s), Policy(due={"*": DUE}, penalty=0.1, grace_s=900))

    assert (found.late_s, found.penalty) == (counted_s, 1 if counted_s else 0)


@pytest.mark.parametrize(("late_s", "counted"), [(2 * DAY, 8), (2 * DAY + 1, 0)])
def test_after_the_cut_off_nothing_counts(late_s, counted):
    assert points_of(Policy(due={"*": DUE}, cut_off_s=2 * DAY), late_s) == counted


def test_an_assignment_s_own_date_goes_before_that_of_all():
    policy = Policy(due={"*": DUE, "lab4": DUE + datetime.timedelta(days=2)}, penalty=0.1)

    assert points_of(policy, DAY) == 8
    assert points_of(policy, DAY, assignment="lab5") == 7


@pytest.mark.parametrize(("days", "counted"), [(7, 8), (-7, 7)])
def test_an_extension_helps_its_student_only_and_never_harms(days, counted):
    extensions = {"lab4": {"ada": DUE + datetime.timedelta(days=days)}}
    policy = Policy(due={"*": DUE}, extensions=extensions, penalty=0.1)

    assert points_of(policy, DAY) == counted
    assert points_of(policy, DAY, student="bob") == 7
    assert points_of(policy, DAY, assignment="lab5") == 7


@pytest.mark.parametrize("changes", [{"handed_in": ""}, {"assignment": "lab9"}])
def test_without_a_date_nobody_is_late(changes):
    found = with_policy(standing(DAY, **changes), Policy(due={"lab4": DUE}, penalty=0.1))

    assert (found.late_s, found.points) == (0, 8)


def test_what_was_not_graded_has_no_points():
    found = with_policy(standing(DAY, automatic=None, points=None), Policy(due={"*": DUE}, penalty=0.1))

    assert (found.points, found.penalty, found.late_s) == (None, 0, DAY)


def test_negative_points_are_not_made_more():
    assert penalty_for(DAY, 0, 10, Policy(penalty=0.5)) == 0


results = st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), points, min_size=1)


def total(found, drop_lowest):
    """The total of one student with these points in assignments of 1,000."""
    assignments = {
        name: [Standing("ada", name, points=got, possible=1_000), Standing("bob", name, points=0, possible=1_000)]
        for name, got in found.items()
    }
    return totals(assignments, Policy(drop_lowest=drop_lowest))[0]


@given(results, st.integers(0, 7))
def test_dropping_keeps_the_best(found, count):
    dropped = total(found, count).dropped
    kept = found.keys() - set(dropped)

    assert len(dropped) == min(count, len(found) - 1)
    assert all(found[one] <= found[other] for one in dropped for other in kept)


@given(results, st.integers(0, 7))
def test_dropping_more_never_lowers_the_share(found, count):
    assert total(found, count + 1).share >= total(found, count).share - 1e-6


def test_what_was_not_handed_in_counts_nothing_of_what_others_could_get():
    assignments = {
        "lab4": [Standing("ada", "lab4", points=3, possible=4), Standing("bob", "lab4", problem="missing")],
        "lab5": [Standing("bob", "lab5", name="Bob", points=2, possible=6)],
        "lab6": [Standing("bob", "lab6", problem="not graded yet")],
    }

    found = totals(assignments, Policy())

    assert [(t.student, t.name, t.points, t.possible) for t in found] == [("ada", "", 3, 10), ("bob", "Bob", 2, 10)]
    assert [t.share for t in found] == [0.3, 0.2]


def test_of_equals_the_first_by_name_is_dropped():
    assert lowest({"lab5": 0.5, "lab4": 0.5, "lab6": 1}, 1) == ("lab4",)


FILE = """\
penalty = "10%"
per = "hour"
of = "earned"
maximum = 0.5
grace = "15 min"
cut-off = "1.5 days"
drop-lowest = 2

[due]
lab4 = 2026-11-20T18:00:00+01:00
"lab 5" = "2026-11-20 18:00+01:00"

[extensions.lab4]
ada = 2026-11-27T17:00:00Z
"""


@pytest.fixture
def declare(tmp_path: Path):
    """A function that writes a policy's file."""

    def write(text: str) -> Path:
        file = tmp_path / "policy.toml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_a_file_declares_a_policy(declare):
    assert read_policy(declare(FILE)) == Policy(
        due={"lab4": DUE, "lab 5": DUE},
        extensions={"lab4": {"ada": datetime.datetime(2026, 11, 27, 17, tzinfo=datetime.UTC)}},
        grace_s=900,
        penalty=0.1,
        per="hour",
        of="earned",
        maximum=0.5,
        cut_off_s=1.5 * DAY,
        drop_lowest=2,
    )


def test_an_empty_file_is_a_policy_that_changes_nothing(declare):
    assert read_policy(declare("")) == Policy()


def test_one_date_is_for_all_assignments(declare):
    assert read_policy(declare("due = 2026-11-20T17:00:00Z")).due == {"*": DUE}


def test_options_go_before_the_file(declare):
    file = declare("penalty = 0.2\nmaximum = 0.5\n[due]\nlab4 = 2026-01-01T00:00:00Z\nlab5 = 2026-01-01T00:00:00Z")

    policy = policy_from(file, ["penalty=5%", "drop-lowest=1"], ["lab4=2026-11-20T18:00+01:00"])

    assert (policy.penalty, policy.maximum, policy.drop_lowest) == (0.05, 0.5, 1)
    assert policy.due == {"lab4": DUE, "lab5": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}


@pytest.fixture
def in_berlin(monkeypatch):
    """Has the machine in another time zone, with summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone can't be set here")
@pytest.mark.skipif(not Path("/usr/share/zoneinfo/Europe/Berlin").exists(), reason="there are no time zones here")
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20 18:00", "2026-11-20T17:00:00+00:00"),
        ("lab4=2026-11-20T18:00", "2026-11-20T17:00:00+00:00"),
        ("lab4 = 2026-06-20 18:00:30", "2026-06-20T16:00:30+00:00"),
        ("a=b=2026-11-20T18:00-05:00", "2026-11-20T23:00:00+00:00"),
        ("2026-11-20T18:00Z", "2026-11-20T18:00:00+00:00"),
        ("2026-11-20", "2026-11-20T23:00:00+00:00"),  # until that day is over
        ("2026-03-28", "2026-03-28T23:00:00+00:00"),  # the day before summer time begins
        ("2026-03-29", "2026-03-29T22:00:00+00:00"),
    ],
)
def test_dates_are_of_the_machine_s_time_zone_unless_they_name_one(in_berlin, text, moment):
    (found,) = with_due(Policy(), [text]).due.items()

    assert found == ({"l": "lab4", "a": "a=b"}.get(text[0], "*"), datetime.datetime.fromisoformat(moment))


@pytest.mark.parametrize("text", ["", "lab4", "lab4=", "tomorrow", "lab4=20.11.2026", "9999-12-31"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(UserError) as refused:
        with_due(Policy(), [text])

    assert str(refused.value) == (
        f"--due {text}: not a date. Give one such as 2026-11-20 18:00, or 2026-11-20T18:00+01:00."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("penality = 0.1", "there is no 'penality'. Did you mean 'penalty'?"),
        ("drop_lowest = 1", "there is no 'drop_lowest'. Did you mean 'drop-lowest'?"),
        ("zzz = 1", "there is no 'zzz'. There are: penalty, per, of, maximum, grace, cut-off, drop-lowest, due, exte"),
        ("penalty = 10", "penalty = 10: give a share from 0 to 1, or in percent, such as 10%."),
        ("penalty = '110%'", "penalty = 110%: give a share"),
        ("penalty = true", "penalty = True: give a share"),
        ("penalty = nan", "penalty = nan: give a share"),
        ("maximum = -0.1", "maximum = -0.1: give a share"),
        ("per = 'week'", "per = week: give day or hour."),
        ("of = ['possible']", "of = ['possible']: give possible or earned."),
        ("grace = 15", "grace = 15: give a time with its unit, such as 15 min"),
        ("cut-off = '-1 days'", "cut-off = -1 days: give a time with its unit"),
        ("drop-lowest = 1.5", "drop-lowest = 1.5: give a whole number"),
        ("drop-lowest = inf", "drop-lowest = inf: give a whole number"),
        ("drop-lowest = -1", "drop-lowest = -1: give a whole number"),
        ("due = 18:00:00", "due = 18:00:00: not a date."),
        ("[due]\nlab4 = 'soon'", "due.lab4 = soon: not a date."),
        ("[extensions]\nada = 2026-11-20", "extensions: give dates by assignment and student"),
        ("[extensions.lab4]\nada = 7", "extensions.lab4.ada = 7: not a date."),
        ("penalty = ", "not a policy (not TOML: "),
        ("penalty = 0.1\npenalty = 0.1", "not a policy (not TOML: "),
    ],
)
def test_what_can_t_be_meant_is_refused(declare, text, said):
    file = declare(text)

    with pytest.raises(UserError) as refused:
        read_policy(file)

    assert str(refused.value).startswith(f"{file}: {said}")
    assert len(str(refused.value).splitlines()) == 1


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UserError, match="it is no UTF-8 text"):
        read_policy(tmp_path / "policy.toml")
    with pytest.raises(UserError, match=r"can't be read \(No such file or directory\)"):
        read_policy(tmp_path / "other.toml")


@pytest.mark.parametrize(
    ("setting", "said"),
    [("penalty", "give a name and a value"), ("penality=1", "Did you mean 'penalty'?"), ("per=", "give day or hour")],
)
def test_settings_that_can_t_be_meant_are_refused(setting, said):
    with pytest.raises(UserError, match=r"^--policy") as refused:
        with_settings(Policy(), [setting])

    assert said in str(refused.value)


def test_names_that_nobody_has_are_found():
    extensions = {"lab4": {"ada": DUE, "eda": DUE}, "lab7": {"ada": DUE}}
    policy = Policy(due={"*": DUE, "lab4": DUE, "lab 4": DUE}, extensions=extensions)

    assert unknown_names(policy, ["lab4"], ["ada", "bob"]) == ("lab 4", "lab7", "eda")


def test_a_policy_is_told_in_words():
    policy = Policy(penalty=0.1, maximum=0.5, grace_s=900, cut_off_s=7 * DAY, drop_lowest=2)

    assert in_words(policy) == (
        "Every started day after the due date costs 10 % of the possible points, at most 50 %.",
        "What is more than 7 days late counts 0 points.",
        "Up to 15 minutes after the due date is in time.",
        "Nothing is taken off points that a person has given (an override).",
        "The lowest 2 assignments do not count towards a student's total; one always does.",
    )
    assert in_words(Policy(due={"*": DUE})) == ()
