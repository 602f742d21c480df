"""The sigmoid, the ReLU and a training's losses, drawn; what is drawn is read as data, not as a picture."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario

Points = npt.NDArray[np.float64]
Curve = tuple[str, Points, Points]  # how it is drawn (as a line or as points), x and y in the order of the drawing

WIDEST_STEP = 0.5
NEAR_END = 0.25  # np.arange(-4, 4, 0.25) ends at 3.75
NEAR_CORNER = 0.05

training_losses = st.lists(st.integers(1, 40), min_size=12, max_size=14, unique=True).map(
    lambda sixteenths: [n / 16 for n in sixteenths] if sixteenths != sorted(sixteenths) else sixteenths[::-1]
)


def drawn_by(draw, *arguments):
    """What a function draws: of each line and each set of points the x and y, and of its axes limits and labels.

    Every line that is added to any axes counts, whether the figure is the current one, a new one, or closed again.
    """
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection

    added = []

    def noting(add):
        def add_and_note(axes, artist, *rest, **options):
            added.append(artist)
            return add(axes, artist, *rest, **options)

        return add_and_note

    def description(artist):
        if isinstance(artist, PathCollection):
            kind, transform, xy = "points", artist.get_offset_transform(), artist.get_offsets()
        elif hasattr(artist, "get_xydata"):
            kind = "points" if artist.get_linestyle() in ("None", "none", " ", "") else "line"
            transform, xy = artist.get_transform(), artist.get_xydata()
        else:
            return None
        if transform is not artist.axes.transData:  # axhline, axvline and axline: they say nothing about a function
            return None
        xy = np.ma.filled(np.ma.asarray(xy, dtype=float), np.nan).reshape(-1, 2)
        axes = artist.axes
        return {
            "drawn as": kind,
            "x": xy[:, 0],
            "y": xy[:, 1],
            "x limits": list(axes.get_xlim()),
            "x label": axes.get_xlabel(),
            "y label": axes.get_ylabel(),
        }

    methods = {
        name: next(kind for kind in Axes.__mro__ if name in vars(kind)) for name in ("add_line", "add_collection")
    }
    originals = {name: getattr(kind, name) for name, kind in methods.items()}
    backend, open_before = plt.get_backend(), plt.get_fignums()
    current = plt.gcf().number if open_before else None
    plt.switch_backend("agg")  # a notebook's own shows each figure, and closes it
    try:
        for name, kind in methods.items():
            setattr(kind, name, noting(originals[name]))
        plt.figure()
        draw(*arguments)
        found = [description(artist) for artist in added if artist.axes is not None]
        return [one for one in found if one is not None]
    finally:
        for name, kind in methods.items():
            setattr(kind, name, originals[name])
        for number in plt.get_fignums():
            if number not in open_before:
                plt.close(number)
        plt.switch_backend(backend)
        if current is not None and plt.fignum_exists(current):
            plt.figure(current)


def curves_of(result: list[dict]) -> list[Curve]:
    """What was drawn, that with the most points first.

    A curve may be drawn in pieces, even point by point: all pieces together are one more possibility.
    """
    curves = []
    for piece in result:
        is_number = np.isfinite(piece["x"]) & np.isfinite(piece["y"])
        curves.append((piece["drawn as"], piece["x"][is_number], piece["y"][is_number]))
    curves.sort(key=lambda curve: -len(curve[1]))
    if len(curves) > 1:
        x, y = (np.concatenate([curve[axis] for curve in curves]) for axis in (1, 2))
        order = np.argsort(x, kind="stable")
        kinds = {kind for kind, xs, _ in curves if len(xs) > 1}
        together = ("line" if kinds == {"line"} else "points", x[order], y[order])
        curves.insert(0 if len(curves[0][1]) == 1 else len(curves), together)
    return [curve for curve in curves if len(curve[1]) > 0]


def some_curve(judge: Callable[..., str | None]) -> Callable[..., str | None]:
    """A judge of all that was drawn: one right curve is enough, and otherwise the main one's problem counts."""

    def holds(result: list[dict], *case: object) -> str | None:
        problems = [judge(curve, *case) for curve in curves_of(result)]
        if not problems:
            return "Nothing is drawn."
        return None if None in problems else problems[0]

    return holds


