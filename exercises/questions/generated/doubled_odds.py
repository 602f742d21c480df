"""A list comprehension that selects and doubles."""

from random import Random

from exercises.questions.generated._wording import after, as_code
from grader.quiz.generators import Generator, one_of
from grader.quiz.questions import Choice


def make(random: Random) -> Choice:
    from reference.list_comprehensions import double_evens, double_odds

    numbers = random.sample(range(13), 5)
    picks_odd = random.random() < 0.6
    right = double_odds(numbers) if picks_odd else double_evens(numbers)
    remainder, kind = (1, "odd") if picks_odd else (0, "even")
    mistakes = [
        (
            double_evens(numbers) if picks_odd else double_odds(numbers),
            f"`n%2 == {remainder}` is true for {kind} numbers: their remainder is {remainder}.",
        ),
        (
            [n for n in numbers if n % 2 == remainder],
            "These are the selected numbers. Each is doubled by the `n*2` before the `for`.",
        ),
        ([n**2 for n in numbers if n % 2 == remainder], "`n*2` is twice `n`. Its square would be `n**2`."),
        (
            [n * 2 for n in numbers if n // 2 == remainder],
            "`%` gives the remainder of the division. It is `//` that gives the whole part.",
        ),
        (
            [n * 2 if n % 2 == remainder else n for n in numbers],
            "An `if` behind the loop leaves the other numbers out. It doesn't keep them as they are.",
        ),
    ]
    return one_of(
        after(f"numbers = {numbers}", f"[n*2 for n in numbers if n%2 == {remainder}]"),
        as_code(right),
        [(as_code(found), why) for found, why in mistakes],
        f"The `if` selects the {kind} numbers, `{[n for n in numbers if n % 2 == remainder]}`, and each is doubled.",
    )


generator = Generator(
    name="doubled-odds",
    topic="list comprehensions",
    difficulty=1,
    section="First Try: Pixel Similarity",
    make=make,
)
