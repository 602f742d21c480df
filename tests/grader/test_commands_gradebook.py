"""The commands around a gradebook: what they show, decide, tell and export, and what they refuse."""

import csv
import datetime
import getpass
import io
import json
import re
import shutil
import sys
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from grader.book.entries import Person
from grader.book.gradebook import Gradebook
from grader.cli import cli
from grader.cli import run as command_line
from grader.commands.exporting import ENDS, IDENTITIES, file_name
from grader.errors import UserError
from grader.exports import CLASS_FORMATS, HEADINGS
from tests.grader.book.gradebook_writer import CONDITIONS, grade, hand_in

HOSTILE = "=1+[bold red]x[/] \x1b[31m\u202e"
CLASS = [
    Person("ada", "Ada Lovelace", "ada@uni.example"),
    Person("ben", "Benoît Mandelbrot", "ben@uni.example"),
    Person("cyd", "Cyd Charisse"),
    Person("eve", HOSTILE),
]
POINTS = {"ada": 3.0, "ben": 4.0, "eve": 1.25}
BROKEN = "lab4.ipynb: not a notebook (line 1 is not JSON)."


def fill(where: str | Path, *assignments: str) -> None:
    """A gradebook of a class: Ben handed in two days later than the others, Cyd nothing, Dan what is no notebook."""
    with Gradebook(where) as book:
        book.enrol(CLASS)
        for assignment in assignments:
            for student, points in POINTS.items():
                when = "2026-11-22T20:00:00+00:00" if student == "ben" else "2026-11-20T18:00:00+00:00"
                found = msgspec.structs.replace(hand_in(student, assignment, student + assignment), handed_in=when)
                book.register([found])
                book.record(found, CONDITIONS, grade(found, points))
            dan = hand_in("dan", assignment)
            book.register([dan])
            book.record_problem(dan, CONDITIONS, BROKEN, started="2026-11-21T08:00:00+00:00")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a gradebook of one assignment, and another of two."""
    folder = tmp_path_factory.mktemp("gradebooks")
    fill(folder / "gradebook.db", "lab4")
    fill(folder / "two.db", "lab4", "lab5")
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with these gradebooks in it."""
    for file in filled.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object) -> Result:
    """A call of the command line whose errors come out."""
    return CliRunner().invoke(cli, ["gradebook", *map(str, arguments)], standalone_mode=False, catch_exceptions=False)


def shown(*arguments: object) -> str:
    """What a call prints, which must succeed."""
    result = run(*arguments)
    assert result.return_value == 0
    return result.stdout


def row_of(output: str, student: str) -> list[str]:
    """The line of a table that begins so, without that."""
    (line,) = [line for line in output.splitlines() if line.split()[:1] == [student]]
    return re.split(r"\s{2,}", line.strip())[1:]


# Showing


def test_a_class_is_shown_with_points_lateness_and_problems_in_80_columns(folder: Path) -> None:
    output = shown("show", "--due", "2026-11-20T18:00Z", "--policy", "penalty=10%")

    assert row_of(output, "ada") == ["Ada Lovelace", "3", "4"]
    assert row_of(output, "ben") == ["Benoît Mandelbrot", "2.8", "4", "2 d 2 h late, -1.2"]
    assert row_of(output, "cyd") == ["Cyd Charisse", "-", "-", "missing"]
    assert row_of(output, "dan")[:3] == ["-", "-", "lab4.ipynb: not a notebook (line"]
    assert "5 students: 3 with points, 1 missing, 1 not graded." in output
    assert "Every started day after the due date costs 10 % of the possible points." in output
    assert max(map(len, output.splitlines())) <= 80


def test_nothing_that_students_write_is_obeyed_by_the_terminal(folder: Path) -> None:
    for call in (["show"], ["show", "eve"], ["show", "--totals"], ["history"]):
        output = " ".join(shown(*call).split())

        assert "\x1b" not in output
        assert "\u202e" not in output
        assert all(part in output for part in ("=1+[bold", "red]x[/]", "\\x1b[31m\\u202e"))


def test_an_override_is_shown_as_such_with_what_was_graded(folder: Path) -> None:
    shown("override", "ada", "3.5", "--comment", "argued well", "--author", "Ines")

    assert row_of(shown("show"), "ada") == ["Ada Lovelace", "3.5", "4", "given by Ines (automatic: 3)"]
    mine = shown("show", "ada")
    assert "Ines gave 3.5 points on " in mine
    assert mine.split("points on")[1].count("argued well") == 1


