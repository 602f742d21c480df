"""CSV that no spreadsheet computes."""

import csv
import io
import itertools
import sys
import unicodedata

import pytest
from hypothesis import given

from grader.exports.cells import FORMULA, csv_bytes, rounded, safe
from tests.grader.exports.standings import texts

UNSEEN = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")  # categories of characters


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("\xa0 =1", "'=1"),
        ("\u200b=1", "'=1"),
        ("\u200d=1", "\u200d'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\u22121", "'\u22121"),
        ("\x00=1", "'=1"),
        ("\ud800=1", "'=1"),
        ("a,=1", "a,'=1"),
        ("a;\t-1", "a; '-1"),
        ("a\n@b", "a @b"),
        ('a";"=cmd', 'a";"\'=cmd'),
        ('a;"=1', "a;\"'=1"),
        ("a:=1", "a:'=1"),
        ("a,=1;-1", "a,'=1;'-1"),
        ("a|b", "a|b"),
        ("Ann-Marie O'Neil <a+b@example.edu>", "Ann-Marie O'Neil <a+b@example.edu>"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe_and_nothing_else_does(text, cell):
    assert safe(text) == cell
    assert safe(cell) == cell


def test_every_character_whose_compatibility_form_is_a_sign_is_known():
    signs = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.normalize("NFKC", chr(code))[0] in "=+-@"  # nothing is normalised to nothing
    ]

    assert len(signs) >= 19
    assert all(FORMULA.match(sign) for sign in signs)


def test_numbers_stay_numbers_and_texts_are_quoted():
    assert csv_bytes([["points", -2.5, 3, "-2.5", None, 0.1 + 0.2]]) == (
        b'"points",-2.5,3,"\'-2.5","",0.30000000000000004\r\n'
    )


@pytest.mark.parametrize(
    ("number", "cell"),
    [(2.0, 2), (2.345, 2.35), (1 / 3, 0.33), (-0.001, 0), (None, None), (float("nan"), None), (float("inf"), None)],
)
def test_a_number_has_two_decimals_at_most(number, cell):
    assert repr(rounded(number)) == repr(cell)


def test_a_spreadsheet_is_told_that_it_is_utf_8():
    assert csv_bytes([["Müller"]], for_spreadsheet=True) == '\ufeff"Müller"\r\n'.encode()


def begins_formula(cell):
    """Whether a cell is one, for a reader that passes over quotation marks, blanks and what cannot be seen."""
    begun = "".join(itertools.dropwhile(lambda c: c == '"' or unicodedata.category(c)[:2] in UNSEEN, cell))
    return unicodedata.normalize("NFKC", begun).startswith(("=", "+", "-", "@"))


@given(texts, texts)
def test_whatever_divides_the_cells_none_begins_a_formula(one, other):
    content = csv_bytes([[one, 1.5], [other, -1]]).decode()

    assert list(csv.reader(io.StringIO(content, newline=""))) == [[safe(one), "1.5"], [safe(other), "-1"]]
    for delimiter in ",;\t|:":
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
            for cell in row:
                assert not begins_formula(cell) or cell == "-1"
