"""`grader quiz` where somebody sits at a terminal: a real one, of any width, with colours or without."""

import os
import re
import sys

import pytest

from grader.quiz.practice import Practice
from tests.grader.quiz.course_files import FILES

pexpect = pytest.importorskip("pexpect", reason="needs pseudo-terminals")
if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

TIMEOUT_S = 60


@pytest.fixture
def started(write_course, tmp_path):
    """A function that starts the quiz in a terminal."""
    course = write_course(FILES)
    children = []

    def start(*arguments, columns=80, **environment):
        kept = ["--practice", str(tmp_path / "practice.db")]
        line = ["-m", "grader", "quiz", "--course", str(course), "--no-isolation", *kept, *map(str, arguments)]
        own = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
        children.append(
            pexpect.spawn(
                sys.executable,
                line,
                env=own | {"TERM": "xterm-256color"} | environment,
                dimensions=(40, columns),
                timeout=TIMEOUT_S,
                encoding="utf-8",
            )
        )
        return children[-1]

    yield start
    for child in children:
        child.close(force=True)


def kept(tmp_path):
    with Practice(tmp_path / "practice.db") as practice:
        return [(review.question, review.points, review.is_own_mark) for review in practice.reviews()]


def ended(child):
    """What else it printed, and its exit status."""
    child.expect(pexpect.EOF)
    child.close()
    return child.before, child.exitstatus


def interrupted(child):
    """Presses Ctrl-C until it has ended: Python misses one that comes just as it begins to wait for a line."""
    for _ in range(10):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=TIMEOUT_S / 10) == 0:
            break
    child.close()
    return child.before, child.exitstatus


def without_styles(text):
    """Text without what makes a terminal show it bold, for example."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


def test_what_can_t_be_read_is_asked_for_again(started, tmp_path):
    child = started("--topic", "sums", "--number", 2, NO_COLOR="1")
    child.expect("What about plus")
    child.sendline("z")
    child.expect("'z' is not read")
    child.sendline("It joins.")
    child.expect("Not right")
    child.expect("What about half")
    child.sendline("a half")
    child.expect("Write it in digits")
    child.sendline("1/2")
    child.expect("Right")
    rest, status = ended(child)

    assert status == 0
    assert "2 answers kept: 1 right, 0 in part, 1 wrong." in rest
    assert kept(tmp_path) == [("plus", 0, False), ("half", 1, False)]


def test_whoever_answered_may_mark_what_needs_a_person_themselves(started, tmp_path):
    child = started("--topic", "words", "--number", 1, NO_COLOR="1")
    child.expect("What about why")
    child.sendline("I say\nthree.\n")
    child.expect("The answer:")
    child.expect("It is two.")
    child.expect("Was it right")
    child.sendline("x")
    child.expect("Type y, h, n")
    child.sendline("h")
    _, status = ended(child)

    assert status == 0
    assert kept(tmp_path) == [("why", 0.5, True)]


def test_ctrl_c_in_mid_quiz_loses_nothing(started, tmp_path):
    child = started("--topic", "sums", NO_COLOR="1")
    child.expect("What about plus")
    child.sendline("It adds.")
    child.expect("What about half")
    child.send("0.")
    rest, status = interrupted(child)

    assert status == 130
    assert "1 answer kept: 1 right, 0 in part, 0 wrong." in rest
    assert "Stopped." in rest
    assert kept(tmp_path) == [("plus", 1, False)]


def test_ctrl_c_in_mid_exam_tells_what_was_answered(started, tmp_path):
    child = started("--exam", "--topic", "sums", "--seed", 1, NO_COLOR="1")
    child.expect("Question 1 of 3")
    child.expect("> ")
    child.sendline("")
    child.expect("Question 2 of 3")
    rest, status = interrupted(child)

    assert status == 130
    assert "0 of 1 point" in rest
    assert not (tmp_path / "practice.db").exists()


def test_ctrl_d_ends_the_quiz(started):
    child = started(NO_COLOR="1")
    child.expect("Question 1")
    child.expect("> ")
    child.sendeof()
    rest, status = ended(child)

    assert status == 0
    assert "No answer was kept." in rest


@pytest.mark.parametrize("columns", [200, 40, 20])
def test_in_any_width_no_line_is_longer_and_nothing_is_lost(started, columns):
    child = started("--topic", "sums", "--number", 1, columns=columns, NO_COLOR="1")
    child.expect("> ")
    asked = without_styles(child.before)
    child.sendline("It subtracts.")
    rest, status = ended(child)
    rest = without_styles(rest)

    assert status == 0
    assert max(len(line.rstrip("\r")) for line in (asked + rest).split("\n")) <= columns
    assert "It joins." in " ".join(asked.split())
    assert "That is minus." in " ".join(rest.split())


def test_without_colours_there_are_none_and_with_them_there_are(started):
    outputs = []
    for environment in ({"NO_COLOR": "1"}, {}):
        child = started("--exam", "--topic", "sums", "--seed", 1, "--number", 1, **environment)
        child.expect("> ")
        before = child.before
        child.sendline("")
        outputs.append(before + ended(child)[0])

    assert [("\x1b[3" in output or "\x1b[1;3" in output) for output in outputs] == [False, True]