def test_one_student_is_shown_in_all_assignments_or_with_the_exercises_of_one(folder: Path) -> None:
    everywhere = shown("show", "ben", "--gradebook", "two.db")
    in_one = shown("show", "ben", "--gradebook", "two.db", "--assignment", "lab5")

    assert everywhere.startswith("ben (Benoît Mandelbrot)\n")
    assert (row_of(everywhere, "lab4"), row_of(everywhere, "lab5")) == (["4", "4"], ["4", "4"])
    assert "Sums" not in everywhere
    assert row_of(in_one, "Sums") == ["4", "4"]
    assert "lab4" not in in_one


def test_totals_are_over_all_assignments_without_the_dropped_ones(folder: Path) -> None:
    all_of_them = shown("show", "--totals", "--gradebook", "two.db")
    best = shown("show", "ada", "--totals", "--gradebook", "two.db", "--policy", "drop-lowest=1")

    assert row_of(all_of_them, "ada") == ["Ada Lovelace", "6", "8", "75%"]
    assert row_of(all_of_them, "cyd") == ["Cyd Charisse", "0", "8", "0%"]
    assert row_of(best, "ada") == ["Ada Lovelace", "3", "4", "75%", "lab4"]
    assert "ben" not in best
    assert "The lowest assignment does not count" in best


def test_a_roster_adds_names_and_who_is_missing_and_leaves_the_gradebook_as_it_is(folder: Path) -> None:
    Path("class.csv").write_text("id,name,email\ndan,Dan Dare,dan@uni.example\nzoe,Zoë,\n", "utf-8")

    output = shown("show", "--roster", "class.csv")

    assert row_of(output, "dan")[0] == "Dan Dare"
    assert row_of(output, "zoe") == ["Zoë", "-", "-", "missing"]
    assert row_of(output, "ada")[0] == "Ada Lovelace"
    assert "zoe" not in shown("show")


def test_the_policy_beside_the_gradebook_counts_for_every_command_unless_another_is_given(folder: Path) -> None:
    (folder / "policy.toml").write_text('penalty = "25%"\ndue = 2026-11-20T18:00:00Z\n')
    (folder / "none.toml").write_text("")

    assert "2 d 2 h late, -3" in shown("show")
    assert "2 d 2 h late, -3" in shown("show", "--gradebook", folder / "gradebook.db")
    assert "late" not in shown("show", "--policy-file", "none.toml")
    assert "2 d 2 h late, -1.2" in shown("show", "--policy", "penalty=10%")

    exported = run("export", "--to", "csv", "-o", "-")
    assert ",1,4" in next(line for line in exported.stdout.splitlines() if "ben@" in line)
    assert "Note: Every started day after the due date costs 25 % of the possible points." in exported.stderr


def test_names_in_the_policy_that_nobody_has_are_said(folder: Path) -> None:
    Path("rules.toml").write_text("[extensions.lab4]\nadda = 2026-12-01\n", "utf-8")

    result = run("show", "--due", "lab9=2026-11-20", "--policy-file", "rules.toml")

    assert result.stderr.splitlines() == [
        f"Note: The policy has a date for {name}: the gradebook knows nothing of that name."
        for name in ("lab9", "adda")
    ]


def test_nothing_in_an_error_is_obeyed_by_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "odd.db", "\x1b[2Jlab4", "lab5")
    monkeypatch.setattr(sys, "argv", ["grader", "gradebook", "show", "--gradebook", str(tmp_path / "odd.db")])

    with pytest.raises(SystemExit, match="2"):
        command_line()

    said = capsys.readouterr().err
    assert "Give --assignment one of them: \\x1b[2Jlab4, lab5." in said
    assert "\x1b" not in said


# Deciding


def test_an_override_says_what_stood_before_and_what_stands_now(folder: Path) -> None:
    late = ("--due", "2026-11-20T18:00Z", "--policy", "penalty=10%")
    given = shown("override", "ben", "4", "--comment", "was ill", "--author", "Ines", *late)
    again = shown("override", "ben", "2", "--comment", "no, he was not", *late)
    taken = shown("withdraw", "ben", "--comment", "let it be", *late)

    graded = "2.8 of 4 points, 1.2 off for being 2 d 2 h late (automatic: 4)"
    first = "4 of 4 points, given by Ines: was ill"
    second = f"2 of 4 points, given by {getpass.getuser()}: no, he was not"
    head = "ben (Benoît Mandelbrot), lab4:"
    assert given.splitlines() == [head, f"  before: {graded}", f"  now:    {first}"]
    assert again.splitlines() == [head, f"  before: {first}", f"  now:    {second}"]
    assert taken.splitlines() == [head, f"  before: {second}", f"  now:    {graded}"]


def test_who_handed_in_nothing_can_be_given_points(folder: Path) -> None:
    output = shown("override", "cyd", "2", "--comment", "on paper", "--author", "Ines")

    assert "before: no points (missing)" in output
    assert row_of(shown("show"), "cyd") == ["Cyd Charisse", "2", "-", "given by Ines; missing"]


