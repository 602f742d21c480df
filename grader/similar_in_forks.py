"""The hashes of many submissions' code, in forked processes: on all cores, and hostile code ends only its own.

What a student wrote is parsed, not run; but a parser can be made to crash, or to take all time or memory there is.
"""

import base64
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.parallel import Ended, can_fork, cores, in_forks
from grader.progress import Tell
from grader.similarity import Hashes, Hashing, Work, in_turn, own_hashes

TOGETHER = 20  # submissions that a process takes
LIMIT_S = 60.0  # for a process; a submission takes some hundredths of a second
LIMIT_BYTES = 2 * 2**30

Hasher = Callable[[Work, frozenset[int]], Hashes]


def hashing_in_forks(tell: Tell, failed: list[str], workers: int = 0, hasher: Hasher = own_hashes) -> Hashing:
    """A hashing for `similar`. failed: to it the names are added of those whose code can't be worked with.

    workers: how many processes; as many as there are cores if 0. Where there are no forks, all is done in turn.
    """

    def hashing(works: Sequence[Work], given: frozenset[int]) -> list[Hashes]:
        if not can_fork():
            return in_turn(works, given)
        found: list[Hashes | None] = [None] * len(works)
        places = list(range(len(works)))
        groups = [places[start : start + TOGETHER] for start in range(0, len(works), TOGETHER)]
        done = 0
        for _ in range(2):  # those of a process that did not come to its end are tried once more, each alone
            tasks = [lambda group=group: hashed(group, works, given, hasher) for group in groups]
            for index, message in in_forks(tasks, workers or cores(), LIMIT_S, LIMIT_BYTES, is_silent=True):
                if not isinstance(message, Ended):
                    place, _, content = message.partition(b" ")
                    found[groups[index][int(place)]] = np.frombuffer(base64.b64decode(content), np.int64)
                    done += 1
                    tell("submissions", done, len(works))
            groups = [[place] for place in places if found[place] is None]
        failed.extend(works[place].name for (place,) in groups)
        return [np.empty(0, np.int64) if hashes is None else hashes for hashes in found]

    return hashing


def hashed(group: Sequence[int], works: Sequence[Work], given: frozenset[int], hasher: Hasher) -> Iterator[bytes]:
    """The hashes of some of the submissions as messages, each with its place among them."""
    for place, each in enumerate(group):
        yield b"%d %s" % (place, base64.b64encode(hasher(works[each], given).tobytes()))