def near(a: Points, b: Points, tolerance: float = 1e-3) -> bool:
    """Whether two lists of numbers are the same, as far as an eye could tell."""
    return len(a) == len(b) and bool(np.all(np.abs(a - b) <= tolerance))


def sigmoid_of(x: Points) -> Points:
    """The sigmoid, without overflow."""
    return 0.5 * (1 + np.tanh(x / 2))


def is_sigmoid(curve: Curve) -> str | None:
    """Whether y is the sigmoid of x, at every x that was drawn."""
    _, x, y = curve
    right = sigmoid_of(x)
    if len(set(x.tolist())) < 2:
        return "A single point is drawn, or a vertical line."
    if near(y, right, 5e-3):
        return None
    if near(x, sigmoid_of(y), 5e-3):
        return "The curve lies on its side: it goes from 0 to 1 along the x axis."
    if near(y, sigmoid_of(-x), 5e-3):
        return "The curve falls from left to right, and it should rise."
    if near(y, np.tanh(x), 5e-3):
        return "The curve rises from -1 to 1, and it should rise from 0 to 1."
    if near(y, (x > 0).astype(float)) or near(y, (x >= 0).astype(float)):
        return "The curve jumps from 0 to 1, and it should rise smoothly."
    if abs(y.sum() - 1) < 1e-3 and (y > 0).all():
        return "All the heights of the curve together are 1."
    if near(y, np.exp(-x), 5e-3) or near(y, np.exp(x), 5e-3):
        return "The curve grows without a limit, and it should stay between 0 and 1."
    if near(y, right * (1 - right), 5e-3):
        return "The curve is a hill: it rises and falls again."
    worst = int(np.abs(y - right).argmax())
    return (
        f"At x = {x[worst]:.3g} the curve has the height {y[worst]:.3g}, and the sigmoid of it is {right[worst]:.3g}."
    )


def visible(result: list[dict]) -> list[tuple[float, float]]:
    """For each thing drawn, and for all together, where along x it begins and ends, as far as the axes show it."""
    ends = []
    for piece in result:
        x = piece["x"][np.isfinite(piece["x"])]
        low, high = sorted(piece["x limits"])
        if len(x):
            ends.append((max(x.min(), low), min(x.max(), high)))
    together = (min(a for a, _ in ends), max(b for _, b in ends)) if ends else (0.0, 0.0)
    return [*ends, together] if ends else []


def is_wide(result: list[dict]) -> str | None:
    """Whether the sigmoid is seen from -4 to +4 at least."""
    sloping = [piece for piece in result if len(piece["y"]) == 1 or np.ptp(piece["y"]) > 0]
    ends = visible(sloping or result)
    if not ends:
        return "Nothing is drawn."
    low, high = ends[-1]
    if low <= -4 + NEAR_END and high >= 4 - NEAR_END:
        return None
    return (
        "Nothing is drawn left of 0."
        if low > -NEAR_END
        else "It is drawn over less than the range from -4 to +4, so the flat ends can't be seen."
    )


def is_from_minus_2_to_2(result: list[dict]) -> str | None:
    """Whether the ReLU is seen from -2 to +2, no more and no less."""
    ends = visible(result)
    if not ends:
        return "Nothing is drawn."
    if any(abs(low + 2) <= NEAR_END and abs(high - 2) <= NEAR_END for low, high in ends):
        return None
    low, high = ends[-1]
    if low > -NEAR_END:
        return "Nothing is drawn left of 0."
    return f"It is drawn from {low:.3g} to {high:.3g}, and -2 to +2 is asked for."


