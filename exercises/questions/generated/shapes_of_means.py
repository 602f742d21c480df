"""The shape that a mean over some axes leaves."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.pixel_similarity import mean_digit, mnist_distance

    n, h, w = random.sample((3, 4, 5, 6, 7, 8, 10, 28), 3)
    t = torch.zeros(n, h, w)
    if random.random() < 0.5:
        axes, left = "0", mean_digit(t)  # over the first axis: the mean image
        other = (
            (n,),
            "That is what the mean over the last two axes leaves. Here it is the first one that goes.",
        )
        kept = (1, h, w)
    else:
        axes, left = "(-1, -2)", mnist_distance(t, t[0])  # over the last two: one number for each image
        other = ((h, w), "That is what the mean over the first axis leaves. Here the last two go.")
        kept = (n, 1, 1)
    mistakes = [
        other,
        (kept, "The axes over which the mean is taken are gone. With `keepdim=True` they would stay, with size 1."),
        ((), "That is a single number: `t.mean()` would give it, over all axes."),
        ((n, h, w), "A mean takes many numbers together. Its axes don't stay as they are."),
    ]
    return one_of(
        after(f"t = torch.zeros({n}, {h}, {w})", f"t.mean({axes}).shape"),
        as_code(tuple(left.shape)),
        [(as_code(shape), why) for shape, why in mistakes],
        f"The mean is taken over the axes named, and they go. Of `{(n, h, w)}` this leaves `{tuple(left.shape)}`.",
    )


generator = Generator(
    name="shapes-of-means",
    topic="mean over axes",
    difficulty=2,
    section="Computing Metrics Using Broadcasting",
    make=make,
)
