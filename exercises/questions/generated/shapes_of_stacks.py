"""The shape of images that are stacked."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.pixel_similarity import stack_digits

    n, h, w = random.sample((3, 4, 5, 6, 8, 10, 16, 28), 3)
    mistakes = [
        ((n * h, w), "That is what `torch.cat` gives: the images one below the other, in a single long one."),
        ((h, w, n), "The new axis comes first: that is where `stack` puts it, if it isn't told otherwise."),
        ((n, h * w), "Each image keeps its rows and columns. To make one row of it takes a `view`."),
        ((h, w), "That is the shape of one image. `stack` doesn't calculate a mean."),
        ((n,), "That is the length of the list. The axes of the images follow it."),
    ]
    return one_of(
        after(f"images = [torch.zeros({h}, {w}) for _ in range({n})]", "torch.stack(images).shape"),
        as_code(tuple(stack_digits([torch.zeros(h, w, dtype=torch.uint8)] * n).shape)),
        [(as_code(shape), why) for shape, why in mistakes],
        f"`stack` puts a new axis before those of the images. It is as long as the list: {n}.",
    )


generator = Generator(
    name="shapes-of-stacks",
    topic="rank and shape",
    difficulty=1,
    section="First Try: Pixel Similarity",
    make=make,
)
