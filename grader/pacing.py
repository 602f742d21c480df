"""Pacing: has a kernel send outputs no faster than they are taken in, and long ones in parts.

This file's text runs inside the kernel. Left alone, ipykernel makes one message of all that is printed in 0.2 s,
however much that is; and it drops messages while too many of them wait to be taken in, among them perhaps the one
that says that the cell has ended.
"""

import contextlib
import sys
import threading
import time
from typing import Any

PART_CHARACTERS = 2**16
LIMIT_WAITING = 200  # messages that wait to be sent
PATIENCE_S = 10.0  # as ipykernel itself waits for a stream to be sent


def pace() -> None:
    """Paces the kernel that this runs in."""
    import zmq
    from IPython import get_ipython

    send_in_parts(sys.stdout, PART_CHARACTERS)
    send_in_parts(sys.stderr, PART_CHARACTERS)
    sender = get_ipython().kernel.iopub_thread
    send_in_turn(sender, LIMIT_WAITING)
    sender.schedule(lambda: sender.socket.setsockopt(zmq.XPUB_NODROP, 1))


def send_in_parts(stream: Any, part: int) -> None:
    """Has a stream send what is written to it as soon as that is a part's length."""
    write, unsent = stream.write, 0

    def write_parts(text: str) -> int:
        nonlocal unsent
        if not isinstance(text, str):
            write(text)  # which raises TypeError
        for start in range(0, len(text), part):
            write(text[start : start + part])
            unsent += min(part, len(text) - start)
            if unsent >= part:
                stream.flush()
                unsent = 0
        return len(text)

    stream.write = write_parts


def send_in_turn(sender: Any, waiting: int) -> None:
    """Has those who give messages to the sending thread wait while too many of them wait there already."""
    schedule = sender.schedule

    def schedule_in_turn(task: Any) -> None:
        deadline = time.monotonic() + PATIENCE_S
        with contextlib.suppress(AttributeError):  # of an ipykernel that keeps them elsewhere
            while len(sender._events) > waiting and is_sending(sender) and time.monotonic() < deadline:
                time.sleep(0.001)
        schedule(task)

    sender.schedule = schedule_in_turn


def is_sending(sender: Any) -> bool:
    """Whether the thread is at work, in this process and beside the one that asks."""
    return sender.thread.is_alive() and threading.current_thread() is not sender.thread
