"""The gradebook, in a real SQLite file and in a real PostgreSQL database."""

import hashlib
import subprocess
import sys
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, update

from grader.book.conditions import Conditions
from grader.book.database import engine_of, writing
from grader.book.entries import Person, Receipt
from grader.book.gradebook import Gradebook
from grader.book.policy import Policy
from grader.book.policy_reading import with_due
from grader.book.tables import grades
from grader.errors import UserError
from grader.limits import Limits
from grader.standing import outline_of
from tests.grader.book.gradebook_writer import CONDITIONS, grade, hand_in
from tests.grader.report_examples import array, failed, grade_of

ROOT = Path(__file__).resolve().parents[2]
STARTED = "2026-11-21T08:00:00+00:00"


@pytest.fixture
def book(gradebook_url):
    """A new gradebook, on SQLite and on PostgreSQL."""
    with Gradebook(gradebook_url) as opened:
        yield opened


@pytest.fixture
def statements():
    """What is sent to any database while the test runs."""
    sent = []

    def listen(connection, cursor, statement, *_):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield sent
    event.remove(Engine, "before_cursor_execute", listen)


def only(standings, student="ada"):
    """A student's standing."""
    (found,) = [standing for standing in standings if standing.student == student]
    return found


def decided(override):
    """What a person decided, without the time."""
    return override and (override.points, override.comment, override.author)


def test_a_grade_is_kept_whole(book):
    found = hand_in("ada")
    verdict = failed(array([1.0, 2.0]), array([1.0, 3.0]), ("a", array([[0.5]])), reason="ä \U0001f600 \0")
    whole = grade_of(verdict, sha256=found.sha256, started=STARTED)

    book.record(found, CONDITIONS, whole)

    assert dict(book.grades("lab4")) == {"ada": whole}
    assert book.grade(book.gradings()[0].number) == whole


def test_a_standing_tells_what_was_graded(book):
    found = hand_in("ada")
    whole = grade(found, 3)

    book.register([msgspec.structs.replace(found, handed_in="2026-11-20T19:00:00+01:00", name="Ada", email="a@b.c")])
    book.record(found, CONDITIONS, whole)

    standing = only(book.standings("lab4"))
    assert (standing.points, standing.automatic, standing.possible) == (3, 3, 4)
    assert (standing.sha256, standing.submission, standing.started) == (found.sha256, "ada.ipynb", STARTED)
    assert (standing.name, standing.email, standing.handed_in) == ("Ada", "a@b.c", "2026-11-20T18:00:00+00:00")
    assert (standing.problem, standing.override) == ("", None)
    assert standing.outline == outline_of(whole)


def test_outlines_are_left_out_where_nobody_needs_them(book):
    book.record(hand_in("ada"), CONDITIONS, grade(hand_in("ada"), 3))

    standing = only(book.standings("lab4", with_outlines=False))

    assert (standing.points, standing.outline) == (3, None)


def test_a_grading_tells_its_conditions(book):
    found, limits = hand_in("ada"), Limits(cell_s=7)
    then = Conditions("Numbers", "course 1", limits, {"device": "cpu"}, "9.9")

    book.record(found, then, grade(found, 3), {"torch": "2.13"})

    (grading,) = book.gradings("ada", "lab4")
    assert (grading.course, grading.course_version, grading.engine) == ("Numbers", "course 1", "9.9")
    assert grading.limits == msgspec.structs.asdict(limits)
    assert (grading.settings, grading.packages) == ({"device": "cpu"}, {"torch": "2.13"})
    assert (grading.points, grading.seconds, grading.started, grading.sha256) == (3, 3.25, STARTED, found.sha256)


def test_an_unchanged_submission_needs_no_grading(book):
    found = [hand_in("ada"), hand_in("bob"), hand_in("cyd")]
    book.record(found[1], CONDITIONS, grade(found[1]))

    assert book.needs_grading(found, CONDITIONS) == [found[0], found[2]]


def test_conditions_that_hold_again_count_again(book):
    found, other = hand_in("ada"), Conditions("Numbers", "course 2")
    book.record(found, CONDITIONS, grade(found, 1))
    book.record(found, other, grade(found, 2))
    assert only(book.standings("lab4")).points == 2

    assert book.needs_grading([found], CONDITIONS) == [found]
    assert book.record(found, CONDITIONS, grade(found, 1))
    assert not book.record(found, CONDITIONS, grade(found, 1))  # as another run at the same time would

    assert only(book.standings("lab4")).points == 1
    assert book.needs_grading([found], CONDITIONS) == []
    assert book.needs_grading([found], other) == [found]
    assert [grading.points for grading in book.gradings("ada")] == [1, 2, 1]


