"""The guards: what contradicts a phrasing, though its words are much the same."""

import pytest

from grader.quiz.questions import KeyPoint, ShortAnswer
from grader.quiz.short_answers.guards import contradiction, is_out_of_order, is_swapped, subjects_of
from grader.quiz.short_answers.rubric import Passage, passage_of, rubric_of
from tests.grader.quiz.short_answers.examples import ROLES


def question(*phrasings: str) -> ShortAnswer:
    return ShortAnswer(
        name="q",
        prompt="What happens?",
        topic="t",
        difficulty=1,
        section="s",
        explanation="e",
        key_points=(KeyPoint("this happens", phrasings),),
        model_answer="This.",
    )


@pytest.mark.parametrize(
    ("said", "phrasing"),
    [
        ("It copies the data", "It does not copy the data"),
        ("It is not random", "It is random"),
        ("It never changes the weights", "It changes the weights"),
        ("The gradient is subtracted", "The gradient is added"),
        ("The loss increases", "The loss decreases"),
        ("It uses the training set", "It uses the validation set"),
        ("The loss is for humans", "The metric is for humans"),
        ("one for each column", "one for each row"),
        ("A small loss means that the model is bad", "The smaller the loss the better the model"),
        ("small if it is bad", "small if it is good, large if it is bad"),
        ("It lies between -1 and 1", "It lies between 0 and 1"),
        ("odd if n % 2 is 0", "odd if n % 2 is 1"),
        ("It works without a nonlinearity", "It works with a nonlinearity"),
    ],
)
def test_the_opposite_in_the_same_words_contradicts(said, phrasing):
    assert contradiction(passage_of(said), passage_of(phrasing), rubric_of(question(phrasing))) >= 0.2


@pytest.mark.parametrize(
    ("said", "phrasing"),
    [
        ("The data is never copied", "It does not copy the data"),
        ("A large loss means that the model is bad", "The smaller the loss the better the model"),
        ("It isn't small if the model is bad", "It is small if the model is good, large if it is bad"),
        ("The pictures are not seen in training", "unseen images"),
        ("It adds them", "It adds them to the gradients"),
    ],
)
def test_the_same_in_other_words_does_not_contradict(said, phrasing):
    assert contradiction(passage_of(said), passage_of(phrasing), rubric_of(question(phrasing))) == 0


@pytest.mark.parametrize(
    ("answer", "are_swapped"),
    [
        ("The loss is for humans, the metric is for the training", [True, True]),
        ("The loss is for the training, the metric is for humans", [False, False]),
        ("Metric: it is for humans", [False]),
        ("Loss: it is for humans", [True]),
    ],
)
def test_roles_that_are_swapped_are_found(answer, are_swapped):
    rubric = rubric_of(ROLES)
    clauses = passage_of(answer).clauses
    about = subjects_of(clauses, rubric)
    people, training = rubric.points[1], rubric.points[0]
    found = []
    for number, clause in enumerate(clauses):
        idea = people if "humans" in clause.text else training
        if {"humans", "training"} & set(clause.text.split()):
            found.append(is_swapped(Passage((clause,), number), idea.phrasings[0], idea, about, rubric))

    assert found == are_swapped


def test_steps_told_in_another_order_are_found():
    phrasings = [passage_of("Square the differences, then take the mean, then take the square root")]

    assert is_out_of_order(passage_of("First take the square root, then the mean, and then square it"), phrasings)
    assert not is_out_of_order(passage_of("The differences are squared, then the mean, finally the root"), phrasings)
    assert not is_out_of_order(passage_of("The square root of the mean of the squares"), phrasings)
