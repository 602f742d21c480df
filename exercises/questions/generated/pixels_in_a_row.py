"""Where a pixel is, once its image has been made one row of numbers."""

from random import Random

from exercises.questions.generated._wording import after
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.tensors import flatten_images

    h, w = random.sample((5, 6, 8, 10, 20, 28), 2)
    row, column = random.randrange(1, h), random.randrange(1, w)
    images = torch.zeros(1, h, w)
    images[0, row, column] = 1
    mistakes = [
        (column * h + row, "Here the image is read column by column. A row of pixels stays together."),
        ((row - 1) * w + column, f"Rows are counted from 0: before row {row} there are {row} rows."),
        (row * h + column, f"A row has as many numbers as there are columns: {w}, and not {h}."),
        (row * w + column + 1, "Places are counted from 0, too."),
        (row * column, "That is how many pixels are above it and to the left. All rows before it count in full."),
    ]
    return one_number_of(
        after(
            f"image = torch.zeros({h}, {w})\nimage[{row}, {column}] = 1\nvector = image.view(-1)",
            "vector.argmax()",
        ),
        flatten_images(images)[0].argmax().item(),
        mistakes,
        f"`view(-1)` strings the rows together: {row} · {w} numbers before row {row}, and {column} more in it.",
    )


generator = Generator(name="pixels-in-a-row", topic="view", difficulty=2, section="The MNIST Loss Function", make=make)
