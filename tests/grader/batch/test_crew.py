"""Workers, from the side of the one who gives them orders."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grader.batch.crew import Crew
from grader.batch.orders import Answer, Order, Setup, line_of, messages
from grader.errors import UserError
from grader.intake.collecting import Location
from grader.limits import Limits
from tests.grader.batch.classes import RIGHT, WAITS, SmallClass


@pytest.fixture
def setup(small_class: SmallClass) -> Setup:
    """How the small class is graded; not isolated, so that it goes anywhere."""
    return Setup(
        course=str(small_class.course),
        data=str(small_class.root / "data"),
        reports=str(small_class.root),
        python=sys.executable,
        limits=Limits(),
        seed="a seed",
        is_isolated=False,
    )


def quietly(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def order(small_class: SmallClass, number: int, *cells: str) -> Order:
    notebook = small_class.hand_in(f"student{number}", *cells)
    return Order(number, Location(str(notebook)), f"{number}.html")


@contextmanager
def killing(crew: Crew, times: int) -> Iterator[None]:
    """Kills the first workers that have an order in hand."""
    is_over = threading.Event()

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < times and not is_over.wait(0.01):
            busy = [worker for worker in list(crew.workers) if worker.state == "busy"]
            for worker in busy:
                if worker.process.pid not in killed:
                    killed.add(worker.process.pid)
                    worker.process.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_what_ends_two_workers_is_a_problem_that_is_not_settled_and_the_rest_is_graded(
    small_class: SmallClass, setup: Setup
) -> None:
    orders = [order(small_class, 0, WAITS + RIGHT), order(small_class, 1, RIGHT)]

    with Crew(setup, 1, 1, quietly) as crew, killing(crew, 2):
        answers = {answer.number: answer for answer in crew.answers(orders)}

    assert answers[0].grade is None
    assert not answers[0].is_settled
    assert "killed by SIGKILL" in answers[0].problem
    assert answers[1].grade is not None
    assert answers[1].grade.points == 3
    assert (small_class.root / "1.html").exists()


def test_a_worker_that_says_nothing_for_too_long_is_given_up(
    small_class: SmallClass, setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.crew.SPARE_S", -2 * setup.limits.notebook_s)

    with Crew(setup, 1, 1, quietly) as crew:
        (answer,) = crew.answers([order(small_class, 0, WAITS + RIGHT)])

    assert answer.grade is None
    assert "far longer than the limits" in answer.problem


def test_a_course_that_can_t_be_loaded_is_said_once_and_nothing_is_graded(
    small_class: SmallClass, setup: Setup
) -> None:
    (small_class.course / "exercises" / "spread.py").write_text("1 / 0")

    with Crew(setup, 1, 1, quietly) as crew, pytest.raises(UserError, match=r"spread\.py, line 1: can't be loaded"):
        list(crew.answers([order(small_class, 0, RIGHT)]))


def test_what_is_no_notebook_is_answered_in_words_wherever_it_was(small_class: SmallClass, setup: Setup) -> None:
    (small_class.root / "bad.ipynb").write_text("[]")
    here = Order(7, Location(str(small_class.root / "bad.ipynb")), "7.html")
    sent = Order(8, Location("/nowhere/bad.ipynb"), "8.html", b"[]")

    with Crew(setup, 1, 1, quietly) as crew:
        answers = [*crew.answers([here]), *crew.answers([sent])]

    assert [(answer.number, answer.grade, answer.is_settled) for answer in answers] == [
        (7, None, True),
        (8, None, True),
    ]
    assert all(answer.problem.startswith("JSON, but not a notebook.") for answer in answers)


def test_an_answer_is_one_line_whatever_is_in_it() -> None:
    said = Answer(1, problem="of\ntwo lines")

    assert line_of(said).count(b"\n") == 1
    assert messages.decode(line_of(said)) == said
