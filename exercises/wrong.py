"""Solutions with one mistake in them, for the misconceptions of exercises that take more than a line."""


def changed(solution: str, right: str, wrong: str) -> str:
    """The solution with `wrong` wherever it has `right`; raises ValueError if it doesn't have it at all."""
    if right not in solution:
        raise ValueError(f"the solution has no {right!r}")
    return solution.replace(right, wrong)
