"""When two ids, email addresses or full names are the same to a reader: keys that are equal then."""

import re
import unicodedata

# Letters that are not a base letter with an accent to Unicode, but are typed as these.
TYPED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})  # noqa: RUF001
APOSTROPHES = re.compile(r"['`´ʻʼ‘’]")  # noqa: RUF001  they look alike: that is the point
WORD = re.compile(r"[^\W_]+")


def plain_key(text: str) -> str:
    """An id or a login, whatever its case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def email_key(text: str) -> str:
    """An email address, whatever its case."""
    return plain_key(text)


def words_of(name: str) -> list[str]:
    """A name's words in small letters without accents; an apostrophe stands within a word, a hyphen between two."""
    letters = APOSTROPHES.sub("", unicodedata.normalize("NFKD", name.casefold()))
    return WORD.findall("".join(letter for letter in letters if not unicodedata.combining(letter)).translate(TYPED))


def name_key(name: str) -> tuple[str, ...]:
    """A full name, whatever its case, accents and order of first and last name."""
    return tuple(sorted(words_of(name)))


def squashed_keys(name: str) -> frozenset[str]:
    """A full name in one word, from each of its words on: Canvas writes "King Lovelace, Ada" as kinglovelaceada."""
    words = words_of(name)
    return frozenset("".join(words[start:] + words[:start]) for start in range(len(words)))


def squashed_key(text: str) -> str:
    """What stands in one word already, comparable with `squashed_keys`."""
    return "".join(words_of(text))
