"""The assessor's process: reads what a kernel asks on its standard input, and answers on its standard output."""

import base64
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from grader.errors import UserError
from grader.jupyter.messages import Asked, Ready, Replied, Setup, Shown, Told, line_of, requests
from grader.probes import Probe
from grader.values import Answer, decode_answers

PREPARING = "Preparing the course's data. This takes a minute, the first time only."


def serve(asked: BinaryIO, said: BinaryIO) -> None:
    """Begins as the first line says, and answers until nothing more comes."""

    def say(message: msgspec.Struct) -> None:
        said.write(line_of(message))
        said.flush()

    def ask(probes: Sequence[Probe]) -> list[Answer]:
        request = json.dumps({"probes": [msgspec.to_builtins(probe) for probe in probes]})
        say(Asked(base64.b64encode(request.encode()).decode()))
        match requests.decode(asked.readline()):
            case Replied(reply):
                return decode_answers(base64.b64decode(reply), len(probes))
            case other:
                raise AssertionError(other)

    setup = msgspec.json.decode(asked.readline(), type=Setup)
    try:
        from grader.course import load_course
        from grader.jupyter.assessor import Assessor

        course = load_course(Path(setup.course))
        is_told = False

        def tell(stage: str, done: int, total: int) -> None:  # noqa: ARG001
            nonlocal is_told
            if done < total and not is_told:
                say(Told(PREPARING))
                is_told = True

        course.prepare(Path(setup.data), tell)
        assessor = Assessor(course, Path(setup.hints), setup.seed)
    except UserError as error:
        say(Ready(problem=str(error)))
        return
    say(Ready(tuple(course.exercises)))
    for line in asked:
        try:
            request = requests.decode(line)
            assert not isinstance(request, Replied)
            say(assessor.answer(request, ask))
        except UserError as error:
            say(Shown(str(error)))


def main() -> None:
    """Serves the kernel that has started this process; ends when the kernel does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the kernel's cell that is to stop
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no message
    serve(sys.stdin.buffer, said)
