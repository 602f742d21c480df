"""The hashes of submissions' code, worked out in processes of their own."""

import os
import signal
import time
import zipfile

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader import similar_in_forks
from grader.intake.collecting import Location
from grader.intake.submissions import HandIn
from grader.parallel import can_fork
from grader.similar_in_forks import hashing_in_forks, works_in_forks
from grader.similarity import Code, Work, in_turn, own_hashes, similar
from tests.grader.test_similarity import GIVEN, OTHERS, copied

pytestmark = pytest.mark.skipif(not can_fork(), reason="this platform has no forks")

SAVE = "Export it again from Jupyter: File > Save Notebook."
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

    problems = []
    hashes = hashing_in_forks(lambda *_: None, problems, 2, hasher)(MANY, frozenset())

    assert problems == [f"{MANY[2].name}: its code can't be read in reasonable time or memory."]
    assert [len(one) for one in hashes] == [
        0 if place == 2 else len(one) for place, one in enumerate(in_turn(MANY, frozenset()))
    ]
    assert len(hashes[3]) > 0


def test_code_is_read_where_it_lies_and_what_can_not_be_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(similar_in_forks, "TOGETHER", 2)
    notebooks = [writes(new_notebook(cells=[new_code_cell(f"x = {number}")])) for number in range(3)]
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ann.ipynb").write_text(notebooks[0])
    (folder / "bad.ipynb").write_text("{")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for number in (1, 2):
            archive.writestr(f"{number}.ipynb", notebooks[number])
    files = [Location(str(folder / name)) for name in ("ann.ipynb", "bad.ipynb")]
    files += [Location(str(tmp_path / "class.zip"), (f"{number}.ipynb",)) for number in (1, 2)]
    students = ["ann", "bad", "ben", "\udce9va"]  # whose file's name is no text
    told, problems = [], []

    works = works_in_forks(
        [HandIn(student, "lab", file) for student, file in zip(students, files, strict=True)],
        lambda *stage: told.append(stage),
        problems,
        2,
    )

    assert works == [
        Work(student, (Code(1, f"x = {number}"),)) for number, student in enumerate(("ann", "ben", "\udce9va"))
    ]
    assert told == [("notebooks", done, 4) for done in range(1, 5)]
    assert problems == [f"{files[1].shown}: not a notebook (line 1 is not JSON). " + SAVE]


def test_a_notebook_that_no_process_can_read_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(similar_in_forks, "LIMIT_S", 1.0)
    files = [tmp_path / "pipe.ipynb", tmp_path / "ann.ipynb"]
    os.mkfifo(files[0])  # which waits for somebody to write
    files[1].write_text(writes(new_notebook(cells=[new_code_cell("x = 1")])))
    problems = []

    works = works_in_forks([HandIn(f.stem, "lab", Location(str(f))) for f in files], lambda *_: None, problems, 2)

    assert [work.name for work in works] == ["ann"]
    assert problems == ["pipe: its code can't be read in reasonable time or memory."]


def test_nobody_has_no_hashes():
    assert hashing_in_forks(lambda *_: None, [])([], frozenset()) == []
