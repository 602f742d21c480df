"""The chapter's loss of a few predictions."""

from random import Random

from exercises.questions.generated._wording import floats
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.mnist_loss import mnist_loss

    n = random.choice((2, 4))
    p = [random.randrange(1, 10) / 10 for _ in range(n)]
    y = [random.randrange(2) for _ in range(n)]
    off = [1 - a if b else a for a, b in zip(p, y, strict=True)]
    loss = mnist_loss(torch.logit(torch.tensor(p, dtype=torch.float64)), torch.tensor(y)).item()
    mistakes = [
        (1 - loss, "Here `p` and `1 - p` are exchanged: where the target is 1, the loss is what is missing to 1."),
        (sum(off), "That is the sum of the losses. The loss of a batch is their mean."),
        (sum(p) / n, "That is the mean of the predictions, whatever their targets are."),
        (
            sum((a > 0.5) != b for a, b in zip(p, y, strict=True)) / n,
            "That is the share of wrong predictions. The loss says how wrong they are, too.",
        ),
        (sum(a**2 for a in off) / n, "Here the distances are squared. This loss takes them as they are."),
    ]
    shown = " + ".join(f"{a:.1f}" for a in off)
    return one_number_of(
        f"After the sigmoid, a model's predictions are `{floats(p)}`, and their targets are `{y}`. What is the "
        "chapter's `mnist_loss`?",
        loss,
        mistakes,
        f"Where the target is 1 it counts how much is missing to 1, and otherwise how much is there: ({shown}) / {n}.",
        digits=3,
    )


generator = Generator(
    name="small-batch-losses", topic="loss", difficulty=2, section="The MNIST Loss Function", make=make
)