def is_smooth(curve: Curve) -> str | None:
    """Whether a curve's points are close enough to look like one."""
    kind, x, _ = curve
    x = x[(x >= -4.5) & (x <= 4.5)]
    if kind == "points":
        x = np.sort(x)
    steps = np.diff(x)
    if len(steps) < 4:
        return "It has only a few points."
    if (steps > 0).any() and (steps < 0).any():
        return "The line runs to and fro: the x of its points are not in order."
    if np.abs(steps).max() > WIDEST_STEP + 1e-3:
        return "Its points are more than 0.5 apart, so one sees corners instead of a curve."
    return None


def is_relu(curve: Curve) -> str | None:
    """Whether y is the ReLU of x, at every x that was drawn."""
    _, x, y = curve
    right, left = x > 0, x < 0
    if len(set(x.tolist())) < 2:
        return "A single point is drawn, or a vertical line."
    if near(y, np.maximum(x, 0)):
        return None
    if near(x, np.maximum(y, 0)):
        return "The line stands on its side: it goes straight up at x = 0."
    if near(y, x):
        return "It is one straight line, without a corner at 0."
    if near(y, np.abs(x)):
        return "Left of 0 it goes up again."
    if near(y, np.minimum(x, 0)):
        return "It is 0 right of 0, where it should rise, and below 0 left of it."
    if near(y, np.maximum(-x, 0)):
        return "It is 0 right of 0, where it should rise, and rises to the left."
    if near(y[right], np.ones(right.sum())):
        return "Right of 0 it is 1 everywhere, and it should rise as x does."
    if near(y[right], x[right]) and left.any() and (y[left] < 0).all():
        return "Left of 0 it is below 0, and it should be 0 there."
    if near(y, np.clip(x, 0, 1)):
        return "Right of 1 it stops rising."
    if near(y, sigmoid_of(x), 5e-3):
        return "It is the S of a sigmoid."
    worst = int(np.abs(y - np.maximum(x, 0)).argmax())
    return f"At x = {x[worst]:.3g} it has the height {y[worst]:.3g}, and the ReLU of it is {max(x[worst], 0):.3g}."


def has_corner(curve: Curve) -> str | None:
    """Whether the line, between its points too, comes near the corner at 0."""
    kind, x, y = curve
    if kind == "points":
        x, y = x[np.argsort(x)], y[np.argsort(x)]
        if len(x) < 2 or np.diff(x).max() > WIDEST_STEP + 1e-3:
            return "It is drawn as points, and they are more than 0.5 apart."
    steps = np.diff(x)
    if (steps > 0).any() and (steps < 0).any():
        return "The line runs to and fro: the x of its points are not in order."
    order = np.argsort(x)
    if len(x) < 2 or x.min() > 0 or x.max() < 0:
        return "There is nothing at 0, where the corner is."
    height = float(np.interp(0, x[order], y[order]))
    if abs(height) <= NEAR_CORNER or (kind == "points" and abs(height) <= WIDEST_STEP / 2):
        return None
    return "The corner is not where it should be: at x = 0 the line has another height than 0."


def heights_are_losses(curve: Curve, losses: list[float]) -> str | None:
    """Whether the heights from left to right are the losses."""
    _, x, y = curve
    right, n = np.array(losses), len(losses)
    y = y[np.argsort(x, kind="stable")]
    if near(y, right):
        return None
    if near(curve[1], right):
        return "The losses are along the x axis, and their numbers along the y axis."
    if near(y, right[::-1]):
        return "The losses are there, the last one first."
    if len(y) < n:
        return f"There are {n} losses, and fewer points." if len(y) > 1 else "A single point is drawn."
    if near(y, np.sort(right)) or near(y, np.sort(right)[::-1]):
        return "The heights are the losses, but sorted by size."
    if near(y, np.cumsum(right)):
        return "The line rises all the time: each point is as high as all the losses up to there together."
    if near(y, np.cumsum(right) / np.arange(1, n + 1)):
        return "Each point is as high as the mean of the losses up to there."
    if near(y, right.mean() + 0 * right):
        return "All points have the height of the mean loss."
    if near(y, np.arange(n)):
        return "The heights are the numbers of the mini-batches."
    return "The heights from left to right are not the losses that were passed in."


