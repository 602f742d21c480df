"""Hostile submissions in a class: what the others get is what they get alone. The long one is in tests/benchmarks/."""

import sys

import pytest

from grader.book.gradebook import Gradebook
from grader.course import load_course
from grader.isolation import missing
from grader.kernel import isolated_room
from grader.limits import Limits
from tests.grader.batch.classes import RIGHT, WRONG, SmallClass
from tests.grader.batch.soaking import decided_alone, differences

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"submissions are isolated: {missing()}")

LIMITS = Limits(cell_s=2, notebook_s=30, flood_bytes=10**7)
OPTIONS = ("--workers", "2", "--timeout", "2", "--limit", "flood=10MB", "--full")
HONEST = (RIGHT, WRONG, "def spread(numbers):\n    ...", "1 / 0", "import os\nos._exit(1)", "import sys\nsys.exit(3)")
HOSTILE = {
    "changes what all share": """\
import builtins, os, random, sys
builtins.max = builtins.min = lambda *arguments: 0
sys.modules["_grader_agent"].observe = lambda *arguments: "passed"
random.Random = os.fork = None
os.nice(10)
for folder in (".", os.environ["GRADER_DATA"], "/tmp", "/dev/shm"):
    try:
        open(f"{folder}/usercustomize.py", "w").write("raise SystemExit")
    except OSError:
        pass
""",
    "leaves processes behind and does not end": """\
import os, signal, time
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while True: pass
os.kill(os.getppid(), signal.SIGKILL)
while True: print(10**5 * "x")
""",
}


def test_beside_hostile_ones_everybody_gets_what_they_get_alone(small_class: SmallClass) -> None:
    cells = [[f"number = {number}", HONEST[number % len(HONEST)]] for number in range(10)]
    files = [small_class.hand_in(f"student{number}", *each) for number, each in enumerate(cells)]
    for number, attack in zip((1, 4), HOSTILE.values(), strict=True):
        small_class.hand_in(f"student{number}_hostile", attack, RIGHT)  # with others before, beside and after it

    _, said, errors = small_class.graded(*OPTIONS)

    assert "12  graded now" in said, errors
    course, data = load_course(small_class.course), small_class.root / "data"
    room = isolated_room(sys.executable, data, small_class.course)
    with Gradebook(small_class.root / "gradebook.db", must_exist=True) as book:
        honest = [(student, found) for student, found in book.grades("numbers") if "hostile" not in student]
    (seed,) = {found.seed for _, found in honest}
    alone = decided_alone(files, course, data, LIMITS, room, seed)
    assert len(honest) == 10
    assert differences(honest, alone) == {}
    assert {found.points for found in alone.values()} == {0, 1, 3}