def test_of_an_empty_list_nothing_needs_grading(book):
    assert book.needs_grading([], CONDITIONS) == []


@pytest.mark.parametrize(
    "changes", [{"student": "bob"}, {"assignment": "lab5"}, {"sha256": "f" * 64}], ids=lambda changes: str(changes)
)
def test_another_submission_needs_grading(book, changes):
    book.record(hand_in("ada"), CONDITIONS, grade(hand_in("ada")))
    other = msgspec.structs.replace(hand_in("ada"), **changes)

    assert book.needs_grading([other], CONDITIONS) == [other]


@pytest.mark.parametrize(
    "changes",
    [{"course_version": "2"}, {"engine": "9.9"}, {"limits": Limits(1)}, {"settings": {"device": "cuda"}}],
    ids=lambda changes: next(iter(changes)),
)
def test_other_conditions_need_grading(book, changes):
    found = hand_in("ada")
    book.record(found, CONDITIONS, grade(found))
    other = msgspec.structs.replace(CONDITIONS, **changes)

    assert book.needs_grading([found], other) == [found]
    assert book.record(found, other, grade(found, 2))
    assert only(book.standings("lab4")).points == 2


def test_the_same_grading_is_in_the_book_once(book):
    found = hand_in("ada")

    assert book.record(found, CONDITIONS, grade(found, 1))
    assert not book.record(found, CONDITIONS, grade(found, 2))

    assert [grading.points for grading in book.gradings()] == [1]
    assert sorted(event.what for event in book.history()) == ["graded", "handed in"]
    assert only(book.standings("lab4")).points == 1


def test_grading_all_again_counts_and_is_in_the_book_once_a_run(book):
    found = hand_in("ada")
    book.record(found, CONDITIONS, grade(found, 1))

    assert book.record(found, CONDITIONS, grade(found, 2), redo="run 2")
    assert not book.record(found, CONDITIONS, grade(found, 3), redo="run 2")

    assert only(book.standings("lab4")).points == 2
    assert book.needs_grading([found], CONDITIONS) == []


def test_a_problem_of_the_notebook_is_kept_and_not_tried_again(book):
    found = hand_in("ada")

    book.record_problem(found, CONDITIONS, "a damaged notebook", started=STARTED)

    standing = only(book.standings("lab4"))
    assert (standing.points, standing.automatic, standing.problem) == (None, None, "a damaged notebook")
    assert book.needs_grading([found], CONDITIONS) == []
    assert list(book.grades("lab4")) == []


def test_a_problem_of_the_machine_is_kept_and_tried_again(book):
    found = hand_in("ada")

    for _ in range(2):
        book.record_problem(found, CONDITIONS, "the worker was lost", started=STARTED, is_settled=False)

    assert only(book.standings("lab4")).problem == "the worker was lost"
    assert book.needs_grading([found], CONDITIONS) == [found]
    assert book.record(found, CONDITIONS, grade(found, 2))
    assert only(book.standings("lab4")).points == 2


def test_a_problem_of_the_machine_never_stands_above_a_grade(book):
    found = hand_in("ada")
    book.record(found, CONDITIONS, grade(found, 2))

    book.record_problem(found, CONDITIONS, "the worker was lost", started=STARTED, is_settled=False, redo="run 2")

    assert (only(book.standings("lab4")).points, only(book.standings("lab4")).problem) == (2, "")


def test_what_could_not_even_be_read_is_tried_again(book):
    unread = msgspec.structs.replace(hand_in("ada"), sha256="")
    for problem in ("no permission", "a zip bomb"):
        book.register([unread])
        book.record_problem(unread, CONDITIONS, problem, started=STARTED)

    assert book.needs_grading([unread], CONDITIONS) == [unread]
    assert only(book.standings("lab4")).problem == "a zip bomb"


