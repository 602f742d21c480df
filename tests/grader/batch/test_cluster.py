"""`grader grade --cluster`, with a real scheduler and real workers."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("distributed", reason="needs the extra `cluster`: pip install 'chapter4-grader[cluster]'")

import dask

from grader import __version__
from grader.batch import cluster
from grader.batch.cluster import Cluster, check_address
from grader.batch.cluster_tasks import Terms, problem_here
from grader.batch.orders import Setup
from grader.book.conditions import course_version
from grader.book.gradebook import Gradebook
from grader.commands.classes import check_who
from grader.errors import UserError
from grader.isolation import missing
from grader.limits import Limits
from tests.grader.batch.classes import RIGHT, WAITS, WRONG, SmallClass, children, until
from tests.grader.batch.clusters import WITHOUT_GRADER, DaskCluster, dask_cluster, kill

isolated = pytest.mark.skipif(bool(missing()), reason=f"submissions are isolated: {missing()}")
FATAL_TO_WORKER = """\
import os, signal
pid = os.getpid()
while b"dask_worker" not in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
os.kill(pid, signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def scheduler() -> Iterator[DaskCluster]:
    """A scheduler for all tests that don't lose it."""
    with dask_cluster() as running:
        yield running


@pytest.fixture
def running(scheduler: DaskCluster) -> Iterator[DaskCluster]:
    """A cluster without workers so far."""
    yield scheduler
    scheduler.remove_workers()


# How far a counterexample is shrunk is a question of time.
TIMELY = ("started", "seconds", "evidence")


def grades(gradebook: Path) -> object:
    """Everything in the grades that hangs on no clock."""
    with Gradebook(gradebook, must_exist=True) as book:
        return timeless({student: msgspec.to_builtins(grade) for student, grade in book.grades("numbers")})


def timeless(value: object) -> object:
    """Plain data without what may be another time in every grading."""
    if isinstance(value, dict):
        return {name: timeless(inner) for name, inner in value.items() if name not in TIMELY}
    return [timeless(inner) for inner in value] if isinstance(value, list | tuple) else value


@isolated
def test_workers_lost_in_mid_run_cost_nobody_a_grade_and_give_nobody_two(
    small_class: SmallClass, running: DaskCluster
) -> None:
    cells = {"ada": (WAITS + RIGHT,), "bob": (WAITS + WRONG,), "eve": (WAITS + RIGHT,)}  # one for each worker
    cells |= {"joe": (RIGHT,), "kim": (WRONG,), "zoe": (WRONG,)}
    for student, sources in cells.items():
        small_class.hand_in(student, *sources)
    (small_class.submissions / "mal.ipynb").write_text("{")
    running.add_workers(3, small_class.root / "data")
    run = small_class.started("--cluster", running.address, "--seed", "a seed")
    until(lambda: all(children(worker.pid) for worker in running.workers), run)
    kill(running.workers[0])
    running.workers[1].terminate()  # as a cluster does that shrinks
    running.workers[1].wait()
    small_class.go()

    said, errors = run.communicate()

    assert run.returncode == 1, errors  # mal's can't be read
    assert all(line.startswith("Grading (") for line in errors.splitlines())
    assert "6  graded now" in said
    assert small_class.points() == {"ada": 3, "bob": 1, "eve": 3, "joe": 3, "kim": 1, "mal": None, "zoe": 1}
    assert all(len(small_class.gradings(student)) == 1 for student in cells)
    assert len(list((small_class.root / "reports" / "numbers").iterdir())) == 6
    until(lambda: not children(running.workers[2].pid))  # nothing of the run is left there

    small_class.graded("--gradebook", "local.db", "--reports", "local", "--seed", "a seed")
    assert grades(small_class.root / "gradebook.db") == grades(small_class.root / "local.db")


def test_a_notebook_that_takes_its_workers_with_it_is_said_to_and_the_others_are_graded(
    small_class: SmallClass,
) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("mal", FATAL_TO_WORKER + RIGHT)
    with dask_cluster(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as running:
        running.add_workers(3, small_class.root / "data")

        status, said, errors = small_class.graded("--cluster", running.address, "--no-isolation")

    assert status == 1, errors
    assert small_class.points() == {"ada": 3, "mal": None}
    assert "lost each time" in said.replace("\n", " ")


@isolated
def test_ctrl_c_ends_what_runs_on_the_cluster_and_the_next_run_goes_on(
    small_class: SmallClass, running: DaskCluster
) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("bob", WAITS + RIGHT)
    running.add_workers(1, small_class.root / "data")
    (worker,) = running.workers
    run = small_class.started("--cluster", running.address)
    until(lambda: small_class.kept() == 1, run)

    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate()

    assert run.returncode == 130, errors
    assert "1 of 2 are done and kept" in errors
    assert "Traceback" not in errors
    until(lambda: not children(worker.pid))

    small_class.go()
    status, said, _ = small_class.graded("--cluster", running.address)
    assert (status, "1  graded now" in said, "1  unchanged" in said) == (0, True, True)
    assert small_class.points() == {"ada": 3, "bob": 3}


@isolated
def test_a_scheduler_that_is_lost_costs_nothing_that_was_finished(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("bob", WAITS + RIGHT)
    with dask_cluster() as running:
        running.add_workers(1, small_class.root / "data")
        run = small_class.started("--cluster", running.address)
        until(lambda: small_class.kept() == 1, run)

        kill(running.scheduler)
        _, errors = run.communicate()

    assert run.returncode == 2
    (said,) = (line for line in errors.splitlines() if not line.startswith("Grading ("))
    assert "the connection to the scheduler was lost. What was graded is kept" in said
    assert small_class.points() == {"ada": 3, "bob": None}


@pytest.fixture
def setup(small_class: SmallClass) -> Setup:
    """How the small class is graded."""
    data, reports = str(small_class.root / "data"), str(small_class.root / "reports")
    return Setup(str(small_class.course), data, reports, sys.executable, Limits(), "a seed", is_isolated=False)


def test_a_cluster_without_workers_is_waited_for_and_no_longer(
    running: DaskCluster, setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WAIT_S", 0.1)

    with pytest.raises(UserError, match="there is no worker, and none has come"), Cluster(running.address, setup, ""):
        raise AssertionError("it goes on without")


def test_workers_without_the_grader_are_said_before_anything_is_graded(
    small_class: SmallClass, running: DaskCluster, setup: Setup
) -> None:
    running.add_workers(1, small_class.root / "data", before=WITHOUT_GRADER)

    with (
        pytest.raises(UserError, match=rf"here is version {__version__} of the grader, and it has"),
        Cluster(running.address, setup, ""),
    ):
        raise AssertionError("it goes on without")


def test_a_worker_with_another_course_is_said_before_anything_is_graded(
    small_class: SmallClass, running: DaskCluster, setup: Setup
) -> None:
    running.add_workers(1, small_class.root / "data")

    with pytest.raises(UserError, match="is not the same as here"), Cluster(running.address, setup, "another"):
        raise AssertionError("it goes on without")


def test_what_a_machine_lacks_is_said(small_class: SmallClass, setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    def problem(engine: str = __version__, version: str = course_version(small_class.course), **changed: object) -> str:
        return problem_here(engine, msgspec.json.encode(Terms(msgspec.structs.replace(setup, **changed), version)))

    assert problem() == ""
    assert problem(engine="0.0.9").startswith(f"it has the grader's version {__version__}, and here is 0.0.9.")
    assert "is not the same as here" in problem(version="another")
    assert "not a course" in problem(course="/nowhere")
    assert "no such program" in problem(python="/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    assert "--no-isolation" in problem(is_isolated=True)


def test_where_nobody_listens_is_said(setup: Setup) -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "0.1s"}),
        pytest.raises(UserError, match=r"--cluster tcp://127\.0\.0\.1:1: no scheduler can be reached there"),
        Cluster("tcp://127.0.0.1:1", setup, ""),
    ):
        raise AssertionError("it goes on without")


@pytest.mark.parametrize("address", ["", "tcp", "tcp://", "tcp://host", "host:8786", "tcp://host:port", "tcp://a b:1"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(UserError, match="It looks like tcp://HOST:8786"):
        check_address(address)


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://10.0.0.5:8786", "tcp://[::1]:8786", "ws://host:80/dask"])
def test_an_address_is_taken(address: str) -> None:
    check_who(None, address, "cpu")


def test_workers_of_both_kinds_can_t_be_asked_for() -> None:
    with pytest.raises(UserError, match="Give one of them"):
        check_who(2, "tcp://host:8786", "cpu")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UserError, match=r"pip install 'chapter4-grader\[cluster\]'"):
        check_who(None, "tcp://host:8786", "cpu")
