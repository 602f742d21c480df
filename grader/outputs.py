"""Outputs: what is kept of what a notebook's cells show, however much that is.

Of a cell the first and the last part are kept, and a line between them says how much was left out. What came first
stays; behind it the newest outputs push the oldest ones out. So memory is bounded, and a message costs the same
however many came before it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import add, sub
from typing import Any, NamedTuple

from nbformat import NotebookNode

from grader.limits import Limits, amount_of

Json = dict[str, Any]

RICH_BYTES = 4 * 2**20  # of what one output has besides plain text, such as a picture
ERROR_BYTES = 20_000
NAME_CHARACTERS = 200
PIECES = 50  # a long text is kept in so many pieces, each of which is pushed out as a whole


class Amount(NamedTuple):
    """How much something takes of what is limited: bytes of plain text, bytes of all else, and outputs."""

    text: int = 0
    rich: int = 0
    outputs: int = 0

    def plus(self, other: "Amount") -> "Amount":
        """Both together."""
        return Amount(*map(add, self, other))

    def minus(self, other: "Amount") -> "Amount":
        """What is left without the other."""
        return Amount(*map(sub, self, other))

    def fits(self, limit: "Amount") -> bool:
        """Whether it is within a limit."""
        return self.text <= limit.text and self.rich <= limit.rich and self.outputs <= limit.outputs


LEAST = Amount(2_000, 0, 50)  # what a cell may keep even if the cells before it have taken all


class Budget:
    """How much a notebook's cells may keep: each of them, and all together. A cell that runs again counts once."""

    def __init__(self, limits: Limits) -> None:
        self._cell = Amount(limits.output_bytes, 4 * RICH_BYTES, 1_000)
        self._notebook = Amount(limits.notebook_output_bytes, 16 * RICH_BYTES, 20_000)
        self._kept: dict[int, Amount] = {}

    def of(self, index: int) -> Amount:
        """What a cell may keep."""
        left = self._notebook
        for other, amount in self._kept.items():
            if other != index:
                left = left.minus(amount)
        return Amount(*map(min, self._cell, map(max, left, LEAST)))

    def note(self, index: int, amount: Amount) -> None:
        """Notes what a cell keeps."""
        self._kept[index] = amount


# One cell


@dataclass(slots=True, eq=False)
class Text:
    """Some of what a cell wrote to a stream."""

    amount: Amount
    stream: str
    text: str


@dataclass(slots=True, eq=False)
class Display:
    """An output that is no text on a stream."""

    amount: Amount
    node: NotebookNode
    display_id: str | None


class Part:
    """One end of a cell's outputs, and how much it takes of its limit."""

    def __init__(self, limit: Amount) -> None:
        self.limit = limit
        self.piece = limit.text // PIECES + 1  # characters
        self.taken = Amount()
        self.shown: deque[Text | Display] = deque()

    def has_room(self, amount: Amount) -> bool:
        """Whether so much more is within the limit."""
        return self.taken.plus(amount).fits(self.limit)

    def append(self, shown: Text | Display) -> None:
        """Takes an output; small ones that follow each other on a stream become one."""
        last = self.shown[-1] if self.shown else None
        amount = shown.amount
        if isinstance(shown, Text) and isinstance(last, Text) and self._is_one_piece(last, shown):
            amount = amount._replace(outputs=0)
            last.text += shown.text
            last.amount = last.amount.plus(amount)
        else:
            self.shown.append(shown)
        self.taken = self.taken.plus(amount)

    def _is_one_piece(self, last: Text, shown: Text) -> bool:
        return last.stream == shown.stream and len(last.text) + len(shown.text) <= self.piece

    def pop(self) -> Text | Display:
        """Gives its oldest output up."""
        shown = self.shown.popleft()
        self.taken = self.taken.minus(shown.amount)
        return shown

    def update(self, display: Display, content: Json) -> None:
        """Puts something else in the place of one of its outputs, within the room that this had and that is left."""
        others = self.taken.minus(display.amount)
        bundle, display.amount = bounded_bundle(content, self.limit.minus(others))
        display.node.update(bundle)
        self.taken = others.plus(display.amount)


