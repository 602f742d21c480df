"""What a question can't do without, and the sentences for a file of questions that is broken."""

import dataclasses

import pytest

from grader.course import load_questions
from grader.errors import UserError
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

COURSE = "exercises/course.py"
FILE = "exercises/questions/sums.py"

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


def course_file(*names):
    return f"""
from grader.exercise import Course

course = Course(title="Sums", exercises=["spread"], starter="sums.ipynb", questions={list(names)!r})
"""


def questions_file(*questions):
    return f"from grader.quiz.questions import *\n\nquestions = {list(questions)!r}\n"


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


def test_questions_come_file_by_file(load):
    other = dataclasses.replace(NUMBER, name="n")

    course = load(
        {
            COURSE: course_file("sums", "more"),
            FILE: questions_file(CHOICE, MATCHING, SHORT, ORDERING).replace("name='q'", "name='%s'")
            % ("c", "m", "s", "o"),
            "exercises/questions/more.py": questions_file(other),
        }
    )

    assert [question.name for question in load_questions(course)] == ["c", "m", "s", "o", "n"]
    assert load_questions(course)[-1] == other


def test_a_course_without_questions_has_none(small_course):
    assert load_questions(small_course) == []


@pytest.mark.parametrize(
    ("files", "sentences"),
    [
        ({FILE: None}, [FILE, "can't be loaded"]),
        ({FILE: "\n\n1 / 0\n"}, [f"{FILE}, line 3", "division by zero"]),
        ({FILE: "question = []\n"}, [FILE, "`questions = [...]`"]),
        ({FILE: "questions = []\n"}, [FILE, "`questions = [...]`"]),
        ({FILE: "questions = ['What is 1 + 1?']\n"}, [FILE, "`questions = [...]`"]),
        ({FILE: questions_file(CHOICE).replace("right", "correct")}, [f"{FILE}, line 3", "correct"]),
        ({FILE: questions_file(dataclasses.replace(CHOICE, right=()))}, [FILE, "question 'q': no option is right."]),
        ({FILE: questions_file(CHOICE, NUMBER)}, [FILE, "question 'q'", FILE, "has a question of this name already"]),
    ],
    ids=str,
)
def test_a_broken_file_is_told_by_file_question_and_problem(load, files, sentences):
    files = {COURSE: course_file("sums"), **files}

    with pytest.raises(UserError) as caught:
        load_questions(load(files))

    for sentence in sentences:
        assert sentence in str(caught.value)
