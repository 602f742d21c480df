"""A question as a file of YAML, and the sentences for one that is broken.

The file is read as a person means it. A text is a text wherever a text belongs, and what YAML would take for something
else there (`no` for a truth value, `12:30` for 750) has to be put in quotes: this is said, and nothing is guessed.
Anchors, aliases and tags have no use here, and are not allowed.
"""

import dataclasses
import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args, get_origin, get_type_hints

import yaml

from grader.errors import UserError
from grader.quiz.questions import (
    Choice,
    Code,
    Drawing,
    Matching,
    Number,
    Ordering,
    Output,
    Question,
    Shape,
    ShortAnswer,
    problems_of,
)

KINDS: dict[str, type[Question]] = {
    "choice": Choice,
    "matching": Matching,
    "short answer": ShortAnswer,
    "number": Number,
    "ordering": Ordering,
    "shape": Shape,
    "output": Output,
    "code": Code,
    "drawing": Drawing,
}
LIMIT_BYTES = 100_000
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(rf"{WHOLE.pattern}(\.[0-9]+)?([eE][-+]?[0-9]+)?")
TEXT = "tag:yaml.org,2002:str"
MEANINGS = {
    "bool": "a truth value",
    "int": "a number",
    "float": "a number",
    "null": "nothing at all",
    "timestamp": "a date",
    "merge": "an order to merge",
    "value": "a default value",
}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(NamedTuple):
    """A key of a mapping, and what stands there for it."""

    key: yaml.Node
    held: yaml.Node


class Broken(Exception):  # noqa: N818 (never seen by users: it becomes the file's UserError)
    """What is wrong in a file, and at which node."""

    def __init__(self, problem: str, node: yaml.Node | None = None) -> None:
        super().__init__(problem)
        self.line = node.start_mark.line + 1 if node else None


def read_question(file: Path, name: str, where: str) -> Question:
    """The question in a file.

    name: the question's. where: how messages name the file. Raises UserError, with the line, if it can't be read, if it
    isn't declared as its kind has to be, or if it can't be asked.
    """
    try:
        node = composed(text_of(file))
        question = built(node, name)
        problems = problems_of(question)
        if problems:
            raise Broken(f"{problems[0]}.")
    except Broken as broken:
        line = f", line {broken.line}" if broken.line else ""
        raise UserError(f"{where}{line}: {broken}") from broken
    return question


