"""What was chosen, ordered or matched, of the texts that a question offers; as data, or as text line by line."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from grader.quiz.quantities import UnreadableError, quoted
from grader.quiz.questions import Choice, Matching, Ordering

Said = str | tuple[str, ...] | Mapping[str, str]

BULLET = re.compile(r"^\s*(?:(?:[-*+]|\(?\d{1,2}[.)])\s+)?(?:\[[xX]\]\s+)?")
UNTICKED = re.compile(r"^\s*(?:[-*+]\s+)?\[ \]\s")
BETWEEN = re.compile(r"\s*(?:->|=>|\N{RIGHTWARDS ARROW}|:|=|\s[-\N{EN DASH}\N{EM DASH}]\s|\t|\|)\s*")
LIMIT_NAMED = 6

SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: " ".join(text.casefold().split()),
    lambda text: " ".join(re.sub(r"[`*$]", "", text).casefold().split()).rstrip(". "),
)


def chosen(question: Choice, said: Said) -> tuple[str, ...]:
    """The options that an answer chooses, as the question has them.

    A text has one option in each line; of a list with boxes, those that are ticked. Raises UnreadableError for what is
    none of the options, and for several where one is right.
    """
    options = distinct([known(text, question.options, "option") for text in texts_of(said, question.options)], "option")
    if len(options) > 1 and not question.is_multiple:
        raise UnreadableError(f"{len(options)} options are chosen, and one is right. Choose one.")
    return options


def ordered(question: Ordering, said: Said) -> tuple[str, ...]:
    """The items in the order of an answer; some may be missing. A text has one in each line.

    Raises UnreadableError for what is none of the items, and for one that comes twice.
    """
    return distinct([known(text, question.items, "item") for text in texts_of(said, question.items)], "item")


def matched(question: Matching, said: Said) -> dict[str, str]:
    """The definition that an answer gives to each term; some may be missing. A text has "term: definition" in a line.

    Raises UnreadableError for a term or definition that is not the question's, and for a term that comes twice.
    """
    if isinstance(said, tuple):
        raise UnreadableError("The answer is a list. Give each term its definition.")
    given = (
        list(said.items()) if isinstance(said, Mapping) else [parted(line, question.pairs) for line in lines_of(said)]
    )
    terms = distinct([known(term, question.pairs, "term") for term, _ in given], "term")
    definitions = [known(definition, tuple(question.pairs.values()), "definition") for _, definition in given]
    return dict(zip(terms, definitions, strict=True))


def texts_of(said: Said, offered: Collection[str]) -> list[str]:
    """The texts of an answer that is a list, or has one in each line."""
    if isinstance(said, Mapping):
        raise UnreadableError("The answer gives definitions to terms, and this question asks for none.")
    if isinstance(said, tuple):
        return [text for text in said if text.strip()]
    if match_of(said.strip(), offered) is not None:  # it has several lines itself, or looks like a list
        return [said.strip()]
    return lines_of(said)


def lines_of(text: str) -> list[str]:
    """A text's lines without the marks of a list, and without boxes that are not ticked."""
    lines = [BULLET.sub("", line).strip() for line in text.splitlines() if not UNTICKED.match(line)]
    return [line for line in lines if line]


def parted(line: str, terms: Iterable[str]) -> tuple[str, str]:
    """A line's term and definition."""
    for between in BETWEEN.finditer(line):
        if match_of(line[: between.start()], tuple(terms)) is not None:
            return line[: between.start()], line[between.end() :]
    raise UnreadableError(f"{quoted(line)} does not begin with a term and a colon. The terms: {named(terms)}")


def known(said: str, offered: Collection[str], noun: str) -> str:
    """The text of the question that is meant."""
    found = match_of(said, offered)
    if found is None:
        raise UnreadableError(f"{quoted(said)} is no {noun} of this question. There are: {named(offered)}")
    return found


def match_of(said: str, offered: Collection[str]) -> str | None:
    """The one text that is written so; else the one that differs in capitals, spaces, code marks or full stop only."""
    for spelled in SPELLINGS:
        found = [text for text in offered if spelled(text) == spelled(said)]
        if len(found) == 1:
            return found[0]
    return None


def distinct(texts: list[str], noun: str) -> tuple[str, ...]:
    """The texts, none of which may come twice."""
    for text in texts:
        if texts.count(text) > 1:
            raise UnreadableError(f"The {noun} {quoted(text)} comes {texts.count(text)} times. Give it once.")
    return tuple(texts)


def named(texts: Iterable[str]) -> str:
    """The first texts, in a sentence."""
    shown = [quoted(text) for text in texts]
    more = f", and {len(shown) - LIMIT_NAMED} more" if len(shown) > LIMIT_NAMED else ""
    return f"{', '.join(shown[:LIMIT_NAMED])}{more}."
