"""Where a model is trained: on the CPU, or on a GPU if torch can use one."""

import os
import warnings
from dataclasses import dataclass
from typing import Literal

from grader.errors import UserError

Device = Literal["cpu", "cuda"]
Wish = Literal["auto", "cpu", "cuda"]

WISHES: tuple[Wish, ...] = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Sight:
    """What torch sees of this machine's GPUs.

    built_for: "CUDA 12.8" for example; "" for a build that knows no GPU. devices: how many it finds. visible: the
    variable by which devices are hidden from a process, None if it isn't set. complaint: what torch says went wrong,
    its first sentence.
    """

    version: str
    built_for: str
    devices: int
    is_usable: bool
    visible: str | None = None
    complaint: str = ""


def device_of(wish: Wish) -> Device:
    """The device to compute on: "auto" takes a GPU if there is one.

    Raises UserError if a GPU is asked for and torch has none; it says what torch sees, and what to do.
    """
    if wish == "cpu":
        return "cpu"
    seen = sight()
    if seen.is_usable:
        return "cuda"
    if wish == "cuda":
        raise UserError(why_no_gpu(seen))
    return "cpu"


def sight() -> Sight:
    """What torch sees here; torch is imported only now."""
    import torch

    with warnings.catch_warnings(record=True) as caught:  # by a warning torch tells of a driver that it can't use
        warnings.simplefilter("always")
        is_usable = torch.cuda.is_available()
        devices = torch.cuda.device_count()
    cuda, rocm = torch.version.cuda, getattr(torch.version, "hip", None)
    return Sight(
        version=torch.__version__,
        built_for=f"CUDA {cuda}" if cuda else f"ROCm {rocm}" if rocm else "",
        devices=devices,
        is_usable=is_usable,
        visible=os.environ.get("CUDA_VISIBLE_DEVICES"),
        complaint=" ".join(str(caught[0].message).split()).partition(". ")[0] if caught else "",
    )


def why_no_gpu(seen: Sight) -> str:
    """The message for somebody who asked for a GPU: what torch sees, and what to do about it."""
    facts = [f"built for {seen.built_for}" if seen.built_for else "built without CUDA"]
    facts.append(f"it finds {seen.devices} {'device' if seen.devices == 1 else 'devices'}")
    if seen.visible is not None:
        facts.append(f'CUDA_VISIBLE_DEVICES is "{seen.visible}"')
    if seen.complaint:
        facts.append(f"it says: {seen.complaint.rstrip('.')}")
    if not seen.built_for:
        advice = "Install a build of torch for your GPU (see pytorch.org/get-started)"
    elif seen.visible is not None:
        advice = "CUDA_VISIBLE_DEVICES may hide the GPU: unset it, and see whether `nvidia-smi` lists one"
    else:
        advice = "See whether `nvidia-smi` lists a GPU, and whether its driver is new enough for this build"
    return (
        f"--device cuda: torch {seen.version} has no GPU to use ({'; '.join(facts)}).\n{advice}, or use --device cpu."
    )