def test_more_than_the_possible_points_need_to_be_meant(folder: Path) -> None:
    for student in ("ada", "cyd"):  # of Cyd nothing was graded: what others could get is what there is
        with pytest.raises(UserError, match=r"5 points: lab4 has 4\. Give --beyond"):
            run("override", student, "5", "--comment", "a bonus")

    assert "now:    5 of 4 points" in shown("override", "ada", "5", "--comment", "a bonus", "--beyond")


@pytest.mark.parametrize("points", ["-1", "-0.5", "3,5", "nan", "inf", "four", "1e3", "", "1_0"])
def test_what_are_no_points_is_refused_and_changes_nothing(folder: Path, points: str) -> None:
    with pytest.raises(UserError, match="give a number from 0"):
        run("override", "ada", points, "--comment", "x")

    assert row_of(shown("show"), "ada") == ["Ada Lovelace", "3", "4"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["override", "adda", "3", "--comment", "x"], r"no student 'adda'\. Did you mean ada \(Ada Lovelace\)"),
        (["override", "lovelace", "3", "--comment", "x"], r"Did you mean ada \(Ada Lovelace\)"),
        (["withdraw", "Benoit", "--comment", "x"], r"Did you mean ben \(Benoît Mandelbrot\)"),
        (["show", "qqqqqq"], "`grader gradebook show` lists the students"),
        (["history", "bem"], "Did you mean ben"),
        (["withdraw", "ada", "--comment", "x"], "no override to withdraw"),
        (["override", "ada", "3", "--comment", " "], "There is no comment"),
        (["show", "--assignment", "lab5"], r"no assignment 'lab5'. Did you mean 'lab4'"),
        (["history", "--assignment", "lab5"], "no assignment 'lab5'"),
        (["show", "--gradebook", "two.db"], "several assignments. Give --assignment one of them: lab4, lab5"),
        (["override", "ada", "3", "--comment", "x", "--gradebook", "two.db"], "several assignments"),
        (["show", "--gradebook", "none.db"], "there is no gradebook"),
        (["show", "--gradebook", "empty.db"], "is empty. Grade submissions first"),
        (["show", "--policy", "penalty=much"], "give a share"),
        (["show", "--roster", "none.csv"], "none.csv"),
        (["export", "--to", "csv", "-o", "no/where.csv"], "no folder"),
        (["export", "--to", "csv", "-o", "gradebook.db"], "is what the export is made from"),
        (["export", "--to", "canvas", "--template", "none.csv"], "can't be read"),
    ],
)
def test_what_can_not_be_done_is_said(folder: Path, call: list[str], words: str) -> None:
    Gradebook("empty.db").close()

    with pytest.raises(UserError, match=words) as error:
        run(*call)

    assert len(str(error.value).splitlines()) == 1
    assert not Path("none.db").exists()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["override", "ada", "3"], "Missing option '--comment'"),
        (["show", "--totals", "--assignment", "lab4"], "over all assignments"),
        (["export"], "Missing option '--to'"),
        (["export", "--to", "canvas"], "give --template"),
        (["export", "--to", "moodle", "--template", "gradebook.db"], "--template goes with --to canvas"),
        (["export", "--to", "canvas", "--points", "10"], "--points goes with --to moodle"),
        (["export", "--to", "csv", "--scale"], "--scale goes with --to canvas"),
        (["export", "--to", "csv", "--identity", "email"], "--identity goes with --to moodle"),
    ],
)
def test_a_call_that_can_not_be_understood_is_refused(folder: Path, call: list[str], words: str) -> None:
    with pytest.raises(click.UsageError) as error:
        run(*call)

    assert words in error.value.format_message()


# The history


def test_the_history_tells_who_did_what_and_when_in_local_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown("override", "ada", "3.5", "--comment", "argued well", "--author", "Ines")
    shown("withdraw", "ada", "--comment", "by mistake", "--author", "Ines")

    output = shown("history", "ada", "--assignment", "lab4")

    with Gradebook("gradebook.db") as book:
        made = [datetime.datetime.fromisoformat(event.made).astimezone() for event in book.history("ada", "lab4")]
    lines = [line for line in output.splitlines()[1:] if line.startswith("20")]
    assert [line[:16] for line in lines] == [f"{moment:%Y-%m-%d %H:%M}" for moment in made]
    offset = f"{made[0]:%z}"
    assert output.startswith(f"when (UTC{'' if offset == '+0000' else f'{offset[:3]}:{offset[3:]}'}) ")
    told = [re.split(r"\s{2,}", line)[2].strip() for line in lines]
    assert told[0] == "handed in lab4: ada.ipynb"
    assert told[1].startswith("lab4 graded 3 of 4 by grader ")
    assert told[2:] == ["lab4 set to 3.5 by Ines: argued well", "lab4: override withdrawn by Ines: by mistake"]
    assert max(map(len, output.splitlines())) <= 80


