"""Answers that are code are run, and nothing that stands in them is believed."""

import pytest

from grader.errors import UserError
from grader.isolation import missing
from grader.kernel import Room, isolated_room
from grader.limits import Limits
from grader.places import content_folder
from grader.quiz.marks import MET, WRONG
from grader.quiz.quantities import UnreadableError
from grader.quiz.questions import Code
from grader.quiz.running import Runner, filled

SHARED = {"prompt": "?", "topic": "t", "difficulty": 1, "explanation": "e", "section": "s"}
ODD = Code(
    **SHARED,
    name="odd",
    setup="numbers = [0, 1, 2, 3]",
    template="odd = [n for n in numbers if ____]",
    answer="n % 2 != 0",
    shows=("odd", "len(odd)"),
)
BODY = Code(
    **SHARED,
    name="body",
    template="def double(x):\n    ____\n",
    answer="return 2 * x",
    shows=("double(3)", "[double(i) for i in range(3)]"),
)


@pytest.fixture
def run(tmp_path):
    def marked(question, said, **limits):
        return Runner(Room, tmp_path, Limits(**{"cell_s": 30, **limits})).mark(question, said)

    return marked


def words(mark):
    return " ".join(finding.explanation for finding in mark.findings)


@pytest.mark.parametrize(
    "said", ["n % 2 != 0", "n & 1", "```python\nn % 2\n```", "`n in (1, 3)`", ODD.template.replace("____", "n % 2")]
)
def test_whatever_gives_the_right_values_is_right(run, said):
    mark = run(ODD, said)

    assert (mark.points, mark.confidence, [finding.state for finding in mark.findings]) == (1, 1, [MET, MET])


def test_the_values_of_a_wrong_answer_are_shown_beside_those_that_are_meant(run):
    mark = run(ODD, "n % 2 == 0")

    assert mark.points == 0
    assert [(finding.about, finding.state) for finding in mark.findings] == [("odd", WRONG), ("len(odd)", MET)]
    assert "It gives [0, 2]. Meant is [1, 3]." in words(mark)


def test_the_right_code_amid_prose_is_not_right(run):
    mark = run(ODD, "You test it with n % 2 != 0, as in the book")

    assert mark.points == 0
    assert "SyntaxError" in words(mark)


def test_zero_modulo_two_tells_no_number_from_another(run):
    assert run(ODD, "0%2 != 0").points == 0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("m", "NameError"),
        ("n % 2]; del odd; x = [1", "Your code defines no odd."),
        ("__import__('os')._exit(0)", "It ends with"),
    ],
)
def test_code_that_ends_in_another_way_says_how(run, said, told):
    mark = run(ODD, said)

    assert mark.points == 0
    assert told in words(mark)


def test_code_that_never_ends_is_stopped(run):
    mark = run(ODD, "any(False for _ in iter(int, 1))", cell_s=1.0)

    assert mark.points == 0
    assert words(mark).startswith("It had not ended after 1 seconds, so it was interrupted.")


def test_further_lines_stand_where_the_first_does(run):
    assert run(BODY, "y = x + x\nreturn y").points == 1


def test_one_answer_leaves_nothing_to_the_next(tmp_path):
    runner = Runner(Room, tmp_path)

    assert runner.mark(ODD, "n % 2]; spoiled = [1").points == 1
    assert "NameError" in words(runner.mark(ODD, "n in spoiled"))


def test_no_room_is_made_before_there_is_code_to_run(tmp_path):
    runner = Runner(lambda: pytest.fail("a room was made"), tmp_path)

    assert not runner.has_run


def test_a_whole_page_fills_no_gap(run):
    with pytest.raises(UnreadableError, match="10,001 characters long"):
        run(ODD, "1" * 10_001)


@pytest.mark.parametrize(
    ("answer", "shows", "message"),
    [
        ("1 / 0", ("odd",), r"'odd': its own answer can't be run \(ZeroDivisionError"),
        ("n", ("even",), "shows nothing for 'even'"),
    ],
)
def test_a_question_whose_own_answer_fails_is_the_course_s_mistake(run, answer, shows, message):
    with pytest.raises(UserError, match=message):
        run(Code(**SHARED, name="odd", setup=ODD.setup, template=ODD.template, answer=answer, shows=shows), "n")


def test_an_answer_is_isolated_where_that_is_possible(tmp_path, public_folder):
    if missing():
        pytest.skip(missing())
    room = isolated_room(Room().python, public_folder, content_folder())
    if not room.is_isolated:
        pytest.skip(room.problem)
    (tmp_path / "secret").write_text("1")
    reading = Code(**SHARED, name="read", template="x = ____", answer="[]", shows=("x",), setup="import os")

    mark = Runner(lambda: room, public_folder).mark(reading, f"os.listdir({str(tmp_path)!r})")

    assert "FileNotFoundError" in words(mark)


def test_an_answer_that_could_be_the_gap_or_the_whole_fills_the_gap():
    assert filled("x[____]", "x[0]") == "x[x[0]]"
    assert filled("f(____)", "f(2)") == "f(f(2))"
    assert filled("for x in ____:\n    pass", "for x in y:\n    pass") == "for x in y:\n    pass"
