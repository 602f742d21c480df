"""The L1 distance or the RMSE of two short vectors."""

from random import Random

from exercises.questions.generated._wording import floats
from grader.quiz.generators import Generator, one_number_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    import torch

    from reference.pixel_similarity import l1_distance, mean_squared_error, rmse

    a, b = (torch.tensor([float(random.randrange(0, 10)) for _ in range(3)], dtype=torch.float64) for _ in range(2))
    l1, root = l1_distance(a, b).item(), rmse(a, b).item()
    is_l1 = random.random() < 0.5
    mistakes = [
        (root, "That is the root of the mean squared error. L1 takes the absolute values, and no squares.")
        if is_l1
        else (l1, "That is the mean absolute difference. The root of each square, before the mean, is the same."),
        (
            mean_squared_error(a, b).item(),
            f"That is the mean squared error, and {'L1 squares nothing' if is_l1 else 'its root is missing'}.",
        ),
        (abs((a - b).mean().item()), "Here differences up and down cancel out, as nothing makes them positive first."),
        (
            (a - b).abs().sum().item(),
            "That is the sum of the absolute differences, and a mean divides it by how many they are.",
        ),
    ]
    name = "mean absolute difference (L1)" if is_l1 else "root mean squared error (RMSE)"
    differences = floats((a - b).tolist())
    how = (
        "L1 is the mean of their absolute values."
        if is_l1
        else "They are squared, then comes the mean, and the root comes last."
    )
    return one_number_of(
        f"`a` is `tensor({floats(a.tolist())})`, and `b` is `tensor({floats(b.tolist())})`. What is their {name}, to "
        "two decimals?",
        l1 if is_l1 else root,
        mistakes,
        f"The differences are `{differences}`. {how}",
        digits=2,
    )


generator = Generator(
    name="distances", topic="RMSE and L1 norm", difficulty=2, section="First Try: Pixel Similarity", make=make
)
