"""What `grader.check` says in a notebook is what `grader check` says of the notebook."""

from pathlib import Path

import pytest

from grader import grading
from grader.attempt import RANK
from grader.jupyter.assessor import Assessor
from grader.jupyter.messages import Executed
from grader.limits import Limits
from grader.notebook import names_in, read_notebook

FOLDER = Path(__file__).parents[2] / "data"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb")) + sorted((FOLDER / "book").glob("*.ipynb"))


class Student:
    """Checks each exercise after the cells that answer it, in the kernel in which a notebook is being graded."""

    def __init__(self, submission, assessor):
        self.cells = submission.notebook.cells
        self.assessor = assessor
        self.executed = []
        self.best = {}

    def run_cell(self, session, index, run):
        """Called in the place of `grading.run_cell`."""
        run_cell(session, index, run)
        cell = self.cells[index]
        number = len(self.executed) + 1
        self.executed.append(Executed(number, cell.source, cell.get("id", ""), session.ends[index].error))
        names = [name for name, judge in self.assessor.judges.items() if answers(cell, name, judge.exercise)]
        self.keep(self.assessor.results(self.executed, session.ask, names) if names else [])
        if index == max(i for i, cell in enumerate(self.cells) if cell.cell_type == "code"):
            left = [name for name in self.assessor.judges if not self.has_ended(name)]
            self.keep(self.assessor.results(self.executed, session.ask, left) if left else [])

    def has_ended(self, name):
        """Whether another check could only take time."""
        outcomes = set(self.best.get(name, ()))
        return outcomes == {"passed"} or "timeout" in outcomes

    def keep(self, results):
        """Keeps the better outcome of each check."""
        for result in results:
            outcomes = [verdict.outcome for verdict in result.verdicts]
            pairs = zip(outcomes, self.best.get(result.name, outcomes), strict=True)
            self.best[result.name] = [max(pair, key=RANK.get) for pair in pairs]


run_cell = grading.run_cell


def answers(cell, name, exercise):
    """Whether a student would check this exercise after the cell."""
    tag = cell.metadata.get("grader", {})
    if tag:
        return (tag.get("exercise"), tag.get("role")) == (name, "answer")
    wanted = {*exercise.names, *(alias for names in exercise.aliases.values() for alias in names)}
    return bool(names_in(cell.source) & wanted)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_and_its_file_get_the_same_verdicts(file, course, data, tmp_path, monkeypatch):
    submission = read_notebook(file)
    student = Student(submission, Assessor(course, tmp_path / "hints.json", submission.seed))
    monkeypatch.setattr(grading, "run_cell", student.run_cell)

    judged = grading.grade(submission, course, data, Limits())

    tried = {r.name: [v.outcome for v in r.verdicts] for r in judged.exercises if r.is_attempted}
    assert tried
    assert {name: student.best.get(name) for name in tried} == tried
    assert all(set(outcomes) == {"missing"} for name, outcomes in student.best.items() if name not in tried)
