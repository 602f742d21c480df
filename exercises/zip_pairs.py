"""The questionnaire's zip: a dataset is a list of pairs."""

from hypothesis import strategies as st

from grader.exercise import Calls, Exercise, Misconception, Scenario
from grader.inputs import Dim, images, tensors

N = Dim("n", 2, 4)
length = st.shared(st.integers(1, 5), key="length")
numbers = length.flatmap(lambda n: st.lists(st.integers(1, 9), min_size=n, max_size=n))
letters = length.flatmap(lambda n: st.text("abcdefgh", min_size=n, max_size=n))


def as_dataset(make_dataset, xs, ys):
    """What a model needs of a dataset: its length, a pair by its index, and to be read twice."""
    dataset = make_dataset(xs, ys)
    return {
        "length": len(dataset),
        "last": dataset[len(xs) - 1],
        "read once": list(dataset),
        "read twice": list(dataset),
    }


exercise = Exercise(
    title="A dataset is a list of pairs",
    section="The MNIST Loss Function",
    provides="make_dataset",
    oracle="datasets:make_dataset",
    statement="""\
A PyTorch *dataset* gives for each index a pair `(x, y)`: an input and its target. A plain list of pairs will
do.

Write `make_dataset(xs, ys)`: it returns the list of the pairs of what stands at the same place in `xs` and in
`ys`. `make_dataset([1, 2, 3, 4], "abcd")` returns `[(1, "a"), (2, "b"), (3, "c"), (4, "d")]`. Both have the
same length; they are lists, texts or tensors, which are read row by row.
""",
    starter="""\
def make_dataset(xs, ys):
    ...
""",
    hints=[
        (
            "Think of a zip fastener: a tooth from the left, a tooth from the right, and so on to the end. Python "
            "has a function that goes through two things in this way, and is named after it."
        ),
        (
            "What that function gives can be gone through just once. A dataset is asked again and again, for its "
            "length and for the item with the number 2: make of it something that keeps the pairs."
        ),
    ],
    checks=[
        Calls(
            "numbers and letters",
            numbers,
            letters,
            points=2,
            hint="Python's `zip` pairs things up. What does it take to make a list of it?",
        ),
        Calls("tensors: images and their targets", images(N, 2, 2), tensors(N, 1, low=0, high=1, step=1)),
        Scenario(
            "can be used as a dataset",
            as_dataset,
            numbers,
            letters,
            hint="It needs a length and an index, and must not be used up by reading it once.",
        ),
    ],
    accepts={
        "a loop over indices": """\
def make_dataset(xs, ys):
    result = []
    for i in range(len(xs)):
        result.append((xs[i], ys[i]))
    return result
""",
        "lists within a tuple": """\
make_dataset = lambda xs, ys: tuple([x, y] for x, y in zip(xs, ys))
""",
        "map": """\
def make_dataset(a, b):
    return [*map(lambda x, y: (x, y), a, b)]
""",
    },
    misconceptions=[
        Misconception(
            "gives the zip object",
            zip,
            hint="`zip` makes the pairs only when something asks for them, and only once: it has no length "
            "and no index. `list(...)` makes a list of it.",
        ),
        Misconception(
            "returns nothing",
            "def make_dataset(xs, ys):\n    for pair in zip(xs, ys):\n        print(pair)\n",
            hint="`print` shows something to a reader; other code gets only what the function returns. "
            "Collect the pairs in a list, and `return` it.",
        ),
        Misconception(
            "exchanges x and y",
            lambda xs, ys: [(y, x) for x, y in zip(xs, ys, strict=True)],
            hint="In each pair the input x comes first, then the target y.",
        ),
        Misconception(
            "pairs the two lists as a whole",
            lambda xs, ys: [xs, ys],
            hint="That is one pair: all inputs, and all targets. A pair for each place is meant.",
        ),
        Misconception(
            "puts everything in one row",
            lambda xs, ys: [value for pair in zip(xs, ys, strict=True) for value in pair],
            hint="The order is right, but nothing holds an x and its y together: `(x, y)` makes a pair.",
        ),
        Misconception(
            "pairs everything with everything",
            lambda xs, ys: [(x, y) for x in xs for y in ys],
            hint="Two loops, one inside the other, give every combination. `zip` goes through both together.",
        ),
        Misconception(
            "counts instead of reading xs",
            "def make_dataset(xs, ys):\n    return list(enumerate(ys, start=1))\n",
            hint="`enumerate` counts by itself: right for [1, 2, 3, 4], and wrong for other inputs. The "
            "first of each pair comes from `xs`.",
        ),
        Misconception(
            "returns after the first pair",
            "def make_dataset(xs, ys):\n    for pair in zip(xs, ys):\n        return [pair]\n",
            hint="`return` ends the function at once. Collect the pairs in the loop, and return the list after it.",
        ),
        Misconception(
            "makes a dict",
            lambda xs, ys: dict(zip(xs, ys, strict=True)),
            hint="A dict keeps one y for each x, so that equal inputs are lost. A list keeps every pair.",
        ),
        Misconception(
            "makes a set",
            lambda xs, ys: set(zip(xs, ys, strict=True)),
            hint="A set has no order and no index, and keeps equal pairs only once. A list keeps all.",
        ),
        Misconception(
            "prints the pairs instead of returning them",
            "x=[1,2,3,4]\ny=['a','b','c','d']\nfor i in zip(x,y):\n    print(i)",
            pattern=r"(?ms)\A(?!.*\b(?:def|lambda)\b).*^for\b[^\n]*\bin\s+(?:list\()?zip\(",
            hint="That shows the pairs of two fixed lists. Write a function, `def make_dataset(xs, ys):`, "
            "that returns the list of pairs for any two arguments.",
        ),
    ],
)
