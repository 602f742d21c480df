"""Rosters: the CSV files that are understood, and whose work something is, without a guess."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.intake.identities import name_key, squashed_key, squashed_keys
from grader.intake.roster import Clue, Match, Roster, Student, index_of, match, participant_key, read_roster


@pytest.fixture
def roster_of(tmp_path: Path):
    """A function that reads a roster from a CSV file's text or bytes."""

    def read(content: str | bytes) -> Roster:
        file = tmp_path / "roster.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_roster(file)

    return read


def brief(roster: Roster) -> list[tuple[str, str, str]]:
    return [(student.id, student.name, student.email) for student in roster.students]


ADA = [("7", "Ada Lovelace", "ada@x.edu")]


@pytest.mark.parametrize(
    "text",
    [
        "id,name,email\n7,Ada Lovelace,ada@x.edu\n",
        "id;name;email\n7;Ada Lovelace;ada@x.edu\n",
        "id\tname\temail\r\n7\tAda Lovelace\tada@x.edu\r\n",
        "\ufeffid,name,email\n7,Ada Lovelace,ada@x.edu\n",
        'Email , STUDENT ID,"First  name",Surname\nada@x.edu,7,Ada,Lovelace\n',
        'id,name,email\n7,"Lovelace, Ada",ada@x.edu\n\n,,\n',
        "student,name,email\n7,Ada Lovelace,ada@x.edu\n",
        "email;name, as spoken;name;id\nada@x.edu;a, b;Ada Lovelace;7\n",
    ],
)
def test_a_roster_is_read_whatever_its_delimiter_and_headers(roster_of, text: str) -> None:
    assert brief(roster_of(text)) == ADA


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_is_read_in_the_encodings_that_spreadsheets_write(roster_of, encoding: str) -> None:
    assert brief(roster_of("id,name\n7,Zoë Müller\n".encode(encoding))) == [("7", "Zoë Müller", "")]


def test_canvas_gradebook_export_is_a_roster(roster_of) -> None:
    roster = roster_of(
        "Student,ID,SIS User ID,SIS Login ID,Section,lab4 (99)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",4242,S7,ada,Maths,8\n'
        '"Student, Test",4343,,b4f2,Maths,\n'
    )

    [student] = roster.students
    assert (student.id, student.name) == ("4242", "Ada Lovelace")
    assert set(student.keys) == {"S7", "ada"}
    assert student.columns["SIS User ID"] == "S7"
    assert student.columns["Student"] == "Lovelace, Ada"
    assert len(roster.notes) == 2


def test_moodle_grades_export_is_a_roster(roster_of) -> None:
    roster = roster_of("First name,Last name,ID number,Email address,Course total\nAda,Lovelace,7,ada@x.edu,9\n")

    assert brief(roster) == ADA


def test_moodle_grading_worksheet_is_a_roster_whose_students_go_by_no_number_of_one_assignment(roster_of) -> None:
    [student] = roster_of(
        "Identifier,Full name,Email address,Status,Grade\nParticipant 123,Ada Lovelace,ada@x.edu,Submitted,\n"
    ).students

    assert student.id == "ada@x.edu"
    assert participant_key("123") in student.keys


def test_github_classroom_roster_is_a_roster(roster_of) -> None:
    [student] = roster_of('"identifier","github_username","github_id","name"\n"7","ada-l","99",""\n').students

    assert student.id == "7"
    assert {"ada-l", "99"} <= set(student.keys)


def test_gradescope_roster_leaves_out_who_is_no_student(roster_of) -> None:
    roster = roster_of("Name,SID,Email,Role\nAda Lovelace,7,ada@x.edu,Student\nMary Somerville,8,m@x.edu,TA\n")

    assert brief(roster) == ADA
    assert "row 3: Mary Somerville is no student but ta" in roster.notes[0]


