"""A dask cluster of real processes on this machine, for tests: a scheduler, and workers that may be killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.grader.batch.classes import children, until

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
WITHOUT_GRADER = "import sys; sys.modules['grader'] = None; "
SAID = b"Scheduler at:"


class DaskCluster:
    """A scheduler, with its workers."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log = folder / "scheduler.log"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.scheduler = self._started(SCHEDULER, self.log, *options)
        until(lambda: SAID in self.log.read_bytes(), self.scheduler)
        (said,) = (line for line in self.log.read_bytes().splitlines() if SAID in line)
        self.address = said.split()[-1].decode()

    def _started(self, code: str, log: Path, *options: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as writing:
            return subprocess.Popen(
                [sys.executable, "-c", code, *options],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )

    def add_workers(self, count: int, data: Path, before: str = "", threads: int = 1) -> None:
        """Starts workers; they come when they come. before: code that each of them runs first."""
        self.environment["GRADER_DATA"] = str(data)
        options = ("--no-nanny", "--nthreads", str(threads), "--no-dashboard", "--host", "127.0.0.1")
        for _ in range(count):
            log = self.folder / f"worker{len(self.workers)}.log"
            self.workers.append(self._started(before + WORKER, log, self.address, *options))

    def remove_workers(self) -> None:
        """Ends the workers, and what they have started."""
        for worker in self.workers:
            kill(worker)
        self.workers.clear()

    def close(self) -> None:
        """Ends all of it."""
        self.remove_workers()
        kill(self.scheduler)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills a process, and waits until it has gone, and what it has started."""
    started = children(process.pid)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


@contextmanager
def dask_cluster(**environment: str) -> Iterator[DaskCluster]:
    """A scheduler without workers so far, until the end of a `with` statement."""
    with tempfile.TemporaryDirectory() as folder:
        running = DaskCluster(Path(folder), **environment)
        try:
            yield running
        finally:
            running.close()