def test_what_was_handed_in_last_counts_even_if_it_was_graded_before(book):
    first, second = hand_in("ada", content="first"), hand_in("ada", content="second")
    for found, points in ((first, 1), (second, 2)):
        book.register([found])
        book.record(found, CONDITIONS, grade(found, points))

    book.register([first])

    assert book.needs_grading([first], CONDITIONS) == []
    assert only(book.standings("lab4")).points == 1


def test_a_new_hand_in_has_no_points_until_it_is_graded(book):
    first, second = hand_in("ada", content="first"), hand_in("ada", content="second")
    book.record(first, CONDITIONS, grade(first, 1))

    book.register([second])

    standing = only(book.standings("lab4"))
    assert (standing.points, standing.sha256, standing.problem) == (None, second.sha256, "not graded yet")


def test_a_grading_of_an_older_hand_in_that_comes_late_does_not_count(book):
    first, second = hand_in("ada", content="first"), hand_in("ada", content="second")
    book.register([first])
    book.register([second])
    book.record(second, CONDITIONS, grade(second, 2))

    book.record(first, CONDITIONS, grade(first, 1))

    assert only(book.standings("lab4")).points == 2


def test_a_file_that_changed_after_it_was_found_counts_as_it_was_graded(book):
    found, changed = hand_in("ada", content="found"), hand_in("ada", content="changed")
    book.register([found])

    book.record(found, CONDITIONS, grade(changed, 3))

    assert (only(book.standings("lab4")).points, only(book.standings("lab4")).sha256) == (3, changed.sha256)
    assert book.needs_grading([changed], CONDITIONS) == []


def test_registering_the_same_again_writes_nothing(book):
    found = [hand_in("ada"), hand_in("bob")]

    assert [book.register(found), book.register(found)] == [2, 0]
    assert book.register([msgspec.structs.replace(found[0], handed_in="2026-11-19T18:00:00Z"), found[1]]) == 1
    assert only(book.standings("lab4")).handed_in == "2026-11-19T18:00:00+00:00"


def test_a_time_without_a_time_zone_is_a_mistake(book):
    with pytest.raises(ValueError, match="2026-11-20T18:00 has no time zone"):
        book.register([msgspec.structs.replace(hand_in("ada"), handed_in="2026-11-20T18:00")])


def test_an_override_stands_above_later_grades_until_it_is_withdrawn(book):
    found = hand_in("ada")
    book.record(found, CONDITIONS, grade(found, 1))

    book.override("ada", "lab4", 3.5, "right idea", "Ms Byron")
    book.record(found, CONDITIONS, grade(found, 2), redo="run 2")

    standing = only(book.standings("lab4"))
    assert (standing.points, standing.automatic) == (3.5, 2)
    assert decided(standing.override) == (3.5, "right idea", "Ms Byron")

    book.withdraw("ada", "lab4", "was graded again", "Mr Babbage")

    assert (only(book.standings("lab4")).points, only(book.standings("lab4")).override) == (2, None)


def test_an_override_of_another_assignment_or_student_changes_nothing(book):
    for student, assignment in (("ada", "lab4"), ("bob", "lab4"), ("ada", "lab5")):
        book.record(hand_in(student, assignment), CONDITIONS, grade(hand_in(student, assignment), 1))

    book.override("ada", "lab4", 0, "copied", "Ms Byron")

    assert [s.points for s in book.standings("lab4")] == [0, 1]
    assert [s.points for s in book.standings("lab5")] == [1]


def test_the_latest_override_counts(book):
    book.register([hand_in("ada")])
    for points in (3, 2):
        book.override("ada", "lab4", points, "so", "Ms Byron")

    standing = only(book.standings("lab4"))
    assert (standing.points, standing.automatic, standing.problem) == (2, None, "not graded yet")


