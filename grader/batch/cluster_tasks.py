"""What the workers of a dask cluster run: each keeps workers of the grader's own, and hands the orders on to them.

These functions run in threads of a process that is dask's. Nothing of a notebook is run or even looked at there: that
is for the processes of a crew, as on one machine. What comes in and goes out are texts and bytes alone.
"""

import asyncio
import sys
import threading
from pathlib import Path

import msgspec
from distributed import Reschedule, Worker, WorkerPlugin, get_worker

from grader import __version__
from grader.batch.crew import Crew
from grader.batch.orders import Answer, Order, Ready, Setup, line_of
from grader.book.conditions import course_version
from grader.errors import UserError
from grader.interpreters import interpreter
from grader.isolation import missing
from grader.parallel import cores
from grader.places import content_folder, data_folder
from grader.telling import quietly
from grader.wording import without_isolation

IDLE_S = 600.0  # after which a run's workers end by themselves: who started the run may be gone
ADVICE = "Give the cluster's workers more memory, or fewer threads."


class Terms(msgspec.Struct, frozen=True):
    """What a cluster's workers need to have, and how they grade.

    setup: without what each machine has its own of: the built-in course, the data's folder, the grader's Python; they
    are empty. course_version: as `grader.book.conditions.course_version` gives it.
    """

    setup: Setup
    course_version: str


def settled(setup: Setup) -> Setup:
    """A setup with this machine's own places. Raises UserError if its Python is not here."""
    course = Path(setup.course) if setup.course else None
    return msgspec.structs.replace(
        setup,
        course=str(course or content_folder()),
        data=str(data_folder(course).resolve()),
        python=interpreter(setup.python) if setup.python else sys.executable,
    )


def problem_here(engine: str, terms: bytes) -> str:
    """Why this machine can't grade as `terms` say; empty if it can. engine: the version of those who ask."""
    if engine != __version__:
        return f"it has the grader's version {__version__}, and here is {engine}. Install the same on both sides."
    wanted = msgspec.json.decode(terms, type=Terms)
    try:
        setup = settled(wanted.setup)
        found = course_version(Path(setup.course))
    except UserError as error:
        return f"{error}\nA --course and a --python have to be on every worker, by the same path."
    if found != wanted.course_version:
        return f"its course in {setup.course} is not the same as here. Copy yours to every worker, by the same path."
    if setup.is_isolated and missing():
        return without_isolation(missing())
    return ""


class Pool:
    """The crews of a run in this process, of one worker each: as many as there are orders in hand at a time."""

    def __init__(self, setup: Setup, threads: int) -> None:
        self.setup = setup
        self.cores = max(1, cores() // threads)
        self.preparing = threading.Lock()
        self.is_prepared = False
        self.is_closed = False
        self.lock = threading.Lock()
        self.free: list[Crew] = []
        self.busy: set[Crew] = set()
        self.patience: threading.Timer | None = None

    def answer(self, order: Order) -> Answer:
        """An order's answer. Raises UserError if nothing can be graded here, KeyboardInterrupt if it is closed."""
        crew = self._taken()
        try:
            with self.preparing:  # one of them, and the others wait for it
                if not self.is_prepared:
                    crew.prepare()
                self.is_prepared = crew.is_prepared = True
            (found,) = crew.answers([order])
        except BaseException:
            self._given_back(crew, is_fit=False)
            raise
        self._given_back(crew, is_fit=True)
        return found

    def _taken(self) -> Crew:
        with self.lock:
            if self.is_closed:
                raise KeyboardInterrupt
            if self.patience:
                self.patience.cancel()
            crew = self.free.pop() if self.free else Crew(self.setup, 1, self.cores, quietly, ADVICE)
            self.busy.add(crew)
            return crew

    def _given_back(self, crew: Crew, *, is_fit: bool) -> None:
        with self.lock:
            self.busy.remove(crew)
            is_fit = is_fit and not self.is_closed
            if is_fit:
                self.free.append(crew)
            if not self.busy and not self.is_closed:
                self.patience = threading.Timer(IDLE_S, self._rest)
                self.patience.daemon = True
                self.patience.start()
        if not is_fit:
            crew.__exit__(None, None, None)

    def _rest(self) -> None:
        """Ends its processes, if they are idle; there will be others if they are needed again."""
        with self.lock:
            free, self.free = self.free, []
        for crew in free:
            crew.__exit__(None, None, None)

    def close(self) -> None:
        """Ends all of its processes, whatever they have in hand."""
        with self.lock:
            self.is_closed = True
            if self.patience:
                self.patience.cancel()
            for crew in self.busy:
                crew.stop()
        self._rest()


POOLS: dict[str, Pool] = {}  # by run
POOLS_LOCK = threading.Lock()


class Closing(WorkerPlugin):
    """Closes a run's pool as the cluster's worker closes."""

    def __init__(self, run: str) -> None:
        self.run = run

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002  dask's
        """Called by dask."""
        await asyncio.to_thread(close, self.run)


def graded(run: str, engine: str, terms: bytes, order: bytes) -> bytes:
    """The line that answers an order: an Answer; or Ready, with the reason, if nothing can be graded here.

    run: a text of the run's own. engine, terms: as in `problem_here`. Raises Reschedule if another worker has to do it.
    """
    try:
        return line_of(pool_of(run, engine, terms).answer(msgspec.json.decode(order, type=Order)))
    except (UserError, OSError) as error:  # no process can be started, for one
        return line_of(Ready(of_worker(get_worker().address, str(error))))
    except KeyboardInterrupt:  # the pool's end, and no signal: the run was stopped, or this worker is to end
        raise Reschedule from None


def of_worker(address: str, problem: str) -> str:
    """A worker's problem, as a user reads it."""
    return f"The cluster's worker at {address} can't grade: {problem}"


def pool_of(run: str, engine: str, terms: bytes) -> Pool:
    """This process's pool for a run; a new one closes with the worker. Raises UserError if it can't grade here."""
    with POOLS_LOCK:
        if run not in POOLS:
            problem = problem_here(engine, terms)
            if problem:
                raise UserError(problem)
            worker = get_worker()
            setup = settled(msgspec.json.decode(terms, type=Terms).setup)
            POOLS[run] = Pool(setup, worker.state.nthreads)
            worker.loop.add_callback(worker.plugin_add, Closing(run), name=f"grader-{run}")  # of this worker alone
        return POOLS[run]


def close(run: str) -> None:
    """Closes a run's pool, if there is one."""
    with POOLS_LOCK:
        pool = POOLS.pop(run, None)
    if pool:
        pool.close()


def close_soon(run: str) -> None:
    """As `close`, and doesn't wait for it: dask calls it where nothing may take long."""
    threading.Thread(target=close, args=[run], daemon=True).start()
