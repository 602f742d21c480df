"""The shape of the sum of two tensors, under broadcasting; some do not fit together."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice

SIZES = (2, 3, 4, 5, 6, 7, 8)
ERROR = "there is an error: the shapes don't fit together"


def make(random: Random) -> Choice:
    from reference.broadcasting import broadcast_shape

    rank = random.choice((2, 3))
    sizes = [random.choice(SIZES) for _ in range(rank)]
    t = tuple(1 if random.random() < 0.25 else size for size in sizes)
    u = tuple(1 if random.random() < 0.25 else size for size in sizes)[random.randrange(rank) :]
    if random.random() < 0.3:
        u = (*u[:-1], random.choice(SIZES))

    def sum_of(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
        try:
            return broadcast_shape(a, b)
        except ValueError:
            return None

    right = sum_of(t, u)
    flush_left = sum_of(t, (*u, *(1 for _ in range(len(t) - len(u)))))
    mistakes = [
        (
            flush_left,
            "Here the shapes are written under each other flush left. They meet at the right, at their last axes.",
        ),
        (t, "That is the shape of `t`. It stays if `u` fits, and if nothing in `t` has to be repeated."),
        (t + u, "The axes are not strung together: from the right, each axis of `u` meets one of `t`."),
        (u, "That is the shape of `u`. Where `t` has an axis more, or a larger one, the result has it too."),
    ]
    wrong = [(as_code(shape), why) for shape, why in mistakes if shape is not None]
    fits = "There is none. From the right, the sizes are equal, or one of them is 1 or missing: it is repeated."
    return one_of(
        after(f"t = torch.ones{t}\nu = torch.ones{u}", "(t + u).shape"),
        ERROR if right is None else as_code(right),
        wrong if right is None else [wrong[0], (ERROR, fits), *wrong[1:]],
        f"Written under each other flush right, the shapes are {t} and {u}. In each column the sizes have to be equal, "
        "or one of them 1 or missing. "
        + ("Here they are not." if right is None else f"So they are here, and the larger ones make {right}."),
    )


generator = Generator(
    name="broadcast-shapes",
    topic="broadcasting",
    difficulty=2,
    section="Computing Metrics Using Broadcasting",
    make=make,
)
