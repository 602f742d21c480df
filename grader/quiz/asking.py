"""How a question is put: the order in which its options, items or definitions are shown, drawn from a seed.

The order depends on the question's name, the seed and the texts alone: not on the machine, nor on the order in which
the bank declares them, which would give the right ones away.
"""

import hashlib
from collections.abc import Sequence
from itertools import count

from grader.quiz.questions import Choice, Matching, Ordering


def options_of(question: Choice, seed: int = 0) -> tuple[str, ...]:
    """All options, as they are shown."""
    return drawn(question.options, question.name, seed)


def items_of(question: Ordering, seed: int = 0) -> tuple[str, ...]:
    """The items as they are shown, which is never the right order."""
    return deranged(question.items, question.name, seed)


def terms_of(question: Matching) -> tuple[str, ...]:
    """The terms as they are shown: as the question has them."""
    return tuple(question.pairs)


def definitions_of(question: Matching, seed: int = 0) -> tuple[str, ...]:
    """The definitions as they are shown beside the terms, which is never the terms' own order."""
    return deranged(tuple(question.pairs.values()), question.name, seed)


def drawn(texts: Sequence[str], name: str, seed: int, attempt: int = 0) -> tuple[str, ...]:
    """The texts in an order that name and seed draw: that of their digests."""

    def digest(text: str) -> bytes:
        return hashlib.sha256("\0".join((name, str(seed), str(attempt), text)).encode()).digest()

    return tuple(sorted(texts, key=digest))


def deranged(texts: tuple[str, ...], name: str, seed: int) -> tuple[str, ...]:
    """The texts in the first drawn order that isn't the one they have; there must be two different ones at least."""
    return next(order for attempt in count() if (order := drawn(texts, name, seed, attempt)) != texts)
