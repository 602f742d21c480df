"""How generated questions put things: a prompt with code, and values as code."""

from collections.abc import Iterable


def after(code: str, expression: str) -> str:
    """A prompt that asks for the value of an expression, after some code has run."""
    return f"```python\n{code}\n```\n\nWhat is `{expression}`?"


def as_code(value: object) -> str:
    """A shape, a list or a number as Python writes it, marked as code."""
    return f"`{value}`"


def floats(numbers: Iterable[float]) -> str:
    """Numbers as the book writes those of a tensor of floats, such as "[-2., 0.5]"."""
    return f"[{', '.join(f'{number:g}' if number % 1 else f'{number:g}.' for number in numbers)}]"


def factor(number: float) -> str:
    """A number behind a sign of multiplication: in parentheses if it is below 0."""
    return f"({number})" if number < 0 else f"{number}"
