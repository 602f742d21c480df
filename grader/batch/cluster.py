"""A run on an existing dask cluster: it is told the orders, with the notebooks in them, and gives the answers.

Nothing is taken for granted of the cluster but that the grader is installed there: no file is shared. The reports are
written here. What is in hand at a time is little, however large the class.
"""

import contextlib
import importlib.metadata
import logging
import os
import re
import secrets
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import NoReturn, Self

import msgspec
from distributed import Client, Future, KilledWorker

from grader import __version__
from grader.batch.cluster_tasks import Terms, close_soon, graded, of_worker, problem_here
from grader.batch.orders import Answer, Order, Ready, Setup, line_of, messages
from grader.batch.reporting import write_report
from grader.book.entries import now
from grader.errors import UserError
from grader.intake.reading import Reader, reason_of
from grader.places import APP, content_folder

WAIT_S = 60.0  # for the first worker, or for another one after the last has gone
LOOK_S = 3.0  # how often is looked how many there are
GATHER_S = 60.0  # for an answer's way here
AHEAD = 2  # orders in hand for each thread of the cluster: one is graded while the next is on its way
ADDRESS = re.compile(r"[a-z]+://(\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]]+):\d{1,5}(/\S*)?")
INSTALL = f"Install {APP}[cluster]=={__version__} for the workers."
GOES_ON = "What was graded is kept; the same command goes on with the rest."


def check_address(address: str) -> None:
    """Raises UserError for what can't be the address of a scheduler."""
    if not ADDRESS.fullmatch(address):
        raise UserError(
            f"--cluster {address}: not an address. It looks like tcp://HOST:8786; the scheduler says it as it starts."
        )