def text_of(file: Path) -> str:
    """What a file says."""
    try:
        content = file.read_bytes() if file.stat().st_size <= LIMIT_BYTES else None
    except OSError as error:
        raise Broken(f"can't be read ({error.strerror}).") from error
    if content is None:
        raise Broken(f"is larger than {LIMIT_BYTES:,} bytes. A question has a file of its own; is this one?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = Broken(f"is not written in UTF-8 (byte {content[error.start]:#04x}). Save it again as UTF-8.")
        broken.line = content.count(b"\n", 0, error.start) + 1
        raise broken from error


def composed(text: str) -> yaml.Node:
    """A text of YAML as a tree of nodes, each of them in one place only."""
    try:
        node = yaml.compose(text, Loader)
        if node is None:
            raise Broken("is empty. Begin with the kind of the question, such as `kind: choice`.")
        refuse_aliases(node, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        broken = Broken(
            f"is not YAML ({error.problem}). Indent with spaces, and put a text with `: ` or ` #` in it, or a quote "
            "at its start, into quotes, or below its field after a `>`."
        )
        broken.line = mark.line + 1 if mark else None
        raise broken from error
    except yaml.YAMLError as error:  # a character that has no place in a text
        raise Broken(f"is not YAML ({error}).") from error
    except RecursionError as error:
        raise Broken("is nested far too deep for a question.") from error
    return node


def refuse_aliases(node: yaml.Node, seen: set[int]) -> None:
    """Raises Broken if a node is met again: a few lines of aliases can stand for a text of any size."""
    if id(node) in seen:
        raise Broken("what stands here is used again elsewhere, by an alias (`*`). Write it out there.", node)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            refuse_aliases(key, seen)
            refuse_aliases(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            refuse_aliases(item, seen)


def built(node: yaml.Node, name: str) -> Question:
    """The question that a tree of nodes declares."""
    entries = entries_of(node, "a question")
    if "kind" not in entries:
        raise Broken(f"says not which `kind` of question it is. There are: {', '.join(KINDS)}.")
    kind_node = entries.pop("kind").held
    kind = text(kind_node, "kind")
    if kind not in KINDS:
        raise Broken(f"there is no kind {kind!r}.{nearest(kind, KINDS)}", kind_node)
    if "name" in entries:
        raise Broken("has a `name`, and a question is called as its file is. Take it out.", entries["name"].key)
    return cast(Question, structure(entries, KINDS[kind], f"a question of the kind {kind!r}", None, name=name))


def structure(entries: dict[str, Entry], kind: type, noun: str, node: yaml.Node | None, **given: str) -> object:
    """A dataclass made of the entries for its fields, and of what is given beside them.

    noun: what a message calls it. node: where it begins, if it isn't the whole file.
    """
    fields = {field.name: field for field in dataclasses.fields(kind) if field.name not in given}
    for name, entry in entries.items():
        if name not in fields:
            raise Broken(f"{noun} has no field `{name}`.{nearest(name, fields)}", entry.key)
    for name, field in fields.items():
        if name not in entries and field.default is dataclasses.MISSING:
            raise Broken(f"{noun} needs a field `{name}`, and it is not here.", node)
    hints = get_type_hints(kind)
    return kind(**given, **{name: value(entry.held, hints[name], name) for name, entry in entries.items()})


def value(node: yaml.Node, hint: Any, place: str) -> object:
    """What a node says, as the type that is meant there."""
    if hint is str:
        return text(node, place)
    if hint in (int, float):
        return number(node, hint, place)
    if get_origin(hint) is tuple:
        if not isinstance(node, yaml.SequenceNode):
            raise Broken(f"`{place}` is {noun_of(node)}, and a list is meant.", node)
        return tuple(value(item, get_args(hint)[0], place) for item in node.value)
    if get_origin(hint) is Mapping:
        return {key: text(entry.held, f"{place}: {key}") for key, entry in entries_of(node, f"`{place}`").items()}
    assert dataclasses.is_dataclass(hint), f"{hint} has its own way to be written in a file"
    return structure(entries_of(node, f"each of `{place}`"), cast(type, hint), f"each of `{place}`", node)


def entries_of(node: yaml.Node, noun: str) -> dict[str, Entry]:
    """The entries of a mapping, by their keys."""
    if not isinstance(node, yaml.MappingNode):
        raise Broken(f"{noun} is meant to be a list of fields, `name: value`, and this is {noun_of(node)}.", node)
    entries: dict[str, Entry] = {}
    for key_node, held in node.value:
        key = text(key_node, "a key")
        if key in entries:
            first = entries[key].key.start_mark.line + 1
            raise Broken(f"{key!r} is here a second time (first in line {first}).", key_node)
        entries[key] = Entry(key_node, held)
    return entries


def text(node: yaml.Node, place: str) -> str:
    """The text that a node holds; a line break at the end of a block of lines is none of it."""
    if not isinstance(node, yaml.ScalarNode):
        raise Broken(f"`{place}` is {noun_of(node)}, and a text is meant.", node)
    said: str = node.value
    if node.tag != TEXT or (is_plain(node) and DECIMAL.fullmatch(said)):
        raise Broken(f"`{place}` is {noun_of(node)}, and a text is meant. Put it in quotes: '{said}'.", node)
    return said.rstrip("\n") if node.style in ("|", ">") else said


def number(node: yaml.Node, kind: type[int] | type[float], place: str) -> float:
    """The number that a node holds, in the one way of writing it that everybody reads alike."""
    said = node.value if is_plain(node) else ""
    if WHOLE.fullmatch(said):
        return int(said)
    if kind is float and DECIMAL.fullmatch(said):
        return float(said)
    meant = "a whole number, such as 12," if kind is int else "a number, such as 12, -0.5 or 1e-5,"
    shown = f"`{said}`" if said else noun_of(node)
    raise Broken(f"`{place}` is {shown}, and {meant} is meant.", node)


def noun_of(node: yaml.Node) -> str:
    """What YAML takes a node for."""
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "a list of fields"
    said = str(node.value)
    if node.tag == TEXT:
        return "a number" if is_plain(node) and DECIMAL.fullmatch(said) else "a text"
    meaning = MEANINGS.get(node.tag.rpartition(":")[2], f"a value with the tag {node.tag}")
    return f"`{said}`, which YAML takes for {meaning}" if said else "empty"


def is_plain(node: yaml.Node) -> bool:
    """Whether a node is a text or number without quotes, and not a block of lines."""
    return isinstance(node, yaml.ScalarNode) and not node.style  # libyaml says "", and PyYAML's own parser None


def nearest(name: str, names: Mapping[str, object]) -> str:
    """A sentence that names the nearest of some names, or all of them."""
    near = difflib.get_close_matches(name, names, 1)
    return f" Do you mean `{near[0]}`?" if near else f" There are: {', '.join(names)}."
