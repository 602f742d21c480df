"""A small bank for the tests: one question of every kind, and a generator."""

from datetime import UTC, datetime, timedelta

from grader.quiz.bank import Bank
from grader.quiz.generators import Generator
from grader.quiz.questions import (
    Choice,
    Code,
    Drawing,
    KeyPoint,
    Matching,
    Number,
    Ordering,
    Output,
    Shape,
    ShortAnswer,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def about(name, topic="sums", difficulty=1):
    """The fields that all questions have."""
    shared = {"prompt": f"The question `{name}`?", "explanation": f"About {name}.", "section": "Sums"}
    return shared | {"name": name, "topic": topic, "difficulty": difficulty}


def sum_of(random):
    """One sum."""
    a, b = random.randrange(100), random.randrange(100)
    return Number(**about("drawn") | {"prompt": f"{a} + {b}?"}, answer=a + b)


QUESTIONS = (
    Number(**about("half", difficulty=2), answer=0.5),
    Choice(**about("plus"), right=("It adds.",), wrong={"It subtracts.": "That is minus.", "It joins.": "Not here."}),
    Choice(**about("even"), right=("2", "4"), wrong={"3": "It is odd.", "5": "It is odd, too."}),
    Matching(**about("words", "words"), pairs={"sum": "of +", "product": "of *"}),
    Ordering(**about("steps", "words"), items=("first", "second", "third")),
    Shape(**about("shape", "shapes"), answer=(3, 1)),
    Output(**about("output", "shapes"), code="print(1)", answer="1"),
    Code(**about("code", "shapes", 3), template="total = 1 ____ 1", answer="+", shows=("total",)),
    ShortAnswer(**about("why", "words", 3), key_points=(KeyPoint("two", ("it is two",)),), model_answer="It is two."),
    Drawing(**about("picture", "pictures"), exercise="spread"),
)
BANK = Bank(QUESTIONS, (Generator("drawn", "sums", 2, "Sums", sum_of),))
