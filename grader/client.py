"""The client: nbclient as the grader runs it, which takes a flood of outputs in without being drowned by it.

What it keeps of them is in grader/outputs.py. Here is what concerns the way that they take from the kernel.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from inspect import getsource
from typing import Any

import zmq
import zmq.asyncio
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader import pacing
from grader.outputs import NAME_CHARACTERS, Budget, CellOutputs, Json, error_node, weight
from grader.warm import PromptClient

MESSAGE_BYTES = 500  # what a message takes besides its content: headers and a signature
LIMIT_MESSAGE_BYTES = 128 * 2**20
LIMIT_WAITING = 200  # messages that have come and were not looked at yet
OUTPUTS_S = 10  # for outputs that are still on their way when their cell has ended
HURRY_S = 1
HEAR_S = 5

PACE = f"__import__('builtins').exec({getsource(pacing) + 'pace()'!r}, {{}})"


class BoundedClient(NotebookClient):
    """nbclient, but a cell's outputs are bounded, and a flood of them is noticed.

    flood: set as soon as the cell that runs has shown more than `flood_bytes`. has_begun: whether the kernel has said
    that it runs the cell.
    """

    def __init__(self, notebook: NotebookNode, budget: Budget, flood_bytes: int, **settings: Any) -> None:
        super().__init__(notebook, **settings)
        self.flood = asyncio.Event()
        self.has_asked_to_exit = self.has_begun = False
        self.on_cell_executed = self._note_reply
        self._budget = budget
        self._flood_bytes = flood_bytes
        self._received_bytes = 0
        self._is_idle = False
        self._cells: dict[int, CellOutputs] = {}

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Runs a cell. Its outputs are in it afterwards, also if this is cancelled.

        Raises RuntimeError if the kernel shows nothing any more, as after a message that was too large.
        """
        self._begin(cell_index)
        try:
            await super().async_execute_cell(cell, cell_index, execution_count, store_history)
            if not self._is_idle:
                await self._hear()
        finally:
            outputs = self._cells[cell_index]
            cell.outputs = outputs.nodes()
            self._budget.note(cell_index, outputs.taken)
        return cell

    async def _hear(self) -> None:
        """Makes sure that the kernel is still heard: the end of a flood may be lost, but no message after it."""
        assert isinstance(self.kc, PromptClient)
        try:
            await self.kc.wait_for_ready(timeout=HEAR_S)
        except RuntimeError as error:
            raise RuntimeError("it was too large") from error

    def _begin(self, index: int) -> None:
        self._cells[index] = CellOutputs(self._budget.of(index))
        self._received_bytes = 0
        self._is_idle = self.has_begun = False
        self.flood.clear()
        self.iopub_timeout = OUTPUTS_S

    async def end_or_flood(self, task: asyncio.Future[Any], limit_s: float) -> None:
        """Waits until the task that runs a cell is done, there is a flood of outputs, or the time is over."""
        flood = asyncio.ensure_future(self.flood.wait())
        await asyncio.wait({task, flood}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        flood.cancel()

    def hurry(self) -> None:
        """Has the cell that runs wait only briefly for outputs, once it has ended: it is being stopped."""
        self.iopub_timeout = HURRY_S

    @contextlib.asynccontextmanager
    async def outputs_ignored(self) -> AsyncIterator[None]:
        """Takes in what the kernel sends while no cell runs, as a thread may: it would wait until somebody does."""
        ignoring = asyncio.ensure_future(self._ignore_outputs())
        try:
            yield
        finally:
            ignoring.cancel()

    async def _ignore_outputs(self) -> None:
        assert isinstance(self.kc, PromptClient)
        while True:
            await self.kc.iopub_channel.socket.recv_multipart()

    def _note_reply(self, cell_index: int, execute_reply: Json, **_: object) -> None:
        """Notes that a cell called exit(), which ends the kernel only later; and an error that was lost on its way."""
        content = execute_reply["content"]
        self.has_asked_to_exit = any(part.get("source") == "ask_exit" for part in content.get("payload", []))
        outputs = self._cells[cell_index]
        if content.get("status") == "error" and outputs.error is None:
            outputs.error = error_node(content)

    def process_message(self, msg: Json, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Counts what comes in, and takes it."""
        self._received_bytes += MESSAGE_BYTES + weight(msg["content"]) + weight(msg["buffers"])
        if self._received_bytes > self._flood_bytes:
            self.flood.set()
        self.has_begun |= msg["msg_type"] == "execute_input"
        self._is_idle = msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle"
        return super().process_message(msg, cell, cell_index)

    def output(
        self,
        outs: list[NotebookNode],  # noqa: ARG002
        msg: Json,
        display_id: str | None,
        cell_index: int,
    ) -> None:
        """Takes an output; none of them is in the cell before it has ended."""
        if self.clear_before_next_output:
            self._clear(cell_index)
        outputs, kind, content = self._cells[cell_index], msg["msg_type"], msg["content"]
        if kind == "stream":
            outputs.write(str(content.get("name"))[:NAME_CHARACTERS], str(content.get("text", "")))
        elif kind == "error":
            outputs.error = error_node(content)
        elif kind in ("display_data", "execute_result"):
            outputs.display(kind, content, display_id)

    def clear_output(self, outs: list[NotebookNode], msg: Json, cell_index: int) -> None:  # noqa: ARG002
        """Forgets what the cell has shown, now or when something else comes."""
        if msg["content"].get("wait"):
            self.clear_before_next_output = True
        else:
            self._clear(cell_index)

    def _clear(self, index: int) -> None:
        self._cells[index] = CellOutputs(self._budget.of(index))
        self.clear_before_next_output = False

    def _update_display_id(self, display_id: str, msg: Json) -> None:
        """Puts something else in the place of what was displayed under an id, in this cell or in one before it."""
        for outputs in self._cells.values():
            outputs.update(display_id, msg["content"])

    def handle_comm_msg(self, outs: list[NotebookNode], msg: Json, cell_index: int) -> None:
        """Lets widgets be: without their front end, what is shown in one stays among the cell's outputs."""


class BoundedChannels(PromptClient):
    """A kernel's client that lets few messages wait, and is deaf after one beyond all measure."""

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, LIMIT_MESSAGE_BYTES)
        context.setsockopt(zmq.RCVHWM, LIMIT_WAITING)
        return context
