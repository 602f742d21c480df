"""A weight after one step of gradient descent."""

from random import Random

from exercises.questions.generated._wording import after, factor
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.sgd import sgd_step

    w, lr = random.randrange(-30, 31) / 10, random.choice((0.01, 0.1, 0.2, 0.5))
    gradient = random.choice((-8, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 8))
    parameter = torch.tensor(w, dtype=torch.float64).requires_grad_()
    parameter.grad = torch.tensor(gradient, dtype=torch.float64)
    sgd_step([parameter], lr)
    mistakes = [
        (w + lr * gradient, "Here the step is added: uphill, to a larger loss. It is subtracted."),
        (w - gradient, f"Here the learning rate is forgotten. The step is the gradient times {lr}."),
        (lr * gradient, "That is how long the step is. It is subtracted from the weight."),
        (w - lr * w, "Here the weight is multiplied by the learning rate, in place of the gradient."),
        (w - lr, "Here every step is as long as the learning rate. That has to be multiplied by the gradient."),
    ]
    return one_number_of(
        after(
            f"w = tensor({w}).requires_grad_()\nw.grad = tensor({gradient}.)\ntorch.optim.SGD([w], lr={lr}).step()",
            "w",
        ),
        parameter.item(),
        mistakes,
        f"The step is learning rate times gradient, and it is subtracted: {w} - {lr} · {factor(gradient)}.",
        digits=2,
    )


generator = Generator(
    name="one-sgd-step",
    topic="step",
    difficulty=1,
    section="Stepping With a Learning Rate",
    make=make,
)