def stand_side_by_side(curve: Curve, losses: list[float]) -> str | None:
    """Whether x counts the losses, from 0 or from 1."""
    x, n = np.sort(curve[1]), len(losses)
    if near(x, np.arange(n)) or near(x, np.arange(1, n + 1)):
        return None
    if near(x, np.sort(np.array(losses))):
        return "The losses are along the x axis, and their numbers along the y axis."
    return "The first point should be at x = 0 or 1, and each other one 1 further right."


def are_exchanged(piece: dict) -> bool:
    """Whether the label of x names the losses, and that of y the mini-batches."""
    x, y = piece["x label"].lower(), piece["y label"].lower()
    counted = ("batch", "step", "iteration", "epoch")
    return (
        "loss" in x
        and "loss" not in y
        and any(word in y for word in counted)
        and not any(word in x for word in counted)
    )


def has_labels(result: list[dict], losses: list[float]) -> str | None:
    """Whether both axes of some curve are named."""
    if not result:
        return "Nothing is drawn."
    missing = [
        [axis for axis in ("x", "y") if not piece[f"{axis} label"].strip()]
        for piece in result
        if len(piece["x"]) > 1 or len(result) >= len(losses)
    ]
    if not missing or [] in missing:
        if any(are_exchanged(piece) for piece in result):
            return "The x axis is named after the losses, and the y axis after the mini-batches."
        return None if missing else "A single point is drawn."
    return "Neither axis has a label." if len(missing[0]) > 1 else f"The {missing[0][0]} axis has no label."


SOLUTION = """\
def plot_sigmoid():
    x = torch.linspace(-4, 4, 100)
    plt.plot(x, torch.sigmoid(x))


def plot_relu():
    x = torch.linspace(-2, 2, 101)
    plt.plot(x, torch.relu(x))


def plot_losses(losses):
    plt.plot(losses)
    plt.xlabel("mini-batch")
    plt.ylabel("loss")
"""

