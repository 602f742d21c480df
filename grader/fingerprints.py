"""Fingerprints of code: what stays of it when names, comments, layout and the order of its parts are changed.

Winnowing: of the hashes of all runs of `RUN` tokens, the smallest of every `WINDOW` neighbours is kept. Two pieces of
code that share RUN + WINDOW - 1 tokens in a row share a fingerprint, wherever these stand; shorter likenesses are
noise. Source: Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (2003).
"""

import ast
import builtins
import io
import keyword
import tokenize
import warnings
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from grader.notebook import python_of

RUN = 12  # tokens; about one statement of some substance
WINDOW = 4
BASE, MODULUS = 1_000_003, 2**61 - 1
KNOWN_NAMES = frozenset(dir(builtins))
UNTOLD = frozenset({"returns", "annotation", "type_comment", "type_params", "simple", "ctx"})
SKIPPED = (ast.Import, ast.ImportFrom, ast.Pass, ast.expr_context)  # what says nothing of who wrote it


class Token(NamedTuple):
    """A part of code by its kind, and where it stands: its line, from 1."""

    kind: str
    line: int


class Fingerprint(NamedTuple):
    """The hash of a run of tokens, and the lines on which they stand, from 1."""

    hash: int
    lines: tuple[int, ...]


@lru_cache(maxsize=4096)
def fingerprints(source: str) -> tuple[Fingerprint, ...]:
    """The fingerprints of a notebook's cell, in their order.

    Kept because a cell that nobody has changed is in every submission.
    """
    tokens = tokens_of(source)
    hashes = run_hashes(tokens)
    return tuple(Fingerprint(hashes[at], lines_of(tokens[at : at + RUN])) for at in chosen(hashes))


@lru_cache(maxsize=4096)
def chosen_hashes(source: str) -> frozenset[int]:
    """The hashes of a cell's fingerprints, which is quicker than to say where they stand."""
    hashes = run_hashes(tokens_of(source))
    return frozenset(hashes[at] for at in chosen(hashes))


def all_hashes(source: str) -> frozenset[int]:
    """The hashes of all runs of tokens in a cell, also those that are no fingerprints."""
    return frozenset(run_hashes(tokens_of(source)))


def tokens_of(source: str) -> list[Token]:
    """A cell as tokens: its syntax tree's nodes from the top, or the words of what is no Python."""
    tokens: list[Token] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of students' backslashes is for them
            tree = ast.parse(python_of(source))
        add_nodes(tree, 1, tokens)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return list(words_of(source))
    return tokens


def add_nodes(node: ast.AST, line: int, tokens: list[Token]) -> None:
    """Adds the nodes of a syntax tree by their kinds.

    Of names only those stay that no student has chosen: those of Python itself, and of what is asked of an object other
    than `self`. Of literals stays what type they are. Annotations, docstrings and imports are left out.
    """
    line = getattr(node, "lineno", line)
    match node:  # the most frequent first
        case ast.Name(id=name):
            tokens.append(Token(name if name in KNOWN_NAMES else "name", line))
            return
        case ast.Constant(value=value):
            tokens.append(Token(type(value).__name__, line))
            return
        case ast.Attribute(value=ast.Name(id="self")):
            tokens.append(Token(".", line))
        case ast.Attribute(attr=name):
            tokens.append(Token(f".{name}", line))
        case ast.Expr(value=ast.Constant(value=str() | bytes())) | ast.AnnAssign(value=None):  # a docstring, or nothing
            return
        case ast.AnnAssign():
            tokens.append(Token("Assign", line))  # as if it had no annotation
        case ast.Module():
            pass
        case _:
            tokens.append(Token(type(node).__name__, line))
    for field in fields_of(type(node).__name__):
        child = getattr(node, field, None)
        for part in child if isinstance(child, list) else (child,):
            if isinstance(part, ast.AST) and not isinstance(part, SKIPPED):
                add_nodes(part, line, tokens)


@cache
def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind of node that say something."""
    return tuple(field for field in getattr(ast, kind)._fields if field not in UNTOLD)


def words_of(source: str) -> Iterator[Token]:
    """The words and signs of what is no Python, as far as it can be read."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                is_kept = keyword.iskeyword(token.string) or token.string in KNOWN_NAMES
                yield Token(token.string if is_kept else "name", token.start[0])
            elif token.type == tokenize.OP:
                yield Token(token.string, token.start[0])
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                yield Token(tokenize.tok_name[token.type], token.start[0])
    except (tokenize.TokenError, SyntaxError, ValueError):
        return


def run_hashes(tokens: list[Token]) -> list[int]:
    """The hash of each run of `RUN` tokens, each made from the one before (Rabin and Karp's rolling hash)."""
    codes = [code_of(token.kind) for token in tokens]
    hashes = []
    leaving = pow(BASE, RUN, MODULUS)
    rolling = 0
    for at, code in enumerate(codes):
        rolling = (rolling * BASE + code) % MODULUS
        if at >= RUN:
            rolling = (rolling - codes[at - RUN] * leaving) % MODULUS
        if at >= RUN - 1:
            hashes.append(rolling)
    return hashes


@lru_cache(maxsize=10_000)
def code_of(kind: str) -> int:
    """A number for a kind of token, the same in every process."""
    return zlib.crc32(kind.encode("utf-8", "replace")) + 1


def chosen(hashes: list[int]) -> list[int]:
    """Where the fingerprints are: the smallest hash of every window, the last of equals."""
    places: list[int] = []
    place = -1  # of the smallest in the window before
    for end in range(max(0, min(len(hashes), WINDOW) - 1), len(hashes)):
        start = max(0, end - WINDOW + 1)
        if place < start:
            place = min(range(start, end + 1), key=lambda at: (hashes[at], -at))
        elif hashes[end] <= hashes[place]:
            place = end
        else:
            continue
        places.append(place)
    return places


def lines_of(tokens: list[Token]) -> tuple[int, ...]:
    """The lines on which tokens stand."""
    return tuple(sorted({token.line for token in tokens}))
