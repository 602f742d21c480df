"""Broadcasting: how two shapes become one, and that nothing is copied."""

from itertools import zip_longest

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, images, tensors

Shape = tuple[int, ...]

N, H, W = Dim("n", 2, 4), Dim("h", 1, 3), Dim("w", 1, 3)
times = st.integers(1, 4)

# For each axis its size, and on which side it is 1 instead; then how many leading axes each side leaves out.
axes = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "a", "b"])), max_size=4)
blueprints = st.shared(st.tuples(axes, st.integers(0, 3), st.sampled_from("ab")), key="two shapes that fit")


def side(blueprint: tuple[list[tuple[int, str]], int, str], name: str) -> Shape:
    """One of the two shapes that a blueprint describes; they broadcast."""
    sizes, left_out, shorter = blueprint
    shape = tuple(1 if one == name else size for size, one in sizes)
    return shape[left_out:] if shorter == name else shape


fitting = [blueprints.map(lambda blueprint, name=name: side(blueprint, name)) for name in "ab"]

# Two shapes with sizes in one column that are neither equal nor 1.
clashes = st.shared(
    st.tuples(st.lists(st.integers(1, 4), max_size=1), st.permutations([2, 3, 4]), st.integers(1, 3)),
    key="two shapes that clash",
)
clashing = [
    clashes.map(lambda clash: (*clash[0], clash[1][0], clash[2])),
    clashes.map(lambda clash: (clash[1][1], clash[2])),
]


def refusal(broadcast_shape, a, b):
    """What comes of a shape with itself, and of two shapes that do not go together."""
    same = broadcast_shape(a, a)
    try:
        return same, broadcast_shape(a, b)
    except Exception as error:  # noqa: BLE001  any exception is a refusal
        return same, "refused", type(error).__name__


def is_refused(result: tuple, a: Shape, b: Shape) -> str | None:
    """Whether the second call raised an exception, after the first one gave a shape."""
    if list(result[0]) != list(a):
        return f"For {a} and {a} it gives {result[0]}, and {a} is meant."
    if len(result) == 2:
        return f"{a} and {b} do not go together, and it gives {result[1]} instead of raising an exception."
    return None


def change_after_repeating(repeat_without_copy, t, n):
    """What the result holds as it comes back, and what it holds after 1 was added to each element of t."""
    result = torch.as_tensor(repeat_without_copy(t, n))
    before = result.clone()
    t += 1
    return before, result


def shares_memory(result: tuple[Tensor, Tensor], t: Tensor, n: int) -> str | None:
    """Whether what comes back is n times the memory of t."""
    before, after = result
    if before.shape != (n, *t.shape) or not (before == t).all():
        return f"It does not hold {n} times what t holds."
    if torch.equal(after, t.expand(n, *t.shape) + 1):
        return None
    if torch.equal(after, before):
        return (
            "After the call, 1 was added to each element of t, and the result still has the old numbers: it is a copy."
        )
    return "After the call, 1 was added to each element of t, and only a part of the result has them."


def from_the_left(a: Shape, b: Shape) -> Shape:
    """Writes the shapes under each other flushed left."""
    return tuple(max(pair) for pair in zip_longest(a, b, fillvalue=1))


def without_refusal(a: Shape, b: Shape) -> Shape:
    """Takes the larger size in any case."""
    return tuple(reversed([max(pair) for pair in zip_longest(reversed(a), reversed(b), fillvalue=1)]))


