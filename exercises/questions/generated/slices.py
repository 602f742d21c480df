"""A part of a matrix, cut out by two slices."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.pixels import crop

    rows, columns = random.choice((3, 4, 5)), random.choice((3, 4, 5))
    t = torch.arange(1, rows * columns + 1).view(rows, columns)
    top, left = random.randrange(rows - 1), random.randrange(columns - 1)
    bottom, right = random.randrange(top + 1, rows), random.randrange(left + 1, columns)
    mistakes = [
        (
            t[top : bottom + 1, left : right + 1],
            "Here the ends are taken along. What stands behind the `:` is the first that is left out.",
        ),
        (t[left:right, top:bottom], "Here rows and columns are exchanged. The first slice is for the rows."),
        (
            t[max(top - 1, 0) : bottom, max(left - 1, 0) : right],
            "Here the start is counted from 1. The first row and the first column are number 0.",
        ),
        (t[top:bottom], "These are whole rows. The second slice selects columns in them."),
        (t[:, left:right], "These are whole columns. The first slice selects rows."),
    ]
    return one_of(
        after(
            f"t = torch.arange(1, {rows * columns + 1}).view({rows}, {columns})",
            f"t[{top}:{bottom}, {left}:{right}].tolist()",
        ),
        as_code(crop(t, top, bottom, left, right).tolist()),
        [(as_code(part.tolist()), why) for part, why in mistakes if part.numel()],
        f"`t` is `{t.tolist()}`. The first slice takes the rows from number {top} on, and row {bottom} is the "
        f"first that it leaves out. The second does the same with the columns {left} and {right}. Both count from 0.",
    )


generator = Generator(
    name="slices", topic="slicing", difficulty=2, section="NumPy Arrays and PyTorch Tensors", make=make
)
