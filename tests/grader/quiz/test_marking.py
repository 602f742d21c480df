"""What an answer is worth, and why, for every kind of question but code, which is run (test_running.py)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.marking import mark, possible, solution, unreadable
from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG, Answer, Mark
from grader.quiz.quantities import UnreadableError
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

SHARED = {"name": "q", "prompt": "?", "topic": "t", "difficulty": 1, "explanation": "e", "section": "s"}
SINGLE = Choice(**SHARED, right=("`a + b`",), wrong={"a - b": "That subtracts.", "a. b": "That looks up."})
MULTIPLE = Choice(**SHARED, right=("one", "two"), wrong={"three": "Too many.", "four": "Far too many."})
ORDERING = Ordering(**SHARED, items=("init", "predict", "loss", "step"))
MATCHING = Matching(**SHARED, pairs={"ReLU": "max(0, x): no negatives", "rank": "the number of axes", "pixel": "a dot"})
NUMBER = Number(**SHARED, answer=0.25)
SHAPE = Shape(**SHARED, answer=(3, 1))
OUTPUT = Output(**SHARED, code="print(2); print(); print(3)", answer="2\n\n3")
CODE = Code(**SHARED, template="x = ____", answer="1", shows=("x",))
DRAWING = Drawing(**SHARED, exercise="plots")
SHORT = ShortAnswer(**SHARED, key_points=(KeyPoint("two", ("it is two",), 2),), model_answer="It is two.")
KINDS = [SINGLE, MULTIPLE, ORDERING, MATCHING, NUMBER, SHAPE, OUTPUT, CODE, DRAWING, SHORT]


def marked(question, said):
    return mark(question, Answer(question.name, said))


def states(found):
    return {finding.about: finding.state for finding in found.findings}


def words(found):
    return " ".join(finding.explanation for finding in found.findings)


@pytest.mark.parametrize("question", KINDS, ids=lambda question: type(question).__name__)
@pytest.mark.parametrize("said", ["", " \n", (), ("",), {}, {"ReLU": " "}])
def test_an_empty_answer_is_one_that_was_left_out(question, said):
    found = marked(question, said)

    assert (found.points, found.possible) == (0, possible(question))
    assert states(found) == {"answer": NOT_MET}
    assert not found.needs_review


@pytest.mark.parametrize("question", [SINGLE, MULTIPLE, ORDERING, MATCHING, NUMBER, SHAPE, OUTPUT])
def test_the_solution_gets_full_marks(question):
    assert marked(question, solution(question)).points == 1


@pytest.mark.parametrize("question", KINDS, ids=lambda question: type(question).__name__)
def test_every_question_has_a_solution(question):
    assert solution(question)


@pytest.mark.parametrize("question", [NUMBER, SHAPE, OUTPUT, SHORT, CODE])
def test_a_list_is_no_text(question):
    with pytest.raises(UnreadableError, match="a text is meant"):
        marked(question, ("1", "2"))


texts = st.text(max_size=40) | st.sampled_from(["one", "init", "ReLU: a dot", "(3, 1)", "0.25", "2\n\n3", "it is two"])


@given(st.sampled_from(KINDS), texts | st.lists(texts).map(tuple) | st.dictionaries(texts, texts))
def test_any_answer_gets_points_within_bounds_or_a_message(question, said):
    try:
        found = marked(question, said)
    except UnreadableError as error:
        assert str(error)
    else:
        assert 0 <= found.points <= found.possible == possible(question)
        assert found.findings


def test_the_mark_names_its_question():
    assert mark(NUMBER, Answer("q", "0.25")) == Mark("q", 1, 1, marked(NUMBER, "1/4").findings)


# Choice


def test_a_wrong_option_says_why_it_is_wrong_and_which_one_is_right():
    found = marked(SINGLE, ("a - b",))

    assert found.points == 0
    assert states(found) == {"a - b": WRONG, "`a + b`": NOT_MET}
    assert "That subtracts." in words(found)


@pytest.mark.parametrize(
    "said", ["`a + b`", "A  +  b.", "- a + b", "1. `a + b`", "- [x] a + b\n- [ ] a - b\n", ("a + b",)]
)
def test_an_option_may_be_written_in_another_way(said):
    assert marked(SINGLE, said).points == 1


def test_of_options_that_differ_in_a_full_stop_each_is_itself():
    question = Choice(**SHARED, right=("3.",), wrong={"3": "It is a float."})

    assert [marked(question, said).points for said in ("3.", "3")] == [1, 0]


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (("one", "two"), 1),
        (("one",), 0.5),
        (("one", "three"), 0),
        (("one", "two", "three"), 0.5),
        (("one", "two", "three", "four"), 0),
        (("three", "four"), 0),
        ("two\none", 1),
    ],
)
def test_of_several_options_the_right_ones_less_the_wrong_ones_count(said, points):
    assert marked(MULTIPLE, said).points == points


@given(st.sets(st.sampled_from(MULTIPLE.options), min_size=1))
def test_every_option_that_matters_is_named_once(said):
    found = marked(MULTIPLE, tuple(said))

    assert 0 <= found.points <= found.possible
    assert states(found).keys() == said | set(MULTIPLE.right)
    assert len(found.findings) == len(states(found))


@pytest.mark.parametrize(
    ("question", "said", "message"),
    [
        (SINGLE, "a * b", "'a \\* b' is no option of this question. There are: '`a \\+ b`', 'a - b', 'a. b'"),
        (SINGLE, ("a - b", "a + b"), "2 options are chosen, and one is right"),
        (MULTIPLE, ("one", "One"), "comes 2 times"),
        (SINGLE, {"a": "b"}, "gives definitions"),
        (ORDERING, "init\njump", "'jump' is no item"),
        (ORDERING, "init\ninit", "comes 2 times"),
        (MATCHING, ("ReLU",), "is a list"),
        (MATCHING, "ReLU", "does not begin with a term and a colon"),
        (MATCHING, {"ReLU": "a line"}, "'a line' is no definition"),
        (MATCHING, {"line": "a dot"}, "'line' is no term"),
        (MATCHING, "rank: a dot\nRank: a dot", "comes 2 times"),
    ],
)
def test_what_the_question_does_not_offer_is_told(question, said, message):
    with pytest.raises(UnreadableError, match=message):
        marked(question, said)


# Ordering and matching


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (("init", "predict", "loss", "step"), 1),
        (("step", "init", "predict", "loss"), 2 / 3),
        (("predict", "init", "loss", "step"), 1 / 3),
        (("step", "loss", "predict", "init"), 0),
        (("init", "predict"), 1 / 3),
        (("init",), 0),
        ("1. init\n2. predict\n3) loss\n- step", 1),
    ],
)
def test_an_order_is_worth_the_neighbours_that_it_keeps(said, points):
    assert marked(ORDERING, said).points == pytest.approx(points)


def test_a_gap_in_the_order_says_what_comes_next():
    found = marked(ORDERING, ("predict", "loss", "step", "init"))

    assert [finding.state for finding in found.findings] == [NOT_MET, MET, MET]
    assert '"predict" comes right after "init".' in words(found)


@pytest.mark.parametrize(
    "said",
    [
        dict(MATCHING.pairs),
        "ReLU: max(0, x): no negatives\nrank: the number of axes\npixel: a dot",
        "relu = max(0, x): no negatives.\n- rank -> the number of axes\n* pixel - a dot",
    ],
)
def test_every_term_with_its_definition_is_all_right(said):
    assert marked(MATCHING, said).points == 1


def test_a_wrong_definition_is_said_to_be_whose_it_is():
    found = marked(MATCHING, {"ReLU": "a dot", "rank": "the number of axes"})

    assert found.points == pytest.approx(1 / 3)
    assert states(found) == {"ReLU": WRONG, "rank": MET, "pixel": NOT_MET}
    assert "That is pixel. ReLU: max(0, x): no negatives" in words(found)


# Number, shape, output


@pytest.mark.parametrize("said", ["0.25", "1/4", "25 %", "2.5e-1", ",25"])
def test_a_number_is_right_however_it_is_written(said):
    assert marked(NUMBER, said).points == 1


@pytest.mark.parametrize(
    ("said", "hint"),
    {
        "-0.25": "other sign",
        "25": "100 times too large",
        "0.0025": "100 times too small",
        "4": "one divided by it",
    }.items(),
)
def test_a_wrong_number_says_what_may_have_gone_wrong(said, hint):
    found = marked(NUMBER, said)

    assert (found.points, states(found)) == (0, {said: WRONG})
    assert "It is 0.25." in words(found)
    assert hint in words(found)


def test_a_number_within_the_tolerance_is_right_and_the_tolerance_is_told_with_the_unit():
    question = Number(**SHARED, answer=3, tolerance=0.1, unit="s")

    assert marked(question, "3.1 s").points == 1
    assert words(marked(question, "3.2")) == "It is within 0.1 of 3 s."


def test_what_is_no_number_is_a_message_and_no_wrong_answer():
    with pytest.raises(UnreadableError, match="Write it in digits") as caught:
        marked(NUMBER, "a quarter")

    found = unreadable(NUMBER, caught.value)
    assert (found.points, found.needs_review, states(found)) == (0, True, {"answer": UNSURE})
    assert "Write it in digits" in words(found)


@pytest.mark.parametrize(("said", "points"), [("(3, 1)", 1), ("3x1", 1), ("(1, 3)", 0), ("3", 0), ("()", 0)])
def test_a_shape_is_right_if_every_size_is(said, points):
    assert marked(SHAPE, said).points == points


def test_a_wrong_shape_says_what_differs():
    assert words(marked(SHAPE, "(1, 3)")) == "It is (3, 1). Your sizes are right, and stand in another order."
    assert words(marked(SHAPE, "3")) == "It is (3, 1). That has 2 axes, and yours has 1 axis."
    assert words(marked(Shape(**SHARED, answer=()), "(1,)")) == "It is (). That has no axes, and yours has 1 axis."


@pytest.mark.parametrize("said", ["2\n\n3", "2  \n\n3\n\n", "\n2\n  \n3", "```\n2\n\n3\n```", "2\r\n\r\n3"])
def test_space_that_nobody_sees_makes_no_difference_to_what_is_printed(said):
    assert marked(OUTPUT, said).points == 1


@pytest.mark.parametrize(
    ("said", "points", "told"),
    [
        ("2\n\n4", 2 / 3, "It prints '3', and you have '4'."),
        ("2", 1 / 3, "It prints '3' as well."),
        ("2\n\n3\n3", 3 / 4, "Nothing more is printed, and you have '3'."),
        (" 2\n\n3", 2 / 3, "It prints '2', and you have ' 2'."),
    ],
)
def test_what_is_printed_is_marked_line_by_line(said, points, told):
    found = marked(OUTPUT, said)

    assert found.points == pytest.approx(points)
    assert told in words(found)


# What needs a person, a notebook or a kernel


def test_a_drawing_says_where_it_is_drawn():
    found = marked(DRAWING, "done")

    assert (found.points, found.needs_review) == (0, True)
    assert "grader check NOTEBOOK --exercise plots" in words(found)


def test_code_that_is_not_run_is_not_marked():
    found = marked(CODE, "1")

    assert (found.points, found.needs_review, found.confidence) == (0, True, 0)


def test_code_goes_to_what_runs_it():
    found = mark(CODE, Answer("q", "1"), lambda question, said: Mark(question.name, len(said), 1))

    assert found.points == 1


def test_a_short_answer_is_marked_by_its_key_points():
    assert (marked(SHORT, "It is two.").points, possible(SHORT)) == (2, 2)
