"""What a question can't do without."""

import dataclasses

import pytest

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
    WrongStatement,
    problems_of,
)

SHARED = {
    "name": "q",
    "prompt": "What is 1 + 1?",
    "topic": "sums",
    "difficulty": 1,
    "explanation": "One and one more.",
    "section": "Sums",
}
CHOICE = Choice(**SHARED, right=("2",), wrong={"3": "That is one too many.", "11": "That joins two digits."})
MATCHING = Matching(**SHARED, pairs={"sum": "plus", "product": "times"})
SHORT = ShortAnswer(
    **SHARED,
    key_points=(KeyPoint("two", ("It is two", "2")), KeyPoint("exactly", ("precisely",), points=0.5)),
    wrong_statements=(WrongStatement(("It is three",), "It is one less."),),
    model_answer="It is exactly two.",
)
NUMBER = Number(**SHARED, answer=2)
ORDERING = Ordering(**SHARED, items=("1", "2", "3"))
SHAPE = Shape(**SHARED, answer=(2, 1))
OUTPUT = Output(**SHARED, code="print(1 + 1)", answer="2")
CODE = Code(**SHARED, template="total = 1 ____ 1", answer="+", shows=("total",))
DRAWING = Drawing(**SHARED, exercise="spread")
KINDS = [CHOICE, MATCHING, SHORT, NUMBER, ORDERING, SHAPE, OUTPUT, CODE, DRAWING]


@pytest.mark.parametrize("question", KINDS, ids=lambda q: type(q).__name__)
def test_a_sound_question_has_no_problem(question):
    assert problems_of(question) == []


@pytest.mark.parametrize(
    ("question", "changes", "sentence"),
    [
        (CHOICE, {"prompt": " "}, "prompt is empty"),
        (CHOICE, {"difficulty": 4}, "its difficulty is 4, and 1 to 3 is meant"),
        (CHOICE, {"difficulty": "1"}, "difficulty is of type str, and int is meant"),
        (CHOICE, {"right": "2"}, "right is of type str, and tuple is meant"),
        (CHOICE, {"right": (2,)}, "right holds something of type int, and str is meant"),
        (CHOICE, {"right": ()}, "no option is right"),
        (CHOICE, {"wrong": {}}, "no option is wrong"),
        (CHOICE, {"wrong": {"3": ""}}, "wrong of '3' is empty"),
        (CHOICE, {"wrong": {"3": None}}, "wrong holds something of type NoneType, and str is meant"),
        (CHOICE, {"wrong": {"Two": "Why not?"}, "right": ("two ",)}, "the option 'two' comes 2 times"),
        (MATCHING, {"pairs": {"sum": "plus"}}, "it has fewer than two pairs"),
        (MATCHING, {"pairs": {"sum": "plus", "addition": "Plus"}}, "the definition 'plus' comes 2 times"),
        (SHORT, {"key_points": ()}, "it has no key point"),
        (SHORT, {"key_points": (KeyPoint("two", ()),)}, "a key point or wrong statement has no phrasing"),
        (SHORT, {"key_points": (KeyPoint("two", ("2",), points=0),)}, "the key point 'two' is worth nothing"),
        (SHORT, {"key_points": (KeyPoint("two", ("2", "")),)}, "key_points phrasings is empty"),
        (SHORT, {"key_points": (KeyPoint("two", "2"),)}, "key_points phrasings is of type str, and tuple is meant"),
        (SHORT, {"wrong_statements": (WrongStatement(("3",), ""),)}, "wrong_statements correction is empty"),
        (
            SHORT,
            {"wrong_statements": (WrongStatement(("it is two",), "No."),)},
            "the phrasing 'it is two' comes 2 times",
        ),
        (SHORT, {"model_answer": ""}, "model_answer is empty"),
        (NUMBER, {"answer": float("nan")}, "its answer and its tolerance are no finite numbers"),
        (NUMBER, {"tolerance": -1}, "or the tolerance is below 0"),
        (ORDERING, {"items": ("1", "2")}, "it has fewer than three items"),
        (ORDERING, {"items": ("1", "2", "1")}, "the item '1' comes 2 times"),
        (SHAPE, {"answer": (2, -1)}, "a size in its answer is below 0"),
        (CODE, {"template": "total = 2"}, "its template has 0 gaps ____, and one is meant"),
        (CODE, {"template": "total = ____ ____"}, "its template has 2 gaps ____, and one is meant"),
        (CODE, {"shows": ()}, "it shows no value by which an answer could be checked"),
    ],
    ids=str,
)
def test_a_problem_is_named(question, changes, sentence):
    problems = problems_of(dataclasses.replace(question, **changes))

    assert any(sentence in problem for problem in problems), problems


def test_a_choice_with_two_right_options_is_a_multiple_one():
    both = dataclasses.replace(CHOICE, right=("2", "two"))

    assert (CHOICE.is_multiple, both.is_multiple) == (False, True)
    assert both.options == ("2", "two", "3", "11")


def test_a_short_answer_is_worth_its_key_points():
    assert SHORT.points == 1.5
