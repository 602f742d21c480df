"""Progress where there is no terminal: a line now and then."""

import math

from grader import telling


def test_a_stage_is_told_when_it_begins_and_then_is_silent_for_a_while(capsys):
    with telling.telling() as tell:
        for done in range(1500 + 1):
            tell("trials", done, 1500)

    assert capsys.readouterr().err == "Trying the checks (1,500) ...\n"


def test_a_stage_that_takes_long_is_told_again(capsys, monkeypatch):
    monkeypatch.setattr(telling, "SILENCE_S", -1.0)

    with telling.telling() as tell:
        for done in range(3 + 1):
            tell("trials", done, 3)

    assert capsys.readouterr().err.splitlines() == [
        "Trying the checks (3) ...",
        "Trying the checks (1 of 3) ...",
        "Trying the checks (2 of 3) ...",
    ]


def test_a_stage_with_nothing_left_to_do_is_not_told(capsys):
    with telling.telling() as tell:
        tell("cells", 3, 3)

    assert capsys.readouterr().err == ""


def test_a_training_is_told_when_it_begins_and_then_is_silent_for_a_while(capsys):
    with telling.telling_training() as tell:
        for step in range(1, 1500 + 1):
            tell(step, 1500, 1 / step, math.nan)

    assert capsys.readouterr().err == "Training (step 1 of 1,500): loss 1.000 ...\n"


def test_a_training_that_takes_long_is_told_again_with_its_accuracy(capsys, monkeypatch):
    monkeypatch.setattr(telling, "SILENCE_S", -1.0)

    with telling.telling_training() as tell:
        for step in range(1, 3 + 1):
            tell(step, 3, 1 / step, math.nan if step == 1 else 0.9675)

    assert capsys.readouterr().err.splitlines() == [
        "Training (step 1 of 3): loss 1.000 ...",
        "Training (step 2 of 3): loss 0.500, accuracy 96.75% ...",
    ]


def test_a_grading_tells_how_fast_it_is_and_how_long_it_will_take() -> None:
    assert telling.rate_text(0, 0, 5) == ""
    assert telling.rate_text(3, 1, 60) == "3.0/min, 1 without a grade"
    assert telling.rate_text(1_200, 0, 60) == "1,200/min"
    assert telling.left_text(0, 10, 5) == ""
    assert telling.left_text(1, 10, 5) == "45 s left"
    assert telling.left_text(1, 1_001, 60) == "16.7 h left"


def test_without_a_terminal_a_grading_begins_with_a_line_and_ends_in_silence(capsys) -> None:
    with telling.telling_class() as (_, tell):
        for done in range(4):
            tell(done, 3, 0)

    assert capsys.readouterr().err == "Grading (3) ...\n"
