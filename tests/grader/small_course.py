"""A course of one small exercise, for tests and benchmarks of the engine, which knows nothing of the built-in one."""

from collections.abc import Iterable, Mapping
from pathlib import Path

FILES = {
    "exercises/__init__.py": "",
    "exercises/course.py": """\
from grader.exercise import Course

course = Course(title="Numbers", exercises=["spread"], starter="numbers.ipynb")
""",
    "exercises/spread.py": """\
from grader.exercise import Calls, Exercise, Keeps, Misconception
from grader.inputs import whole_numbers

NUMBERS = whole_numbers(-9, 9, least=1)


def sorts(numbers):
    numbers.sort()
    return numbers[-1] - numbers[0]


exercise = Exercise(
    title="The spread of a list",
    provides="spread",
    oracle="extremes:spread",
    statement="Write `spread(numbers)`.",
    starter="def spread(numbers):\\n    ...\\n",
    checks=[
        Calls("the spread of any list", NUMBERS, points=2, hint="On which two numbers does it depend?"),
        Keeps("leaves the list alone", NUMBERS, hint="Who else has this list?"),
    ],
    misconceptions=[
        Misconception("subtracts the wrong way round", lambda n: min(n) - max(n), hint="No spread is negative."),
        Misconception("takes the first and the last", lambda n: n[-1] - n[0], hint="Is the list sorted?"),
        Misconception("sorts the list itself", sorts, hint="`sorted` gives a new list."),
    ],
)
""",
    "reference/__init__.py": "",
    "reference/extremes.py": """\
from reference.order import ordered


def spread(numbers):
    return ordered(numbers)[-1] - ordered(numbers)[0]
""",
    "reference/order.py": "def ordered(numbers):\n    return sorted(numbers)\n",
}


def write_files(folder: Path, files: Mapping[str, str | None] | Iterable[tuple[str, str | None]] = ()) -> Path:
    """Writes the course into a folder, with other or further files (None: without it), and gives the folder."""
    for path, text in {**FILES, **dict(files)}.items():
        if text is not None:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    return folder