def test_the_history_of_everybody_has_the_roster_and_what_could_not_be_graded(folder: Path) -> None:
    output = " ".join(shown("history").split())

    assert "ada on the roster: Ada Lovelace ada@uni.example" in output
    assert "dan lab4 not graded by grader 0.1.0: lab4.ipynb: not a notebook (line 1 is not JSON)." in output


# Exports


def table(file: str) -> list[dict[str, str]]:
    """The rows of a CSV file by their headings."""
    return list(csv.DictReader(io.StringIO(Path(file).read_text("utf-8-sig"))))


def test_the_options_are_those_of_the_exports() -> None:
    assert tuple(ENDS) == CLASS_FORMATS
    assert tuple(HEADINGS) == IDENTITIES


def test_a_table_has_the_points_that_count(folder: Path) -> None:
    shown("override", "ada", "3.5", "--comment", "argued well", "--author", "Ines")

    result = run("export", "--to", "csv", "--due", "2026-11-20T18:00Z", "--policy", "penalty=10%")

    assert result.stdout == "Wrote lab4.grades.csv: lab4, 5 students in the gradebook.\n"
    points = {row["student"]: row["points"] for row in table("lab4.grades.csv")}
    assert points == {"ada": "3.5", "ben": "2.8", "cyd": "", "dan": "", "eve": "1.25"}
    assert table("lab4.grades.csv")[4]["name"].startswith("'=1+")


def test_moodle_gets_what_it_asks_for_and_who_is_left_out_is_said(folder: Path) -> None:
    call = ("--to", "moodle", "--identity", "idnumber", "--item", "Lab 4", "--points", "10", "-o", "in.csv")
    result = run("export", *call)

    rows = [(row["ID number"], row["Lab 4"]) for row in table("in.csv")]
    assert rows == [("ada", "7.5"), ("ben", "10"), ("eve", "3.12")]
    assert "Note: 2 students left out, because nothing was graded: cyd, dan.\n" in result.stderr


def test_canvas_gets_its_own_columns_back(folder: Path) -> None:
    Path("canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab Four (11)\n    Points Possible,,,,,8\n"
        '"Lovelace, Ada",1,ada,ada@uni.example,S1,\n',
        "utf-8",
    )
    call = ("export", "--to", "canvas", "--template", "canvas.csv", "--column", "11")

    result = run(*call, "--scale")

    assert [row["Lab Four (11)"] for row in table("lab4.canvas.csv")] == ["8", "6"]
    assert "Note: 2 students left out, because Canvas's gradebook does not have them: ben, eve.\n" in result.stderr
    before = Path("canvas.csv").read_bytes()
    with pytest.raises(UserError, match="is what the export is made from"):
        run(*call, "-o", "./canvas.csv")
    assert Path("canvas.csv").read_bytes() == before


def test_the_standard_output_gets_the_content_and_nothing_else(folder: Path) -> None:
    result = run("export", "--to", "jsonl", "-o", "-")

    assert [json.loads(line)["student"] for line in result.stdout.splitlines()] == ["ada", "ben", "cyd", "dan", "eve"]
    assert sorted(path.name for path in folder.iterdir()) == ["gradebook.db", "two.db"]


@pytest.mark.parametrize("form", ["csv", "jsonl", "junit"])
def test_a_file_that_is_there_is_written_over_whole_or_left_alone(folder: Path, form: str) -> None:
    file = Path(f"lab4{ENDS[form]}")
    run("export", "--to", form)
    first = file.read_bytes()
    file.write_bytes(first * 2)

    run("export", "--to", form)

    assert file.read_bytes() == first
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_an_export_that_fails_leaves_the_older_file(folder: Path) -> None:
    Path("mine.csv").write_text("what I had")
    Path("canvas.csv").write_text("no gradebook of Canvas")

    with pytest.raises(UserError, match="not a gradebook of Canvas"):
        run("export", "--to", "canvas", "--template", "canvas.csv", "-o", "mine.csv")

    assert Path("mine.csv").read_text() == "what I had"


@pytest.mark.parametrize(
    ("assignment", "name"),
    [("lab4", "lab4"), ("../../etc", "etc"), ("Übung 4", "Übung-4"), ("a/b\\c\x1b", "a-b-c"), ("..", "assignment")],
)
def test_the_name_of_an_export_leads_nowhere_else(assignment: str, name: str) -> None:
    assert file_name(assignment) == name
