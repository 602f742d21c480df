"""How long a part of the work takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def timed(name: str, phases: dict[str, float], device: torch.device) -> Iterator[None]:
    """Note the block's wall time as phases[name], or add it; a GPU's work is waited for."""
    started = time.perf_counter()
    yield
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    phases[name] = phases.get(name, 0.0) + time.perf_counter() - started
