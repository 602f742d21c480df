"""What `grader.check` says in a notebook is what `grader check` says of the notebook."""

from pathlib import Path

import pytest

from grader.attempt import RANK
from grader.execution import Session
from grader.grading import grade
from grader.jupyter.assessor import Assessor
from grader.jupyter.messages import Executed
from grader.kernel import Room
from grader.limits import Limits
from grader.notebook import names_in, read_notebook
from grader.offline import offline_notebook, prelude

FOLDER = Path(__file__).parents[2] / "data"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb")) + sorted((FOLDER / "book").glob("*.ipynb"))


def checked_as_worked(file, assessor, data):
    """The best outcome of each check, if its exercise is checked after each cell, in one kernel from top to bottom."""
    submission = read_notebook(file)
    notebook, _ = offline_notebook(submission.notebook)
    best = {}
    with Session(notebook, file.parent, data, Limits(), Room(), prelude(notebook)) as session:
        cells = []
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            end = session.run_cell(index)
            source = submission.notebook.cells[index].source
            cells.append(Executed(len(cells) + 1, source, cell.get("id", ""), end.error))
            names = [name for name in assessor.judges if answers(source, cell, assessor.judges[name].exercise, name)]
            keep(best, assessor.results(cells, session.ask, names) if names else [])
        keep(best, assessor.results(cells, session.ask))
    return best


def keep(best, results):
    """Keeps the better outcome of each check."""
    for result in results:
        outcomes = [verdict.outcome for verdict in result.verdicts]
        pairs = zip(outcomes, best.get(result.name, outcomes), strict=True)
        best[result.name] = [max(pair, key=RANK.get) for pair in pairs]


def answers(source, cell, exercise, name):
    """Whether a student would check this exercise after the cell."""
    tag = cell.metadata.get("grader", {})
    if tag:
        return (tag.get("exercise"), tag.get("role")) == (name, "answer")
    wanted = {*exercise.names, *(alias for names in exercise.aliases.values() for alias in names)}
    return bool(names_in(source) & wanted)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_and_its_file_get_the_same_verdicts(file, course, data, tmp_path):
    judged = grade(read_notebook(file), course, data, Limits())
    assessor = Assessor(course, tmp_path / "hints.json", judged.seed)

    checked = checked_as_worked(file, assessor, data)

    tried = {r.name: [v.outcome for v in r.verdicts] for r in judged.exercises if r.is_attempted}
    assert tried
    assert {name: checked.get(name) for name in tried} == tried
    untried = {name for name, outcomes in checked.items() if set(outcomes) == {"missing"}}
    assert checked.keys() - tried.keys() <= untried
