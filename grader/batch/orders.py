"""What a worker is told and what it answers: plain data, so that a worker may be anywhere.

A worker is told its setup, then one thing after the other, and answers each. Every message is one line of JSON.
"""

import msgspec

from grader.intake.collecting import Location
from grader.limits import Limits
from grader.results import Grade


class Setup(msgspec.Struct, frozen=True):
    """How a worker grades. course: its folder; exercises: the selected ones, all if there are none.

    data: where the course's data is, or will be prepared. python: the notebooks' interpreter. reports: the folder for
    the students' reports. seed: what the cases of all checks are drawn from, the same ones for everybody. has_gpu:
    whether the notebooks may use a GPU.
    """

    course: str
    data: str
    reports: str
    python: str
    limits: Limits
    seed: str
    exercises: tuple[str, ...] = ()
    is_full: bool = False
    is_isolated: bool = True
    has_gpu: bool = False


class Prepare(msgspec.Struct, frozen=True, tag="prepare"):
    """Make the course's data, what is not there yet: answered by Told, and in the end by Prepared."""


class Order(msgspec.Struct, frozen=True, tag="grade"):
    """Grade this notebook, and write its report under this name. number: by which the answer names it.

    content: the notebook's bytes, for a worker that can't read them where they are; that one writes no report either.
    """

    number: int
    location: Location
    report: str
    content: bytes | None = None


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker can be told what to do; or it ends, since there is a problem, in words for a user."""

    problem: str = ""


class Told(msgspec.Struct, frozen=True, tag="told"):
    """How far the data is prepared, as `Tell` has it."""

    stage: str
    done: int
    total: int


class Prepared(msgspec.Struct, frozen=True, tag="prepared"):
    """The course's data is there; or it can't be, for this reason."""

    problem: str = ""


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """A notebook's grade, or in one sentence why there is none.

    is_settled: whether it would come to the same another time. started: UTC, ISO 8601; seconds: how long it took.
    packages: the versions, by name, that the notebook ran with.
    """

    number: int
    grade: Grade | None = None
    problem: str = ""
    is_settled: bool = True
    started: str = ""
    seconds: float = 0
    packages: dict[str, str] = {}


Command = Prepare | Order
Message = Ready | Told | Prepared | Answer

commands: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
messages: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def line_of(message: msgspec.Struct) -> bytes:
    """A message as it is sent."""
    return msgspec.json.encode(message) + b"\n"