exercise = Exercise(
    title="Broadcasting",
    section="Computing Metrics Using Broadcasting",
    provides=("broadcast_shape", "subtract_image", "repeat_without_copy"),
    oracle="broadcasting",
    statement="""\
When two tensors of different shapes meet, PyTorch *broadcasts*: it treats the smaller one as if it were
repeated until the shapes are equal. Write the two shapes under each other, **flushed right**; in each column
the sizes are equal, or one of them is 1 or missing, and the other one counts.

    (5, 28, 28)          (4, 1)
        (28, 28)            (3)
    (5, 28, 28)          (4, 3)

- `broadcast_shape(a, b)` takes two shapes (tuples) and gives the common one: `(4, 1)` and `(3,)` become `(4,
  3)`. If there is none, as for `(2,)` and `(3,)`, it raises an exception such as `ValueError`.
- `subtract_image(batch, image)` subtracts one image `(height, width)` from each image of a batch `(n, height,
  width)`.
- `repeat_without_copy(t, n)` gives a tensor of shape `(n, *t.shape)`: `n` times `t` along a new first axis,
  as broadcasting sees it, **in the memory of `t`**. Nothing is copied: whoever changes `t` afterwards sees
  the change in the result.
""",
    starter="""\
def broadcast_shape(a, b):
    ...


def subtract_image(batch, image):
    ...


def repeat_without_copy(t, n):
    ...
""",
    hints=[
        (
            "`subtract_image`: write the two shapes under each other, flushed right. If they go together as they "
            "are, PyTorch does all of the repeating, and very little is left for you to write."
        ),
        (
            "`repeat_without_copy`: `repeat`, `stack` and `cat` write the numbers down again, so that they would not "
            "follow when `t` changes. The method `expand` writes nothing: you tell it the shape that you want to "
            "see, with the new axis in front."
        ),
        (
            "`broadcast_shape`: if you turn both shapes round, they begin with the sizes that stand above each "
            "other. `zip_longest` from `itertools` then goes through both, and fills the shorter one up with a size "
            "of your choice (`fillvalue`): which one does no harm?"
        ),
        (
            "`broadcast_shape`: for each pair of sizes there are three cases: they are equal; one of them is 1, and "
            "then the other one counts; or neither, and that is an error. Collect what counts in a list, and turn it "
            "round again at the end."
        ),
    ],
    checks=[
        Calls(
            "the common shape",
            *fitting,
            of="broadcast_shape",
            points=2,
            cases=24,
            hint="Start at the last axis of both shapes, and go forward.",
        ),
        Scenario(
            "refuses shapes that do not go together",
            refusal,
            *clashing,
            of="broadcast_shape",
            holds=is_refused,
            hint="Two sizes that differ, and neither of which is 1: `raise ValueError(...)`.",
        ),
        Calls("one image from each of a batch", images(N, H, W), images(H, W), of="subtract_image"),
        Keeps("leaves batch and image alone", images(N, H, W), images(H, W), of="subtract_image"),
        Calls(
            "a tensor several times",
            st.one_of(tensors(W), tensors(H, W)),
            times,
            of="repeat_without_copy",
        ),
        Scenario(
            "repeats without a copy",
            change_after_repeating,
            st.one_of(tensors(W), tensors(H, W)),
            times,
            of="repeat_without_copy",
            points=2,
            holds=shares_memory,
            hint="`expand` and `broadcast_to` only say how the memory is to be read.",
        ),
    ],
    accepts={
        "the library's own": """\
broadcast_shape = torch.broadcast_shapes
subtract_image = torch.sub

def repeat_without_copy(t, n):
    return torch.broadcast_to(t, (n, *t.shape))
""",
        "numpy": """\
broadcast_shape = np.broadcast_shapes

def subtract_image(batch, image):
    return np.stack([np.asarray(b) - np.asarray(image) for b in batch])

def repeat_without_copy(t, n):
    return np.broadcast_to(t.numpy(), (n,) + tuple(t.shape))
""",
        "padding by hand, and an expanded new axis": """\
def broadcast_shape(a, b):
    longest = max(len(a), len(b))
    a, b = [1] * (longest - len(a)) + list(a), [1] * (longest - len(b)) + list(b)
    assert all(x == y or x == 1 or y == 1 for x, y in zip(a, b))
    return [max(x, y) for x, y in zip(a, b)]

def subtract_image(batch, image):
    return batch + -image[None]

def repeat_without_copy(t, n):
    return t[None].expand(n, *[-1] * t.dim())
""",
        "strides": """\
def broadcast_shape(a, b):
    return (torch.zeros(a) + torch.zeros(b)).shape

def subtract_image(batch, image):
    return batch - image.expand_as(batch)

def repeat_without_copy(t, n):
    return t.as_strided((n, *t.shape), (0, *t.stride()))
""",
    },
    misconceptions=[
        Misconception(
            "writes the shapes under each other flushed left",
            {"broadcast_shape": from_the_left},
            hint="Line the shapes up at their last axis: an image (28, 28) meets the last two axes of (5, 28, 28).",
        ),
        Misconception(
            "never refuses",
            {"broadcast_shape": without_refusal},
            hint="The larger size counts only if the other one is 1. 2 against 3 is an error.",
        ),
        Misconception(
            "drops the axes that only one shape has",
            {"broadcast_shape": lambda a, b: tuple(reversed([max(p) for p in zip(a[::-1], b[::-1])]))},  # noqa: B905
            hint="`zip` ends with the shorter shape. An axis that is missing counts as 1, and is in the result.",
        ),
        Misconception(
            "takes the longer shape",
            {"broadcast_shape": lambda a, b: a if len(a) >= len(b) else b},
            hint="The longer shape may have an axis of size 1 where the shorter one has more: (4, 1) and (3,).",
        ),
        Misconception(
            "gives the common shape backwards",
            {"broadcast_shape": lambda a, b: without_refusal(a, b)[::-1]},
            hint="Going from the last axis to the first one, the result comes out backwards: reverse it at the end.",
        ),
        Misconception(
            "puts one shape behind the other",
            {"broadcast_shape": lambda a, b: a + b},
            hint="`+` joins two tuples. Broadcasting compares the sizes column by column.",
        ),
        Misconception(
            "subtracts the batch from the image",
            {"subtract_image": lambda batch, image: image - batch},
            hint="The other way round: the batch minus the image.",
        ),
        Misconception(
            "takes the absolute value",
            {"subtract_image": lambda batch, image: (batch - image).abs()},
            hint="A difference may be negative. `abs` comes later, in the distance.",
        ),
        Misconception(
            "subtracts the image's mean",
            {"subtract_image": lambda batch, image: batch - image.mean()},
            hint="One number is subtracted from every pixel. Each pixel has its own counterpart in the image.",
        ),
        Misconception(
            "gives a single image",
            {"subtract_image": lambda batch, image: batch[-1] - image},
            hint="Only one image comes back. In a loop, collect the results; or do without a loop: PyTorch "
            "broadcasts the image over the batch.",
        ),
        Misconception(
            "subtracts in place",
            "def subtract_image(batch, image):\n    batch -= image\n    return batch\n",
            hint="`batch -= image` writes into the batch that was passed in. `batch - image` makes a new tensor.",
        ),
        Misconception(
            "copies the tensor n times",
            {"repeat_without_copy": lambda t, n: torch.stack([t] * n)},
            hint="`stack`, `repeat`, `cat` and `clone` fill new memory. Broadcasting copies nothing: it "
            "reads the same memory again and again, as `expand` does.",
        ),
        Misconception(
            "repeats along the last axis",
            {"repeat_without_copy": lambda t, n: t[..., None].expand(*t.shape, n)},
            hint="The new axis comes first: `(n, *t.shape)`.",
        ),
        Misconception(
            "repeats within the first axis",
            {"repeat_without_copy": lambda t, n: torch.cat([t] * n)},
            hint="The rows are put behind each other. A new axis is meant: `(n, *t.shape)` has one more than t.",
        ),
        Misconception(
            "counts on a tensor of rank 1",
            {"repeat_without_copy": lambda t, n: t.expand(n, -1)},
            hint="`expand(n, -1)` names two axes. A tensor of higher rank needs all of its own: `*t.shape`.",
        ),
    ],
    equivalents={
        "broadcast_shape: zip_longest(reversed(a), reversed(b), fillvalue=1) → "
        "zip_longest(reversed(b), reversed(a), fillvalue=1)": "The rule is the same for both shapes.",
    },
)
