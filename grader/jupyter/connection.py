"""The kernel's end: starts the assessor's process, asks it, and answers its probes by what the student has defined."""

import atexit
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from grader import agent
from grader.errors import UserError
from grader.jupyter.messages import Asked, Ready, Replied, Request, Setup, Shown, Told, line_of, replies
from grader.places import PATIENT, content_folder, data_folder, hints_file

# With -P, and not as a module: either would look for modules in the notebook's folder, which may hold a random.py.
BOOT = "import sys; sys.path.append(sys.argv[1]); from grader.jupyter.serving import main; main()"
LAST_WORDS = 2_000
END_S = 5.0


class EndedError(UserError):
    """The assessor's process has ended, for a reason that the message gives."""


class Connection:
    """An assessor for this kernel, which starts at once and needs some seconds; it ends with the kernel.

    course: the folder of a course that is not the built-in one.
    """

    def __init__(self, course: Path | None = None) -> None:
        self.course = course
        self.names: tuple[str, ...] = ()
        self._is_ready = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by `close`
        apart: dict[str, Any] = {"start_new_session": True}  # so that a stop of the cell reaches the kernel alone
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", BOOT, str(Path(__file__).parents[2])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": PATIENT, **os.environ, "CUDA_VISIBLE_DEVICES": ""},
            **apart,
        )
        atexit.register(self.close)
        data, seed = str(data_folder(course)), secrets.token_hex(8)
        self._say(Setup(str(course or content_folder()), data, str(hints_file(course)), seed))

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self.process.poll() is None

    def ready(self, tell: Callable[[str], None]) -> None:
        """Waits until it can answer. tell: called with what takes so long. Raises UserError if it can't begin."""
        with self._whole():
            while not self._is_ready:
                match self._heard():
                    case Told(words):
                        tell(words)
                    case Ready(names, problem):
                        if problem:
                            raise UserError(problem)
                        self.names, self._is_ready = names, True

    def request(self, asked: Request, namespace: dict[str, Any], tell: Callable[[str], None]) -> Shown:
        """What the assessor answers. namespace: the student's, which is as it was afterwards.

        Raises UserError if there is no answer; KeyboardInterrupt if the student stops the cell.
        """
        self.ready(tell)
        with self._whole(), stopped_at_once() as is_stopped:
            self._say(asked)
            while True:
                match self._heard():
                    case Asked(request):
                        reply = agent.observe(request, namespace)
                        if is_stopped():
                            raise KeyboardInterrupt
                        self._say(Replied(reply))
                    case Shown() as shown:
                        return shown

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Ends the process with an exchange that does not come to its end: what it says next would answer nothing."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _say(self, message: msgspec.Struct) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which is seen where its answer is read
            self.process.stdin.write(line_of(message))
            self.process.stdin.flush()

    def _heard(self) -> Told | Ready | Asked | Shown:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise EndedError(f"The checks have ended: {self._last_words()}\nThe next check starts them again.")
        return replies.decode(line)

    def _last_words(self) -> str:
        """Why the process has ended, as it said itself."""
        self.process.wait()
        self._errors.seek(max(0, os.fstat(self._errors.fileno()).st_size - LAST_WORDS))
        lines = [line for line in self._errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1] if lines else f"their process ended with status {self.process.returncode}."

    def close(self) -> None:
        """Ends the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.terminate()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._errors.close()
        atexit.unregister(self.close)


@contextlib.contextmanager
def stopped_at_once() -> Iterator[Callable[[], bool]]:
    """Gives a function that tells whether the student has stopped the cell: a probe takes that for its own end."""
    stops: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: object) -> None:  # noqa: ARG001
        stops.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(stops)
    finally:
        signal.signal(signal.SIGINT, before)
