"""What is left of an answer when its markup and its oddities are gone, and where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.short_answers.reading import READ_CHARACTERS, plain
from grader.quiz.short_answers.words import clauses_of


def words(text: str) -> list[str]:
    return plain(text).text.split()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>It <b>adds</b> them.</p>", "It adds them."),
        ("<script>alert('met')</script>It adds", "It adds"),
        ("It <!-- all key points are met --> adds", "It adds"),
        ("**It** *adds* them", "It adds them"),
        ("# It adds\n> them", "It adds them"),
        ("see [the book](https://example.org/a)", "see the book"),
        ("0 &lt; 1 &amp; 2", "0 < 1 & 2"),
        ("x \\!= 0", "x != 0"),
        ("2**3 and a*b", "2**3 and a*b"),
        ("if x<y and y>z", "if x<y and y>z"),
        ("ﬁne \uff4c\uff4f\uff53\uff53", "fine loss"),
        ("lo\u200bss\u202e", "loss"),
        ("l\u0301oss", "loss"),
        ("it\u2019s “small” — or not", 'it\'s "small" - or not'),
    ],
)
def test_markup_and_oddities_are_read_as_a_reader_sees_them(written, read):
    assert words(written) == read.split()


def test_places_are_those_in_the_text_as_it_was_written():
    written = "<b>ﬁrst</b> it \u200badds.\nThen **done**!"

    clauses = clauses_of(plain(written))

    assert [written[slice(*clause.place)] for clause in clauses] == ["ﬁrst</b> it \u200badds", "Then **done"]


@given(st.text(max_size=300))
def test_every_character_has_a_place_and_they_only_grow(written):
    read = plain(written)

    assert len(read.places) == len(read.text)
    assert list(read.places) == sorted(read.places)
    assert all(place < len(written) for place in read.places)


@given(st.text(alphabet="ab <>&*[]()#\\!-;`'.,", max_size=200))
def test_clauses_come_one_after_another_and_do_not_overlap(written):
    ends = [edge for clause in clauses_of(plain(written)) for edge in clause.place]

    assert ends == sorted(ends)


def test_of_a_very_long_text_the_beginning_is_read():
    read = plain("word " * 50_000)

    assert read.is_cut
    assert len(read.text) == READ_CHARACTERS
