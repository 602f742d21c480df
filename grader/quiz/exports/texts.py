"""The texts of questions, which are Markdown, as other programs take them: as HTML, or as one plain line."""

import re
from decimal import Decimal
from functools import cache
from xml.etree.ElementTree import Element, indent, tostring

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.exports.texts import cleaned

TAGS = {"p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"} | {
    *("table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6")
}
TICKS = re.compile("`+")


def html_of(markdown: str) -> str:
    """Markdown as HTML that needs no style sheet; what looks like HTML in it is text, as everywhere in the quiz."""
    html = _parser().render(cleaned(markdown))
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).strip()


def inline_html_of(markdown: str) -> str:
    """The same without the paragraph around it, if it is a single one: for options, terms and items."""
    html = html_of(markdown)
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if html == f"<p>{inner}</p>" and "<p>" not in inner else html


def plain_of(markdown: str) -> str:
    """Markdown as plain text in one line, for what can hold nothing else, such as a menu."""
    return one_line(" ".join(_texts(_parser().parse(cleaned(markdown)))))


def one_line(text: str) -> str:
    """Text without what is no text, all its white space a single blank."""
    return " ".join(cleaned(text).split())


def fenced(code: str) -> str:
    """Code as a block of Markdown, whatever is in it; without empty lines at its end."""
    code = cleaned(code).rstrip("\n")
    longest = max((len(ticks) for ticks in TICKS.findall(code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code}\n{fence}"


def decimal(number: float) -> str:
    """A number as all programs read it: with no more digits than it has, and without an exponent."""
    return format(Decimal(repr(number)) if number % 1 else Decimal(int(number)), "f")


@cache
def _parser() -> MarkdownIt:
    # A file of questions holds no pictures: without the rule, `![x](y)` stays a link that can be followed.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def _texts(tokens: list[Token]) -> list[str]:
    texts = []
    for token in tokens:
        if token.type == "inline":
            texts.append("".join(_inline(child) for child in token.children or ()))
        elif token.type in ("fence", "code_block"):
            texts.append(token.content)
    return texts


def _inline(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def document(root: Element) -> bytes:
    """An XML document, indented for readers."""
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
