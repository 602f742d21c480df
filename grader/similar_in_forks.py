"""What many submissions' code comes to, in forked processes: on all cores, and hostile code ends only its own.

What a student wrote is parsed, not run; but a parser can be made to crash, or to take all time or memory there is.
"""

import base64
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from grader.errors import UserError
from grader.intake.reading import Reader
from grader.intake.submissions import HandIn
from grader.parallel import Ended, can_fork, cores, in_forks
from grader.similarity import Code, Hashes, Hashing, Work, codes_of, own_hashes
from grader.telling import Tell

TOGETHER = 50  # submissions that a process takes
LIMIT_S = 60.0  # for a process; a submission takes some hundredths of a second
LIMIT_BYTES = 2 * 2**30
UNREADABLE = "{}: its code can't be read in reasonable time or memory."

Codes: msgspec.json.Decoder[tuple[Code, ...] | str] = msgspec.json.Decoder(tuple[Code, ...] | str)

Hasher = Callable[[Work, frozenset[int]], Hashes]
Group = Callable[[Sequence[int]], Iterator[bytes]]  # what is worked out of some of the submissions, in their order


def works_in_forks(hand_ins: Sequence[HandIn], tell: Tell, problems: list[str], workers: int = 0) -> list[Work]:
    """The code of what was handed in; why some of it can't be read is added to the problems.

    workers: how many processes; as many as there are cores if 0.
    """

    def group(places: Sequence[int]) -> Iterator[bytes]:
        with Reader() as reader:
            for place in places:
                yield msgspec.json.encode(codes_in(reader, hand_ins[place]))

    works = []
    contents = found_in_forks(len(hand_ins), group, "notebooks", tell, workers)
    for hand_in, content in zip(hand_ins, contents, strict=True):
        found = UNREADABLE.format(hand_in.student) if content is None else Codes.decode(content)
        if isinstance(found, str):
            problems.append(found)
        else:
            works.append(Work(hand_in.student, found))
    return works


def codes_in(reader: Reader, hand_in: HandIn) -> tuple[Code, ...] | str:
    """The code of a notebook, or why it can't be read."""
    try:
        return codes_of(reader.submission(hand_in).notebook)
    except UserError as error:
        return str(error).encode("utf-8", "replace").decode()  # which may name a file whose name is no text


def hashing_in_forks(tell: Tell, problems: list[str], workers: int = 0, hasher: Hasher = own_hashes) -> Hashing:
    """A hashing for `similar`; whose code can't be worked with is added to the problems.

    workers: how many processes; as many as there are cores if 0.
    """

    def hashing(works: Sequence[Work], given: frozenset[int]) -> list[Hashes]:
        def group(places: Sequence[int]) -> Iterator[bytes]:
            return (base64.b64encode(hasher(works[place], given).tobytes()) for place in places)

        found = found_in_forks(len(works), group, "submissions", tell, workers)
        lost = (work.name for work, hashes in zip(works, found, strict=True) if hashes is None)
        problems.extend(map(UNREADABLE.format, lost))
        return [np.frombuffer(base64.b64decode(hashes or b""), np.int64) for hashes in found]

    return hashing


def found_in_forks(total: int, group: Group, stage: str, tell: Tell, workers: int) -> list[bytes | None]:
    """What `group` finds of the submissions 0 to total, in lines; None for those that end every process they are in.

    Where there are no forks, it is asked for all at once.
    """
    if not can_fork():
        return list(group(range(total)))
    found: list[bytes | None] = [None] * total
    done = 0
    groups: list[Sequence[int]] = [range(start, min(start + TOGETHER, total)) for start in range(0, total, TOGETHER)]
    for _ in range(2):  # those of a process that did not come to its end are tried once more, each alone
        waiting = [iter(places) for places in groups]
        tasks = [lambda places=places: group(places) for places in groups]
        for index, message in in_forks(tasks, workers or cores(), LIMIT_S, LIMIT_BYTES, is_silent=True):
            if not isinstance(message, Ended):
                found[next(waiting[index])] = message
                done += 1
                tell(stage, done, total)
        groups = [[place] for place in range(total) if found[place] is None]
    return found
