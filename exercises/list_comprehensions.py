"""The questionnaire's warm-up: select and transform in one expression."""

import math

from hypothesis import strategies as st

from grader.exercise import Calls, Exercise, Keeps, Misconception
from grader.inputs import whole_numbers

# Every list has what is easily forgotten: 0, an odd number below zero, and an even one.
mixed = whole_numbers(most=3).flatmap(lambda numbers: st.permutations([*numbers, 0, -3, 4]))

exercise = Exercise(
    title="List comprehensions",
    section="First Try: Pixel Similarity",
    provides=("double_odds", "double_evens", "double_odds_keep_evens"),
    oracle="list_comprehensions",
    statement="""\
A *list comprehension* makes a new list from another one, in one expression: `[n + 1 for n in numbers if n >
3]` takes the numbers above 3 and adds 1 to each. Write three functions, each with one list comprehension.

- `double_odds(numbers)` selects the odd numbers of a list and doubles them: `[1, 2, 3]` becomes `[2, 6]`.
- `double_evens(numbers)` does the same for the even numbers: `[1, 2, 3]` becomes `[4]`.
- `double_odds_keep_evens(numbers)` leaves nothing out: it doubles the odd numbers, and the even ones stay as they
  are, each at its place: `[1, 2, 3]` becomes `[2, 2, 6]`. Python has an expression for it that chooses one of two
  values, the *conditional expression*: `n if n > 3 else 0` is n if n is above 3, and otherwise 0.

The numbers are whole, and may be negative: -3 is odd, 0 is even. The list that is passed in stays as it was.
""",
    starter="""\
def double_odds(numbers):
    ...


def double_evens(numbers):
    ...


def double_odds_keep_evens(numbers):
    ...
""",
    hints=[
        (
            '`double_odds`: before you write it, say it as a sentence, "the double of n, for every n in the list, if '
            'n is odd". Its parts are the parts of the list comprehension, and they come in this order.'
        ),
        (
            "`double_odds` and `double_evens`: the operator `%` gives what a division leaves over. When you divide "
            "by 2, that is 0 or 1 in Python, also for numbers below zero; `==` tells which."
        ),
        (
            "`double_odds_keep_evens`: no number is left out, so there is nothing to select. The question is no "
            "longer which numbers are taken, but what becomes of each: that is decided in front of `for`."
        ),
        (
            '`double_odds_keep_evens`: put the sentence "twice n if n is odd, otherwise n" into a conditional '
            "expression, with the condition that you know from `double_odds`. The loop through the list comes after "
            "it, and then nothing more."
        ),
    ],
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
            mixed,
            of="double_evens",
            points=2,
            hint="Which remainder does an even number leave when it is divided by 2?",
        ),
        Keeps("leaves the list alone", whole_numbers(), of="double_odds"),
        Calls(
            "odd numbers doubled, even ones kept",
            mixed,
            of="double_odds_keep_evens",
            points=2,
            hint="As many numbers come out as go in. Which of two values does each of them become?",
        ),
        Keeps("choosing leaves the list alone", mixed, of="double_odds_keep_evens"),
    ],
    accepts={
        "filter and map": """\
def double_odds(numbers):
    return list(map(lambda n: n + n, filter(lambda n: n & 1, numbers)))

double_evens = lambda numbers: [*map((2).__mul__, (n for n in numbers if not n % 2))]

double_odds_keep_evens = lambda numbers: list(map(lambda n: n if n % 2 == 0 else n * 2, numbers))
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

def double_odds_keep_evens(numbers):
    result = numbers.copy()
    for i, number in enumerate(numbers):
        if number % 2:
            result[i] += number
    return result
""",
        "a choice by calculation and by index": """\
def double_odds(xs):
    return [x * 2 for x in xs if x % 2 != 0]

def double_evens(xs):
    return [x * 2 for x in xs if x % 2 != 1]

def double_odds_keep_evens(xs):
    return [x * (1 + x % 2) for x in xs]
""",
        "a tuple to choose from, and a function for one number": """\
def is_odd(n):
    return bool(n % 2)

def double_odds(numbers): return [n * 2 for n in numbers if is_odd(n)]

def double_evens(numbers): return [n * 2 for n in numbers if not is_odd(n)]

def double_odds_keep_evens(numbers): return [(n, 2 * n)[is_odd(n)] for n in numbers]
""",
    },
    misconceptions=[
        Misconception(
            "divides instead of taking the remainder",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers if n // 2 != 0],
                "double_evens": lambda numbers: [2 * n for n in numbers if n // 2 == 0],
                "double_odds_keep_evens": lambda numbers: [2 * n if n // 2 != 0 else n for n in numbers],
            },
            hint="`//` is division without the rest: `3 // 2` is 1 and `4 // 2` is 2. What is left over, 1 "
            "for odd numbers, is `n % 2`.",
        ),
        Misconception(
            "selects the other half",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers if n % 2 == 0],
                "double_evens": lambda numbers: [2 * n for n in numbers if n % 2 == 1],
                "double_odds_keep_evens": lambda numbers: [n if n % 2 == 1 else 2 * n for n in numbers],
            },
            hint="`n % 2 == 0` is true for even numbers. Odd ones leave a remainder of 1.",
        ),
        Misconception(
            "squares instead of doubling",
            {
                "double_odds": lambda numbers: [n**2 for n in numbers if n % 2 == 1],
                "double_evens": lambda numbers: [n**2 for n in numbers if n % 2 == 0],
                "double_odds_keep_evens": lambda numbers: [n**2 if n % 2 == 1 else n for n in numbers],
            },
            hint="`n ** 2` and `n * n` are the square of n: 3 becomes 9. Doubled, it becomes 6.",
        ),
        Misconception(
            "triples instead of doubling",
            {
                "double_odds": lambda numbers: [3 * n for n in numbers if n % 2 == 1],
                "double_evens": lambda numbers: [3 * n for n in numbers if n % 2 == 0],
                "double_odds_keep_evens": lambda numbers: [3 * n if n % 2 == 1 else n for n in numbers],
            },
            hint="The right numbers, but three times as large as before. How often is a number in its double?",
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
                "double_odds_keep_evens": lambda numbers: [2 * n for n in numbers],
            },
            hint="Every number is doubled. A condition at the end, `if ...`, says which ones to take; before `for`, "
            "`... if ... else ...` says what each one becomes.",
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
            "leaves out the numbers that it should keep",
            {"double_odds_keep_evens": lambda numbers: [2 * n for n in numbers if n % 2 == 1]},
            hint="An `if` at the end leaves numbers out. Here all of them stay, and an `if` with an `else` before "
            "`for` chooses what each one becomes.",
        ),
        Misconception(
            "puts 0 for the numbers that it should keep",
            {"double_odds_keep_evens": lambda numbers: [2 * n if n % 2 == 1 else 0 for n in numbers]},
            hint="What stands behind `else` takes the place of the even numbers. What should they become?",
        ),
        Misconception(
            "puts the doubled numbers in front",
            {
                "double_odds_keep_evens": lambda numbers: (
                    [2 * n for n in numbers if n % 2 == 1] + [n for n in numbers if n % 2 == 0]
                )
            },
            hint="Two lists, one behind the other, change the order. Go through the numbers once, and choose for each "
            "of them.",
        ),
        Misconception(
            "takes negative odd numbers for even ones",
            {
                "double_odds": lambda numbers: [2 * n for n in numbers if math.fmod(n, 2) == 1],
                "double_odds_keep_evens": lambda numbers: [2 * n if math.fmod(n, 2) == 1 else n for n in numbers],
            },
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
            "takes the odd numbers up to 9 in place of the list's",
            {"double_odds": lambda numbers: [2 * n for n in range(1, 10, 2)]},  # noqa: ARG005  the mistake
            hint="`range(1, 10, 2)` makes odd numbers, whatever the list holds. Go through the list, `for n in "
            "numbers`, and ask of each number whether it is odd.",
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

def double_odds_keep_evens(numbers):
    for i in range(len(numbers)):
        if numbers[i] % 2 == 1:
            numbers[i] *= 2
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
        Misconception(
            "puts `else` behind the loop",
            "def double_odds_keep_evens(numbers):\n    return [n * 2 for n in numbers if n % 2 == 1 else n]",
            pattern=r"\[[^\[\]]*\bfor\b[^\[\]]*\bin\b[^\[\]]*\bif\b[^\[\]]*\belse\b",
            hint="An `if` behind the loop only says which numbers to take: there is no other way for an `else`. What "
            "chooses between two values stands before `for`.",
        ),
        Misconception(
            "chooses without an `else`",
            "def double_odds_keep_evens(numbers):\n    return [n * 2 if n % 2 == 1 for n in numbers]",
            pattern=r"\[\s*(?!if\b)(?:(?!\b(?:for|else|if)\b)[^\[\]])+\bif\b(?:(?!\b(?:for|else)\b)[^\[\]])*\bfor\b",
            hint="Before `for`, an `if` needs an `else`: what does the number become otherwise? To leave numbers out, "
            "put the `if` at the end.",
        ),
    ],
)