class Cluster:
    """A cluster's workers, in a `with` statement, for one run; the cluster itself goes on.

    setup: as for this machine's own workers. Of its places, the reports' is used here; those of a course that is not
    the built-in one, and of a Python that is not the grader's own, are the same on the cluster's machines.
    course_version: as `grader.book.conditions.course_version` gives it.
    """

    def __init__(self, address: str, setup: Setup, course_version: str) -> None:
        self.address = address
        self.reports = Path(setup.reports)
        abroad = msgspec.structs.replace(
            setup,
            course="" if Path(setup.course) == content_folder() else setup.course,
            data="",
            reports="",
            python="" if setup.python == sys.executable else setup.python,
        )
        self.terms = msgspec.json.encode(Terms(abroad, course_version))
        self.run = secrets.token_hex(8)
        self.said: SimpleQueue[int | None] = SimpleQueue()  # which order is done; None to stop
        self.in_hand: dict[int, tuple[Future[bytes], Order]] = {}  # by the order's number
        self.aside: deque[Order] = deque()  # which were in hand as workers were lost, more often than dask allows
        self.alone: set[int] = set()  # the numbers of those that were tried again
        self.threads = 0
        self.looked = self.seen = time.monotonic()  # when was looked for workers; when some were there

    def __enter__(self) -> Self:
        self.client = connected(self.address)
        try:
            self._check()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError, CancelledError):
            if self._is_there():
                self.client.cancel([future for future, _ in self.in_hand.values()], force=True)
                self.client.run(eval, called(close_soon), {"arguments": (self.run,)}, on_error="ignore")
        self.in_hand.clear()
        with contextlib.suppress(OSError, CancelledError):
            self.client.close(timeout=5)

    def stop(self) -> None:
        """Has `answers` raise KeyboardInterrupt after what has been said so far; fit for a signal's handler."""
        self.said.put(None)

    def answers(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """The answers to all orders as they come, each after its report was written.

        Raises UserError if a worker can't grade, or if scheduler or workers are gone; KeyboardInterrupt after `stop`.
        """
        waiting = iter(orders)
        with Reader() as reader:
            while True:
                self._look()
                while order := self._next(waiting):
                    try:
                        content = reader.content(order.location)
                    except UserError as error:
                        yield Answer(order.number, None, reason_of(error, order.location), started=now())
                    else:
                        self._send(order, content)
                if not self.in_hand:
                    return
                found = self._heard()
                if found:
                    yield found

    def _next(self, waiting: Iterator[Order]) -> Order | None:
        """The order to send next, if it is time for one: in the end those set aside, alone, so that each shows itself.

        When a worker is lost, whatever it had in hand may be the reason.
        """
        if len(self.in_hand) < max(1, AHEAD * self.threads) and (order := next(waiting, None)):
            return order
        if self.aside and not self.in_hand:
            order = self.aside.popleft()
            self.alone.add(order.number)
            return order
        return None

    def _check(self) -> None:
        """Raises UserError if a worker that is there can't grade as it has to, or if none comes."""
        task = self.client.submit(os.getpid, pure=False)  # which has a cluster grow that grows on demand
        try:
            task.result(timeout=WAIT_S)
        except TimeoutError:
            if not self._count():
                raise UserError(
                    f"--cluster {self.address}: there is no worker, and none has come within {WAIT_S:.0f} seconds. "
                    "Start some for this scheduler."
                ) from None
        except Exception as error:  # noqa: BLE001  it says which
            self._fail(error)
        asked = {"arguments": (__version__, self.terms)}
        found = self.client.run(eval, called(problem_here), asked, on_error="return")
        problems = {address: said for address, said in found.items() if said and not isinstance(said, OSError)}
        if problems:  # one that can't even be asked has just gone
            address, said = next(iter(problems.items()))
            more = f"\nSo it is with {len(problems) - 1} more of them." if len(problems) > 1 else ""
            raise UserError(of_worker(address, self._worded(address, said)) + more)

    def _worded(self, address: str, said: str | Exception) -> str:
        """What a worker's problem is; an exception, if it could not even look for one."""
        if not isinstance(said, Exception):
            return said
        if not isinstance(said, ImportError | AttributeError):
            return f"{type(said).__name__}: {said}"
        found = self.client.run(importlib.metadata.version, APP, workers=[address], on_error="return").get(address)
        has = f"version {found} of it" if isinstance(found, str) else "none"
        return f"here is version {__version__} of the grader, and it has {has} ({said}). {INSTALL}"

    def _send(self, order: Order, content: bytes) -> None:
        """Gives an order away, with its notebook."""
        line = line_of(msgspec.structs.replace(order, content=content))
        key = f"grader-{self.run}-{order.number}{'-alone' if order.number in self.alone else ''}"
        given = {"arguments": (self.run, __version__, self.terms, line)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook is large
            task = self.client.submit(eval, called(graded), given, key=key, pure=False)
        self.in_hand[order.number] = task, order
        self._await(order.number)

    def _await(self, number: int) -> None:
        """Has it said when an order's task is done."""
        self.in_hand[number][0].add_done_callback(lambda _: self.said.put(number))

    def _heard(self) -> Answer | None:
        """What comes next; None if it is nothing, or if it is time to look how many workers there are."""
        try:
            number = self.said.get(timeout=LOOK_S)
        except Empty:
            return None
        if number is None:
            raise KeyboardInterrupt
        task, order = self.in_hand[number]
        try:
            line = task.result(timeout=GATHER_S)
        except TimeoutError:  # the worker that had it is gone, and another one does it again
            self._await(number)
            return None
        except KilledWorker as error:
            del self.in_hand[number]
            if number not in self.alone:
                self.aside.append(order)
                return None
            times = error.allowed_failures + 1
            reason = (
                f"The cluster's worker was lost each time that it had this in hand, the last {times} of them alone."
            )
            return Answer(number, None, reason, is_settled=False, started=now())
        except (Exception, CancelledError) as error:  # noqa: BLE001  it says which
            self._fail(error)
        del self.in_hand[number]  # which lets the cluster forget it
        return self._taken(order, line)

    def _taken(self, order: Order, line: bytes) -> Answer:
        """An answer as it came, once its report is written. Raises UserError if it says that there can be none."""
        match messages.decode(line):
            case Answer() as found if found.grade:
                try:
                    write_report(self.reports / order.report, found.grade)
                except UserError as error:  # the disk is full
                    problem = reason_of(error, order.location)
                    return msgspec.structs.replace(found, grade=None, problem=problem, is_settled=False)
                return found
            case Answer() as found:
                return found
            case Ready(problem):
                raise UserError(problem)
            case other:
                raise AssertionError(other)

    def _look(self) -> None:
        """Looks now and then how many workers there are. Raises UserError if all are gone, or the scheduler is."""
        moment = time.monotonic()
        if self.threads and moment - self.looked < LOOK_S:
            return
        self.looked = moment
        try:
            self.threads = self._count()
        except OSError as error:
            self._fail(error)
        if self.threads:
            self.seen = moment
        elif moment - self.seen > WAIT_S:
            raise UserError(
                f"--cluster {self.address}: its workers are gone, and none has come within {WAIT_S:.0f} seconds. "
                f"{GOES_ON}"
            )

    def _count(self) -> int:
        """How many notebooks the cluster can grade at a time. Raises OSError if the scheduler is gone."""
        if not self._is_there():
            raise OSError
        return sum(self.client.nthreads().values())

    def _is_there(self) -> bool:
        """Whether the scheduler is."""
        return bool(self.client.status == "running")

    def _fail(self, error: BaseException) -> NoReturn:
        """Raises UserError for what dask has raised."""
        if isinstance(error, CancelledError | OSError):
            raise UserError(f"--cluster {self.address}: the connection to the scheduler was lost. {GOES_ON}") from error
        if isinstance(error, ImportError):
            raise UserError(
                f"--cluster {self.address}: a worker can't import the grader ({error}). {INSTALL}"
            ) from error
        raise UserError(
            f"--cluster {self.address}: a worker failed ({type(error).__name__}: {error}). {GOES_ON}"
        ) from error


def called(function: Callable[..., object]) -> str:
    """An expression for `eval` that calls one of the cluster's tasks with `arguments`.

    dask sends functions by reference, and a worker that can't import one ends, with all that others have it do. What is
    sent has to be of Python's own, so that the import is the task's matter.
    """
    return f"__import__({function.__module__!r}, fromlist=['*']).{function.__name__}(*arguments)"


def connected(address: str) -> Client:
    """A client of a scheduler, as dask's own settings say. Raises UserError if there is none at that address."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would say is said in our words
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a package of the cluster's has another version: they are kept
            return Client(address, name="grader", set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(f"--cluster {address}: no scheduler can be reached there ({reason}).") from error
