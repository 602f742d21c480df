"""The Python of the notebooks, as the user names it."""

import shutil
import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from grader.errors import UserError


def interpreter(name: str) -> str:
    """The path of an interpreter. name: its path, a command, or a Jupyter kernel whose interpreter it is.

    Raises UserError if there is none of that name.
    """
    if name == sys.executable:
        return name
    found = shutil.which(name)
    if found:
        return str(Path(found).absolute())  # not resolved: a venv's Python is a link
    kernels = KernelSpecManager()
    try:
        command = kernels.get_kernel_spec(name).argv
    except NoSuchKernel:
        known = ", ".join(sorted(kernels.find_kernel_specs())) or "none"
        raise UserError(f"--python {name}: no such program. Jupyter's kernels here: {known}.") from None
    found = shutil.which(command[0]) if "ipykernel_launcher" in command else None
    if not found:
        raise UserError(f"--python {name}: that Jupyter kernel is not a Python of this machine with ipykernel.")
    return str(Path(found).absolute())
