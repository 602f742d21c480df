"""Fuzzes the decoding of replies, guided by the coverage of the engine; for hand use, not part of the tests.

Needs atheris, which has wheels for Linux, beside the tests' packages. In the root of the checkout:

    pip install atheris
    python -m tests.hostile.fuzz_decoding -max_total_time=300 -max_len=4096 -len_control=0 CORPUS

CORPUS is an empty folder, or what an earlier run left there. It ends with a traceback and a crash-... file at the
first input for which something of test_decoding.py does not hold; give it that file to run it again.
"""

import contextlib
import json
import sys

import atheris

with atheris.instrument_imports(include=["grader"]):
    from grader.execution import text_of
    from tests.hostile import test_decoding

TESTS = (
    test_decoding.test_whatever_comes_is_as_many_sound_answers_as_were_asked_for,
    test_decoding.test_a_value_with_something_else_in_it_is_a_sound_answer,
    test_decoding.test_what_agrees_with_the_expected_value_is_equal_to_it,
    test_decoding.test_whatever_decodes_does_no_harm_where_it_is_shown,
)


def fuzz_one_input(data: bytes) -> None:
    """Takes bytes as a message, as a kernel's reply, or as the choices that one of the tests draws."""
    choice, rest = data[:1], data[1:]
    target = choice[0] % (len(TESTS) + 2) if choice else 0
    if target < len(TESTS):
        TESTS[target].hypothesis.fuzz_one_input(rest)
    elif target == len(TESTS):
        test_decoding.check_decoding(rest, 1)
    else:
        text = rest.decode("latin-1")
        replies = [{"content": {"user_expressions": {"answer": {"data": {"text/plain": text}}}}}]
        with contextlib.suppress(ValueError, RecursionError):
            replies.append({"content": json.loads(text)})
        for reply in replies:
            assert isinstance(text_of(reply), bytes)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz_one_input)
    atheris.Fuzz()
