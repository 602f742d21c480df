"""Execution: runs a notebook's cells one by one through nbclient, and asks probes in between.

Cell errors are recorded and later cells still run. A cell that takes too long is interrupted; one that then does
not end is ended with its kernel, as is one that ends the kernel itself. The cells before it are then run again in
a new kernel, so that one bad cell costs what it is worth and no more.
"""

import asyncio
import base64
import contextlib
import json
import math
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from inspect import getsource
from pathlib import Path
from queue import Empty
from subprocess import DEVNULL
from types import TracebackType
from typing import Any, TypeVar

import msgspec
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from grader import agent
from grader.client import PACE, BoundedChannels, BoundedClient
from grader.endings import (
    broken_error,
    died_error,
    flood_error,
    garbled_error,
    notebook_limit_error,
    probing_limit_words,
    recorded_error,
    timeout_error,
)
from grader.errors import UserError
from grader.forking import AGENT
from grader.kernel import Kernel, Room
from grader.limits import Limits
from grader.outputs import Budget
from grader.probes import Probe
from grader.results import CellError
from grader.values import Answer, decode_answers

GRACE_S = 3.0
ANSWER_MARGIN_S = 10.0
MUTE_S = 10.0  # a kernel that has nothing else to do and is silent for so long is broken
START_S = 60.0
# Exceptions that say that memory, files or threads have run out, and which hold on to what has taken them.
RUN_OUT = ("MemoryError", "OSError", "BlockingIOError", "RuntimeError")

INSTALL = f"""(lambda sys, types, builtins: (
    sys.modules.__setitem__({AGENT!r}, types.ModuleType({AGENT!r})),
    builtins.exec(builtins.compile({{text!r}}, "<agent>", "exec"), sys.modules[{AGENT!r}].__dict__),
))(*map(__import__, ("sys", "types", "builtins")))"""
OBSERVE = f"__import__('sys').modules[{AGENT!r}].observe({{request!r}}, __import__('IPython').get_ipython().user_ns)"
PREPARE = "__import__('builtins').exec({code!r}, {{}})"
NOTHING = Probe("def scenario(): pass", "scenario", (), ((),), 0, MUTE_S)

Result = TypeVar("Result")


@dataclass(frozen=True)
class CellEnd:
    """How a cell ended: how long it ran, and the error that it ended with, if any."""

    seconds: float
    error: CellError | None = None


