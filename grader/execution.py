"""Execution: runs a notebook's cells one by one through nbclient, and asks probes in between.

Cell errors are recorded and later cells still run. A cell that takes too long is interrupted; one that then does
not end is ended with its kernel, as is one that ends the kernel itself. The cells before it are then run again in
a new kernel, so that one bad cell costs what it is worth and no more.
"""

import ast
import asyncio
import base64
import contextlib
import json
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import getsource
from pathlib import Path
from queue import Empty
from subprocess import DEVNULL
from types import TracebackType
from typing import Any, TypeVar

import msgspec
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from grader import agent
from grader.endings import died_error, garbled_error, notebook_limit_error, recorded_error, timeout_error
from grader.errors import UserError
from grader.forking import AGENT
from grader.kernel import Kernel, Room
from grader.limits import Limits
from grader.probes import Probe
from grader.results import CellError
from grader.values import Answer, decode_answers

GRACE_S = 3.0
ANSWER_MARGIN_S = 10.0
START_S = 60.0
LIMIT_OUTPUT_CHARACTERS = 200_000
LIMIT_OUTPUTS = 1_000
LIMIT_PICTURE_CHARACTERS = 4 * 2**20

INSTALL = f"""(lambda sys, types, builtins: (
    sys.modules.__setitem__({AGENT!r}, types.ModuleType({AGENT!r})),
    builtins.exec(builtins.compile({{text!r}}, "<agent>", "exec"), sys.modules[{AGENT!r}].__dict__),
))(*map(__import__, ("sys", "types", "builtins")))"""
OBSERVE = f"__import__('sys').modules[{AGENT!r}].observe({{request!r}}, __import__('IPython').get_ipython().user_ns)"

Result = TypeVar("Result")


@dataclass(frozen=True)
class CellEnd:
    """How a cell ended: how long it ran, and the error that it ended with, if any."""

    seconds: float
    error: CellError | None = None


class BoundedClient(NotebookClient):
    """nbclient, but a cell's outputs are cut off where no reader would look at them any more."""

    room: dict[int, int]
    has_asked_to_exit = False

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Takes an output if there is room for it."""
        error = msg["msg_type"] == "error"
        size = 0 if error else length_of(msg["content"])
        left = self.room.setdefault(cell_index, LIMIT_OUTPUT_CHARACTERS)
        if not error and (len(outs) >= LIMIT_OUTPUTS or left < 0):
            return None
        self.room[cell_index] = left - size
        if size > left and msg["msg_type"] == "stream":
            msg["content"]["text"] = msg["content"]["text"][:left] + "\n[The rest of the output was cut off.]\n"
        elif size > left:
            return None
        return super().output(outs, msg, display_id, cell_index)


def note_exit(client: BoundedClient, execute_reply: dict[str, Any], **_: object) -> None:
    """Notes that a cell called exit(): the kernel then ends some moments later, when other cells are running."""
    payload = execute_reply["content"].get("payload", [])
    client.has_asked_to_exit = any(part.get("source") == "ask_exit" for part in payload)


def length_of(content: dict[str, Any]) -> int:
    """How many characters an output takes from its cell's room; a picture has a limit of its own."""
    data = content.get("data")
    if isinstance(data, dict):
        picture = data.get("image/png")
        if isinstance(picture, str) and len(picture) > LIMIT_PICTURE_CHARACTERS:
            return LIMIT_OUTPUT_CHARACTERS + 1
        return sum(len(str(text)) for kind, text in data.items() if kind != "image/png")
    return len(str(content.get("text", "")))


