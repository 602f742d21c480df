"""What is in `grad` after several backward passes, with and without zeroing it between them."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from torch import tensor

    from reference.gradients import gradient_of

    times, w = random.randrange(2, 6), random.randrange(2, 13)
    is_zeroed = random.random() < 0.3
    once = gradient_of(lambda t: t**2, tensor(float(w))).item()
    mistakes = [
        (times * once, "Here the gradients are added up. They would be, but for the `zero_` at the end of each turn.")
        if is_zeroed
        else (once, "Each `backward` **adds** to the gradient that is there. It replaces nothing."),
        (w**2, "That is the loss. Its gradient is how fast it changes with `w`."),
        (
            once,
            "That is the gradient before it is set to 0 for the last time. The `zero_` stands behind the `backward`.",
        )
        if is_zeroed
        else (0, "Nothing here sets the gradient to 0."),
        (times * w**2, "That is the loss, added up. `grad` holds its gradients."),
    ]
    last = "\n    w.grad.zero_()" if is_zeroed else ""
    explanation = (
        "`zero_` sets the gradient to 0 behind each `backward`, the last one too."
        if is_zeroed
        else f"The gradient of w² at {w} is {once:g}, and `backward` adds it {times} times. Hence the zeroing of the "
        "gradients in a training loop."
    )
    return one_number_of(
        after(
            f"w = tensor({w}.).requires_grad_()\nfor _ in range({times}):\n    (w**2).backward()" + last,
            "w.grad",
        ),
        0 if is_zeroed else sum(once for _ in range(times)),
        mistakes,
        explanation,
    )


generator = Generator(
    name="gradients-add-up",
    topic="zeroing gradients",
    difficulty=2,
    section="Calculating Gradients",
    make=make,
)