class CellOutputs:
    """What is kept of a cell's outputs: the first and the last of them, each up to half of a limit."""

    def __init__(self, limit: Amount) -> None:
        half = Amount(*(max(1, whole // 2) for whole in limit))
        self.first, self.last = Part(half), Part(half)
        self.left_out_bytes = 0
        self.error: NotebookNode | None = None
        self._displays: dict[str, list[tuple[Part, Display]]] = {}

    @property
    def taken(self) -> Amount:
        """How much is kept."""
        return self.first.taken.plus(self.last.taken)

    def write(self, stream: str, text: str) -> None:
        """Takes what the cell wrote to a stream."""
        half = self.last.limit.text
        if len(text) <= 2 * half:
            self._write_pieces(stream, text)
        else:  # its last part is enough to push out all that came before
            first, last = text[:half], text[-half:]
            self._write_pieces(stream, first)
            self.left_out_bytes += size_of(text) - size_of(first) - size_of(last)
            self._write_pieces(stream, last)

    def _write_pieces(self, stream: str, text: str) -> None:
        for start in range(0, len(text), self.last.piece):
            piece = text[start : start + self.last.piece]
            self._add(Text(Amount(size_of(piece), 0, 1), stream, piece))

    def display(self, kind: str, content: Json, display_id: str | None) -> None:
        """Takes an output that is no text on a stream. kind: its type in a notebook."""
        half = self.last.limit
        bundle, amount = bounded_bundle(content, half._replace(text=half.text // 2))
        node = NotebookNode(output_type=kind, **bundle)
        if kind == "execute_result":
            node["execution_count"] = content.get("execution_count")
        self._add(Display(amount, node, display_id))

    def update(self, display_id: str, content: Json) -> None:
        """Puts something else wherever something was displayed under an id."""
        for part, display in self._displays.get(display_id, ()):
            part.update(display, content)

    def _add(self, shown: Text | Display) -> None:
        is_early = not self.last.shown and not self.left_out_bytes
        part = self.first if is_early and self.first.has_room(shown.amount) else self.last
        part.append(shown)
        if isinstance(shown, Display) and shown.display_id:
            self._displays.setdefault(shown.display_id, []).append((part, shown))
        while not self.last.taken.fits(self.last.limit):
            self._push_out()

    def _push_out(self) -> None:
        gone = self.last.pop()
        self.left_out_bytes += gone.amount.text
        if isinstance(gone, Display) and gone.display_id:
            self._displays[gone.display_id].remove((self.last, gone))
            if not self._displays[gone.display_id]:
                del self._displays[gone.display_id]

    def nodes(self) -> list[NotebookNode]:
        """The outputs as they stand in a notebook: a line where some were left out, and an error as the last one."""
        notice = [stream_node("stdout", left_out(self.left_out_bytes))] if self.left_out_bytes else []
        error = [self.error] if self.error else []
        return [*nodes_of(self.first.shown), *notice, *nodes_of(self.last.shown), *error]


def nodes_of(shown: Iterable[Text | Display]) -> Iterator[NotebookNode]:
    """Outputs as nodes of a notebook; between two displays each stream is one of them, stdout the first."""
    for are_texts, group in groupby(shown, lambda each: isinstance(each, Text)):
        if not are_texts:
            yield from (each.node for each in group if isinstance(each, Display))
            continue
        streams: dict[str, list[str]] = {}
        for each in group:
            if isinstance(each, Text):
                streams.setdefault(each.stream, []).append(each.text)
        for name in sorted(streams, reverse=True):
            yield stream_node(name, as_seen("".join(streams[name])))


def stream_node(name: str, text: str) -> NotebookNode:
    """Text on a stream."""
    return NotebookNode(output_type="stream", name=name, text=text)


def error_node(content: Json) -> NotebookNode:
    """An exception that a cell ended with, its traceback bounded."""
    lines = content.get("traceback")
    traceback = "\n".join(map(str, lines)) if isinstance(lines, list) else ""
    return NotebookNode(
        output_type="error",
        ename=cleaned(str(content.get("ename", "")))[:NAME_CHARACTERS],
        evalue=both_ends(str(content.get("evalue", "")), ERROR_BYTES),
        traceback=[both_ends(traceback, ERROR_BYTES)],
    )


def bounded_bundle(content: Json, room: Amount) -> tuple[Json, Amount]:
    """A display's data and metadata, as far as there is room, and what they take.

    Its plain text is cut; what it has besides is kept as a whole or not at all.
    """
    given, metadata = content.get("data"), content.get("metadata")
    data = given if isinstance(given, dict) else {}
    plain = data.get("text/plain", "")
    plain = both_ends("".join(map(str, plain)) if isinstance(plain, list) else str(plain), room.text)
    rich = {kind: value for kind, value in data.items() if kind != "text/plain"}
    rich_bytes = weight(rich) + weight(metadata)
    if rich_bytes > min(room.rich, RICH_BYTES):
        plain += picture_left_out(rich_bytes) if "image/png" in rich else ""
        rich, metadata, rich_bytes = {}, {}, 0
    bundle = {
        "data": {"text/plain": plain, **rich} if plain else rich,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    return bundle, Amount(size_of(plain) + 1, rich_bytes, 1)


# Text


def both_ends(text: str, limit_bytes: int) -> str:
    """A text, or its first and its last part with a line between them that says how much was left out."""
    size = size_of(text)
    if size <= limit_bytes:
        return cleaned(text)
    half = max(0, limit_bytes // 2)
    first = text[:half].encode("utf-8", "replace")[:half].decode("utf-8", "ignore")
    end = text[len(text) - half :].encode("utf-8", "replace")
    last = end[len(end) - half :].decode("utf-8", "ignore")
    return first + left_out(size - size_of(first) - size_of(last)) + last


def left_out(size_bytes: int) -> str:
    """The line that stands in the place of outputs."""
    return f"\n[… {amount_of('_bytes', size_bytes)} of output was left out here …]\n"


def picture_left_out(size_bytes: int) -> str:
    """The line that stands in the place of a picture."""
    return f"\n[… a picture of {amount_of('_bytes', size_bytes)} was left out here …]"


def as_seen(text: str) -> str:
    """A text without what was written over after a carriage return, as progress bars do; in linear time."""
    return "\n".join(line_as_seen(line) for line in cleaned(text).split("\n")) if "\r" in text else cleaned(text)


def line_as_seen(line: str) -> str:
    """What stands in a line at its end; a carriage return at its very end writes over nothing."""
    ending = "\r" if line.endswith("\r") else ""
    return line.removesuffix("\r").rpartition("\r")[2] + ending


def cleaned(text: str) -> str:
    """A text that is valid Unicode: halves of surrogate pairs become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def size_of(text: str) -> int:
    """How many bytes a text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def weight(value: object) -> int:
    """About how many bytes a value takes in a message."""
    if isinstance(value, str):
        return size_of(value)
    if isinstance(value, dict):
        return sum(weight(key) + weight(each) for key, each in value.items())
    if isinstance(value, list):
        return sum(map(weight, value))
    return value.nbytes if isinstance(value, memoryview) else 1
