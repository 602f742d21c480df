"""Grades with any text in them, for the tests of what is made from one grade."""

import msgspec
from hypothesis import strategies as st

from grader.results import FirstError, Verdict
from tests.grader.exports.standings import texts
from tests.grader.report_examples import array, failed, grade_of

POINTS = st.floats(0, 10)

verdicts = st.builds(
    Verdict,
    texts,
    st.sampled_from(["passed", "failed", "error", "timeout", "missing", "needs review"]),
    POINTS,
    POINTS,
    texts,
    texts,
    texts,
)


@st.composite
def grades(draw):
    """A grade of one exercise, with any text wherever a student's or a course's may stand."""
    grade = grade_of(
        *draw(st.lists(verdicts, max_size=3)),
        submission=draw(texts),
        notes=tuple(draw(st.lists(texts, max_size=2))),
        first_error=FirstError(1, draw(texts), ()),
    )
    (exercise,) = grade.exercises
    return msgspec.structs.replace(grade, exercises=(msgspec.structs.replace(exercise, title=draw(texts)),))


def mistaken():
    """A grade with a passed check, one that failed by a known mistake, and one for a person to judge."""
    return grade_of(
        Verdict("adds two numbers", "passed", 1.0, 1.0),
        failed(
            array([1.0]),
            array([3.0]),
            ("a", array([1.0])),
            description="adds lists of numbers",
            possible=2.5,
            reason="One element is wrong.",
            misconception="forgets the second number",
            hint="What is b for?",
        ),
        Verdict("explains the sum", "needs review", 0.0, 0.5),
        notes=("It ran without isolation.",),
        first_error=FirstError(4, "NameError: name 'c' is not defined", ("Sums",)),
    )
