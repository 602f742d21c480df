"""Select and transform: a list comprehension says in one expression what comes out, from what, and if what.

    [number * 2        for number in numbers        if number % 2 == 1]
     what comes out    from what                    if what

Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (list comprehensions) and the questionnaire.
"""


def double_odds(numbers: list[int]) -> list[int]:
    """The doubles of the odd numbers, in the order in which they come.

    numbers: whole numbers, negative ones too (-3 % 2 is 1 in Python: -3 is odd). It is left as it was.
    Returns a new list, empty if no number is odd.
    Source: fast.ai book, chapter 4, questionnaire ("selects odd numbers from a list and doubles them").
    """
    return [number * 2 for number in numbers if number % 2 == 1]


def double_evens(numbers: list[int]) -> list[int]:
    """The doubles of the even numbers, 0 among them, in the order in which they come.

    numbers: whole numbers, negative ones too. It is left as it was.
    Returns a new list, empty if no number is even.
    Source: fast.ai book, chapter 4, the questionnaire's task turned around.
    """
    return [number * 2 for number in numbers if number % 2 == 0]
