"""A question with short answers, as an instructor would declare it, for the tests of the marking."""

from grader.quiz.questions import KeyPoint, ShortAnswer, WrongStatement

TARGETS = ShortAnswer(
    name="what-is-loss",
    prompt="What is the loss? Say what it is calculated from, and what a small and a large loss mean.",
    topic="loss",
    difficulty=1,
    section="Loss",
    explanation="The smaller, the better.",
    key_points=(
        KeyPoint(
            "a number calculated from predictions and targets",
            (
                "It compares the predictions with the targets",
                "It measures how far the predictions are from the true values",
            ),
        ),
        KeyPoint(
            "small if the model is good, large if it is bad",
            (
                "The number is small if the performance of the model is good",
                "The lower the loss the better the model",
                "A high loss means that the predictions are bad",
            ),
            points=2,
        ),
    ),
    wrong_statements=(
        WrongStatement(("The higher the loss the better the model",), "It is the other way round."),
        WrongStatement(("The loss is the number of wrong predictions",), "That changes in jumps only."),
    ),
    model_answer="A number calculated from predictions and targets, small if the model is good.",
)

ROLES = ShortAnswer(
    name="loss-and-metric",
    prompt="What is the difference between a loss and a metric?",
    topic="loss",
    difficulty=1,
    section="Loss",
    explanation="One is for the machine.",
    key_points=(
        KeyPoint(
            "the loss is for the training", ("The loss drives the training", "The weights are updated by the loss")
        ),
        KeyPoint("the metric is for people", ("The metric is for humans", "The metric tells people how good it is")),
    ),
    model_answer="The loss is for the training, the metric is for humans.",
)
