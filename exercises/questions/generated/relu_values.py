"""The ReLU of a few numbers."""

from random import Random

from exercises.questions.generated._wording import after, as_code, floats
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.simple_net import relu

    numbers = [n / 2 for n in random.sample(range(-9, 10), 4)]
    x = torch.tensor(numbers)
    mistakes = [
        (x.abs(), "That is the absolute value. ReLU doesn't turn the sign round: it makes negative numbers 0."),
        ((x > 0).float(), "That says which numbers are positive. ReLU keeps their size."),
        (x.clamp(max=0), "That is the smaller one of each number and 0. ReLU takes the larger one."),
        (x.clamp(0, 1), "Here large numbers are cut off as well. ReLU has no upper limit."),
        (x, "ReLU leaves positive numbers as they are. Negative ones become 0."),
    ]
    return one_of(
        after(f"x = tensor({floats(numbers)})", "F.relu(x).tolist()"),
        as_code(relu(x).tolist()),
        [(as_code(y.tolist()), why) for y, why in mistakes],
        "The rectified linear unit makes 0 of every negative number, and leaves the others as they are.",
    )


generator = Generator(name="relu-values", topic="ReLU", difficulty=1, section="Adding a Nonlinearity", make=make)