def test_history_tells_who_did_what(book):
    found = hand_in("ada")
    book.enrol([Person("ada", "Ada Lovelace", "ada@b.c")])
    book.register([found, hand_in("bob"), hand_in("ada", "lab5")])
    book.record(found, CONDITIONS, grade(found, 1))
    book.record_problem(found, CONDITIONS, "lost", started=STARTED, is_settled=False)
    book.override("ada", "lab4", 3, "right idea", "Ms Byron")
    book.withdraw("ada", "lab4", "not so right", "Mr Babbage")
    book.enrol([])

    told = [(e.who, e.what, e.points, e.text) for e in book.history("ada", "lab4")]
    assert told[1:] == [
        ("grader 0.1.0", "graded", 1, f"course course 1, notebook {found.sha256[:12]}"),
        ("grader 0.1.0", "not graded", None, "lost"),
        ("Ms Byron", "overridden", 3, "right idea"),
        ("Mr Babbage", "override withdrawn", None, "not so right"),
    ]
    assert told[0] == ("ada", "handed in", None, "ada.ipynb")
    whole = [(e.what, e.assignment) for e in book.history("ada")]
    assert (whole[0], whole[-1]) == (("on the roster", ""), ("off the roster", ""))
    assert ("handed in", "lab5") in whole
    assert {e.student for e in book.history(assignment="lab4")} == {"ada", "bob"}
    assert len(book.history()) == 9
    assert [e.made for e in book.history()] == sorted(e.made for e in book.history())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ada", "lab", 1, "so", "me"), "knows no assignment 'lab'. Did you mean 'lab4'?"),
        (("eda", "lab4", 1, "so", "me"), "knows no student 'eda'. Did you mean 'ada'?"),
        (("zoe", "lab4", 1, "so", "me"), "knows no student 'zoe'. There are: ada."),
        (("ada", "lab4", -1, "so", "me"), "-1 points: give a number from 0."),
        (("ada", "lab4", float("nan"), "so", "me"), "nan points: give a number from 0."),
        (("ada", "lab4", 1, " ", "me"), "There is no comment."),
        (("ada", "lab4", 1, "so", ""), "There is no author."),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(book, arguments, said):
    book.register([hand_in("ada")])

    with pytest.raises(UserError) as refused:
        book.override(*arguments)

    assert said in str(refused.value)
    assert only(book.standings("lab4")).override is None


@pytest.mark.parametrize("times", [0, 1])
def test_there_must_be_an_override_to_withdraw(book, times):
    book.register([hand_in("ada")])
    for _ in range(times):
        book.override("ada", "lab4", 1, "so", "me")
        book.withdraw("ada", "lab4", "no", "me")

    with pytest.raises(UserError, match="there is no override to withdraw"):
        book.withdraw("ada", "lab4", "no", "me")


def test_the_roster_names_students_and_shows_who_is_missing(book):
    book.enrol([Person("bob", "Bob", "bob@b.c"), Person("ada", "Ada Lovelace", "ada@b.c")])
    book.register([msgspec.structs.replace(hand_in("ada"), name="ada l", email="x@y.z"), hand_in("cyd")])

    told = [(s.student, s.name, s.email, s.problem) for s in book.standings("lab4")]

    assert told == [
        ("ada", "Ada Lovelace", "ada@b.c", "not graded yet"),
        ("bob", "Bob", "bob@b.c", "missing"),
        ("cyd", "", "", "not graded yet"),
    ]


def test_who_left_the_roster_is_not_missing_and_keeps_name_and_grade(book):
    book.enrol([Person("ada", "Ada Lovelace"), Person("bob", "Bob")])
    book.register([hand_in("ada")])

    book.enrol([Person("bob", "Bob B.")])

    assert [(s.student, s.name) for s in book.standings("lab4")] == [("ada", "Ada Lovelace"), ("bob", "Bob B.")]
    for _ in range(2):
        book.enrol([])
    assert [s.student for s in book.standings("lab4")] == ["ada"]
    assert len(book.history("bob")) == 3
    assert book.students() == ["ada", "bob"]


def test_the_same_roster_again_writes_nothing(book):
    roster = [Person("ada", "Ada"), Person("bob")]

    for _ in range(2):
        book.enrol(roster)

    assert len(book.history()) == 2


def test_a_missing_student_can_be_given_points(book):
    book.enrol([Person("ada"), Person("bob")])
    book.register([hand_in("bob")])

    book.override("ada", "lab4", 2, "oral exam", "Ms Byron")

    assert (only(book.standings("lab4")).points, only(book.standings("lab4")).problem) == (2, "missing")


def test_standings_follow_the_policy_but_for_overrides(book):
    late = "2026-11-22T18:00:00+00:00"
    for student in ("ada", "bob", "cyd"):
        book.register([msgspec.structs.replace(hand_in(student), handed_in=late if student != "cyd" else "")])
        book.record(hand_in(student), CONDITIONS, grade(hand_in(student), 4))
    book.override("bob", "lab4", 4, "was ill", "Ms Byron")
    policy = with_due(Policy(penalty=0.25), ["2026-11-20T18:00+00:00"])

    told = [(s.student, s.points, s.penalty, s.late_s) for s in book.standings("lab4", policy)]

    assert told == [("ada", 2, 2, 172_800), ("bob", 4, 0, 172_800), ("cyd", 4, 0, 0)]


