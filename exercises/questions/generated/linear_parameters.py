"""How many parameters a linear layer has."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.linear_model import init_params

    inputs, outputs = random.choice((random.randrange(2, 101), 28 * 28)), random.randrange(2, 51)
    with torch.random.fork_rng(devices=[]):  # their numbers are nobody's concern
        weights, bias = init_params((inputs, outputs)), init_params(outputs)
    mistakes = [
        (inputs * outputs, "Those are the weights. There is a bias for each output, too."),
        (inputs * outputs + 1, "There is not one bias in all, but one for each output."),
        (inputs * outputs + inputs, "The biases are added to the outputs, so there are as many as outputs."),
        (inputs + outputs, "Every output has a weight for every input: they are multiplied, not added."),
        (outputs, "Those are the biases. There are weights as well."),
    ]
    return one_number_of(
        after(f"layer = nn.Linear({inputs}, {outputs})", "sum(p.numel() for p in layer.parameters())"),
        weights.numel() + bias.numel(),
        mistakes,
        f"{inputs} · {outputs} weights, and {outputs} biases, one for each output.",
    )


generator = Generator(
    name="linear-parameters",
    topic="parameters",
    difficulty=1,
    section="The MNIST Loss Function",
    make=make,
)
