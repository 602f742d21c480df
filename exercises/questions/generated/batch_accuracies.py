"""The accuracy of a batch of activations."""

from random import Random

from exercises.questions.generated._wording import floats
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.training_loop import batch_accuracy

    n = random.choice((5, 6))
    activations = [random.choice((-30, -14, -8, -2, 2, 3, 4, 7, 12, 25)) / 10 for _ in range(n)]
    y = [random.randrange(2) for _ in range(n)]
    pairs = list(zip(activations, y, strict=True))
    accuracy = batch_accuracy(torch.tensor(activations)[:, None], torch.tensor(y)[:, None]).item()
    mistakes = [
        (
            sum((a > 0.5) == b for a, b in pairs) / n,
            "Here the activations are compared with 0.5. Their sigmoid is above 0.5 if they are above 0.",
        ),
        (1 - accuracy, "That is the share of the wrong ones."),
        (sum(a > 0 for a in activations) / n, "That is the share of those that are taken for a 1, right or wrong."),
        (
            sum(a > 0 and b for a, b in pairs) / n,
            "Here only right 1s are counted. A 0 that is taken for a 0 is right as well.",
        ),
        (accuracy * n, "That is how many are right. The accuracy is their share of all."),
    ]
    return one_number_of(
        f"For a batch, a model gives the activations `{floats(activations)}`, before the sigmoid. The targets are "
        f"`{y}`. What is the accuracy?",
        accuracy,
        mistakes,
        f"The sigmoid of an activation is above 0.5 if the activation is above 0. So the predictions are "
        f"`{[int(a > 0) for a in activations]}`, and {round(accuracy * n)} of {n} are right.",
        digits=2,
    )


generator = Generator(
    name="batch-accuracies", topic="accuracy", difficulty=2, section="Putting It All Together", make=make
)
