"""The sigmoid of a number, nearly."""

from math import exp, tanh
from random import Random

from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.mnist_loss import sigmoid

    x = random.choice([n / 10 for n in range(-40, 41)])
    mistakes = [
        (1 / (1 + exp(x)), "That is what comes of `exp(x)` for `exp(-x)`. The sigmoid grows with `x`."),
        (tanh(x), "That is the tanh, which goes from -1 to 1. The sigmoid goes from 0 to 1."),
        (max(x, 0), "That is the ReLU. The sigmoid is always between 0 and 1, and never at either end."),
        (exp(-x), "That is `exp(-x)`: 1 has to be added to it, and 1 divided by the sum."),
        (min(max(x, 0), 1), "That only cuts `x` off at 0 and 1. The sigmoid is a smooth curve, and 0.5 for 0."),
    ]
    side = "positive, so it is above" if x > 0 else "negative, so it is below"
    return one_number_of(
        f"What is `torch.sigmoid(tensor({x}))`, to two decimals?",
        sigmoid(torch.tensor(x, dtype=torch.float64)).item(),
        mistakes,
        "The sigmoid is 1 / (1 + exp(-x)). It is 0.5 for 0, near 0 far below it and near 1 far above it. "
        + (f"{x} is {side} 0.5." if x else "Here `x` is 0."),
        digits=2,
    )


generator = Generator(name="sigmoid-values", topic="sigmoid", difficulty=1, section="Sigmoid", make=make)