def test_totals_are_of_all_assignments_without_the_dropped(book):
    for assignment, points in (("lab4", 1), ("lab5", 3)):
        book.record(hand_in("ada", assignment), CONDITIONS, grade(hand_in("ada", assignment), points))
    book.record(hand_in("bob", "lab5"), CONDITIONS, grade(hand_in("bob", "lab5"), 2))

    all_of_it, without = book.totals(), book.totals(Policy(drop_lowest=1))

    assert [(t.student, t.points, t.possible, t.dropped) for t in all_of_it] == [("ada", 4, 8, ()), ("bob", 2, 8, ())]
    assert [(t.points, t.possible, t.dropped) for t in without] == [(3, 4, ("lab4",)), (2, 4, ("lab4",))]


def test_the_course_is_the_one_that_graded_last(book):
    assert book.course("lab4") == ""
    for title in ("Numbers", "Digits"):
        found = hand_in("ada")
        book.record(found, msgspec.structs.replace(CONDITIONS, course=title, course_version=title), grade(found))
    other = hand_in("ada", "lab5")
    book.record(other, CONDITIONS, grade(other))

    assert book.course("lab4") == "Digits"


def test_an_unknown_assignment_is_refused(book):
    with pytest.raises(UserError, match="knows no assignment 'lab4'"):
        book.standings("lab4")
    book.register([hand_in("ada", "lab5")])
    with pytest.raises(UserError, match="Did you mean 'lab5'"):
        book.standings("lab4")
    assert book.assignments() == ["lab5"]


LONG = "".join(hashlib.sha256(bytes([i])).hexdigest() for i in range(200))  # that can't be compressed to fit somewhere
STRANGE = ["sur\udc80rogate", "nul\0byte", LONG, "'; DROP TABLE gradings; --", "\u202eevil", " ", "=1+1"]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_any_text_can_be_kept(book, text):
    found = Receipt(text, text, "e" * 64, text, "", text, text)
    book.register([found])

    assert book.record(found, CONDITIONS, grade(found))
    book.record_problem(found, CONDITIONS, text, started=STARTED, is_settled=False)
    book.override(text, text, 2, f"{text}!", f"{text}!")

    assert book.needs_grading([found], CONDITIONS) == []
    assert [s.points for s in book.standings(text)] == [2]
    assert len(book.history(text, text)) == 4


def test_long_ids_with_the_same_beginning_stay_apart(book):
    book.register([hand_in("x" * 1_000 + "a"), hand_in("x" * 1_000 + "b")])

    assert len(book.standings("lab4")) == 2


def test_nothing_is_changed_or_deleted(book, statements):
    statements.clear()  # those that made the tables
    found = hand_in("ada")
    for _ in range(2):
        book.enrol([Person("ada", "Ada")])
        book.enrol([])
        book.register([found])
        book.record(found, CONDITIONS, grade(found))
        book.record_problem(found, CONDITIONS, "lost", started=STARTED, is_settled=False)
        book.override("ada", "lab4", 1, "so", "me")
        book.withdraw("ada", "lab4", "no", "me")

    assert {statement.split()[0] for statement in statements} - {"BEGIN"} == {"SELECT", "INSERT"}


def test_one_query_tells_what_needs_grading(book, statements):
    found = [hand_in(f"student{number}") for number in range(1_000)]
    book.record(found[7], CONDITIONS, grade(found[7]))
    statements.clear()

    assert book.needs_grading(found, CONDITIONS) == found[:7] + found[8:]
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_standings_and_totals_read_no_whole_grade(book, statements):
    book.record(hand_in("ada"), CONDITIONS, grade(hand_in("ada")))
    statements.clear()

    book.standings("lab4")
    book.totals()

    assert not [statement for statement in statements if "content" in statement]
    assert [statement for statement in statements if "grades.outline" in statement]


def test_grades_of_some_students_can_be_read(book):
    for student in ("ada", "bob", "cyd"):
        book.record(hand_in(student), CONDITIONS, grade(hand_in(student)))

    assert [student for student, _ in book.grades("lab4", ["cyd", "ada", "eve"])] == ["ada", "cyd"]


