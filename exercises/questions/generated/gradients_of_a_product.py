"""The gradients of a product for each of its factors."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from torch import tensor

    from reference.gradients import gradient_of

    w, x, b = (random.choice((-4, -3, -2, 2, 3, 4, 5, 6)) for _ in range(3))
    mistakes = [
        (w, "That is `w` itself. The gradient says by how much the result grows when `w` grows by a little."),
        (w * x + b, "That is the result. Its gradient is how fast it changes with `w`."),
        (x + b, f"`b` is added whatever `w` is, so it is no part of the gradient: that is {x} alone."),
        (w * x, f"That is the product. When `w` grows by 1, the product grows by `x`, which is {x}."),
        (1, "That would be the gradient of the bias. `w` is multiplied by `x`, so a change of `w` counts `x` times."),
    ]
    return one_number_of(
        after(
            f"w = tensor({w}.).requires_grad_()\nx, b = tensor({x}.), tensor({b}.)\n(w*x + b).backward()",
            "w.grad",
        ),
        gradient_of(lambda t: t * x + b, tensor(float(w))).item(),
        mistakes,
        f"When `w` grows by a little, `w*x + b` changes by `x` times as much, and `x` is {x}.",
    )


generator = Generator(
    name="gradients-of-a-product", topic="gradient", difficulty=2, section="Calculating Gradients", make=make
)
