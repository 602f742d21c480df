"""Questions of all kinds, and texts that are hard to write down."""

from hypothesis import strategies as st

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

NASTY = "`a[0] < {b} & c` ~ # = : \\n -> $5$ </script> “é漢💡”"
SHARED = {
    "prompt": f"What is it?\n\n```python\nx = {{'a': 1}}  # <b>\nprint(x)\n```\n\n{NASTY}",
    "topic": "loss/metric & more",
    "difficulty": 2,
    "explanation": f"Since {NASTY}",
    "section": "The MNIST Loss: [1]",
}

SINGLE = Choice(**SHARED, name="single", right=("`a = {1}`",), wrong={"%50% of it": "No: ~half.", "`#`": "A comment."})
SEVERAL = Choice(**SHARED, name="several", right=("`w`", "`b`", "`c`"), wrong={"`x`": "Data.", "`y`": "Targets."})
MATCHING = Matching(**SHARED, name="matching", pairs={"`a -> b`": "a *function*", "loss": "how bad = it is", "x": "{}"})
SHORT = ShortAnswer(
    **SHARED,
    name="short",
    key_points=(KeyPoint("it is a number", ("a number",)), KeyPoint("smaller is better", ("lower",), points=0.5)),
    wrong_statements=(WrongStatement(("bigger is better",), "The smaller, the better."),),
    model_answer="A number, `x < 1`, the smaller the better.",
)
NUMBER = Number(**SHARED, name="number", answer=-0.3, tolerance=0.1, unit="m/s")
ORDERING = Ordering(**SHARED, name="ordering", items=("init", "`predict` -> y", "loss", "step"))
SHAPE = Shape(**SHARED, name="shape", answer=(3,))
OUTPUT = Output(**SHARED, name="output", code="print('```', 3 * 4)", answer="``` 12 * {}\n")
OUTPUTS = Output(**SHARED, name="outputs", code="print(1); print(2)", answer="1\n2")
ARROW = Output(**SHARED, name="arrow", code="print('a->b')", answer="a->b")
CODE = Code(**SHARED, name="code", template="y = ____ + 1", answer="x", shows=("y",), setup="secret = 1")
DRAWING = Drawing(**SHARED, name="drawing", exercise="sketch")
ALL = (SINGLE, SEVERAL, MATCHING, SHORT, NUMBER, ORDERING, SHAPE, OUTPUT, OUTPUTS, ARROW, CODE, DRAWING)

PIECES = [
    *(
        "~",
        "#",
        "=",
        ":",
        "{",
        "}",
        "\\",
        "%",
        "`",
        "*",
        "_",
        "$",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "&",
        "|",
        "-",
        "'",
        '"',
    ),
    *(
        "####",
        "//",
        "::",
        "->",
        "%50%",
        "\\n",
        "&&058;",
        "&lt;",
        "]]>",
        "<!--",
        "</script>",
        "[html]",
        "$CATEGORY:",
        "TRUE",
    ),
    *(
        " ",
        "\n",
        "\n\n",
        "\t",
        "    ",
        "a",
        "b",
        "1",
        "é",
        "漢",
        "💡",
        "\u2028",
        "\xa0",
        "\x00",
        "\x1f",
        "\r",
    ),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)
said = texts.filter(lambda text: any(c.isalnum() for c in text))  # something can be seen of it
lines = said.map(lambda text: " ".join(text.split()))


@st.composite
def choices(draw):
    """A choice between hard texts."""
    options = draw(st.lists(said, min_size=2, max_size=6, unique_by=lambda text: "".join(filter(str.isalnum, text))))
    right = draw(st.integers(1, len(options) - 1))
    asked = SHARED | {"prompt": draw(said), "explanation": draw(said)}
    return Choice(**asked, name="q", right=tuple(options[:right]), wrong={text: draw(said) for text in options[right:]})
