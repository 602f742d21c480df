"""Tasks in forks: their messages come back, and how each of them ended."""

import os
import signal
import time

import pytest

from grader.parallel import Ended, cores, in_forks


def results(tasks, workers=2, **options):
    """For each task its messages, and how it ended."""
    found = {}
    for index, message in in_forks(tasks, workers, **options):
        found.setdefault(index, []).append(message)
    return [found[index] for index in range(len(tasks))]


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_messages_come_back_in_their_order(workers):
    tasks = [lambda i=i: (b"%d" % (10 * i + k) for k in range(3)) for i in range(5)]

    assert results(tasks, workers) == [[b"%d" % (10 * i + k) for k in range(3)] + [Ended()] for i in range(5)]


def test_long_messages_come_back_whole():
    assert results([lambda: [b"a" * 3_000_000, b"", b"b"]]) == [[b"a" * 3_000_000, b"", b"b", Ended()]]


def test_no_tasks_give_nothing():
    assert list(in_forks([], 2)) == []


def test_several_run_at_a_time():
    reading, writing = os.pipe()

    def waits():
        os.read(reading, 1)
        return []

    def wakes():
        os.write(writing, b"1")
        return []

    try:
        assert results([waits, wakes], limit_s=10) == [[Ended()], [Ended()]]
    finally:
        os.close(reading)
        os.close(writing)


def test_what_hangs_is_ended_and_what_it_said_is_kept():
    def hangs():
        yield b"begun"
        while True:
            pass

    assert results([hangs, lambda: [b"done"]], workers=1, limit_s=0.3) == [
        [b"begun", Ended("had not ended after 0.3 seconds")],
        [b"done", Ended()],
    ]


def crashes():
    os.kill(os.getpid(), signal.SIGSEGV)
    return []


def exits():
    os._exit(3)


@pytest.mark.parametrize(
    ("task", "detail"),
    [(crashes, "was killed by SIGSEGV"), (exits, "ended its process with status 3")],
)
def test_what_ends_its_process_is_told(task, detail):
    assert results([task], is_silent=True) == [[Ended(detail)]]


def test_what_raises_shows_its_traceback(capfd):
    assert results([lambda: [1 / 0]]) == [[Ended("ended its process with status 1")]]
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_what_is_silent_prints_nothing(capfd):
    def prints():
        print("words")
        os.write(1, b"more words")
        os.write(2, b"complaints")
        yield b"message"

    assert results([prints], is_silent=True) == [[b"message", Ended()]]
    assert capfd.readouterr() == ("", "")


def test_memory_is_limited():
    def takes():
        try:
            bytearray(2**30)
        except MemoryError:
            yield b"none"

    assert results([takes], limit_bytes=2**28) == [[b"none", Ended()]]


def test_what_still_runs_ends_with_whoever_waited_for_it():
    def waits():
        yield b"%d" % os.getpid()
        time.sleep(60)

    running = in_forks([waits], 1)
    _, pid = next(running)
    running.close()

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_there_is_a_core():
    assert 1 <= cores() <= (os.cpu_count() or 1)
