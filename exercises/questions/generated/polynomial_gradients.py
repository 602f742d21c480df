"""The gradient of a polynomial of the second degree at one place."""

from random import Random

from exercises.questions.generated._wording import after, factor
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from torch import tensor

    from reference.gradients import gradient_of

    a, b, c = random.randrange(2, 6), random.randrange(2, 10), random.randrange(1, 10)
    x = random.choice((-3, -2, -1, 2, 3, 4, 5))
    mistakes = [
        (a * x**2 + b * x + c, "That is the value of `y`. The gradient says how fast it grows with `x`."),
        (2 * a * x + b + c, f"The {c} stays as it is when `x` grows, so it adds nothing to the gradient."),
        (2 * a * x, f"That leaves out `{b}*x`, which grows {b} times as fast as `x`."),
        (a * x + b, "The exponent comes down as a factor: the derivative of x² is 2x."),
        (2 * a + b, f"The derivative of {a}x² is {2 * a}x: it depends on `x`, which is {x}."),
    ]
    return one_number_of(
        after(
            f"x = tensor({x}.).requires_grad_()\ny = {a}*x**2 + {b}*x + {c}\ny.backward()",
            "x.grad",
        ),
        gradient_of(lambda t: a * t**2 + b * t + c, tensor(float(x))).item(),
        mistakes,
        f"The derivative of {a}x² + {b}x + {c} is {2 * a}x + {b}. What `backward` puts into `x.grad` is its value at "
        f"{x}: {2 * a} · {factor(x)} + {b}.",
    )


generator = Generator(
    name="polynomial-gradients",
    topic="gradient",
    difficulty=2,
    section="Calculating Gradients",
    make=make,
)
