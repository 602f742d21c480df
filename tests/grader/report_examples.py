"""Grades made by hand, for the tests of what is made from grades."""

import io

import numpy as np
from PIL import Image

from grader.results import Argument, CellError, CellRecord, Evidence, ExerciseResult, Grade, Picture, Verdict
from grader.values import Array, Float, Items, Pairs, Plain, Raised


def array(elements, kind="tensor", requires_grad=False):
    """An observed array of these elements; floats are float32, as torch makes them."""
    elements = np.asarray(elements)
    if elements.dtype == np.float64 and kind == "tensor":
        elements = elements.astype(np.float32)
    steps = tuple(step // elements.itemsize for step in elements.strides)
    data = np.ascontiguousarray(elements).tobytes()
    return Array(kind, elements.dtype.name, elements.shape, steps, requires_grad, data)


def png(width=6, height=4):
    """A small PNG picture."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (40, 90, 160)).save(stream, "PNG")
    return stream.getvalue()


def digits(count):
    """Images of rings, a stand-in for handwritten digits: (count, 28, 28), 0 to 1."""
    y, x = np.mgrid[:28, :28]
    radius = 5 + np.arange(count)[:, None, None] % 6
    return np.clip(2.5 - np.abs(np.hypot(y - 13.5, x - 13.5) - radius), 0, 1)


def grade_of(*verdicts, notebook=(), **changes):
    """A grade of one exercise with these verdicts."""
    points, possible = sum(v.points for v in verdicts), sum(v.possible for v in verdicts)
    exercise = ExerciseResult(
        "sums", "Sums", "Add *two* numbers.", points, possible, verdicts, (1,), "def add(a, b): ...\n"
    )
    fields = {
        "submission": "lab4.ipynb",
        "sha256": "0123456789abcdef" * 4,
        "course": "Training a Digit Classifier",
        "grader_version": "0.1.0",
        "started": "2025-03-04T14:05:06+00:00",
        "seconds": 3.25,
        "points": points,
        "possible": possible,
        "is_isolated": True,
        "exercises": (exercise,),
        "notebook": notebook,
    }
    return Grade(**(fields | changes))


def failed(observed, expected, *arguments, **changes):
    """A failed verdict with this evidence."""
    evidence = Evidence("add(a, b)", tuple(Argument(name, value) for name, value in arguments), observed, expected)
    fields = {
        "description": "adds",
        "outcome": "failed",
        "points": 0.0,
        "possible": 1.0,
        "evidence": evidence,
    }
    return Verdict(**(fields | changes))


DISTANCE = """def mnist_distance(a, b):
    # one number for each image
    return (a - b).abs().mean()


print("distance:", mnist_distance(threes, mean_of_threes))
"""


def everything():
    """A grade with every outcome, and every kind of value, cell and error."""
    rings = digits(12)
    a = np.array([[[0.0, 1.0], [0.5, 0.25]], [[1.0, 1.0], [0.0, 0.0]]])
    distance = ExerciseResult(
        "mnist_distance",
        "The distance between two images",
        "Write `mnist_distance(a, b)`: the **mean absolute difference** of images over two axes.\n\n"
        "```python\nmnist_distance(threes, mean_of_threes).shape  # torch.Size([6131])\n```\n\n"
        "- any shapes that broadcast\n- see [the chapter](https://example.org/chapter-4)\n",
        3.0,
        6.0,
        (
            Verdict("one image against another", "passed", 2.0, 2.0, cases=20, passed_cases=20),
            failed(
                array(0.4375),
                array([0.4375, 0.5]),
                ("a", array(a)),
                ("b", array([[0.0, 0.0], [1.0, 0.0]])),
                description="a whole batch against the mean image",
                possible=2.0,
                reason="The shape is `()`, and `(2,)` is expected: one number for each image of the batch.",
                misconception="averages the batch away",
                hint="You averaged over every axis. Which axes does `mean` have to run over?",
                cases=24,
                passed_cases=8,
            ),
            Verdict("leaves its arguments alone", "passed", 1.0, 1.0, cases=4, passed_cases=4),
            failed(
                Raised(
                    "TypeError",
                    "unsupported operand type(s) for -: 'list' and 'list'",
                    "return (a - b).abs().mean()",
                    3,
                ),
                array([1.0]),
                ("a", Items("list", (Items("list", (Float("1.0"),)),))),
                ("b", Items("list", (Items("list", (Float("0.0"),)),))),
                description="takes lists as well",
                outcome="error",
                reason="It raised an exception.",
            ),
        ),
        (3,),
        DISTANCE,
    )
    blurred = rings * 0.5
    moved = np.linspace(-1, 1, 12).reshape(4, 3)
    wrong = moved.copy()
    wrong[1, 2], wrong[3, 0] = 0.75, np.nan
    images = ExerciseResult(
        "pixels",
        "Stacks of images",
        "Stack the images and scale them to 0 to 1.",
        0.0,
        6.5,
        (
            failed(
                array(blurred),
                array(rings),
                ("images", array((rings * 255).astype(np.uint8))),
                description="scales a stack of images",
                possible=2.5,
                reason="The result is half as large as expected everywhere.",
                hint="What is the largest value that a byte can have?",
            ),
            failed(
                array(wrong),
                array(moved),
                ("weights", array(moved, requires_grad=True)),
                ("lr", Float("0.1")),
                description="one step of gradient descent",
                reason="Two of the elements differ.",
            ),
            failed(
                array(np.arange(120.0).reshape(2, 60)),
                array(np.arange(120.0).reshape(2, 60) + 1),
                ("rows", array(digits(3).reshape(3, 784))),
                description="a linear layer",
            ),
            failed(
                Items("list", (Plain(3), Plain(7), Plain("seven"))),
                Items("list", (Plain(3), Plain(7), Plain(7))),
                (
                    "config",
                    Pairs(
                        (
                            (Plain("lr"), Float("0.1")),
                            (Plain("classes"), Items("tuple", (Plain(3), Plain(7)))),
                        )
                    ),
                ),
                description="lists the labels",
                evidence=Evidence(
                    "labels(config)",
                    (Argument("config", Pairs(((Plain("lr"), Float("0.1")),))),),
                    Items("list", (Plain(3), Plain(7), Plain("seven"))),
                    Items("list", (Plain(3), Plain(7), Plain(7))),
                    "got 3\ngot 7\n",
                ),
            ),
            Verdict("ends in time", "timeout", 0.0, 0.5, "It took longer than 10 s."),
            Verdict("explains the result", "needs review", 0.0, 0.5, "An instructor will read your answer."),
        ),
        (4, 5),
        "stacked = torch.stack(images).float() / 510\n",
    )
    sgd = ExerciseResult(
        "sgd_step", "A step of SGD", "Write `sgd_step`.", 0.0, 1.0,
        (Verdict("there is a function sgd_step", "missing", 0.0, 1.0, "The notebook has no `sgd_step`."),),
    )  # fmt: skip
    labels = ExerciseResult(
        "labels",
        "Labels",
        "Make labels.",
        1.0,
        1.0,
        (Verdict("labels", "passed", 1.0, 1.0),),
        (6,),
        "y = [1] * 3\n",
        stand_ins={"labels": "y"},
    )
    error = CellError(
        "NameError",
        "name 'tensr' is not defined",
        "t = tensr([1, 2])",
        2,
        "Is `tensr` spelled as where you made it?",
    )
    notebook = (
        CellRecord(1, "markdown", "# Lab 4\n\n### Distances\n\nSome *notes* with `code`."),
        CellRecord(2, "code", "%matplotlib inline\nimport torch\n", seconds=0.4),
        CellRecord(3, "code", DISTANCE, "distance: \x1b[31mtensor(0.1317)\x1b[0m\n" + "wide " * 60, seconds=0.012),
        CellRecord(4, "code", "show(images[0])", "<Figure size 640x480>", (Picture(png(320, 200)),), seconds=0.2),
        CellRecord(5, "code", "import math\nt = tensr([1, 2])", error=error, seconds=0.01),
        CellRecord(6, "code", "y = [1] * 3\n", left_out="No exercise that was found needs `y` from here."),
        CellRecord(7, "raw", "raw text"),
    )
    return grade_of(
        submission="ada-lovelace-lab4.ipynb",
        points=4.0,
        possible=14.5,
        is_isolated=False,
        exercises=(distance, images, sgd, labels),
        notebook=notebook,
        notes=("The cell after cell 5 was not run.",),
    )
