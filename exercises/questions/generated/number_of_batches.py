"""How many mini-batches an epoch has."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from reference.data_loader import DataLoader

    size = random.choice((16, 32, 50, 64, 100, 128, 256))
    n = size * random.randrange(3, 60) + random.choice((0, random.randrange(1, size), random.randrange(1, size)))
    full, rest = divmod(n, size)
    last = f"and a last one with the {rest} items that are left over" if rest else "and nothing is left over"
    mistakes = [
        (full, f"That leaves out the last mini-batch, with its {rest} items.")
        if rest
        else (full + 1, "A further mini-batch would be empty: nothing is left over."),
        (size, "That is how many items are in a mini-batch."),
        (rest, "That is how many items are in the last mini-batch."),
        (n, "That is how many items there are. Each mini-batch holds many of them."),
        (full - 1, "That is the number of the last one, if the first is number 0. `len` counts them all."),
    ]
    return one_number_of(
        after(f"dl = DataLoader(range({n}), batch_size={size})", "len(dl)"),
        len(DataLoader([(i, i) for i in range(n)], batch_size=size)),
        [(number, why) for number, why in mistakes if number],
        f"{n} / {size} is {n / size:.4g}: {full} full mini-batches, {last}.",
    )


generator = Generator(
    name="number-of-batches",
    topic="mini-batch",
    difficulty=1,
    section="SGD and Mini-Batches",
    make=make,
)