def test_a_grade_that_is_not_there_is_refused(book):
    with pytest.raises(UserError, match="there is no grade of a grading 7"):
        book.grade(7)


def test_a_grade_in_a_form_of_long_ago_still_counts(book, gradebook_url):
    book.record(hand_in("ada"), CONDITIONS, grade(hand_in("ada"), 3))
    engine, name = engine_of(gradebook_url)
    with writing(engine, name) as connection:
        connection.execute(update(grades).values(content=zlib.compress(b'{"format": 1}')))
    engine.dispose()

    with pytest.raises(UserError, match=r"the grade of grading 1 can't be read .* Grade it again to see it whole"):
        book.grade(1)
    assert only(book.standings("lab4")).points == 3


@st.composite
def stories(draw):
    """What may happen to two students: hand-ins of one of two contents, gradings, and people's decisions."""
    students, contents = st.sampled_from(["ada", "bob"]), st.sampled_from(["one", "two"])
    steps = st.one_of(
        st.tuples(st.just("hands in"), students, contents),
        st.tuples(st.just("is graded"), students, st.integers(0, 4)),
        st.tuples(st.just("is lost"), students, st.none()),
        st.tuples(st.just("is overridden"), students, st.integers(0, 9)),
        st.tuples(st.just("is withdrawn"), students, st.none()),
    )
    return draw(st.lists(steps, max_size=20))


@settings(max_examples=40)
@given(stories())
def test_what_counts_is_what_the_story_says(tmp_path_factory, story):
    content, automatic, override = {}, {}, {}
    with Gradebook(tmp_path_factory.mktemp("story") / "grades.db") as book:
        for what, student, value in story:
            if what == "hands in":
                content[student] = value
                book.register([hand_in(student, content=student + value)])
            elif student not in content:
                continue
            elif what == "is graded":
                found = hand_in(student, content=student + content[student])
                automatic.setdefault((student, content[student]), value)  # once under the same conditions
                book.record(found, CONDITIONS, grade(found, value))
            elif what == "is lost":
                found = hand_in(student, content=student + content[student])
                book.record_problem(found, CONDITIONS, "lost", started=STARTED, is_settled=False)
            elif what == "is overridden":
                override[student] = value
                book.override(student, "lab4", value, "so", "me")
            elif override.pop(student, None) is not None:
                book.withdraw(student, "lab4", "no", "me")
        standings = book.standings("lab4") if content else []

    assert [standing.student for standing in standings] == sorted(content)
    for standing in standings:
        graded = automatic.get((standing.student, content[standing.student]))
        assert standing.automatic == graded
        assert standing.points == override.get(standing.student, graded)
        assert (standing.override is not None) == (standing.student in override)


def writer(where, first, last):
    """A process that writes gradings of the students from `first` to `last` into a gradebook, once it is told to."""
    command = [sys.executable, "-m", "tests.grader.book.gradebook_writer", where, str(first), str(last)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_killed_process_loses_nothing_that_it_finished(gradebook_url):
    with writer(gradebook_url, 0, 100_000) as process:
        process.stdin.write("go\n")
        process.stdin.flush()
        finished = [process.stdout.readline().strip() for _ in range(25)]
        process.kill()
        finished += process.stdout.read().split("\n")[:-1]  # the last may be half a line

    with Gradebook(gradebook_url) as book:
        graded = dict(book.grades("lab4"))
        assert set(finished) <= graded.keys()
        assert len(graded) <= len(finished) + 1
        assert book.record(hand_in("ada"), CONDITIONS, grade(hand_in("ada")))


def test_two_processes_make_one_gradebook_and_grade_nothing_twice(gradebook_url):
    with writer(gradebook_url, 0, 60) as one, writer(gradebook_url, 20, 80) as other:
        for process in (one, other):
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate()[0].split() for process in (one, other)]

    assert [len(output) for output in outputs] == [60, 60]
    assert [one.returncode, other.returncode] == [0, 0]
    with Gradebook(gradebook_url) as book:
        assert sorted(g.student for g in book.gradings()) == sorted(f"student{number}" for number in range(80))
        assert len(dict(book.grades("lab4"))) == 80


def test_importing_it_does_not_import_torch():
    code = "import sys, grader.book.gradebook, grader.book.policy_reading; print('torch' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
