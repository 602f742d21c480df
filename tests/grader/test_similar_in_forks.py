"""The hashes of submissions' code, worked out in processes of their own."""

import os
import signal
import time

import pytest

from grader import similar_in_forks
from grader.parallel import can_fork
from grader.similar_in_forks import hashing_in_forks
from grader.similarity import in_turn, own_hashes, similar
from tests.grader.test_similarity import GIVEN, OTHERS, copied

pytestmark = pytest.mark.skipif(not can_fork(), reason="this platform has no forks")

MANY = [*OTHERS, *(copied(one, f"{one.name} again") for one in OTHERS)]


def test_what_is_found_is_the_same_as_in_turn(monkeypatch):
    monkeypatch.setattr(similar_in_forks, "TOGETHER", 3)
    told, failed = [], []

    def tell(*stage):
        told.append(stage)

    found = similar(MANY, GIVEN, hashing=hashing_in_forks(tell, failed, 2))

    assert found == similar(MANY, GIVEN) != []
    assert told == [("submissions", done, len(MANY)) for done in range(1, len(MANY) + 1)]
    assert failed == []


@pytest.mark.parametrize("hostile", ["crash", "raise", "hang"])
def test_what_ends_a_process_ends_no_other_submission(monkeypatch, hostile):
    monkeypatch.setattr(similar_in_forks, "LIMIT_S", 3.0)
    endings = {
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "raise": lambda: [][0],
        "hang": lambda: time.sleep(600),
    }

    def hasher(work, given):
        if work.name == MANY[2].name:
            endings[hostile]()
        return own_hashes(work, given)

    failed = []
    hashes = hashing_in_forks(lambda *_: None, failed, 2, hasher)(MANY, frozenset())

    assert failed == [MANY[2].name]
    assert [len(one) for one in hashes] == [
        0 if place == 2 else len(one) for place, one in enumerate(in_turn(MANY, frozenset()))
    ]
    assert len(hashes[3]) > 0


def test_nobody_has_no_hashes():
    assert hashing_in_forks(lambda *_: None, [])([], frozenset()) == []
