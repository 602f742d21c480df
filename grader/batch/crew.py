"""The workers of a run, from the side of the one who gives them orders: as many processes as asked for.

One that dies is replaced, and what it had in hand is tried once more, by another.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Literal, Self

import msgspec

from grader.agent import ending_in_words
from grader.batch.orders import Answer, Message, Order, Prepare, Prepared, Ready, Setup, Told, line_of, messages
from grader.errors import UserError
from grader.places import PATIENT, cache_folder
from grader.telling import Tell

END_S = 5.0
SPARE_S = 900.0  # what a notebook's grading may take beyond its cells and its probes, before its worker is given up
LAST_WORDS = 2_000
# With -P, and not as a module: either would look for modules in this folder, which may be that of the submissions.
BOOT = "import sys; sys.path.append(sys.argv[2]); from grader.batch.worker import main; main(int(sys.argv[1]))"
FAILURES = 3  # workers in a row that end before they can do anything: the machine is out of something

State = Literal["starting", "preparing", "idle", "busy"]


class Worker:
    """A worker's process; what it says comes into `said`, and None once it has ended."""

    def __init__(self, setup: Setup, said: "Said", threads: int) -> None:
        ours = {
            "OMP_NUM_THREADS": str(threads),
            "OMP_WAIT_POLICY": PATIENT,
            "HYPOTHESIS_STORAGE_DIRECTORY": str(cache_folder() / "hypothesis"),
        }
        self.state: State = "starting"
        self.order: Order | None = None
        self.started = ""
        self.deadline = float("inf")
        self.why = ""  # it was given up
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by `end`
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", BOOT, str(os.getpid()), str(Path(__file__).parents[2])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**ours, **os.environ},
            start_new_session=True,  # so that Ctrl-C reaches its parent alone
        )
        self.reading = threading.Thread(target=self._read, args=(said,), daemon=True)
        self.reading.start()
        self.tell(setup)

    def _read(self, said: "Said") -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said.put((self, line))
        said.put((self, None))

    def tell(self, message: msgspec.Struct) -> None:
        """Sends it a message; one that has died will not miss it."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(line_of(message))
            self.process.stdin.flush()

    def give_up(self, why: str) -> None:
        """Kills it. why: the end of a sentence."""
        self.why, self.deadline = why, float("inf")
        self.process.kill()

    def ending(self) -> str:
        """How it has ended, as the end of a sentence that begins with "It"."""
        status = self.process.wait()
        if self.why:
            return self.why
        self.errors.seek(max(0, os.fstat(self.errors.fileno()).st_size - LAST_WORDS))
        words = [line for line in self.errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
        if status >= 0 and words:
            return f"ended: {words[-1]}"
        how = ending_in_words(-status if status < 0 else status << 8)
        return f"{how}, perhaps for lack of memory" if status == -9 else how

    def end(self) -> None:
        """Ends it, if it has not ended, and waits until it has."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reading.join(END_S)
        if self.process.stdout is not None and not self.reading.is_alive():
            self.process.stdout.close()
        self.errors.close()


Said = SimpleQueue[tuple[Worker, bytes | None] | None]  # who has said which line; None once it has ended, or to stop