class Session:
    """A running notebook: its kernel, and which of its cells have run.

    Use it in a `with` statement; run the cells in order; ask probes at any time. A cell that has ended, and left a
    kernel that is dead or does not answer, is found by running the cells again with a probe after each.

    ends: how each cell has ended.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        folder: Path,
        data: Path,
        limits: Limits,
        room: Room | None = None,
        prelude: str = "",
    ) -> None:
        """A session that has not begun.

        room: what the notebook runs in; by default the grader's Python, no walls. prelude: code of the grader's own
        that each kernel runs before anything else.
        """
        self.notebook = notebook
        self.limits = limits
        self.left_s = self.probing_left_s = limits.notebook_s
        self.restarts = 0
        self.ends: dict[int, CellEnd] = {}
        self._most_s: dict[int, float] = {}
        self._room = room or Room()
        self._prelude = prelude
        self._budget = Budget(limits)
        self._kernel = Kernel(notebook, folder, data, limits, self._room)
        self._runner = asyncio.Runner()
        self._manager: AsyncKernelManager | None = None
        self._client: BoundedClient | None = None
        self._done: list[int] = []
        self._patience_s = min(MUTE_S, limits.cell_s)
        self._was_mute = False  # when a cell was to run last; or that cell has let nothing be heard
        self._is_heard = False  # since then
        self._is_suspicious = False  # a cell has left a broken kernel, though it ended itself
        self._has_leftovers = False  # the kernel, of a cell that was stopped and is not run again

    def __enter__(self) -> "Session":
        self._runner.__enter__()
        try:
            self._run(self._start())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(Exception):
            self._run(self._stop())
        self._runner.__exit__(kind, error, trace)
        self._kernel.close()

    def run_cell(self, index: int, most_s: float = math.inf) -> CellEnd:
        """Runs one code cell; its outputs are in the notebook afterwards.

        most_s: how long it may run, if that is less than any cell may; whenever it is run again, too.
        """
        cell = self.notebook.cells[index]
        self._most_s[index] = most_s
        self._revive()
        end = self._run_in_time(cell, index)
        if end.error is not None and self._client is None and self._is_rid_of_another():
            end = self._run_in_time(cell, index)
        if end.error is None:
            end = CellEnd(end.seconds, recorded_error(cell, self._room.is_isolated))
            if end.error is None or end.error.type not in RUN_OUT or self._is_sound():
                self._done.append(index)
        self.ends[index] = end
        return end

    def _run_in_time(self, cell: NotebookNode, index: int) -> CellEnd:
        """Runs a cell in the time that is left; the error is only that for which it can't be run again."""
        self._was_mute = False
        limit = min(self.limits.cell_s, self.left_s, self._most_s[index])
        if limit <= 0:
            return CellEnd(0, notebook_limit_error(self.limits.notebook_s))
        started = time.monotonic()
        error = self._run(self._execute(cell, index, limit))
        if error is None and self._is_suspicious and not self._is_sound():
            error = broken_error()
        self._has_leftovers |= error is not None and self._client is not None
        seconds = time.monotonic() - started
        self.left_s -= seconds
        return CellEnd(seconds, error)

    def ask(self, probes: Sequence[Probe]) -> list[Answer]:
        """The kernel's answers to probes, one for each; a kernel that gives none answers "died" or "timeout"."""
        if self.probing_left_s <= 0:
            return [Answer((), "timeout", probing_limit_words(self.limits.notebook_s))] * len(probes)
        started = time.monotonic()
        self._revive()
        if not self._is_heard:
            self._answers([], self._patience_s)  # or a mute kernel would have all the time that the probes may take
            self._revive()
        limit = min(sum(probe.limit_s for probe in probes) + ANSWER_MARGIN_S, self.probing_left_s)
        answers = self._answers(probes, limit)
        is_doubtful = self._client is None or {answer.ending for answer in answers} & {"died", "malformed"}
        if is_doubtful and not self._is_sound() and self._is_rid_of_another():
            answers = self._answers(probes, limit)
        self.probing_left_s -= time.monotonic() - started
        return answers

    def _answers(self, probes: Sequence[Probe], limit_s: float) -> list[Answer]:
        """The answers of the kernel as it is; one that says nothing in that time is ended."""
        request = json.dumps({"probes": [msgspec.to_builtins(probe) for probe in probes]})
        expression = OBSERVE.format(request=base64.b64encode(request.encode()).decode())
        ending, text = self._run(self._evaluate(expression, limit_s))
        self._is_heard = not ending
        if ending:
            self._is_suspicious |= ending == "timeout"
            return [Answer((), "timeout" if ending == "timeout" else "died")] * len(probes)
        return decode_answers(text, len(probes))

    def _is_sound(self) -> bool:
        """Whether the kernel can answer probes; one that can't is ended."""
        if self._client is not None and self._answers([NOTHING], self._patience_s)[0].ending == "done":
            return True
        self._run(self._stop())
        return False

    def _is_rid_of_another(self) -> bool:
        """Starts a kernel again; whether a cell that may have broken the last one has no part in this one."""
        done, had_leftovers = list(self._done), self._has_leftovers
        self._is_suspicious = True
        self._revive()
        return self._done != done or had_leftovers

    # The kernel's life

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(coroutine)

    async def _start(self) -> None:
        """Starts a kernel with the agent in it."""
        manager = self._kernel.manager()
        manager.client_factory = BoundedChannels
        client = BoundedClient(
            self.notebook,
            self._budget,
            self.limits.flood_bytes,
            km=manager,
            allow_errors=True,
            timeout=None,
            startup_timeout=START_S,
            store_widget_state=False,
            shutdown_kernel="immediate",
        )
        client.log.setLevel("CRITICAL")
        client.reset_execution_trackers()
        try:
            await client.async_start_new_kernel(
                cwd=str(self._kernel.folder), env=self._kernel.environment(), stdout=DEVNULL, stderr=DEVNULL
            )
            await client.async_start_new_kernel_client()
        except (RuntimeError, OSError, DeadKernelError) as error:
            raise UserError(
                f"The Python kernel does not start ({error}). Try: {self._room.python} -m ipykernel_launcher --version"
            ) from error
        self._client, self._manager = client, manager
        codes = [PREPARE.format(code=self._prelude)] if self._prelude else []
        if not self._kernel.is_forked:  # else the zygote has done it
            codes = [PACE, INSTALL.format(text=getsource(agent)), *codes]
        endings = [(await self._evaluate(code, START_S))[0] for code in codes]
        if any(endings):
            raise UserError(
                f"The Python kernel ended as it started. Try: {self._room.python} -m ipykernel_launcher --version"
            )

    async def _stop(self) -> None:
        """Ends the kernel, if there is one."""
        client, self._client = self._client, None
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # what nbclient had waiting for this kernel
        if client is not None:
            await client._async_cleanup_kernel()

    async def _is_alive(self) -> bool:
        """Whether there is a kernel whose process lives."""
        return self._client is not None and self._manager is not None and await self._manager.is_alive()

    def _revive(self) -> None:
        """Brings a kernel that has ended back to where it was, the cell that ended it left out."""
        while not self._run(self._is_alive()):
            started = time.monotonic()
            self._is_suspicious |= self._client is not None  # nobody has ended it
            self._run(self._stop())
            self._run(self._start())
            self.restarts += 1
            self._has_leftovers = False
            self.left_s -= time.monotonic() - started
            self._run_again()

    def _run_again(self) -> None:
        """Runs the cells again that did no harm, until one does: it is left out from now on."""
        for index in list(self._done):
            if self.left_s <= 0:
                return
            copy = NotebookNode(self.notebook.cells[index], outputs=[])
            error = self._run_in_time(copy, index).error
            if self._was_mute and not self._is_suspicious:
                self._is_suspicious = True
                return
            if error:
                self._done.remove(index)
                before = self.ends[index]
                self.ends[index] = CellEnd(before.seconds, before.error or error)
                if self._client is None:
                    return

    async def _execute(self, cell: NotebookNode, index: int, limit_s: float) -> CellError | None:
        """Runs a cell; gives an error only if the grader had to end it, or it ended its kernel."""
        client = self._client
        assert client is not None
        kept = self.notebook.cells[index]
        task = asyncio.ensure_future(client.async_execute_cell(cell, index))
        try:
            await client.end_or_flood(task, limit_s)
            if client.flood.is_set() or not task.done():
                await self._end(task)
                if client.flood.is_set():
                    return flood_error(self.limits.flood_bytes, is_killed=self._client is None)
                self._was_mute = self._client is None and not client.has_begun
                return timeout_error(limit_s, is_killed=self._client is None)
            task.result()
            if client.has_asked_to_exit:
                await self._stop()
                return died_error()
        except asyncio.CancelledError:  # by Ctrl-C: nobody asks any more how the cell has ended
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
            raise
        except (DeadKernelError, CellTimeoutError, Empty):
            await self._stop()
            return died_error(is_out_of_memory=self._kernel.has_run_out_of_memory())
        except Exception as error:  # noqa: BLE001  the kernel may send anything once its code was tampered with
            await self._stop()
            return garbled_error(error)
        finally:
            self.notebook.cells[index] = kept
            self._is_heard = False
        return None

    async def _end(self, task: asyncio.Future[Any]) -> None:
        """Raises KeyboardInterrupt in the cell that is running; ends the kernel if this does not end the cell."""
        assert self._manager is not None and self._client is not None
        self._client.hurry()
        await self._manager.interrupt_kernel()
        await asyncio.wait({task}, timeout=GRACE_S)
        if not task.done() or task.exception():
            await self._kill(task)

    async def _kill(self, task: asyncio.Future[Any]) -> None:
        """Ends the kernel, and with it the task that waits for it."""
        if self._client is not None and self._client.task_poll_for_reply is not None:
            self._client.task_poll_for_reply.cancel()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
        await self._stop()

    async def _evaluate(self, expression: str, limit_s: float) -> tuple[str, bytes]:
        """The text that an expression gives in the kernel; or how it ended instead: "timeout" or "died"."""
        client = self._client
        assert client is not None
        deadline = time.monotonic() + limit_s
        channels = client.kc
        assert isinstance(channels, AsyncKernelClient)
        message = channels.execute(
            "", silent=True, store_history=False, user_expressions={"answer": expression}, stop_on_error=False
        )
        async with client.outputs_ignored():
            while time.monotonic() < deadline:
                try:
                    reply = await channels.shell_channel.get_msg(timeout=1)
                except Empty:
                    if await self._is_alive():
                        continue
                    await self._stop()
                    return "died", b""
                except Exception:  # noqa: BLE001  as above
                    await self._stop()
                    return "died", b""
                if is_reply_to(message, reply):
                    return "", text_of(reply)
        await self._stop()
        return "timeout", b""


def is_reply_to(message: str, reply: dict[str, Any]) -> bool:
    """Whether a kernel's message answers the one with this id; its header may hold anything."""
    header = reply["parent_header"]
    return isinstance(header, dict) and header.get("msg_id") == message


def text_of(reply: dict[str, Any]) -> bytes:
    """The base64 text that the agent gave, decoded; empty if the reply holds none, whatever else it holds."""
    try:
        text = reply["content"]["user_expressions"]["answer"]["data"]["text/plain"]
        if not isinstance(text, str) or len(text) > 2 * agent.LIMIT_REPLY_BYTES:
            return b""
        return base64.b64decode(text.strip("'"), validate=True)  # it's in quotes; to parse it could take gigabytes
    except (LookupError, TypeError, ValueError):
        return b""
