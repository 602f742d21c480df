"""Select and transform: a list comprehension says in one expression what comes out, from what, and if what.

    [number * 2        for number in numbers        if number % 2 == 1]
     what comes out    from what                    if what

A choice between two values is another thing: `a if condition else b` stands where what comes out stands, and leaves
nothing out.

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


def double_odds_keep_evens(numbers: list[int]) -> list[int]:
    """All numbers in their order, the odd ones doubled.

    numbers: whole numbers, negative ones too. It is left as it was.
    Returns a new list of the same length.
    Source: fast.ai book, chapter 4, the questionnaire's task with a choice in place of the selection.
    """
    return [number * 2 if number % 2 == 1 else number for number in numbers]
