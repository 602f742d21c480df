"""How many steps a training makes, from its epochs and mini-batches."""

from random import Random

from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from reference.data_loader import DataLoader

    size, epochs = random.choice((10, 16, 32, 64, 100, 128, 256)), random.choice((2, 3, 5, 10))
    n = size * random.randrange(3, 40) + random.randrange(1, size)
    batches = len(DataLoader([(i, i) for i in range(n)], batch_size=size))
    mistakes = [
        (epochs, "That would be one step for each epoch. SGD makes one for each mini-batch."),
        (batches, "That is how many steps one epoch has."),
        (
            epochs * (batches - 1),
            "That leaves out the last mini-batch of each epoch. It is smaller, and makes a step too.",
        ),
        (epochs * n, "That would be a step for each item. Here a step is made for a whole mini-batch."),
        (
            epochs * size,
            "That is epochs times the items of a mini-batch. How many mini-batches there are is what counts.",
        ),
    ]
    return one_number_of(
        f"A training set has {n} items. A model is trained for {epochs} epochs with SGD, in mini-batches of {size}; a "
        "last one that is smaller is used as well. How many steps does it make?",
        epochs * batches,
        mistakes,
        f"There is a step for each mini-batch. An epoch has {n // size} full ones and a smaller one, {batches} in all, "
        f"and there are {epochs} epochs.",
    )


generator = Generator(
    name="steps-of-a-training", topic="epoch", difficulty=2, section="SGD and Mini-Batches", make=make
)
