"""What somebody answered to a question, and what came of marking it."""

from collections.abc import Mapping

import msgspec

MET = "met"
NOT_MET = "not met"
WRONG = "wrong"
UNSURE = "needs a person"


class Answer(msgspec.Struct, frozen=True):
    """What somebody answered.

    question: its name, which for a variant of a generated question ends in its seed, as in "shapes#17". said: the
    chosen options (Choice), the items in their order (Ordering), the definition given to each term (Matching), or a
    text (all other kinds).
    """

    question: str
    said: str | tuple[str, ...] | Mapping[str, str]


class Finding(msgspec.Struct, frozen=True):
    """One thing that the marking looked for, or came upon.

    state: MET, NOT_MET, WRONG (something said that is not so) or UNSURE. about: the key point's idea, the option, the
    term. explanation: what whoever answered reads, "" if there is nothing to tell. place: the part of the answer in
    which it was found, as its first character and the one after its last.
    """

    state: str
    about: str
    explanation: str = ""
    place: tuple[int, int] | None = None


class Mark(msgspec.Struct, frozen=True):
    """What an answer is worth, and why.

    points: 0 to `possible`. confidence: how likely it is that a person would give the same mark, 0 to 1, and 1 where
    nothing has to be judged. needs_review: whether a person has to look before the mark counts.
    """

    question: str
    points: float
    possible: float
    findings: tuple[Finding, ...] = ()
    confidence: float = 1
    needs_review: bool = False
