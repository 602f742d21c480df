"""A made-up class: students of different ability, exercises of different difficulty, mistakes, errors, odd names."""

import math
import random

from grader.standing import CheckOutline, ExerciseOutline, Outline, Override, Standing

TITLES = [
    "Load an image as an array", "The shape of a tensor", "Stack images into one tensor", "The mean image",
    "The distance between two images", "Is it a three?", "Broadcasting by hand", "The accuracy of a baseline",
    "The derivative of a quadratic", "A step of gradient descent", "The learning rate", "A line through points",
    "The mean squared error", "The sigmoid", "The loss of a digit classifier", "Mini-batches", "A data set of pairs",
    "Initialise the parameters", "A linear layer by hand", "An epoch of training", "Validate an epoch",
    "An optimiser of your own", "A learner of your own", "ReLU and the universal approximation theorem",
    "A network of two layers", "Train the network", "The full MNIST",
]  # fmt: skip
MISTAKES = ["averages the batch away", "forgets to zero the gradients", "takes the sum for the mean", "swaps the axes"]
ERRORS = [
    "NameError: name 'stacked_threes' is not defined",
    "RuntimeError: The size of tensor a (28) must match the size of tensor b (784) at non-singleton dimension 1",
    "ModuleNotFoundError: No module named 'fastbook'",
    "Timeout: The cell had not ended after 120 seconds, so it was interrupted.",
]
FIRST = "Ada Bo Chiara Dmitri Élodie Fatima Grace Hiroshi Ines José Katja Liam Mei Noor Olu Priya Quinn Rosa Sven Zoë"
LAST = "Lovelace Müller Nguyen O'Neil García Okafor Ito Smith Kowalski Haddad Larsen de-la-Cruz Patel Ivanova Çelik Kim"
HOSTILE = ["<script>window.pwned = 1</script>", "=1+1", "abc\u200fdef\u202e<b>ghi", "</table><h1>x", "W" * 120]


def class_of(count, exercises=27, seed=4):
    """Standings of so many students; the first have hostile names, if there are more than 20."""
    draw = random.Random(seed)
    difficulty = [(place - exercises / 2) / exercises * 3 + draw.gauss(0, 0.5) for place in range(exercises)]
    return [student_of(place, difficulty, draw, is_odd=count > 20) for place in range(count)]


def student_of(place, difficulty, draw, *, is_odd):
    """One student: mostly ordinary; some are missing, late, stopped, overridden or wait for a person."""
    name = f"{draw.choice(FIRST.split())} {draw.choice(LAST.split())}"
    if is_odd and place < len(HOSTILE):
        name = HOSTILE[place]
    student, fate = f"s{place:05d}@example.edu", draw.random()
    if fate < 0.04:
        return Standing(student, "lab4", name, student, problem="missing")
    if fate < 0.05:
        return Standing(student, "lab4", name, student, problem="lab4.ipynb: not a notebook (line 1 is not JSON).")
    ability = draw.gauss(0.4, 1.2)
    given_up = len(difficulty) if draw.random() < 0.7 else draw.randrange(len(difficulty))
    results = tuple(exercise_of(i, hard, ability, i >= given_up, draw) for i, hard in enumerate(difficulty))
    points, possible = sum(r.points for r in results), sum(r.possible for r in results)
    error = f"cell {draw.randrange(3, 40)}: {draw.choice(ERRORS)}" if draw.random() < 0.15 else ""
    seconds = round(draw.lognormvariate(2, 0.5), 3)
    outline = Outline(results, seconds, draw.random() > 0.002, error)
    late_s = draw.uniform(600, 3e5) if draw.random() < 0.08 else 0.0
    penalty = min(points, 0.1 * possible) if late_s else 0.0
    override = Override(points + 2, "explained it in person", "prof", "2026-03-02T10:00:00+00:00")
    override = override if draw.random() < 0.01 else None
    counts = override.points if override else points - penalty
    when = "2026-03-01T10:00:00+00:00"
    return Standing(
        student, "lab4", name, student, counts, points, possible, when, late_s, penalty, override, outline=outline
    )


def exercise_of(place, hard, ability, is_missing, draw):
    """One exercise of a student: two to four checks, of which the able pass more."""
    checks = []
    for number in range(2 + place % 3):
        outcome, mistake = "passed", ""
        if is_missing:
            outcome = "missing"
        elif draw.random() > 1 / (1 + math.exp(hard - ability)):
            outcome = "failed" if draw.random() < 0.99 else draw.choice(["error", "timeout", "needs review"])
            mistake = draw.choice(MISTAKES) if outcome == "failed" and draw.random() < 0.5 else ""
        checks.append(CheckOutline(f"check {number + 1} of `it`", outcome, float(outcome == "passed"), 1.0, mistake))
    title = TITLES[place % len(TITLES)]
    return ExerciseOutline(f"exercise_{place}", title, sum(c.points for c in checks), len(checks), tuple(checks))
