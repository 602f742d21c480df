"""The shape of a matrix product; some are none."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice

ERROR = "there is an error: the shapes don't fit together"


def make(random: Random) -> Choice:
    import torch

    rows, inner, columns = random.sample((2, 3, 4, 5, 10, 28, 30, 64), 3)
    second = (inner, columns) if random.random() < 0.75 else (columns, inner)
    fits = second[0] == inner
    right = as_code(tuple((torch.zeros(rows, inner) @ torch.zeros(second)).shape)) if fits else ERROR
    mistakes = [
        (
            as_code((rows, columns)),
            "It would be so with `a @ b.T`. The columns of `a` have to be as many as the rows of `b`.",
        ),
        (
            as_code((columns, rows)),
            "The rows of a product are those of `a`, and its columns those of `b`, not the other way round.",
        ),
        (
            as_code((rows, inner)),
            "That is the shape of `a`. For each number of the result, a whole row of `a` is used up."
            if fits
            else f"The rows of `a`, the columns of `b`: but {inner} numbers in a row don't fit {columns} in a column.",
        ),
        (as_code((inner, inner)), "A product has the rows of `a` and the columns of `b`, if there is one at all."),
        (ERROR, f"There is none: `a` has {inner} columns, and `b` has {inner} rows."),
    ]
    return one_of(
        after(f"a = torch.zeros({rows}, {inner})\nb = torch.zeros({second[0]}, {second[1]})", "(a @ b).shape"),
        right,
        mistakes,
        f"Each row of `a` meets each column of `b`. A row of `a` has {inner} numbers, and a column of `b` {second[0]}. "
        + (f"So there are {rows} rows and {columns} columns of results." if fits else "That can't be multiplied."),
    )


generator = Generator(
    name="matrix-products",
    topic="matrix multiplication",
    difficulty=2,
    section="The MNIST Loss Function",
    make=make,
)
