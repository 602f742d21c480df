"""Where to train: on the processor, in one thread, or on a GPU; and what to say if it isn't there or is full."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

NO_MEMORY = ("can't allocate memory", "not enough memory")  # as torch says it of a CPU's, by system


def existing_device(name: str) -> torch.device:
    """The device "cpu" or "cuda". Raises ValueError, with what torch sees, if it is neither or isn't there."""
    if name not in ("cpu", "cuda"):
        raise ValueError(f"{name!r} is no device to train on. Those are cpu and cuda, a GPU.")
    if name == "cuda" and not torch.cuda.is_available():
        build = f"for CUDA {torch.version.cuda}" if torch.version.cuda else "without CUDA"
        raise ValueError(
            f"{name}: torch {torch.__version__}, built {build}, sees no GPU. "
            "Train on the CPU, or install a build of torch that fits the GPU and its driver."
        )
    return torch.device(name)


def described(device: torch.device) -> str:
    """What a report calls the device."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU, 1 thread"


def peak_bytes(device: torch.device) -> int:
    """The most of a GPU's memory that tensors of this process took; 0 for a CPU."""
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in one thread: as soon as other programs want the cores, a second makes this slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def memory_error_for(device: torch.device, batch_size: int) -> Iterator[None]:
    """Turn torch's errors of a full memory into one MemoryError that says what filled it."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, torch.cuda.OutOfMemoryError) or any(words in str(error) for words in NO_MEMORY):
            raise MemoryError(
                f"{described(device)}: its memory is full, with all images and mini-batches of {batch_size}. "
                "See what else uses it, or train on another device."
            ) from error
        raise
