"""Standings for the tests of exports: a small class, and any that could be."""

from hypothesis import strategies as st

from grader.standing import CheckOutline, ExerciseOutline, Outline, Override, Standing


def outline(**points):
    """A grade in brief: points of exercises that are worth four each, of one check each."""
    return Outline(
        tuple(
            ExerciseOutline(
                name,
                name.capitalize(),
                earned,
                4,
                (
                    CheckOutline(
                        "adds up",
                        "passed" if earned == 4 else "failed",
                        earned,
                        4,
                        "" if earned == 4 else "starts at one",
                    ),
                ),
            )
            for name, earned in points.items()
        ),
        12.5,
        True,
    )


ADA = Standing(
    "ada", "lab4", "Ada Lovelace", "ada@example.edu", 7.5, 7.5, 8, outline=outline(sums=4, means=3.5), sha256="a" * 64
)
BOB = Standing(
    "bob",
    "lab4",
    "Bob O'Neil",
    "bob@example.edu",
    3.0,
    4.0,
    8,
    late_s=5400,
    penalty=1.0,
    outline=outline(sums=4, means=0),
)
CAT = Standing(
    "cat",
    "lab4",
    "Cat Müller",
    "cat@example.edu",
    6.0,
    2.0,
    8,
    override=Override(6.0, "explained it in person, -2 for style", "prof", "2026-03-01T10:00:00+00:00"),
    outline=outline(sums=2, means=0),
)
DAN = Standing("dan", "lab4", "Dan Ito", "dan@example.edu", problem="missing")
# With what no text in a cell may begin.
BEGIN_FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

CLASS = [ADA, BOB, CAT, DAN]

# Any text, with what is dangerous in a file or cell more often than by chance; surrogates and control characters too.
texts = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "=1+1",
                "+",
                "-",
                "@SUM(A1)",
                "\t",
                "\r",
                "\n",
                ",",
                ";",
                '"',
                "'",
                "|",
                " ",
                "\xa0",
                "\u200b",
                "\uff1d",
                "\uff0d",
            ]
        ),
        st.sampled_from(
            ["\x00", "\x1b[31m", "\ud800", "\ufffe", "\u202e", "]]>", "<b>", "&", "::error::", "##[x]", "a"]
        ),
        st.text(max_size=4),
        st.characters(codec=None, categories=None),
    ),
    max_size=6,
).map("".join)
numbers = st.floats(-1e6, 1e6)
checks = st.builds(
    CheckOutline,
    texts,
    st.sampled_from(["passed", "failed", "error", "timeout", "missing", "needs review"]),
    numbers,
    numbers,
    texts,
)
exercises = st.builds(ExerciseOutline, texts, texts, numbers, numbers, st.lists(checks, max_size=2).map(tuple))
outlines = st.builds(
    Outline, st.lists(exercises, max_size=3).map(tuple), numbers, st.booleans(), texts, st.lists(texts).map(tuple)
)
standings = st.builds(
    Standing,
    texts,
    st.just("lab4"),
    texts,
    texts,
    st.none() | numbers,
    st.none() | numbers,
    numbers,
    texts,
    numbers,
    numbers,
    st.none() | st.builds(Override, numbers, texts, texts, texts),
    texts,
    texts,
    texts,
    texts,
    st.none() | outlines,
)
classes = st.lists(standings, max_size=4)
