"""Options by their letters, as a terminal asks for them: "b", "a c", or "1b 2a"."""

import re
from collections.abc import Sequence
from string import ascii_lowercase

from grader.quiz.quantities import UnreadableError, quoted
from grader.quiz.selections import match_of

SEPARATORS = re.compile(r"[\s,;.)>(]+|\band\b|->", re.IGNORECASE)
PAIR = re.compile(r"(\d{1,2})\s*[-:=.)]?\s*([a-zA-Z])(?![a-zA-Z])")


def lettered(shown: Sequence[str]) -> list[tuple[str, str]]:
    """Each text that is shown, with its letter. Behind z come aa, ab and so on."""
    return [(letter(place), text) for place, text in enumerate(shown)]


def letter(place: int) -> str:
    """The letter of a place, from 0."""
    return ascii_lowercase[place] if place < 26 else letter(place // 26 - 1) + ascii_lowercase[place % 26]


def picked(said: str, shown: Sequence[str]) -> tuple[str, ...]:
    """The texts whose letters an answer gives, in its order; or the one text that it repeats.

    Raises UnreadableError for what is no letter of any.
    """
    repeated = match_of(said.strip(), shown)
    if repeated is not None:
        return (repeated,)
    texts = dict(lettered(shown))
    letters = [part for part in SEPARATORS.split(said.casefold().strip()) if part]
    if len(letters) == 1 and letters[0] not in texts and len(shown) <= 26:
        letters = list(letters[0])  # "ac"
    if not letters or any(one not in texts for one in letters):
        raise UnreadableError(f"{quoted(said.strip())} is not read. Give letters from a to {letter(len(shown) - 1)}.")
    return tuple(texts[one] for one in letters)


def paired(said: str, terms: Sequence[str], definitions: Sequence[str]) -> dict[str, str]:
    """The definition whose letter an answer gives to each term: "1b 2a", or the letters alone, in the terms' order.

    Raises UnreadableError for what is no number or letter of any, and for as few or many letters as no terms.
    """
    pairs = PAIR.findall(said)
    if not pairs:
        letters = picked(said, definitions)
        if len(letters) != len(terms):
            raise UnreadableError(f"Give {len(terms)} letters, one for each term, or pairs such as 1b.")
        return dict(zip(terms, letters, strict=True))
    found: dict[str, str] = {}
    for number, one in pairs:
        if not 1 <= int(number) <= len(terms):
            raise UnreadableError(f"{number} is no term's number: they go from 1 to {len(terms)}.")
        term = terms[int(number) - 1]
        if term in found:
            raise UnreadableError(f"The term {number} comes twice. Give it one letter.")
        found[term] = picked(one, definitions)[0]
    return found
