"""The mean of a small matrix over one of its axes."""

from random import Random

from exercises.questions.generated._wording import after, as_code, floats
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.pixel_similarity import mean_digit

    rows = [[random.randrange(0, 10) * 2 for _ in range(2)] for _ in range(2)]
    t = torch.tensor(rows, dtype=torch.float32)
    axis = random.randrange(2)
    turned = t if axis == 0 else t.T  # the oracle's mean is over the first axis
    right, other = mean_digit(turned), mean_digit(turned.T)
    along = "down the columns" if axis == 0 else "along the rows"
    mistakes = [
        (other.tolist(), f"That is the mean over the other axis. `mean({axis})` goes {along}: axis {axis} is gone."),
        (turned.sum(0).tolist(), "Those are the sums. For the mean they are divided by 2."),
        (t.mean().item(), f"That is the mean of all numbers. `mean({axis})` keeps the other axis."),
        (turned.max(0).values.tolist(), "Those are the largest numbers, not the means."),
    ]
    shown = ", ".join(floats(row) for row in rows)
    return one_of(
        after(f"t = tensor([{shown}])", f"t.mean({axis}).tolist()"),
        as_code(right.tolist()),
        [(as_code(value), why) for value, why in mistakes],
        f"`mean({axis})` takes together the numbers that differ in axis {axis} only, so it goes {along}.",
    )


generator = Generator(
    name="means-over-axes",
    topic="mean over axes",
    difficulty=2,
    section="First Try: Pixel Similarity",
    make=make,
)
