"""The questionnaire's warm-up: select and transform in one expression."""

import math

from grader.exercise import Calls, Exercise, Keeps, Misconception
from grader.inputs import whole_numbers

exercise = Exercise(
    title="List comprehensions",
    section="First Try: Pixel Similarity",
    provides=("double_odds", "double_evens"),
    oracle="list_comprehensions",
    statement="""\
A *list comprehension* makes a new list from another one, in one expression: `[n + 1 for n in numbers if n >
3]` takes the numbers above 3 and adds 1 to each. Write two functions, each with one list comprehension.

- `double_odds(numbers)` selects the odd numbers of a list and doubles them: `[1, 2, 3]` becomes `[2, 6]`.
- `double_evens(numbers)` does the same for the even numbers: `[1, 2, 3]` becomes `[4]`.

The numbers are whole, and may be negative: -3 is odd, 0 is even. The list that is passed in stays as it was.
""",
    starter="""\
def double_odds(numbers):
    ...


def double_evens(numbers):
    ...
""",
    checks=[
        Calls(
            "odd numbers, doubled",
            whole_numbers(1, 9),
            of="double_odds",
            points=2,
            hint="Which remainder does an odd number leave when it is divided by 2?",
        ),
        Calls("odd numbers below zero are odd as well", whole_numbers(-9, 0, least=1), of="double_odds"),
        Calls(
            "even numbers, doubled",
            whole_numbers(),
            of="double_evens",
            points=2,
            hint="Which remainder does an even number leave when it is divided by 2?",
        ),
        Keeps("leaves the list alone", whole_numbers(), of="double_odds"),
    ],
    accepts={
        "filter and map": """\
def double_odds(numbers):
    return list(map(lambda n: n + n, filter(lambda n: n & 1, numbers)))

double_evens = lambda numbers: [*map((2).__mul__, (n for n in numbers if not n % 2))]
""",
        "a loop and np.mod": """\
def double_odds(numbers):
    result = []
    for number in numbers:
        if np.mod(number, 2) == 1:
            result.append(number << 1)
    return result

def double_evens(a_list):
    return [o * 2 for o in a_list if o not in [n for n in a_list if abs(n) % 2 == 1]]
""",
    },
    misconceptions=[
        Misconception(
            "divides instead of taking the remainder",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers if n // 2 != 0],
                "double_evens": lambda numbers: [2 * n for n in numbers if n // 2 == 0],
            },
            hint="`//` is division without the rest: `3 // 2` is 1 and `4 // 2` is 2. What is left over, 1 "
            "for odd numbers, is `n % 2`.",
        ),
        Misconception(
            "selects the other half",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers if n % 2 == 0],
                "double_evens": lambda numbers: [2 * n for n in numbers if n % 2 == 1],
            },
            hint="`n % 2 == 0` is true for even numbers. Odd ones leave a remainder of 1.",
        ),
        Misconception(
            "squares instead of doubling",
            {
                "double_odds": lambda numbers: [n**2 for n in numbers if n % 2 == 1],
                "double_evens": lambda numbers: [n**2 for n in numbers if n % 2 == 0],
            },
            hint="`n ** 2` and `n * n` are the square of n: 3 becomes 9. Doubled, it becomes 6.",
        ),
        Misconception(
            "selects without doubling",
            {
                "double_odds": lambda numbers: [n for n in numbers if n % 2 == 1],
                "double_evens": lambda numbers: [n for n in numbers if n % 2 == 0],
            },
            hint="The right numbers, as they were. What stands before `for` is what goes into the new list.",
        ),
        Misconception(
            "doubles without selecting",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers],
                "double_evens": lambda numbers: [2 * n for n in numbers],
            },
            hint="Every number is doubled. A condition at the end, `if ...`, says which ones to take.",
        ),
        Misconception(
            "keeps the numbers that it should leave out",
            {
                "double_odds": lambda numbers: [2 * n if n % 2 == 1 else n for n in numbers],
                "double_evens": lambda numbers: [2 * n if n % 2 == 0 else n for n in numbers],
            },
            hint="An `if ... else ...` before `for` chooses what a number becomes, and keeps all of them. "
            "To leave numbers out, put the `if` at the end.",
        ),
        Misconception(
            "takes negative odd numbers for even ones",
            {"double_odds": lambda numbers: [2 * n for n in numbers if math.fmod(n, 2) == 1]},
            hint="`math.fmod(-3, 2)` is -1: it keeps the sign. `-3 % 2` is 1 in Python.",
        ),
        Misconception(
            "asks after doubling whether a number is odd",
            {"double_odds": lambda numbers: [n for n in [2 * n for n in numbers] if n % 2 == 1]},
            hint="Twice any number is even, so nothing is left. Ask before you double. (`0 % 2`, with the "
            "digit zero in place of the variable, is never 1 either.)",
        ),
        Misconception(
            "takes 0 for an odd number",
            {"double_evens": lambda numbers: [2 * n for n in numbers if n and n % 2 == 0]},
            hint="0 is even: `0 % 2` is 0.",
        ),
        Misconception(
            "makes its own numbers",
            {"double_odds": lambda numbers: [2 * n for n in range(1, len(numbers) + 1) if n % 2 == 1]},
            hint="`range` counts by itself, whatever the list holds. Go through the list: `for n in numbers`.",
        ),
        Misconception(
            "gives one loop variable and uses another",
            "def double_odds(numbers):\n    return [x * 2 for _ in numbers if x % 2 == 1]\n",
            hint="The name after `for` is the one that takes each number in turn. Use the same name before "
            "it and in the condition.",
        ),
        Misconception(
            "changes the list that was passed in",
            """\
def double_odds(numbers):
    for n in list(numbers):
        if n % 2 == 0:
            numbers.remove(n)
    numbers[:] = [n * 2 for n in numbers]
    return numbers
""",
            hint="Whoever called the function still needs that list. A list comprehension makes a new one.",
        ),
        Misconception(
            "puts the condition in front of the loop",
            "new_list = [if(i%2==0):i*2 i for i in array]",
            pattern=r"\[\s*if\b",
            hint="The order in a list comprehension is: what to keep, the loop, and then the condition, "
            "without a colon: `[i*2 for i in array if i%2==0]`.",
        ),
    ],
)
