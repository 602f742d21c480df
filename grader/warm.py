"""Warm kernels: forked from a zygote instead of started, and brought to nbclient as a kernel provisioner.

Any program that uses jupyter_client can have them: a kernel.json that names the provisioner "grader-warm" in its
metadata is enough. One zygote serves all kernels of a Python; it starts with the first of them, or before.
"""

import asyncio
import contextlib
import os
import signal
import socket
import time
from pathlib import Path
from queue import Empty
from typing import IO, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance, List

from grader.enclosure import Enclosure
from grader.forking import END_S, START_S, ForkedKernel, Zygote

PROVISIONER = "grader-warm"
POLL_S = 0.005


class WarmProvisioner(LocalProvisioner):
    """Gives jupyter_client kernels that are forked from a zygote of the Python that the kernel's command names.

    enclosure: what isolates them, if anything does. imports: the packages that the notebook imports, as far as that
    is known: slow ones are imported in the zygote, once for all. Set in the metadata of the kernel's specification.
    """

    enclosure = Instance(Enclosure, allow_none=True)
    imports: list[str] = List()  # type: ignore[assignment]  # traitlets makes it one

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Forks a kernel. cmd: the command that would start one: a Python, "-m", "ipykernel_launcher", arguments."""
        request: dict[str, Any] = {
            "arguments": cmd[cmd.index("ipykernel_launcher") + 1 :],
            "environment": dict(kwargs.get("env") or os.environ),
            "folder": str(kwargs.get("cwd") or Path.cwd()),
            "imports": list(self.imports),
            "sockets": list(self.addresses()),
            "walls": None,
        }
        zygote = Zygote.shared(cmd[0], self.enclosure.view if self.enclosure else None)
        with contextlib.ExitStack() as given:
            sockets = [given.enter_context(listening(file)) for file in self.addresses().values()]
            files: list[IO[bytes]] = []
            if self.enclosure:
                (argument,) = (argument for argument in request["arguments"] if argument.endswith(".json"))
                walls, files = self.enclosure.request(Path(argument))
                request |= walls
            descriptors = [made.fileno() for made in sockets] + [given.enter_context(file).fileno() for file in files]
            number = await asyncio.to_thread(zygote.fork, request, descriptors)
        self.process = ForkedKernel(zygote, number)  # type: ignore[assignment]  # it has what is used of a Popen
        self.cwd = request["folder"]
        return self.connection_info

    def addresses(self) -> dict[str, Path]:
        """The addresses at which the kernel will bind its sockets, and their files, where they have any."""
        information = self.connection_info
        if information["transport"] != "ipc":
            return {}
        ports = [port for name, port in information.items() if name.endswith("_port")]
        return {f"ipc://{information['ip']}-{port}": Path(f"{information['ip']}-{port}") for port in ports}

    async def wait(self) -> int | None:
        """The exit status, once the kernel has ended."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(POLL_S)
        status = self.process.poll() if self.process is not None else 0
        self.process = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Signals the kernel and its group."""
        if self.process is not None:
            self.process.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        """Kills the kernel and all of its group, and waits until it has gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            deadline = time.monotonic() + END_S
            while self.process.poll() is None and time.monotonic() < deadline:
                await asyncio.sleep(POLL_S)

    async def terminate(self, restart: bool = False) -> None:
        """As `kill`: a kernel that was asked to end has had its time."""
        await self.kill(restart)


def listening(file: Path) -> socket.socket:
    """A socket that listens at a file: it takes connections from now on, and answers once the kernel has taken it."""
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(file))
    made.listen(128)
    made.setblocking(False)
    return made


class PromptClient(AsyncKernelClient):
    """A client that takes a kernel for ready once both its channels have spoken, and waits for nothing else."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Asks for the kernel's information until the reply, and the status on the other channel, have come.

        Raises RuntimeError if the kernel dies, or is silent for `timeout` seconds.
        """
        deadline = time.monotonic() + (START_S if timeout is None else timeout)
        is_heard = is_answered = False
        asked: set[str] = set()
        while not (is_heard and is_answered):
            if time.monotonic() > deadline:
                raise RuntimeError("the kernel is silent")
            if not await self._async_is_alive():
                raise RuntimeError("the kernel ended as it started")
            asked.add(self.kernel_info())
            with contextlib.suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                is_answered = reply["parent_header"].get("msg_id") in asked
            with contextlib.suppress(Empty):  # a subscriber who came late has missed the status: ask again
                while not is_heard:
                    message = await self.iopub_channel.get_msg(timeout=0.02)
                    is_heard = message["parent_header"].get("msg_id") in asked
        self._handle_kernel_info_reply(reply)