class Crew:
    """Workers, in a `with` statement; they end with it.

    size: how many. tell: called as the course's data is prepared. advice: what to do if they can't start.
    """

    def __init__(
        self, setup: Setup, size: int, cores: int, tell: Tell, advice: str = "Try fewer of them: --workers 1."
    ) -> None:
        self.setup = setup
        self.size = size
        self.threads = max(1, cores // size)
        self.tell = tell
        self.advice = advice
        self.workers: list[Worker] = []
        self.said: Said = SimpleQueue()
        self.is_prepared = False
        self.failures = 0
        self.waiting: deque[Order] = deque()
        self.again: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            if worker.state != "idle":
                worker.process.terminate()
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def stop(self) -> None:
        """Has `answers` raise KeyboardInterrupt after what has been said so far; fit for a signal's handler."""
        self.said.put(None)

    def answers(self, orders: Iterable[Order]) -> Iterator[Answer]:
        """The answers to all orders as they come.

        Raises UserError if no worker can do its work here, and KeyboardInterrupt after `stop`.
        """
        self.waiting.extend(orders)
        while len(self.workers) < min(self.size, len(self.waiting)):
            self.hire()
        self.hand_out()  # to those who are idle since earlier orders
        while self.waiting or any(worker.order for worker in self.workers):
            worker, line = self.heard()
            found = self.ended(worker) if line is None else self.taken(worker, messages.decode(line))
            if found:
                yield found
            self.hand_out()

    def prepare(self) -> None:
        """Has the course's data prepared before there are orders. Raises as `answers` does."""
        while not self.is_prepared:
            if not self.workers:
                self.hire()
            worker, line = self.heard()
            if line is None:
                self.ended(worker)
            else:
                self.taken(worker, messages.decode(line))
            self.hand_out()

    def hire(self) -> None:
        """One more worker."""
        self.workers.append(Worker(self.setup, self.said, self.threads))

    def heard(self) -> tuple[Worker, bytes | None]:
        """Who says what next: a line, or None if that worker has ended. Gives those up who take too long."""
        while True:
            first = min((worker.deadline for worker in self.workers), default=float("inf"))
            try:
                found = self.said.get(timeout=None if first == float("inf") else max(0.0, first - time.monotonic()))
            except Empty:
                for worker in self.workers:
                    if worker.deadline <= time.monotonic():
                        worker.give_up("was given up: it took far longer than the limits of notebooks allow")
                continue
            if found is None:
                raise KeyboardInterrupt
            return found

    def taken(self, worker: Worker, message: Message) -> Answer | None:
        """Takes in what a worker says, and gives its answer if that is one to keep."""
        match message:
            case Ready(problem) | Prepared(problem) if problem:
                raise UserError(problem)
            case Ready():
                worker.state = "idle"
            case Told(stage, done, total):
                self.tell(stage, done, total)
            case Prepared():
                worker.state, self.is_prepared = "idle", True
            case Answer():
                order, worker.order = worker.order, None
                worker.state, worker.deadline, self.failures = "idle", float("inf"), 0
                if message.is_settled or order is None or not self.is_tried_again(order):
                    return message
        return None

    def ended(self, worker: Worker) -> Answer | None:
        """Replaces a worker that has ended. Gives an answer in its place, if its order had been tried before.

        Raises UserError if it could not begin, and others would not either.
        """
        self.workers.remove(worker)
        how = worker.ending()
        worker.end()
        if worker.state in ("starting", "preparing"):
            self.failures += 1
            if not self.is_prepared or self.failures >= FAILURES:
                what = "prepare the course's data" if worker.state == "preparing" else "start"
                raise UserError(f"A worker could not {what}: it {how}. {self.advice}")
        order = worker.order
        answer = None
        if order and not self.is_tried_again(order):
            reason = f"Its worker {how}; so did another one that tried it."
            answer = Answer(order.number, None, reason, False, worker.started)
        if len(self.workers) < min(self.size, len(self.waiting)):
            self.hire()
        return answer

    def is_tried_again(self, order: Order) -> bool:
        """Puts an order first among those that wait, unless it has been there before."""
        if order.number in self.again:
            return False
        self.again.add(order.number)
        self.waiting.appendleft(order)
        return True

    def hand_out(self) -> None:
        """Gives the idle something to do: one of them the preparation, first of all."""
        for worker in self.workers:
            if worker.state != "idle":
                continue
            if self.is_prepared and self.waiting:
                worker.state, worker.order = "busy", self.waiting.popleft()
                worker.started = datetime.now(UTC).isoformat(timespec="seconds")
                worker.deadline = time.monotonic() + 2 * self.setup.limits.notebook_s + SPARE_S
                worker.tell(worker.order)
            elif not self.is_prepared and all(other.state != "preparing" for other in self.workers):
                worker.state = "preparing"
                worker.tell(Prepare())
