"""Notebooks that do not end, or that end what they should not."""

from tests.hostile.attacks import CORNER, DISTANCE, Attack


def test_a_loop_that_never_ends_costs_its_own_exercise_only(attack: Attack) -> None:
    outcome = attack("while True: pass\n" + DISTANCE, CORNER)

    assert outcome.errors == ["Timeout", ""]
    assert outcome.is_full("bottom_right")
    assert not outcome.is_full("mnist_distance")
    assert outcome.seconds < 15
