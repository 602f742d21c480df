"""The kernel of a notebook: forked from a zygote where the platform can, and started as a new process elsewhere.

Either way it talks through files in a private folder.
"""

import os
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from grader.forking import can_fork
from grader.places import PATIENT
from grader.warm import PROVISIONER, PromptClient

NAME = "grader"


class ThisPython(KernelSpecManager):
    """Knows one kernel: ipykernel in the Python that runs the grader, whatever the user has installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel, under any name."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER}} if can_fork() else {}
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", metadata=metadata)


class Kernel:
    """The manager of a kernel's process, and the folder for its connection and its settings.

    folder: where the notebook's code starts, as it would in Jupyter. data: the course's prepared data.
    """

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.data = data
        self._private = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)

    def close(self) -> None:
        """Removes the folder."""
        self._private.cleanup()

    def manager(self) -> AsyncKernelManager:
        """A manager for a new process."""
        private = Path(self._private.name)
        manager = AsyncKernelManager(kernel_name=NAME, kernel_spec_manager=ThisPython(), client_factory=PromptClient)
        manager.connection_file = str(private / "connection.json")
        if sys.platform != "win32":
            manager.transport = "ipc"
            manager.ip = str(private / "kernel")
        return manager

    def environment(self) -> dict[str, str]:
        """The user's environment, without the settings that would make one machine grade unlike another."""
        ours = {"IPYTHONDIR": self._private.name, "GRADER_DATA": str(self.data)}
        dropped = {"PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONOPTIMIZE", "MPLBACKEND", "PYTHONSAFEPATH"}
        theirs = {name: value for name, value in os.environ.items() if name not in dropped}
        return {"OMP_WAIT_POLICY": PATIENT, **theirs, **ours}
