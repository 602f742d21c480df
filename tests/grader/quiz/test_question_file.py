"""A question's file gives the question that it says, and a broken one is told by its line and what is wrong."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.quiz import question_file
from grader.quiz.question_file import LIMIT_BYTES, read_question
from grader.quiz.questions import (
    Choice,
    Code,
    Drawing,
    KeyPoint,
    Matching,
    Number,
    Ordering,
    Output,
    Shape,
    ShortAnswer,
    WrongStatement,
)

TOP = """\
topic: sums
difficulty: 1
section: Sums
prompt: >
  What is
  1 + 1?
explanation: One and one more.
"""
CHOICE = f"""\
kind: choice
{TOP}right:
  - two
wrong:
  three: >
    That is
    one too many.
"""
SHARED = {
    "name": "q",
    "prompt": "What is 1 + 1?",
    "topic": "sums",
    "difficulty": 1,
    "explanation": "One and one more.",
    "section": "Sums",
}


@pytest.fixture(params=["libyaml", "without it"])
def read(request, tmp_path, monkeypatch):
    """A function that reads a text, or bytes, as the file q.yaml, by either of PyYAML's parsers."""
    if request.param == "without it":
        monkeypatch.setattr(question_file, "Loader", yaml.SafeLoader)

    def read(content):
        file = tmp_path / "q.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_question(file, "q", "sums/q.yaml")

    return read


KINDS = [
    (
        "choice",
        "right: [two, 'II']\nwrong:\n  three: Too many.\n",
        Choice(**SHARED, right=("two", "II"), wrong={"three": "Too many."}),
    ),
    (
        "matching",
        "pairs:\n  sum: plus\n  product: times\n",
        Matching(**SHARED, pairs={"sum": "plus", "product": "times"}),
    ),
    (
        "short answer",
        """\
key_points:
  - idea: two
    phrasings: [It is two]
  - {idea: exactly, phrasings: [just], points: 0.5}
model_answer: It is just two.
wrong_statements:
  - phrasings: [It is three]
    correction: One less.
""",
        ShortAnswer(
            **SHARED,
            key_points=(KeyPoint("two", ("It is two",)), KeyPoint("exactly", ("just",), points=0.5)),
            model_answer="It is just two.",
            wrong_statements=(WrongStatement(("It is three",), "One less."),),
        ),
    ),
    (
        "number",
        "answer: 2\ntolerance: 1e-3\nunit: apples\n",
        Number(**SHARED, answer=2, tolerance=0.001, unit="apples"),
    ),
    ("number", "answer: -0.5\n", Number(**SHARED, answer=-0.5)),
    ("ordering", "items: [one, two, three]\n", Ordering(**SHARED, items=("one", "two", "three"))),
    ("shape", "answer: [2, 1]\n", Shape(**SHARED, answer=(2, 1))),
    ("shape", "answer: []\n", Shape(**SHARED, answer=())),
    (
        "output",
        "code: |\n  for i in '12':\n      print(i)\nanswer: |\n  1\n  2\n",
        Output(**SHARED, code="for i in '12':\n    print(i)", answer="1\n2"),
    ),
    (
        "code",
        "template: two = 1 ____ 1\nanswer: '+'\nshows: [two]\n",
        Code(**SHARED, template="two = 1 ____ 1", answer="+", shows=("two",)),
    ),
    ("drawing", "exercise: spread\n", Drawing(**SHARED, exercise="spread")),
]


@pytest.mark.parametrize(
    ("kind", "fields", "question"), KINDS, ids=[f"{kind} {i}" for i, (kind, *_) in enumerate(KINDS)]
)
def test_a_file_gives_its_question(read, kind, fields, question):
    assert read(f"kind: {kind}\n{TOP}{fields}") == question


def test_a_file_of_windows_is_read_as_well(read):
    assert read(b"\xef\xbb\xbf" + CHOICE.replace("\n", "\r\n").encode()) == read(CHOICE)


