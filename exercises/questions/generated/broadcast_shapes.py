"""The shape of the sum of two tensors, under broadcasting; some do not fit together."""

from itertools import zip_longest
from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice

SIZES = (2, 3, 4, 5, 6, 7, 8)
ERROR = "there is an error: the shapes don't fit together"

Sizes = tuple[int, ...]


def make(random: Random) -> Choice:
    t, u = shapes(random)
    right = shape_of_sum(t, u)
    flush_left = shape_of_sum(t, u + (1,) * (len(t) - len(u)))
    largest = tuple(reversed([max(sizes) for sizes in zip_longest(reversed(t), reversed(u), fillvalue=1)]))
    mistakes = [
        (
            flush_left,
            "Here the shapes are written under each other flush left. They meet at the right, at their last axes.",
        ),
        (
            largest,
            "Here the larger size is taken everywhere. Only an axis of size 1 is repeated, to fit the other one.",
        ),
        (t, "That is the shape of `t`. It stays if `u` fits, and if nothing in `t` has to be repeated."),
        (t + u, "The axes are not strung together: from the right, each axis of `u` meets one of `t`."),
        (u, "That is the shape of `u`. Where `t` has an axis more, or a larger one, the result has it too."),
    ]
    wrong = [(as_code(shape), why) for shape, why in mistakes if shape is not None]
    if right is not None:
        wrong.insert(1, (ERROR, "There is none. In each column the sizes are equal, or one of them is 1 or missing."))
    return one_of(
        after(f"t = torch.ones{t}\nu = torch.ones{u}", "(t + u).shape"),
        ERROR if right is None else as_code(right),
        wrong,
        f"Written under each other flush right, the shapes are `{t}` and `{u}`. In each column the sizes have to be "
        "equal, or one of them 1 or missing. "
        + ("Here they are not." if right is None else f"So they are here, and the result is `{right}`."),
    )


def shapes(random: Random) -> tuple[Sizes, Sizes]:
    """Two different shapes, the first at least as long, which fit together more often than not."""
    sizes = random.sample(SIZES, random.choice((2, 3)))
    t = tuple(1 if random.random() < 0.3 else size for size in sizes)
    u = tuple(1 if random.random() < 0.3 else size for size in sizes)[random.randrange(len(sizes)) :]
    if random.random() < 0.3:
        u = (*u[:-1], random.choice(SIZES))
    return shapes(random) if t == u else (t, u)


def shape_of_sum(t: Sizes, u: Sizes) -> Sizes | None:
    """The common shape, or None if there is none."""
    from reference.broadcasting import broadcast_shape

    try:
        return broadcast_shape(t, u)
    except ValueError:
        return None


generator = Generator(
    name="broadcast-shapes",
    topic="broadcasting",
    difficulty=2,
    section="Computing Metrics Using Broadcasting",
    make=make,
)