class Session:
    """A running notebook: its kernel, and which of its cells have run.

    Use it in a `with` statement; run the cells in order; ask probes at any time.
    """

    def __init__(
        self, notebook: NotebookNode, folder: Path, data: Path, limits: Limits, room: Room | None = None
    ) -> None:
        """A session that has not begun. room: what the notebook runs in; by default the grader's Python, no walls."""
        self.notebook = notebook
        self.limits = limits
        self.left_s = limits.notebook_s
        self.restarts = 0
        self._room = room or Room()
        self._kernel = Kernel(folder, data, limits, self._room)
        self._runner = asyncio.Runner()
        self._manager: AsyncKernelManager | None = None
        self._client: BoundedClient | None = None
        self._done: list[int] = []

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

    def run_cell(self, index: int) -> CellEnd:
        """Runs one code cell; its outputs are in the notebook afterwards."""
        limit = min(self.limits.cell_s, self.left_s)
        if limit <= 0:
            return CellEnd(0, notebook_limit_error(self.limits.notebook_s))
        self._revive()
        cell = self.notebook.cells[index]
        started = time.monotonic()
        error = self._run(self._execute(cell, index, limit))
        seconds = time.monotonic() - started
        self.left_s -= seconds
        if error is None:
            self._done.append(index)
            error = recorded_error(cell, self._room.is_isolated)
        return CellEnd(seconds, error)

    def ask(self, probes: Sequence[Probe]) -> list[Answer]:
        """The kernel's answers to probes, one for each; a kernel that gives none answers "died" or "timeout"."""
        self._revive()
        request = json.dumps({"probes": [msgspec.to_builtins(probe) for probe in probes]})
        expression = OBSERVE.format(request=base64.b64encode(request.encode()).decode())
        limit = sum(probe.limit_s for probe in probes) + ANSWER_MARGIN_S
        ending, text = self._run(self._evaluate(expression, limit))
        if ending:
            return [Answer((), "timeout" if ending == "timeout" else "died")] * len(probes)
        return decode_answers(text, len(probes))

    # The kernel's life

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(coroutine)

    async def _start(self) -> None:
        """Starts a kernel with the agent in it."""
        manager = self._kernel.manager()
        client = BoundedClient(
            self.notebook,
            km=manager,
            allow_errors=True,
            timeout=None,
            iopub_timeout=10,
            startup_timeout=START_S,
            store_widget_state=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",
        )
        client.room = {}
        client.on_cell_executed = partial(note_exit, client)
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
        if self._kernel.is_warm:
            return  # the zygote has installed it
        ending, _ = await self._evaluate(INSTALL.format(text=getsource(agent)), START_S)
        if ending:
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
        if self._run(self._is_alive()):
            return
        self._run(self._stop())
        self._run(self._start())
        self.restarts += 1
        for index in list(self._done):
            limit = min(self.limits.cell_s, self.left_s)
            if limit <= 0:
                return
            copy = NotebookNode(self.notebook.cells[index], outputs=[])
            started = time.monotonic()
            error = self._run(self._execute(copy, index, limit))
            self.left_s -= time.monotonic() - started
            if error is not None:  # it ended a kernel now, though it did not before: leave it out as well
                self._done.remove(index)
                return

    async def _execute(self, cell: NotebookNode, index: int, limit_s: float) -> CellError | None:
        """Runs a cell; gives an error only if the grader had to end it, or it ended its kernel."""
        client = self._client
        assert client is not None
        kept = self.notebook.cells[index]
        task = asyncio.ensure_future(client.async_execute_cell(cell, index))
        try:
            await asyncio.wait({task}, timeout=limit_s)
            if not task.done():
                await self._interrupt()
                await asyncio.wait({task}, timeout=GRACE_S)
                if not task.done():
                    await self._kill(task)
                return timeout_error(limit_s, is_killed=self._client is None)
            task.result()
            if client.has_asked_to_exit:
                await self._stop()
                return died_error()
        except (DeadKernelError, CellTimeoutError, Empty):
            await self._stop()
            return died_error(is_out_of_memory=self._kernel.has_run_out_of_memory())
        except Exception as error:  # noqa: BLE001  the kernel may send anything once its code was tampered with
            await self._stop()
            return garbled_error(error)
        finally:
            self.notebook.cells[index] = kept
        return None

    async def _interrupt(self) -> None:
        """Raises KeyboardInterrupt in the cell that is running."""
        assert self._manager is not None
        await self._manager.interrupt_kernel()

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
            if reply["parent_header"].get("msg_id") == message:
                return "", text_of(reply)
        await self._stop()
        return "timeout", b""


def text_of(reply: dict[str, Any]) -> bytes:
    """The base64 text that the agent gave, decoded; empty if the reply holds none."""
    answer = reply["content"].get("user_expressions", {}).get("answer", {})
    text = answer.get("data", {}).get("text/plain") if isinstance(answer, dict) else None
    if not isinstance(text, str) or len(text) > 2 * agent.LIMIT_REPLY_BYTES:
        return b""
    try:
        return base64.b64decode(str(ast.literal_eval(text)))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return b""