@pytest.mark.parametrize(
    ("content", "line", "sentences"),
    [
        ("", None, ["is empty", "`kind: choice`"]),
        ("# nothing yet\n", None, ["is empty"]),
        ("two\n", 1, ["a list of fields, `name: value`, and this is a text"]),
        (TOP, None, ["says not which `kind`", "choice, matching, short answer"]),
        ("kind: chioce\n" + TOP, 1, ["no kind 'chioce'", "Do you mean `choice`?"]),
        (CHOICE + "name: q\n", 15, ["has a `name`, and a question is called as its file is"]),
        (CHOICE.replace("right", "rigth"), 9, ["has no field `rigth`. Do you mean `right`?"]),
        (CHOICE.replace("section: Sums\n", ""), None, ["needs a field `section`"]),
        (CHOICE + "topic: more\n", 15, ["'topic' is here a second time (first in line 2)"]),
        (CHOICE + "  three: Again.\n", 15, ["'three' is here a second time (first in line 12)"]),
        (CHOICE.replace("right:\n  - two", "right: two"), 9, ["`right` is a text, and a list is meant"]),
        (CHOICE.replace("section: Sums", "section: [Sums]"), 4, ["`section` is a list, and a text is meant"]),
        (CHOICE.replace("difficulty: 1", "difficulty: easy"), 3, ["`difficulty` is `easy`, and a whole number"]),
        (CHOICE.replace("difficulty: 1", "difficulty: 1.0"), 3, ["`1.0`, and a whole number"]),
        (CHOICE.replace("difficulty: 1", "difficulty: '1'"), 3, ["`difficulty` is a text, and a whole number"]),
        (CHOICE.replace("difficulty: 1", "difficulty: 4"), None, ["its difficulty is 4, and 1 to 3 is meant."]),
        (CHOICE.replace("section: Sums", "section:"), 4, ["`section` is empty, and a text is meant"]),
        (CHOICE.replace("section: Sums", "section: ''"), None, ["section is empty."]),
        # what YAML 1.1 takes for something else than is written there
        (CHOICE.replace("- two", "- no"), 10, ["`no`, which YAML takes for a truth value", "in quotes: 'no'"]),
        (CHOICE.replace("three:", "on:"), 12, ["`on`, which YAML takes for a truth value", "in quotes: 'on'"]),
        (CHOICE.replace("- two", "- 12:30"), 10, ["`12:30`, which YAML takes for a number", "in quotes: '12:30'"]),
        (CHOICE.replace("- two", "- 2"), 10, ["`2`, which YAML takes for a number", "in quotes: '2'"]),
        (CHOICE.replace("- two", "- 1e-5"), 10, ["a number, and a text is meant", "in quotes: '1e-5'"]),
        (CHOICE.replace("- two", "- 2026-01-02"), 10, ["takes for a date", "in quotes: '2026-01-02'"]),
        (CHOICE.replace("- two", "- ~"), 10, ["`~`, which YAML takes for nothing at all"]),
        (CHOICE.replace("three:", "<<:"), 12, ["`<<`, which YAML takes for an order to merge"]),
        (f"kind: number\n{TOP}answer: 0o17\n", 9, ["`answer` is `0o17`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: 017\n", 9, ["`017`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: 1_000\n", 9, ["`1_000`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: 1:30\n", 9, ["`1:30`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: .inf\n", 9, ["`.inf`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: 1e999\n", None, ["no finite numbers"]),
        (f"kind: number\n{TOP}answer: yes\n", 9, ["`yes`, and a number, such as"]),
        (f"kind: number\n{TOP}answer: {'9' * 5000}\n", 9, ["and a number, such as"]),
        (f"kind: shape\n{TOP}answer: 3\n", 9, ["`answer` is `3`, which YAML takes for a number, and a list is meant"]),
        # key points and wrong statements
        (
            f"kind: short answer\n{TOP}model_answer: Two.\nkey_points: [two]\n",
            10,
            ["each of `key_points`", "this is a text"],
        ),
        (
            f"kind: short answer\n{TOP}model_answer: Two.\nkey_points:\n  - idea: two\n",
            11,
            ["each of `key_points` needs a field `phrasings`"],
        ),
        (
            f"kind: short answer\n{TOP}model_answer: Two.\nkey_points:\n  - idea: two\n    frasings: [2]\n",
            12,
            ["each of `key_points` has no field `frasings`. Do you mean `phrasings`?"],
        ),
        # YAML that is none, or that stands for more than it shows
        (CHOICE.replace("three: >", "three: a: b"), 12, ["is not YAML", "into quotes"]),
        (CHOICE.replace("  - two", "\t- two"), 10, ["is not YAML", "Indent with spaces"]),
        (CHOICE.replace("- two", "- `two`"), 10, ["is not YAML", "into quotes"]),
        (CHOICE + "---\n" + CHOICE, None, ["is not YAML"]),
        (CHOICE.replace("- two", "- &a two\n  - *a"), 10, ["used again elsewhere, by an alias"]),
        ("kind: &a [*a]\n", 1, ["used again elsewhere, by an alias"]),
        (CHOICE.replace("- two", "- !!python/object:os.system two"), 10, ["tag", "python/object:os.system"]),
        (CHOICE.replace("- two", "- \x07"), None, ["is not YAML"]),
        ("kind: " + "[" * 1500, None, ["nested far too deep", "is not YAML"]),
        ("[" * 600 + "]" * 600, None, ["nested far too deep", "a list of fields"]),
        # files that hold something else
        (CHOICE.encode("utf-16"), 1, ["is not written in UTF-8 (byte 0xff)"]),
        (CHOICE.replace("three", "dreißig").encode("latin-1"), 12, ["is not written in UTF-8 (byte 0xdf)"]),
        ("#" * (LIMIT_BYTES + 1), None, ["is larger than 100,000 bytes"]),
    ],
    ids=lambda value: repr(value)[-60:],
)
def test_a_broken_file_is_told_by_its_line_and_what_is_wrong(read, content, line, sentences):
    with pytest.raises(UserError) as caught:
        read(content)

    told = str(caught.value)
    assert told.startswith(f"sums/q.yaml, line {line}: " if line else "sums/q.yaml")
    if "nested far too deep" in sentences:  # how deep a parser goes is its own affair
        assert any(sentence in told for sentence in sentences)
    else:
        assert [sentence for sentence in sentences if sentence not in told] == []


def test_a_bomb_of_aliases_is_refused_at_the_first_of_them(read):
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 60))

    with pytest.raises(UserError, match=r"line 1: .* alias"):
        read(bomb)


def test_a_file_that_cant_be_read_is_told(tmp_path):
    with pytest.raises(UserError, match=r"sums/q\.yaml: can't be read"):
        read_question(tmp_path / "q.yaml", "q", "sums/q.yaml")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
def test_any_text_in_quotes_is_that_text(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("any") / "q.yaml"
    quoted = yaml.dump(text, default_style='"', width=10**6, allow_unicode=True)
    file.write_text(f"kind: output\n{TOP}code: pass\nanswer: {quoted}", "utf-8", newline="\n")

    try:
        question = read_question(file, "q", "q.yaml")
    except UserError as error:
        assert not text.strip()
        assert "answer is empty" in str(error)
    else:
        assert question.answer == text


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"kind: choice\n{text}".encode()))
def test_whatever_is_in_a_file_it_is_a_question_or_a_sentence(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "q.yaml"
    file.write_bytes(content)

    with pytest.raises(UserError, match=r"^q\.yaml"):
        read_question(file, "q", "q.yaml")
