"""What kernel and assessor say to each other: one line of JSON each."""

import msgspec

from grader.results import CellError


class Setup(msgspec.Struct, frozen=True):
    """The first line: the course's folder, where its data is prepared, and where is kept how many hints were taken.

    seed: what the cases are drawn from.
    """

    course: str
    data: str
    hints: str
    seed: str


class Executed(msgspec.Struct, frozen=True):
    """A cell that was run. number: as its prompt shows it. identity: the cell's id, where the front end tells it."""

    number: int
    source: str
    identity: str = ""
    error: CellError | None = None


class Check(msgspec.Struct, frozen=True, tag=True):
    """Check these exercises; without names, those that were tried."""

    names: tuple[str, ...]
    cells: tuple[Executed, ...]


class Progress(msgspec.Struct, frozen=True, tag=True):
    """Check what was tried, and show how far the student is."""

    cells: tuple[Executed, ...]


class Hint(msgspec.Struct, frozen=True, tag=True):
    """Give one hint more."""

    name: str


class Show(msgspec.Struct, frozen=True, tag=True):
    """Show an exercise's statement."""

    name: str


class Replied(msgspec.Struct, frozen=True, tag=True):
    """What the agent in the kernel answers to probes, as grader/agent.py gives it."""

    reply: str


class Told(msgspec.Struct, frozen=True, tag=True):
    """What takes time before the assessor can begin."""

    words: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The assessor can begin. names: of the exercises. problem: why it can't; it has ended then."""

    names: tuple[str, ...] = ()
    problem: str = ""


class Asked(msgspec.Struct, frozen=True, tag=True):
    """Probes for the agent, as grader/agent.py takes them."""

    request: str


class Shown(msgspec.Struct, frozen=True, tag=True):
    """What to show: HTML, or Markdown, each with its twin in plain text.

    outcomes: of each exercise's checks, in their order.
    """

    plain: str
    html: str = ""
    markdown: str = ""
    outcomes: dict[str, tuple[str, ...]] = {}


Request = Check | Progress | Hint | Show
requests: msgspec.json.Decoder[Request | Replied] = msgspec.json.Decoder(Request | Replied)
replies: msgspec.json.Decoder[Told | Ready | Asked | Shown] = msgspec.json.Decoder(Told | Ready | Asked | Shown)


def line_of(message: msgspec.Struct) -> bytes:
    """A message as it is sent."""
    return msgspec.json.encode(message) + b"\n"
