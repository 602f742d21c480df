"""How many items are in the last mini-batch of an epoch."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from reference.data_loader import DataLoader

    size = random.choice((8, 10, 16, 25, 32, 50, 64))
    n = size * random.randrange(2, 12) + random.choice((0, random.randrange(1, size), random.randrange(1, size)))
    *_, (xb, _) = DataLoader([(i, i) for i in range(n)], batch_size=size)
    full, rest = divmod(n, size)
    mistakes = [
        (size, "That is how many are in a full mini-batch. The last one holds what is left over.")
        if rest
        else (0, "There is no empty mini-batch at the end: all are full."),
        (size - rest, "That is how many are missing from the last mini-batch."),
        (full, "That is how many full mini-batches there are."),
        (n // (full + 1), "The items are not dealt out evenly: all mini-batches but the last one are full."),
        (1, "The last mini-batch holds all items that are left over, not just the last one."),
    ]
    explanation = f"{full} full mini-batches hold {full * size} items. " + (
        f"{n} - {full * size} are left over for the last one." if rest else "Nothing is left over, so the last is full."
    )
    return one_number_of(
        after(f"dl = DataLoader(range({n}), batch_size={size})\nsizes = [len(xb) for xb in dl]", "sizes[-1]"),
        len(xb),
        mistakes,
        explanation,
    )


generator = Generator(
    name="size-of-the-last-batch",
    topic="mini-batch",
    difficulty=2,
    section="SGD and Mini-Batches",
    make=make,
)
