"""The rank of a tensor of a given shape."""

from math import prod
from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.tensors import rank

    shape = tuple(random.choice((5, 6, 8, 10, 12, 20, 28, 32)) for _ in range(random.randrange(1, 5)))
    mistakes = [
        (
            shape[0],
            "That is the size of the first axis: `len(t)`. The rank is how many axes there are: `len(t.shape)`.",
        ),
        (prod(shape), "That is how many numbers `t` holds: `t.numel()`."),
        (shape[-1], "That is the size of the last axis. The rank is how many axes there are."),
        (len(shape) - 1, "That is the number of the last axis, since the first one is number 0. They are one more."),
        (len(shape) + 1, "There are as many axes as there are sizes in the shape, and no more."),
    ]
    return one_number_of(
        after(f"t = torch.zeros({', '.join(map(str, shape))})", "t.ndim"),
        rank(torch.zeros(shape)),
        mistakes,
        f"The rank is the number of axes, which is the length of the shape `{shape}`. How long the axes are makes no "
        "difference to it.",
    )


generator = Generator(
    name="tensor-ranks",
    topic="rank and shape",
    difficulty=1,
    section="First Try: Pixel Similarity",
    make=make,
)