exercise = Exercise(
    title="Plots of a sigmoid, a ReLU and a training",
    section="Adding a Nonlinearity",
    provides=("plot_sigmoid", "plot_relu", "plot_losses"),
    oracle="plots",
    given="import matplotlib.pyplot as plt\n",
    statement="""\
A plot shows at once what is special about a function. A computer draws it as a list of points `(x, y)` that
are joined by straight lines: `plt.plot(x, y)`. If the points are close together, it looks like a curve. Draw
with matplotlib, which the next cell loads as `plt`, lines or points. Each function draws when it is called; what it
returns does not matter.

- `plot_sigmoid()` draws the sigmoid, `1 / (1 + exp(-x))`, from -4 to +4; you may begin and end further out. For
  a smooth curve take points that are at most 0.5 apart.
- `plot_relu()` draws the ReLU (*rectified linear unit*), which replaces every negative number by 0 and leaves the
  others as they are, from -2 to +2, no more and no less.
- `plot_losses(losses)` draws how a training went. `losses` is a list of numbers: the loss of the first
  mini-batch, of the second one, and so on. It draws each loss as the height above the number of its
  mini-batch, counted from 0 or from 1, and gives both axes a label that says what they show.

For x, `torch.linspace(0, 1, 5)` gives 5 points from 0 to 1: the third number has to be there. You may use
`torch.sigmoid`, `torch.relu` and the like, or write the formulas yourself. To look at a plot, call the function in a
cell of its own.
""",
    starter="""\
def plot_sigmoid():
    ...


def plot_relu():
    ...


def plot_losses(losses):
    ...
""",
    hints=[
        (
            "All three functions come down to `plt.plot`, which wants the x of all points, and then their y. If x is "
            "a tensor of many numbers, the formula for y is applied to all of them at once."
        ),
        (
            "`plot_sigmoid`: `torch.linspace` takes a start, an end and how many points you want: be generous, a "
            "hundred points cost nothing. For y give the tensor to a function that you know from another exercise, "
            "or to PyTorch's own."
        ),
        (
            "`plot_relu`: what there is to see is the corner at 0, and a line between two neighbouring points may "
            "cut it off. With an odd number of points from -2 to 2 one of them lies exactly in the middle."
        ),
        (
            "`plot_losses`: the list is y already, and `plt.plot` numbers it from 0 if it gets nothing else. Then "
            "say with `plt.xlabel` what is counted from left to right, and with `plt.ylabel` what the height is."
        ),
    ],
    checks=[
        Scenario(
            "draws the sigmoid",
            drawn_by,
            of="plot_sigmoid",
            points=2,
            holds=some_curve(is_sigmoid),
            hint="Make a row of numbers for x, for example with `torch.linspace`, and the sigmoid of each for y.",
        ),
        Scenario(
            "the sigmoid goes from -4 to +4",
            drawn_by,
            of="plot_sigmoid",
            holds=is_wide,
            hint="What are the smallest and the largest x that you draw?",
        ),
        Scenario(
            "the sigmoid is a smooth curve",
            drawn_by,
            of="plot_sigmoid",
            holds=some_curve(is_smooth),
            hint="How many points does it take to have one at least every 0.5? More are better.",
        ),
        Scenario(
            "draws the ReLU",
            drawn_by,
            of="plot_relu",
            points=2,
            holds=some_curve(is_relu),
            hint="What becomes of -1? What becomes of 1?",
        ),
        Scenario(
            "the ReLU goes from -2 to +2",
            drawn_by,
            of="plot_relu",
            holds=is_from_minus_2_to_2,
            hint="Where do your x begin, and where do they end?",
        ),
        Scenario(
            "the ReLU has its corner at 0",
            drawn_by,
            of="plot_relu",
            holds=some_curve(has_corner),
            hint="Between two points a plot is straight. Is there a point at 0, or very near?",
        ),
        Scenario(
            "draws the losses in their order",
            drawn_by,
            training_losses,
            of="plot_losses",
            points=2,
            cases=4,
            holds=some_curve(heights_are_losses),
            hint="One point for each loss, as high as the loss is, from left to right in the order of the list.",
        ),
        Scenario(
            "counts the mini-batches along x",
            drawn_by,
            training_losses,
            of="plot_losses",
            cases=4,
            holds=some_curve(stand_side_by_side),
            hint="With y alone, `plt.plot` counts x for you.",
        ),
        Scenario(
            "labels both axes of the losses",
            drawn_by,
            training_losses,
            of="plot_losses",
            cases=2,
            holds=has_labels,
            hint="`plt.xlabel` and `plt.ylabel` are functions: call them with a text.",
        ),
    ],
    accepts={
        "figures of its own, shown and closed": """\
def plot_sigmoid():
    fig, ax = plt.subplots(figsize=(6, 4))
    x = np.arange(-4, 4, 0.1)
    ax.plot(x, 1 / (1 + np.exp(-x)))
    ax.set_title("Sigmoid")
    plt.show()
    return ax

def plot_relu():
    plt.figure()
    plt.plot([-2, -1, 0, 1, 2], [0, 0, 0, 1, 2], marker="o")
    plt.axhline(0, color="black")
    plt.axvline(0, color="black")
    plt.grid()
    plt.show()

def plot_losses(losses):
    fig, (left, right) = plt.subplots(1, 2)
    left.plot(range(1, len(losses) + 1), losses, "o-")
    left.set(xlabel="step", ylabel="loss")
    plt.close(fig)
    return fig
""",
        "the book's plot_function": """\
def plot_function(f, tx=None, ty=None, title=None, min=-2, max=2, figsize=(6, 4)):
    x = torch.linspace(min, max, 100)
    fig, ax = plt.subplots(figsize=figsize)
    ax.plot(x, f(x))
    if tx is not None: ax.set_xlabel(tx)
    if ty is not None: ax.set_ylabel(ty)
    if title is not None: ax.set_title(title)

def plot_sigmoid():
    plot_function(torch.sigmoid, title="Sigmoid", min=-4, max=4)

def plot_relu():
    plot_function(F.relu)

def plot_losses(losses):
    plt.plot(torch.tensor(losses), label="training")
    plt.gca().set_xlabel("mini-batch"); plt.gca().set_ylabel("loss"); plt.legend()
""",
        "points": """\
def plot_sigmoid():
    xs = [i / 10 for i in range(-60, 61)]
    plt.scatter(xs, [1 / (1 + 2.718281828 ** -x) for x in xs], s=2)

def plot_relu():
    for x in np.linspace(-2, 2, 41):
        plt.plot(x, max(0, x), "b.")

def plot_losses(losses):
    for i, loss in enumerate(losses):
        plt.scatter(i, loss, color="red")
    plt.xlabel("Mini-Batch"), plt.ylabel("Verlust")
""",
        "pieces, helping lines, and limits": """\
def plot_sigmoid():
    x = np.linspace(10, -10, 1000)
    plt.plot([-10, 10], [0, 0], "--", [-10, 10], [1, 1], "--")
    plt.plot(x, 1 - 1 / (1 + np.exp(x)))
    plt.fill_between(x, 0, 1, alpha=0.1)

def plot_relu():
    plt.plot([-2, 0], [0, 0], "b-")
    plt.plot([0, 2], [0, 2], "b-")

def plot_losses(losses):
    smooth = np.convolve(losses, np.ones(2) / 2, "valid")
    plt.step(np.arange(len(losses)), np.array(losses), where="mid")
    plt.plot(smooth)
    plt.xlabel("number"); plt.ylabel("loss"); plt.yscale("log")
""",
        "more than is seen, and axes from elsewhere": """\
from matplotlib.figure import Figure

shared_figure, shared_axes = plt.subplots()
shared_axes.plot([0, 1], [3, 4])
plt.close(shared_figure)

def plot_sigmoid(axes=shared_axes):
    x = torch.arange(-6, 6.5, 0.5)
    axes.plot(x, x.sigmoid())

def plot_relu():
    x = torch.arange(-5, 5, 0.01)
    plt.plot(x, x.clamp(min=0))
    plt.xlim(-2, 2)

def plot_losses(losses):
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([str(i) for i in range(len(losses))], losses)
    axes.set_xlabel("i")
    axes.set_ylabel("loss")
    return figure
""",
    },
    misconceptions=[
        Misconception(
            "draws nothing",
            changed(SOLUTION, "plt.plot(x, torch.sigmoid(x))", "return x, torch.sigmoid(x)")
            .replace("plt.plot(x, torch.relu(x))", "return x, torch.relu(x)")
            .replace("plt.plot(losses)", "return losses"),
            hint="The function has to draw by itself when it is called, with `plt.plot(x, y)` for example.",
        ),
        Misconception(
            "has a sign error in the sigmoid",
            changed(SOLUTION, "torch.sigmoid(x)", "1 / (1 + torch.exp(x))"),
            hint="For large x the sigmoid is near 1. The exponential of **minus** x gets small there.",
        ),
        Misconception(
            "draws whole numbers only",
            changed(SOLUTION, "torch.linspace(-4, 4, 100)", "torch.tensor([-4.0, -3, -2, -1, 0, 1, 2, 3, 4])").replace(
                "torch.linspace(-2, 2, 101)", "torch.tensor([-2.0, -1, 0, 1, 2])"
            ),
            hint="`range` counts in steps of 1. `torch.linspace(start, end, number)` gives as many points as you like.",
        ),
        Misconception(
            "draws the sigmoid between -2 and 2",
            changed(SOLUTION, "torch.linspace(-4, 4, 100)", "torch.linspace(-2, 2, 100)"),
            hint="In the middle the sigmoid is nearly a straight line. What is special about it, the S, can only "
            "be seen further out.",
        ),
        Misconception(
            "draws the positive half only",
            changed(SOLUTION, "torch.linspace(-4, 4, 100)", "torch.linspace(0, 4, 100)").replace(
                "torch.linspace(-2, 2, 101)", "torch.linspace(0, 2, 101)"
            ),
            hint="x begins at 0. What the function does with negative numbers is the interesting half.",
        ),
        Misconception(
            "exchanges x and y",
            changed(SOLUTION, "plt.plot(x, torch.sigmoid(x))", "plt.plot(torch.sigmoid(x), x)")
            .replace("plt.plot(x, torch.relu(x))", "plt.plot(torch.relu(x), x)")
            .replace("plt.plot(losses)", "plt.plot(losses, range(len(losses)))"),
            hint="`plt.plot` takes the x first, and then the y.",
        ),
        Misconception(
            "draws points in a random order",
            changed(SOLUTION, "torch.linspace(-4, 4, 100)", "torch.rand(200) * 8.4 - 4.2").replace(
                "torch.linspace(-2, 2, 101)", "torch.rand(200) * 4 - 2"
            ),
            hint="`plt.plot` joins the points in the order in which they come. Sort x, or take `torch.linspace`.",
        ),
        Misconception(
            "draws tanh",
            changed(SOLUTION, "torch.sigmoid(x)", "torch.tanh(x)"),
            hint="`tanh` has an S as well, from -1 to 1. The sigmoid's is between 0 and 1.",
        ),
        Misconception(
            "rounds the sigmoid",
            changed(SOLUTION, "torch.sigmoid(x)", "(torch.sigmoid(x) > 0.5).float()"),
            hint="The sigmoid takes every value between 0 and 1. Rounded, it has no slope to learn from.",
        ),
        Misconception(
            "draws the softmax",
            changed(SOLUTION, "torch.sigmoid(x)", "torch.softmax(x, 0)"),
            hint="The softmax divides by the sum over all points. The sigmoid of a number depends on no other one.",
        ),
        Misconception(
            "leaves the fraction out",
            changed(SOLUTION, "torch.sigmoid(x)", "torch.exp(-x)"),
            hint="The exponential is only a part of the formula: 1 divided by (1 + exp(-x)).",
        ),
        Misconception(
            "draws the gradient of the sigmoid",
            changed(SOLUTION, "torch.sigmoid(x)", "torch.sigmoid(x) * (1 - torch.sigmoid(x))"),
            hint="sigmoid · (1 - sigmoid) is the sigmoid's slope. The function itself is asked for.",
        ),
        Misconception(
            "takes the absolute value",
            changed(SOLUTION, "torch.relu(x)", "x.abs()"),
            hint="ReLU replaces a negative number by 0. It does not turn the sign round.",
        ),
        Misconception(
            "draws a leaky ReLU",
            changed(SOLUTION, "torch.relu(x)", "torch.where(x > 0, x, x * 0.1)"),
            hint="A *leaky* ReLU lets a little of the negative numbers through. The ReLU makes them 0.",
        ),
        Misconception(
            "leaves negative numbers as they are",
            changed(SOLUTION, "torch.relu(x)", "x"),
            hint="This is y = x. Negative numbers have to become 0: the larger one of x and 0.",
        ),
        Misconception(
            "takes the smaller of x and 0",
            changed(SOLUTION, "torch.relu(x)", "torch.clamp(x, max=0)"),
            hint="The **larger** one of x and 0 is meant: `max(x, 0)`, or `clamp(min=0)`.",
        ),
        Misconception(
            "draws a step",
            changed(SOLUTION, "torch.relu(x)", "(x > 0).float()"),
            hint="The ReLU does not only say whether a number is positive. Positive numbers stay as they are.",
        ),
        Misconception(
            "mixes up ReLU and sigmoid",
            changed(SOLUTION, "torch.relu(x)", "torch.sigmoid(x)"),
            hint="The ReLU is straight: 0 for negative numbers, and x itself for the others.",
        ),
        Misconception(
            "draws the ReLU over the sigmoid's range",
            changed(SOLUTION, "torch.linspace(-2, 2, 101)", "torch.linspace(-4, 4, 101)"),
            hint="The task names another range for the ReLU than for the sigmoid.",
        ),
        Misconception(
            "misses the corner",
            changed(SOLUTION, "torch.linspace(-2, 2, 101)", "torch.tensor([-2.0, -1.5, -0.5, 0.5, 1.5, 2])"),
            hint="Two neighbouring points lie left and right of 0, and the line between them cuts the corner off. "
            "Take a point at 0, or many points.",
        ),
        Misconception(
            "sorts the losses",
            changed(SOLUTION, "plt.plot(losses)", "plt.plot(sorted(losses, reverse=True))"),
            hint="A loss that goes up now and then belongs to the picture. Leave the order as it is.",
        ),
        Misconception(
            "adds up the losses",
            changed(SOLUTION, "plt.plot(losses)", "plt.plot(np.cumsum(losses))").replace(
                "def plot_sigmoid", "import numpy as np\n\n\ndef plot_sigmoid"
            ),
            hint="Each height is the loss of one mini-batch, without those before it.",
        ),
        Misconception(
            "averages the losses",
            changed(SOLUTION, "plt.plot(losses)", "plt.plot([sum(losses) / len(losses)] * len(losses))"),
            hint="The mean hides how the training went. Draw every loss.",
        ),
        Misconception(
            "draws the last loss only",
            changed(SOLUTION, "plt.plot(losses)", "plt.plot(losses[-1:])"),
            hint="One number is no course of a training: the whole list goes to `plt.plot`.",
        ),
        Misconception(
            "spreads the losses over other x",
            changed(SOLUTION, "plt.plot(losses)", "plt.plot([i / len(losses) for i in range(len(losses))], losses)"),
            hint="Along x stands the number of the mini-batch, one after the other: 0, 1, 2, ...",
        ),
        Misconception(
            "exchanges the labels",
            changed(
                SOLUTION,
                '    plt.xlabel("mini-batch")\n    plt.ylabel("loss")',
                '    plt.xlabel("loss")\n    plt.ylabel("mini-batch")',
            ),
            hint="The x axis goes from left to right: along it stand the mini-batches. The losses are heights.",
        ),
        Misconception(
            "says not how many points",
            changed(SOLUTION, "torch.linspace(-4, 4, 100)", "torch.linspace(-4, 4)"),
            hint="`torch.linspace` wants to know how many points to make: `torch.linspace(0, 1, 5)` makes 5.",
        ),
        Misconception(
            "names no axis",
            changed(SOLUTION, '    plt.xlabel("mini-batch")\n    plt.ylabel("loss")\n', ""),
            hint="Somebody else looks at your plot: what is along x, and what along y? `plt.xlabel` and "
            "`plt.ylabel` are functions to be called with a text.",
        ),
        Misconception(
            "names one axis only",
            changed(SOLUTION, '    plt.xlabel("mini-batch")\n', ""),
            hint="The height is named. What do the numbers along x count?",
        ),
    ],
    equivalents={
        "plot_sigmoid: x = torch.linspace(-4, 4, 129) → "
        "x = torch.linspace(4, -4, 129)": "The curve is the same, drawn from right to left.",
        "plot_sigmoid: x = torch.linspace(-4, 4, 129) → x = torch.linspace(-5, 4, 129)": "It may begin further out.",
        "plot_sigmoid: x = torch.linspace(-4, 4, 129) → x = torch.linspace(-4, 5, 129)": "It may end further out.",
        "plot_sigmoid: x = torch.linspace(-4, 4, 129) → "
        "x = torch.linspace(-4, 4, 130)": "How many points there are does not matter, as long as they are close.",
        "plot_relu: x = torch.linspace(-2, 2, 65) → "
        "x = torch.linspace(2, -2, 65)": "The line is the same, drawn from right to left.",
        "plot_relu: x = torch.linspace(-2, 2, 65) → "
        "x = torch.linspace(-2, 2, 66)": "One point more, still close to the corner.",
        "plot_losses: plt.xlabel('mini-batch') → plt.xlabel('mini-batch_')": "What a label says is not compared.",
        "plot_losses: plt.ylabel('loss') → plt.ylabel('loss_')": "What a label says is not compared.",
    },
)
