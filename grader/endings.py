"""How cells end that do not end well, in words for readers."""

import re

from nbformat import NotebookNode

from grader.limits import amount_of
from grader.results import CellError

NOT_INSTALLED = re.compile(r"No module named '(fastai|fastcore|fastbook)\b")
CUDA_MISSING = re.compile("not compiled with CUDA|No CUDA GPUs|Found no NVIDIA|no CUDA-capable device", re.IGNORECASE)
UNREACHABLE = re.compile("Network is unreachable|in name resolution|Name or service not known|urlopen error")
NO_MEMORY = "The notebook may use only so much memory. --limit memory=8GB, for example, gives it more."
NO_FILE = "While it is graded a notebook is alone in an empty folder. --files FILE puts a file or folder there."
NO_GPU = (
    "No GPU is given to this notebook. Let it take one only where there is one, `'cuda' if torch.cuda.is_available() "
    "else 'cpu'`; or grade it with --device cuda."
)
GPU_FULL = (
    "The GPU's memory is full. Smaller mini-batches take less; `torch.no_grad()` while you measure, and `loss.item()` "
    "where losses are kept, let go of what backward would need."
)
NO_NETWORK = (
    "There is no network while a notebook is graded. The course's data is there already, in the folder that "
    "`os.environ['GRADER_DATA']` names; --files FILE gives it whatever else it would fetch."
)


def recorded_error(cell: NotebookNode, is_isolated: bool) -> CellError | None:
    """The exception that a cell ended with, from its outputs."""
    for output in cell.outputs:
        if output.output_type == "error":
            name, message = str(output.get("ename", ""))[:200], str(output.get("evalue", ""))[:2000]
            message = re.sub(r"\((?:\d+\.py|<[^>]*>), line (\d+)\)", r"(line \1)", message)
            return CellError(name, message, explanation=explanation_of(name, message, is_isolated))
    return None


def explanation_of(name: str, message: str, is_isolated: bool) -> str:
    """What to do about errors that have to do with being graded."""
    if name == "StdinNotImplementedError":
        return "Nobody sits at the keyboard while a notebook is graded: give the value in the code, without input()."
    if name == "ModuleNotFoundError" and NOT_INSTALLED.search(message):
        return "The grader brings fastai with it if it is installed so: `pip install 'chapter4-grader[fastai]'`."
    if name in ("ModuleNotFoundError", "ImportError"):
        return "The notebook's Python has no such package. Install it there, or do without; --python names another."
    if name == "SystemExit":
        return "exit() and SystemExit end the cell here. The cells below it were run all the same."
    if name == "OutOfMemoryError":
        return GPU_FULL
    if CUDA_MISSING.search(message):
        return NO_GPU
    if is_isolated and (name == "MemoryError" or "can't allocate memory" in message):
        return NO_MEMORY
    if is_isolated and name == "FileNotFoundError":
        return NO_FILE
    if is_isolated and (UNREACHABLE.search(message) or name in ("gaierror", "URLError", "ConnectionError")):
        return NO_NETWORK
    return ""


def timeout_error(limit_s: float, *, is_killed: bool) -> CellError:
    """The grader stopped a cell."""
    return CellError(
        "Timeout",
        f"The cell had not ended after {round(limit_s, 1) or limit_s:g} seconds, so {stop(is_killed)}.",
        explanation="Is there a loop that never ends? --timeout gives cells more time.",
    )


def flood_error(limit_bytes: int, *, is_killed: bool) -> CellError:
    """The grader stopped a cell that showed too much."""
    return CellError(
        "Too much output",
        f"The cell sent more than {amount_of('_bytes', limit_bytes)} of output, so {stop(is_killed)}.",
        explanation="Is there a print in a loop? Print less, or only now and then. --limit flood=1GB, for example, "
        "lets cells send more.",
    )


def stop(is_killed: bool) -> str:
    """How the grader stopped a cell."""
    return "its kernel was ended, and the cells above it were run again" if is_killed else "it was interrupted"


def died_error(*, is_out_of_memory: bool = False) -> CellError:
    """A cell ended the kernel's process, or had it ended by taking all its memory."""
    again = "The cells above it were run again, this one was left out."
    if is_out_of_memory:
        return CellError(
            "Out of memory", f"The cell took all the memory that a notebook has. {again}", "", 0, NO_MEMORY
        )
    return CellError(
        "Kernel ended",
        f"The cell ended the kernel's process. {again}",
        explanation="Does it call exit() or os._exit(), use up its memory or CPU time, or kill its own process?",
    )


def broken_error() -> CellError:
    """A cell ended, but the kernel was of no use after it."""
    return CellError(
        "Kernel ended",
        "The kernel did not answer any more after the cell, so it was ended. The cells above it were run again, this "
        "one was left out.",
        explanation="Does it keep all the memory, leave threads or processes behind, or change the kernel itself?",
    )


def garbled_error(error: Exception) -> CellError:
    """A cell made the kernel send what is no message."""
    return CellError(
        "Kernel ended",
        f"What the kernel sent can't be read ({error}), so it was ended. The cells above it were run again."[:300],
        explanation="Does it change modules that the kernel itself works with, such as json?",
    )


def probing_limit_words(limit_s: float) -> str:
    """An answer was not probed at all."""
    return f"Not tried: the answers before it took all of the notebook's {limit_s:g} seconds."


def notebook_limit_error(limit_s: float) -> CellError:
    """A cell was not run at all."""
    return CellError("Timeout", f"Not run: the cells above it took all of the notebook's {limit_s:g} seconds.")
