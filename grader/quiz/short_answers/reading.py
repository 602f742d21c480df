"""Reads what somebody wrote, whatever it looks like: text without its markup, each character with its place."""

import html
import re
import unicodedata
from dataclasses import dataclass

# An answer has some sentences. What is longer is read up to here and goes to a person, so that neither time nor memory
# grow with what somebody pastes.
READ_CHARACTERS = 6_000

HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|br|hr|div|span|h[1-6]|li|ul|ol|em|strong|code|pre|img|table|t[drh]|tbody|thead|sub|sup|font|center"
    r"|blockquote|html|body|head|title|input|button|form|svg|iframe|small|mark|del|kbd|label|section|script|style)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,10});", re.IGNORECASE)
LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,300}\)")
ESCAPED = re.compile(r"\\(?=[^\w\s])")
EMPHASIS = re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*(\[])|^\s*(?:#+|>)\s", re.MULTILINE)
# ruff: noqa: RUF001 (the signs are those that word processors write)
SAME = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "×": "*", "·": "*", "≠": "!=", "≥": ">="}


@dataclass(frozen=True)
class Plain:
    """A text without markup. places: for each of its characters, where it stands in the text as it was written."""

    text: str
    places: tuple[int, ...]
    is_cut: bool = False

    def place_of(self, start: int, end: int) -> tuple[int, int]:
        """Where characters start to end - 1 stand in the text as it was written: the first, and one after the last."""
        return self.places[start], self.places[end - 1] + 1


def plain(written: str) -> Plain:
    """The text that a reader sees: no tags, comments or emphasis, one form for each letter, nothing invisible.

    Only the first READ_CHARACTERS of it are read.
    """
    read = without_markup(written[:READ_CHARACTERS])
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(read):
        normal = SAME.get(character) or unicodedata.normalize("NFKC", character)
        # Format (invisible) characters, other controls, surrogates, and accents that stand alone
        shown = [c for c in normal if c in "\n\t" or unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Mn")]
        characters += shown
        places += [place] * len(shown)
    return Plain("".join(characters), tuple(places), is_cut=len(written) > READ_CHARACTERS)


def without_markup(text: str) -> str:
    """The text with spaces where its markup was, so that everything else stays in its place."""
    text = HIDDEN.sub(blank, text)
    text = LINK.sub(lambda link: link[1].rjust(len(link[1]) + 1 + link[0].index("[")).ljust(len(link[0])), text)
    text = ESCAPED.sub(" ", TAG.sub(blank, text))
    text = EMPHASIS.sub(blank, text)
    return ENTITY.sub(lambda entity: html.unescape(entity[0])[:1].ljust(len(entity[0])), text)


def blank(match: re.Match[str]) -> str:
    """As many spaces as the match has characters, with its line breaks kept."""
    return re.sub(r"[^\n]", " ", match[0])
