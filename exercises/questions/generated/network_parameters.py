"""How many parameters a network of two linear layers has."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.simple_net import make_net

    inputs, hidden = random.choice((random.randrange(3, 101), 28 * 28)), random.randrange(3, 51)
    outputs = random.randrange(1, 11)
    weights = inputs * hidden + hidden * outputs
    with torch.random.fork_rng(devices=[]):  # their numbers are nobody's concern
        total = sum(p.numel() for p in make_net(inputs, hidden, outputs).parameters())
    mistakes = [
        (weights, "Those are the weights alone. Each linear layer has a bias for each of its outputs, too."),
        (inputs * hidden + hidden, "That is the first layer alone."),
        (total + hidden, "A ReLU has no parameters: it only compares with 0."),
        (weights + 2, "There is not one bias for each layer, but one for each of its outputs."),
        (inputs * outputs + outputs, "That would be a single linear layer, without the hidden one."),
    ]
    return one_number_of(
        after(
            f"net = nn.Sequential(nn.Linear({inputs}, {hidden}), nn.ReLU(), nn.Linear({hidden}, {outputs}))",
            "sum(p.numel() for p in net.parameters())",
        ),
        total,
        mistakes,
        f"{inputs} · {hidden} weights and {hidden} biases in the first layer, {hidden} · {outputs} and {outputs} in "
        "the last. The ReLU has none.",
    )


generator = Generator(
    name="network-parameters",
    topic="parameters",
    difficulty=2,
    section="Adding a Nonlinearity",
    make=make,
)
