"""Make a matrix, and say which of its numbers you mean."""

import torch

from grader.exercise import Calls, Exercise, Keeps, Misconception, Reads
from grader.inputs import Dim, tensors

H, W = Dim("h", 2, 5), Dim("w", 2, 5)

exercise = Exercise(
    title="The bottom-right corner",
    section="NumPy Arrays and PyTorch Tensors",
    provides=("nine", "double_corner"),
    oracle="tensors",
    statement="""\
A *matrix* is a tensor of rank 2: it has rows and columns. A *slice* such as `t[1:3, :2]` takes rows 1 and 2
(the end is left out) and the first two columns; -1 is the last row or column, -2 the last but one.

- Set `nine` to a 3 by 3 tensor, or numpy array, with the numbers 1 to 9, row by row.
- Write `double_corner(t)`: the bottom-right four numbers (2 rows by 2 columns) of a matrix, doubled. For
  `nine` these are `[[10, 12], [16, 18]]`. It works for matrices of any size from 2 by 2, and leaves `t` as it
  was.
""",
    starter="""\
nine = ...


def double_corner(t):
    ...
""",
    hints=[
        (
            "`nine`: try `torch.arange(1, 4)` in a cell. It stops before its second number: what do you have to give "
            "it to count up to 9? After that, `view` makes rows and columns of the one long row."
        ),
        (
            "`double_corner`: draw a matrix of 4 by 5 on paper, and one of 2 by 2, and mark the corner in both. "
            "Counted from the top left it begins at other places. From where is it the same in both?"
        ),
        (
            "`double_corner`: a slice may begin at a negative number, and if nothing stands behind its colon, it "
            "goes on to the end. You need the same slice for rows and columns; what it takes is then multiplied."
        ),
    ],
    checks=[
        Reads("the numbers from 1 to 9", of="nine", hint="`torch.arange` counts, and `view` gives a shape."),
        Calls(
            "the corner of a 3 by 3 matrix",
            tensors(3, 3, low=-8, high=9, step=1),
            of="double_corner",
            points=2,
            hint="Two slices, one for the rows and one for the columns, between the same brackets.",
        ),
        Calls(
            "the corner of a matrix of another size",
            tensors(H, W, low=-8, high=9, step=1),
            of="double_corner",
            hint="Count from the end: -2 is the last but one, however many there are.",
        ),
        Keeps("leaves the matrix alone", tensors(H, W, low=-8, high=9, step=1), of="double_corner"),
    ],
    accepts={
        "numpy": """\
nine = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

def double_corner(t):
    return np.asarray(t)[-2:, -2:] + np.asarray(t)[-2:, -2:]
""",
        "floats, and a shape that is computed": """\
nine = torch.linspace(1, 9, 9).view(3, 3)

def double_corner(t):
    rows, columns = t.shape
    y = t * 2
    return y[rows - 2:rows, columns - 2:columns]
""",
        "element by element": """\
nine = tensor(range(1, 10)).reshape(3, -1)

def double_corner(t):
    return tensor([[2 * t[i, j] for j in (-2, -1)] for i in (-2, -1)])
""",
    },
    misconceptions=[
        Misconception(
            "counts from 0 to 8",
            {"nine": torch.arange(9).view(3, 3)},
            hint="`arange(9)` starts at 0 and ends before 9. Where should it start, and before what should it end?",
        ),
        Misconception(
            "starts where it should end",
            {"nine": torch.arange(10, 10)},
            hint="`arange(10, 10)` starts at 10 and ends before 10: there is no number left. Where should it start?",
        ),
        Misconception(
            "leaves the numbers in one row",
            {"nine": torch.arange(1, 10)},
            hint="The numbers are right, the shape is not: `view(3, 3)` or `reshape(3, 3)` makes rows of them.",
        ),
        Misconception(
            "makes a list of lists",
            {"nine": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]},
            hint="A list of lists can't be sliced by rows and columns at once, nor doubled: twice a list is "
            "the list repeated. `tensor(...)` makes a tensor of it.",
        ),
        Misconception(
            "counts down the columns",
            {"nine": torch.arange(1, 10).view(3, 3).T},
            hint="The first row should read 1, 2, 3.",
        ),
        Misconception(
            "doubles the nine numbers already",
            {"nine": torch.arange(1, 10).view(3, 3) * 2},
            hint="`nine` itself holds 1 to 9. `double_corner` does the doubling.",
        ),
        Misconception(
            "takes the last rows only",
            {"double_corner": lambda t: t[2:] * 2},
            hint="One slice selects rows. A second one, after a comma, selects columns.",
        ),
        Misconception(
            "slices the rows twice",
            {"double_corner": lambda t: t[-2:][-2:] * 2},
            hint="`t[-2:][-2:]` takes the last rows, and of these the last rows again. Rows and columns "
            "stand in one pair of brackets: `t[rows, columns]`.",
        ),
        Misconception(
            "takes the top-left corner",
            {"double_corner": lambda t: t[:2, :2] * 2},
            hint="`:2` is the first two. The last two start at -2.",
        ),
        Misconception(
            "takes the top-right corner",
            {"double_corner": lambda t: t[:2, -2:] * 2},
            hint="The first slice is for the rows: bottom means the last two.",
        ),
        Misconception(
            "takes single numbers",
            {"double_corner": lambda t: (t[0, 2] * 2, t[1, 2] * 2, t[2, 1:2] * 2)},
            hint="These are single elements. A slice with `:` for the rows and one for the columns takes the block.",
        ),
        Misconception(
            "takes a single column",
            {"double_corner": lambda t: t[:, -2] * 2},
            hint="`-2` alone is one column, the last but one. `-2:` is that one and all after it.",
        ),
        Misconception(
            "leaves the last row and column out",
            {"double_corner": lambda t: t[-2:-1, -2:-1] * 2},
            hint="The end of a slice is left out: `-2:-1` is one row. Without an end it goes on to the last.",
        ),
        Misconception(
            "counts from the top left",
            {"double_corner": lambda t: t[1:, 1:] * 2},
            hint="`1:` takes all but the first, which are two only if there are three. Count from the end.",
        ),
        Misconception(
            "takes the second and the third row and column",
            {"double_corner": lambda t: t[1:3, 1:3] * 2},
            hint="`1:3` is the second and the third, which are the last two only if there are three. Count from the "
            "end.",
        ),
        Misconception(
            "does not double",
            {"double_corner": lambda t: t[-2:, -2:]},
            hint="These are the right four numbers, as they were. If you doubled first, did you slice the "
            "result, or `t` again?",
        ),
        Misconception(
            "squares instead of doubling",
            {"double_corner": lambda t: t[-2:, -2:] ** 2},
            hint="`** 2` and `pow(2)` square: 5 becomes 25. Doubled, it is 10.",
        ),
        Misconception(
            "doubles all and selects nothing",
            {"double_corner": lambda t: t * 2},
            hint="All numbers are doubled. Now select the bottom-right four.",
        ),
        Misconception(
            "doubles the matrix in place",
            "def double_corner(t):\n    t *= 2\n    return t[-2:, -2:]\n",
            hint="`t *= 2` and `t.mul_(2)` write into the tensor that was passed in. `t * 2` makes a new one.",
        ),
    ],
)
