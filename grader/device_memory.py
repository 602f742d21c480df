"""How much of a GPU's memory a notebook has taken: asked of its kernel when all is done, and shown in the report.

The kernel tells it of itself, so it is a help for readers and decides nothing.
"""

from inspect import getsource

from grader.limits import amount_of
from grader.probes import Probe, python_value
from grader.results import DeviceUse
from grader.showing import one_line, shortened
from grader.values import Answer

LIMIT_NAME = 80
LIMIT_S = 10.0


def device_memory() -> object:  # its text runs in the kernel
    """The GPUs' names, the most that was taken of their memory at once, and all that they have; in bytes."""
    import sys

    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return None
    devices = range(torch.cuda.device_count())
    return [
        ", ".join(sorted({torch.cuda.get_device_name(device) for device in devices})),
        sum(torch.cuda.max_memory_allocated(device) for device in devices),
        sum(torch.cuda.get_device_properties(device).total_memory for device in devices),
    ]


PROBE = Probe(getsource(device_memory), "device_memory", (), ((),), 0, LIMIT_S)


def device_use(answer: Answer) -> DeviceUse:
    """What a kernel answers to PROBE, if it makes sense; nothing used otherwise."""
    if answer.observations:
        try:
            value = python_value(answer.observations[0].value)
        except ValueError:
            return DeviceUse()
        match value:
            case [str(name), int(peak), int(total)] if 0 <= peak <= total < 2**53:
                return DeviceUse(shortened(name, LIMIT_NAME), peak, total)
    return DeviceUse()


def use_in_words(use: DeviceUse) -> str:
    """One sentence for readers."""
    if not use.name:
        return "A GPU was there for the notebook, which did not use it."
    peak, total = (amount_of("_bytes", number) for number in (use.peak_bytes, use.total_bytes))
    return f"GPU: {one_line(use.name)}, at most {peak} of {total} taken."
