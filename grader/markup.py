"""Text as HTML: code, Markdown and terminal output, with nothing in it that a browser would run or fetch."""

import re
from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LIMIT_HIGHLIGHT = 50_000  # characters; longer code is shown without colours

MARKDOWN_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span"),
    *("h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
HEADING_CLASSES = {f"level-{level}" for level in range(1, 7)}

PLACE = re.compile(r'<a(?: (?:id|name)="[^"<>]*")+></a>')
TERMINAL_CODES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_])")


def code_html(source: str) -> Markup:
    """Python code with a class for each kind of token."""
    if len(source) > LIMIT_HIGHLIGHT:
        return escape(source)
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return Markup(highlight(source, lexer, HtmlFormatter(nowrap=True)).removesuffix("\n"))  # noqa: S704  Pygments escapes the code


def ticks_html(text: str) -> Markup:
    """A sentence in which `code` is set as code; nothing else is markup."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped before


def without_terminal_codes(text: str) -> str:
    """Output without the colour codes that terminals and Jupyter take."""
    return TERMINAL_CODES.sub("", text)


def markdown_html(text: str, heading: int = 3) -> Markup:
    """Markdown without HTML, pictures or unsafe links; all its headings get the level `heading`.

    One level, so that whatever a notebook writes keeps the report's outline in order.
    """
    parser = _markdown_parser()
    tokens = _without_places(parser.parse(text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.attrs["class"] = f"level-{token.tag[1:]}"
            token.tag = f"h{heading}"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=MARKDOWN_TAGS,
        attributes={"a": {"href"}, "span": {"class"}, "code": {"class"}, "ol": {"start"}},
        allowed_classes={"h3": HEADING_CLASSES, "h4": HEADING_CLASSES},
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704  nh3 has cleaned it


def _without_places(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without paragraphs in which nothing is but a place for links to lead to, as notebooks have them."""
    places = [at for at, token in enumerate(tokens) if token.type == "inline" and PLACE.fullmatch(token.content)]
    alone = {at for at in places if tokens[at - 1].type == "paragraph_open"}
    return [token for at, token in enumerate(tokens) if not {at - 1, at, at + 1} & alone]


@cache
def _markdown_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "highlight": _fenced_html}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image_as_text)
    return parser


def _fenced_html(code: str, language: str, _attributes: str) -> str:
    return str(code_html(code)) if language in ("", "python", "py") else str(escape(code))


def _image_as_text(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return str(escape(f"[picture: {tokens[index].content}]" if tokens[index].content else "[picture]"))


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    """Links lead out of the report or nowhere: a relative one would lead into the reader's own files."""
    if (tag, name) == ("a", "href") and not value.lower().startswith(("http://", "https://", "mailto:")):
        return None
    return value
