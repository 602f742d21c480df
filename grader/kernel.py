"""The kernel of a notebook: forked from a zygote where the platform can, and started as a new process elsewhere.

Either way it talks through files in a private folder.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from grader.enclosure import Enclosure
from grader.forking import Zygote, can_fork
from grader.isolation import NO_GPU, View, environment, graphics, missing, view_of
from grader.limits import Limits
from grader.memory import MemoryGroup
from grader.notebook import imports_in
from grader.places import PATIENT
from grader.sandbox import SCRATCH
from grader.warm import PROVISIONER, PromptClient

NAME = "grader"
FASTAI = ".fastai"  # fastai's own folder: what stands in its folder "data" it takes for downloaded


@dataclass(frozen=True)
class Room:
    """What a notebook runs in. python: the interpreter of its kernel.

    view: what its kernel sees of this machine; None if it has no walls, and `problem` says why. files: what an
    isolated notebook finds in its folder. has_gpu: whether it may use one. Its kernels are cold then: in a fork of a
    process that has looked for a GPU, there is none.
    """

    python: str = sys.executable
    view: View | None = None
    files: Sequence[Path] = ()
    problem: str = "not asked for"
    has_gpu: bool = False

    @property
    def is_isolated(self) -> bool:
        """Whether it has walls."""
        return self.view is not None


def isolated_room(python: str, data: Path, course: Path, files: Sequence[Path] = (), *, has_gpu: bool = False) -> Room:
    """A room with walls; one without them where this machine can't build them.

    data, course: as in `view_of`. The room's zygote starts with this, and goes on preloading.
    """
    problem = missing()
    if not problem:
        view = view_of(python, data, course, graphics() if has_gpu else ())
        problem = Zygote.shared(python, view).problem()
        if not problem:
            return Room(python, view, files, "", has_gpu)
    return open_room(python, problem, has_gpu=has_gpu)


def open_room(python: str, problem: str = "not asked for", *, has_gpu: bool = False) -> Room:
    """A room without walls. Its zygote starts with this, and goes on preloading."""
    if can_fork() and not has_gpu:
        Zygote.shared(python)
    return Room(python, problem=problem, has_gpu=has_gpu)


class OnePython(KernelSpecManager):
    """Knows one kernel: ipykernel in the Python of the room, whatever the user has installed elsewhere."""

    def __init__(self, python: str, provisioner: dict[str, object]) -> None:
        super().__init__()
        self.python = python
        self.provisioner = provisioner

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel, under any name."""
        argv = [self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        metadata = {"kernel_provisioner": self.provisioner} if self.provisioner else {}
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", metadata=metadata)


def packages_for(notebook: NotebookNode) -> list[str]:
    """The packages that a notebook's code seems to import; torch.optim if it seems to have to do with optimizers."""
    has_optimizers = any("optim" in c.source.lower() for c in notebook.cells if c.cell_type == "code")
    return [*imports_in(notebook), *(["torch.optim"] if has_optimizers else [])]


class Kernel:
    """The manager of a kernel's process, and the folder for its connection and its settings.

    folder: where the notebook's code starts, as it would in Jupyter, if it is not isolated; in an empty folder, if
    there is none, since the notebook came from an archive. data: the course's prepared data.
    """

    def __init__(self, notebook: NotebookNode, folder: Path, data: Path, limits: Limits, room: Room) -> None:
        self.imports = packages_for(notebook)
        self.data = data
        self.limits = limits
        self.room = room
        is_forked = can_fork() and (room.is_isolated or not room.has_gpu)
        self.is_forked = is_forked and not Zygote.shared(room.python, room.view).problem()
        self._private = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        self._kernels = 0
        self.folder = folder if folder.is_dir() else Path(tempfile.mkdtemp(dir=self._private.name))
        self._link_data()
        self._group: MemoryGroup | None = None

    def links(self, place: str) -> dict[str, str]:
        """Symbolic links by which fastai finds the folders of the course's data, if its own folder is in `place`."""
        folders = [folder for folder in sorted(self.data.resolve().glob("*")) if folder.is_dir()]
        return {f"{place}/{FASTAI}/data/{folder.name}": str(folder) for folder in folders}

    def _link_data(self) -> None:
        """Makes the links for a kernel without walls; behind them the zygote does."""
        if self.room.view is None:
            for place, target in self.links(self._private.name).items():
                Path(place).parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(OSError):  # Windows, without the right to make links
                    Path(place).symlink_to(target, target_is_directory=True)

    def close(self) -> None:
        """Removes the folder."""
        self._leave_group()
        self._private.cleanup()

    def _leave_group(self) -> None:
        if self._group:
            self._group.close()

    def has_run_out_of_memory(self) -> bool:
        """Whether a process of the kernel was ended since its memory was full."""
        return self._group is not None and self._group.kills() > 0

    def manager(self) -> AsyncKernelManager:
        """A manager for a new process."""
        self._kernels += 1
        manager = AsyncKernelManager(
            kernel_name=NAME,
            kernel_spec_manager=OnePython(self.room.python, self._provisioner()),
            client_factory=PromptClient,
        )
        private = Path(self._private.name) / str(self._kernels)
        private.mkdir()
        manager.connection_file = str(private / "connection.json")
        if sys.platform != "win32":
            manager.transport = "ipc"
            manager.ip = str(private / "kernel")
        return manager

    def _provisioner(self) -> dict[str, object]:
        """What starts the kernel: as a kernel's specification has it in its metadata."""
        if not self.is_forked:
            return {}
        enclosure = None
        if self.room.view:
            self._leave_group()
            self._group = MemoryGroup.make(self.limits.memory_bytes + self.limits.scratch_bytes)
            links = self.links(SCRATCH)
            enclosure = Enclosure(self.room.view, self.limits, self.room.files, self._group, links)
        return {"provisioner_name": PROVISIONER, "config": {"enclosure": enclosure, "imports": self.imports}}

    def environment(self) -> dict[str, str]:
        """The environment of the notebook's code.

        Isolated, it has next to nothing of the user's own; else it is that without the settings that would make
        one machine grade unlike another.
        """
        if self.room.view:
            folders = {"IPYTHONDIR": "ipython", "JUPYTER_RUNTIME_DIR": "jupyter", "MPLCONFIGDIR": "matplotlib"}
            hidden = {name: f"{SCRATCH}/.{folder}" for name, folder in folders.items()}
            ours = {"USER": "student", "GRADER_DATA": str(self.data), "FASTAI_HOME": f"{SCRATCH}/{FASTAI}"}
            return {**environment(self.room.python, has_gpu=self.room.has_gpu), **hidden, **ours}
        private = self._private.name
        ours = {"IPYTHONDIR": private, "GRADER_DATA": str(self.data), "FASTAI_HOME": f"{private}/{FASTAI}"}
        dropped = {"PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONOPTIMIZE", "MPLBACKEND", "PYTHONSAFEPATH"}
        theirs = {name: value for name, value in os.environ.items() if name not in dropped}
        closed = {} if self.room.has_gpu else NO_GPU
        return {"OMP_WAIT_POLICY": PATIENT, **theirs, **ours, **closed}
