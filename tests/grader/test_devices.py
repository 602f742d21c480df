"""Which device is taken, and what a user reads who asked for a GPU that is not there."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.devices import Sight, device_of, sight, why_no_gpu

HIDDEN = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}  # hides the GPU of a machine that has one
ASKED = """\
import sys
from grader.devices import device_of
from grader.errors import UserError
before = "torch" in sys.modules
try:
    print(device_of(sys.argv[1]), before, "torch" in sys.modules)
except UserError as error:
    print(error)
"""
WITHOUT_CUDA = Sight("2.13.0+cpu", "", 0, False)
FOR_CUDA = Sight("2.13.0", "CUDA 12.8", 0, False)


def asked_for(wish):
    """What `device_of` answers in a process that has no GPU."""
    command = [sys.executable, "-c", ASKED, wish]
    return subprocess.run(command, env=HIDDEN, capture_output=True, text=True, check=True).stdout.strip()


def test_the_cpu_is_there_without_a_look_at_torch():
    assert asked_for("cpu") == "cpu False False"


def test_auto_takes_the_cpu_where_there_is_no_gpu():
    assert asked_for("auto") == "cpu False True"


def test_a_gpu_that_is_not_there_is_refused_with_what_torch_sees():
    import torch

    message = asked_for("cuda")

    assert f"torch {torch.__version__} has no GPU to use" in message
    assert "it finds 0 devices" in message
    assert 'CUDA_VISIBLE_DEVICES is ""' in message
    assert message.endswith("or use --device cpu.")
    assert len(message.splitlines()) == 2


def test_a_gpu_is_taken_where_torch_can_use_one():
    import torch

    assert device_of("auto") == ("cuda" if torch.cuda.is_available() else "cpu")
    assert sight().is_usable == torch.cuda.is_available()


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WITHOUT_CUDA, ["built without CUDA; it finds 0 devices).", "Install a build of torch for your GPU"]),
        (FOR_CUDA, ["built for CUDA 12.8; it finds 0 devices).", "`nvidia-smi` lists a GPU", "driver is new enough"]),
        (replace(FOR_CUDA, devices=1), ["it finds 1 device)."]),
        (replace(FOR_CUDA, visible="7"), ['CUDA_VISIBLE_DEVICES is "7"', "may hide the GPU: unset it"]),
        (replace(FOR_CUDA, complaint="The driver is too old."), ["it says: The driver is too old)."]),
    ],
    ids=["no CUDA", "no device", "a device that fails", "hidden", "a complaint"],
)
def test_the_message_says_what_torch_sees_and_what_to_do(seen, words):
    message = why_no_gpu(seen)

    for part in [*words, "or use --device cpu."]:
        assert part in message
    assert "CUDA_VISIBLE_DEVICES" not in message or seen.visible is not None