def test_a_student_without_an_id_goes_by_login_email_or_name(roster_of) -> None:
    roster = roster_of("id,username,email,name\n,ada,a@x,A B\n,,b@x,C D\n,,,E F\n")

    assert [student.id for student in roster.students] == ["ada", "b@x", "E F"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"7,Ada\n8,Bob\n", "none of the headers"),
        (b"id,name\n", "no student in it"),
        (b"id,name\n7,Ada\n7,Bob\n", "row 3: a second student of id 7"),
        (b"id,name\n\x00\x01\x02", "no text"),
        (b"id,name\n7," + b"x" * 200_000, "not a CSV file"),
    ],
)
def test_what_is_no_roster_is_refused_with_the_reason(roster_of, content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        roster_of(content)


def test_a_missing_roster_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(UserError, match="can't be read"):
        read_roster(tmp_path)


# Whose work something is

CLASS = Roster(
    (
        Student("7", "Ada King Lovelace", "ada@x.edu", keys=("lovelace",)),
        Student("8", "José O'Neill", "jose@x.edu"),
        Student("9", "Øystein Æby", "oystein@x.edu"),
        Student("10", "Li Wei", "wei1@x.edu"),
        Student("11", "Wei Li", "wei2@x.edu"),
        Student("12", "Grace Hopper", "grace@y.edu"),
        Student("13", "Grace Kelly", "grace@z.edu"),
    )
)


def found(**clue: str) -> Match:
    return match(index_of(CLASS), Clue(**clue))


@pytest.mark.parametrize(
    ("clue", "student"),
    [
        ({"id": "7"}, "7"),
        ({"id": "LOVELACE"}, "7"),
        ({"id": "ada"}, "7"),
        ({"id": "Ada@x.edu"}, "7"),
        ({"email": "ADA@X.EDU "}, "7"),
        ({"name": "lovelace, ada king"}, "7"),
        ({"squashed": "kinglovelaceada"}, "7"),
        ({"name": "Jose ONeill"}, "8"),
        ({"name": "O\u2019Neill José"}, "8"),
        ({"squashed": "oneilljosé"}, "8"),
        ({"name": "Oystein Aeby"}, "9"),
        ({"name": "Wei Li", "email": "wei2@x.edu"}, "11"),
        ({"name": "Nobody Known", "id": "10"}, "10"),
    ],
)
def test_a_student_is_known_by_id_login_email_or_name(clue: dict[str, str], student: str) -> None:
    assert found(**clue).student == next(s for s in CLASS.students if s.id == student)


@pytest.mark.parametrize("clue", [{}, {"id": "99"}, {"name": "Ada"}, {"name": "Ada Lovelace"}, {"squashed": "ada"}])
def test_who_is_not_in_the_roster_is_not_guessed(clue: dict[str, str]) -> None:
    assert found(**clue) == Match()


@pytest.mark.parametrize(
    ("clue", "said"),
    [
        ({"name": "Wei Li"}, "several students of the roster (10, 11)"),
        ({"id": "grace"}, "several students of the roster (12, 13)"),
        ({"id": "7", "name": "José O'Neill"}, "another student's in the roster than 7"),
        ({"email": "ada@x.edu", "squashed": "oneilljose"}, "another student's"),
    ],
)
def test_who_is_ambiguous_is_said_and_not_guessed(clue: dict[str, str], said: str) -> None:
    result = found(**clue)

    assert result.student is None
    assert said in result.problem


WORDS = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1, max_size=6), min_size=1
)


@given(WORDS, st.randoms(use_true_random=False))
def test_a_name_is_the_same_in_any_order_and_in_capitals(words: list[str], random) -> None:
    mixed = random.sample(words, len(words))

    assert name_key(" ".join(words)) == name_key(", ".join(mixed)) == name_key("-".join(mixed).casefold())


@given(WORDS, st.integers(0, 9))
def test_a_squashed_name_is_known_whichever_word_it_begins_with(words: list[str], start: int) -> None:
    turned = words[start % len(words) :] + words[: start % len(words)]

    assert squashed_key("".join(turned).lower()) in squashed_keys(" ".join(words))


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8)), max_size=5))
def test_a_match_is_never_one_of_two_that_fit(people: list[tuple[str, str, str]]) -> None:
    students = {person[0]: Student(*person) for person in people}
    roster = Roster(tuple(students.values()))

    for student in roster.students:
        result = match(index_of(roster), Clue(name=student.name))
        same = [s for s in roster.students if name_key(s.name) == name_key(student.name)]
        assert result.student in (None, student)
        assert result.student is None or len(same) == 1
