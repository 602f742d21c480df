"""Markdown as HTML."""

import html
import re

import pytest

from grader.markup import markdown_html
from grader.starter import heading


def test_a_place_that_links_lead_to_is_not_shown():
    shown = markdown_html(f"{heading(2, 'Why?')}\n\nSince.")

    assert str(shown).split() == ["<h3", 'class="level-2">Why?</h3>', "<p>Since.</p>"]


@pytest.mark.parametrize(
    "text", ['<a id="x">y</a>', '```\n<a id="x"></a>\n```', 'See <a id="x"></a>', '# <a id="x"></a>']
)
def test_anything_else_of_html_is_shown_as_it_was_written(text):
    shown = html.unescape(re.sub("<[^>]*>", "", str(markdown_html(text))))

    assert '<a id="x">' in shown
