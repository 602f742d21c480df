"""Markdown as HTML and as plain text: nothing of what somebody reads is lost or becomes markup."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from grader.exports.texts import cleaned
from grader.quiz.exports.texts import decimal, fenced, html_of, inline_html_of, plain_of
from tests.grader.quiz.exports.samples import lines, texts

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def seen(markup):
    """The text that a browser shows of HTML."""
    return html.fragment_fromstring(markup, create_parent="div").text_content()


@given(texts)
def test_code_in_a_block_is_kept_letter_by_letter(code):
    assert seen(html_of(fenced(code))) == cleaned(code).rstrip("\n") + "\n"


@given(lines)
def test_every_character_of_a_line_can_be_shown(line):
    shown = seen(html_of(PUNCTUATION.sub(r"\\\1", line)))

    assert " ".join(shown.split()) == " ".join(cleaned(line).split())


@given(lines)
def test_every_character_of_a_line_is_in_its_plain_text(line):
    assert plain_of(PUNCTUATION.sub(r"\\\1", line)) == " ".join(cleaned(line).split())


@given(texts)
def test_html_in_a_text_is_text_and_all_else_is_well_formed(text):
    made = html_of(text)

    ElementTree.fromstring(
        f"<div>{made.replace('<br>', '<br/>').replace('<hr>', '<hr/>').replace('&nbsp;', ' ')}</div>"
    )
    assert not re.search(r"<(script|img|iframe|b>|!--)", made)


@given(texts)
def test_plain_text_is_one_line(text):
    assert len(plain_of(text).splitlines()) <= 1


def test_a_link_leads_nowhere_but_to_the_web_and_a_picture_is_none():
    assert "<a" not in html_of("[x](javascript:alert) <javascript:alert>")
    assert html_of("[x](https://a.example)") == '<p><a href="https://a.example">x</a></p>'
    assert "<img" not in html_of("![x](https://a.example/x.png)")


def test_a_single_paragraph_is_unwrapped_and_several_are_not():
    assert inline_html_of("`a` < *b*") == "<code>a</code> &lt; <em>b</em>"
    assert inline_html_of("a\n\nb") == "<p>a</p>\n<p>b</p>"
    assert inline_html_of("- a") == "<ul>\n<li>a</li>\n</ul>"


def test_plain_text_has_no_marks_of_markdown():
    assert plain_of("the *loss*,\nas `a  <  b`\n\n```\nx\n```") == "the loss, as a < b x"


@pytest.mark.parametrize(
    ("number", "written"),
    [(4, "4"), (4.0, "4"), (-0.0, "0"), (1e-7, "0.0000001"), (-0.1, "-0.1"), (1e22, "10000000000000000000000")],
)
def test_a_number_has_no_exponent(number, written):
    assert decimal(number) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_the_same(number):
    assert float(decimal(number)) == number
