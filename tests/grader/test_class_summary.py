"""What the terminal shows of a run over a class."""

from pathlib import Path

import msgspec
import pytest

from grader.class_summary import Report, print_class, why_look
from grader.standing import CheckOutline, ExerciseOutline, Outline, Override, Standing

REPORT = Report(
    assignment="lab4",
    layout="Moodle's download",
    standings=(),
    graded=0,
    unchanged=0,
    seconds=0,
    missing=None,
    aside=(),
    notes=(),
    policy=(),
    gradebook="gradebook.db",
    reports=Path("reports"),
)


def shown(capsys: pytest.CaptureFixture[str], **changes: object) -> str:
    print_class(msgspec.structs.replace(REPORT, **changes))
    return capsys.readouterr().out


def with_outcome(outcome: str) -> Standing:
    exercise = ExerciseOutline("a", "A", 0, 1, (CheckOutline("adds", outcome, 0, 1),))
    return Standing("ada", "lab4", points=0, possible=1, outline=Outline((exercise,), 1, True))


def test_all_reasons_stand_in_80_columns_and_no_name_reaches_the_terminal_as_a_command(capsys) -> None:
    failed = tuple(Standing(f"student{n}\x1b[2J", "lab4", problem="Damaged. " * 20) for n in range(30))

    said = shown(capsys, standings=failed, aside=(("x" * 300, "No notebook. " * 20),))

    assert max(map(len, said.splitlines())) <= 80
    assert "student29" in said
    assert "\x1b[2J" not in said


def test_of_what_there_is_much_only_the_first_are_listed(capsys) -> None:
    said = shown(capsys, notes=tuple((f"student{n}", "Not in the roster.") for n in range(1_010)))

    assert "student9 " in said
    assert "student10 " not in said
    assert "… and 1,000 more." in said


def test_the_average_is_of_those_who_have_a_grade(capsys) -> None:
    graded = [Standing(name, "lab4", points=points, possible=4) for name, points in (("ada", 4), ("bob", 1))]

    said = shown(capsys, standings=(*graded, Standing("mal", "lab4", problem="Damaged.")))

    assert "On average 2.5 of 4 points." in said


def test_missing_is_said_of_a_roster_only(capsys) -> None:
    assert "missing" not in shown(capsys)
    assert "0  missing" in shown(capsys, missing=())
    assert "Grace Hopper" in shown(capsys, missing=("Grace Hopper",))


@pytest.mark.parametrize(("outcome", "why"), [("needs review", "person"), ("timeout", "timed out"), ("failed", "")])
def test_a_person_looks_at_what_the_grader_can_t_decide(outcome: str, why: str) -> None:
    said = why_look(with_outcome(outcome))

    assert why in said
    assert bool(said) == bool(why)


def test_a_person_who_has_decided_need_not_look_again() -> None:
    decided = msgspec.structs.replace(with_outcome("needs review"), override=Override(1, "fine", "me", ""))

    assert why_look(decided) == ""
