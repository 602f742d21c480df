"""Generated questions: one idea, asked with other numbers for every seed.

A generator's `make` draws the numbers, asks the oracle for the right answer, and gets its wrong options by the mistakes
that people make: each is what that mistake gives with these numbers. Now and then a mistake gives the right answer,
or the same as another one. Then it is no option, and numbers that leave too few options are drawn again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from grader.errors import UserError
from grader.quiz.questions import Choice, Question, problems_of

LEAST_WRONG = 2
DRAWS = 200


@dataclass(frozen=True)
class Generator:
    """Makes variants of one question.

    name: by which it is known; its variant of seed 17 is called "name#17". topic, difficulty, section: as those of a
    Question. make: draws a question by means of the random numbers it is given, and of nothing else that may be
    different the next time. What the generator says itself (name, topic and so on), the question may leave empty.
    """

    name: str
    topic: str
    difficulty: int
    section: str
    make: Callable[[Random], Question]


def variant(generator: Generator, seed: int) -> Question:
    """The question that a generator makes of a seed: the same one in every process.

    Raises UserError if the generator makes a question that can't be asked, or one with too few options every time.
    """
    random = Random(f"{generator.name}#{seed}")  # noqa: S311 (no secret; of a text it is the same in every process)
    for _ in range(DRAWS):
        question = replace(
            generator.make(random),
            name=f"{generator.name}#{seed}",
            topic=generator.topic,
            difficulty=generator.difficulty,
            section=generator.section,
        )
        if isinstance(question, Choice) and len(question.wrong) < LEAST_WRONG:
            continue
        problems = problems_of(question)
        if problems:
            raise UserError(f"generated question {question.name!r}: {problems[0]}.")
        return question
    raise UserError(
        f"generated question {generator.name}#{seed}: {DRAWS} draws gave no question with {LEAST_WRONG} wrong options. "
        "Add a mistake to it, or let it draw numbers for which the mistakes give different answers."
    )


def one_of(prompt: str, right: str, wrong: Iterable[tuple[str, str]], explanation: str) -> Choice:
    """A Choice with a single right option.

    wrong: options that mistakes give, each with why it is wrong; of several that are the same, the first is taken.
    """
    options: dict[str, str] = {}
    for option, why in wrong:
        if option != right:
            options.setdefault(option, why)
    return Choice(
        name="",
        prompt=prompt,
        topic="",
        difficulty=1,
        section="",
        explanation=explanation,
        right=(right,),
        wrong=options,
    )


def one_number_of(
    prompt: str, right: float, wrong: Iterable[tuple[float, str]], explanation: str, digits: int = 0
) -> Choice:
    """A Choice between numbers, all written with so many digits after the point.

    wrong: numbers that mistakes give, each with why it is wrong. One that can't be told from the right number or from
    an earlier one, since they differ by no more than the last digit of a fraction, is left out.
    """
    apart = 1.5 * 10**-digits if digits else 0.5
    taken = [right]
    options = []
    for number, why in wrong:
        if all(abs(number - other) > apart for other in taken):
            taken.append(number)
            options.append((written(number, digits), why))
    return one_of(prompt, written(right, digits), options, explanation)


def written(number: float, digits: int) -> str:
    """A number with so many digits after the point, a half rounded up as people do it, and never "-0"."""
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)
