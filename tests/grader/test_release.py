"""Releasing a course: what students are given of it says the same of their answers, and holds no answer."""

import copy
import dataclasses
from pathlib import Path

import msgspec
import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import __version__
from grader.cli import cli
from grader.commands import releasing
from grader.course import LoadedCourse, load_course, released_course
from grader.errors import UserError
from grader.exercise import Misconception
from grader.judging import Judge
from grader.oracles import mistaken_namespace
from grader.places import DATA, RECORD, data_folder, released_beside
from grader.probes import ask_here
from grader.records import FORMAT, CourseRecord, read_record, record_json
from grader.release import LIMIT_CHECK_BYTES, readme, record_course
from grader.results import Verdict
from grader.withholding import statements_of
from tests.grader.small_course import write_files

SPREAD = "exercises/spread.py"
MEAN = "exercises/mean.py"
COURSE = "exercises/course.py"
SEED = "one"

# Beside a check that can be recorded, one for every reason why not.
WITHHOLDING = """\
from hypothesis import strategies as st

from grader.exercise import Calls, Exercise, Misconception, Scenario
from grader.inputs import tensors, whole_numbers


class Lenient(Calls):
    def sentence(self, words, observed):
        return ""


def spread(numbers):
    smallest, largest = min(numbers), max(numbers)
    return [largest - smallest]


def beside_the_spread(mean, numbers):
    return mean(numbers), spread(numbers)


def all_numbers(mean, numbers):
    return ["x" * 20_000] * 10


def is_there(value, numbers):
    return None if value else "Nothing."


def remarks(value, numbers):
    return "Well done."


NUMBERS = whole_numbers(1, 9, least=1)

exercise = Exercise(
    title="The mean of a list",
    provides=("mean", "trained"),
    oracle="means",
    statement="Write `mean(numbers)`.",
    starter="def mean(numbers):\\n    ...\\n",
    finish="trained = mean([1, 2])",
    checks=[
        Calls("the mean of any list", NUMBERS, of="mean"),
        Calls("is anything", NUMBERS, of="mean", holds=is_there),
        Calls("has a remark", NUMBERS, of="mean", remark=remarks),
        Lenient("has a sentence of its own", NUMBERS, of="mean"),
        Scenario("beside the spread", beside_the_spread, NUMBERS, of="mean", points=2),
        Calls("the trained one", NUMBERS, of="trained", points=0.5),
        Scenario("many texts", all_numbers, NUMBERS, of="mean"),
    ],
    misconceptions=[
        Misconception("adds only", {"mean": lambda n: sum(n)}, hint="Divide."),
        Misconception("finds nothing", {"mean": lambda n: 0, "trained": None}, hint="Add."),
        Misconception("names it otherwise", "def average(n): ...", hint="The name!", pattern="def average"),
    ],
)
"""
TWO = {
    COURSE: """\
from grader.exercise import Course

course = Course(title="Numbers", exercises=["spread", "mean"], starter="numbers.ipynb")
""",
    MEAN: WITHHOLDING,
    "reference/means.py": "def mean(numbers):\n    return sum(numbers) / len(numbers)\n",
    "reference/extremes.py": """\
def spread(numbers):
    smallest, largest = min(numbers), max(numbers)
    return largest - smallest
""",
}


def released(course: LoadedCourse, *names: str) -> LoadedCourse:
    """The course as students get it, through the bytes of its file."""
    record = msgspec.json.decode(record_json(record_course(course, names, SEED)), type=CourseRecord)
    return released_course(course.folder, record)


def judge_of(course: LoadedCourse, name: str) -> Judge:
    return Judge(course, name, SEED, shrinking_s=0)


def verdicts(judge: Judge, namespace: dict[str, object]) -> list[Verdict]:
    return judge.verdicts(ask_here(judge.probes, namespace), lambda probes: ask_here(probes, namespace))


# What a released course says of an answer


@pytest.fixture(scope="module")
def judges(tmp_path_factory) -> list[Judge]:
    """Who judges by the small course, and who by what is released of it."""
    course = load_course(write_files(tmp_path_factory.mktemp("course")))
    both = [judge_of(each, "spread") for each in (course, released(course))]
    for judge in both:
        judge.prepare()
    return both


@given(weights=st.tuples(*[st.integers(-1, 1)] * 4), sorts=st.booleans())
@settings(max_examples=50)
def test_a_released_course_gives_the_verdicts_of_the_course(judges, weights, sorts):
    def answer(numbers):
        if sorts:
            numbers.sort()
        parts = (max(numbers), min(numbers), numbers[-1], numbers[0])
        return sum(weight * part for weight, part in zip(weights, parts, strict=True))

    ours, theirs = (verdicts(judge, {"spread": answer}) for judge in judges)
    assert ours == theirs


def test_each_known_mistake_is_called_by_its_name(small_course):
    course, exercise = released(small_course), small_course.exercises["spread"]
    oracle = small_course.oracle_namespace(exercise)

    for mistake in exercise.misconceptions:
        found = verdicts(judge_of(course, "spread"), mistaken_namespace(oracle, exercise, mistake))
        assert mistake.name in {verdict.misconception for verdict in found}


@pytest.mark.parametrize(("withheld", "named"), [("", "first"), ("holds=is_there", "")])
def test_no_mistake_is_named_where_only_a_withheld_check_tells_two_apart(load, withheld, named):
    exercise = (
        WITHHOLDING[: WITHHOLDING.index("    checks=[")]
        + f"""\
    checks=[Calls("the mean of any list", NUMBERS, of="mean"), Calls("another", NUMBERS, of="mean", {withheld})],
    misconceptions=[
        Misconception("first", {{"mean": lambda n: 0}}, hint="One."),
        Misconception("second", {{"mean": lambda n: 0}}, hint="Two."),
    ],
)
"""
    )
    judge = judge_of(released(load({**TWO, MEAN: exercise}), "mean"), "mean")

    assert verdicts(judge, {"mean": lambda n: 0})[0].misconception == named


def test_another_seed_draws_other_cases(small_course):
    one, again, other = (
        record_course(small_course, (), seed).exercises[0].checks[0].cases for seed in ("one", "one", "other")
    )

    assert one == again != other


# What is withheld


def test_what_can_not_be_recorded_is_listed_with_its_points_and_the_reason(load):
    (record,) = record_course(load(TWO), ("mean",)).exercises

    assert [check.description for check in record.checks] == ["the mean of any list"]
    assert {check.description: (check.points, check.why) for check in record.later} == {
        "is anything": (1, "the course's own code decides, and there is no one right answer"),
        "has a remark": (1, "the course's own code decides, and there is no one right answer"),
        "has a sentence of its own": (1, "the course's own code decides, and there is no one right answer"),
        "beside the spread": (2, "its scenario holds a statement of a right answer"),
        "the trained one": (0.5, "the reference has no answer that can be recorded"),
        "many texts": (1, "even its smallest case is too large to record"),
    }


def test_misconceptions_that_no_recorded_check_shows_are_left_out(load):
    (record,) = record_course(load(TWO), ("mean",)).exercises

    assert [mistake.name for mistake in record.misconceptions] == ["adds only", "finds nothing", "names it otherwise"]
    assert set(record.checks[0].mistakes) == {"adds only", "finds nothing"}
    quiet = {MEAN: WITHHOLDING.replace('{"mean": lambda n: sum(n)}', '{"trained": 1}')}
    (record,) = record_course(load(TWO | quiet, "quiet"), ("mean",)).exercises
    assert "adds only" not in {mistake.name for mistake in record.misconceptions}


def test_the_largest_cases_are_left_out_of_a_check_that_is_too_large(load):
    large = "st.integers(1, 5).map(lambda n: [1.5] * 5 + ['x' * 10_000 * n])"
    files = {SPREAD: WITHHOLDING.replace("NUMBERS = whole_numbers(1, 9, least=1)", f"NUMBERS = {large}")}
    files[SPREAD] = files[SPREAD].replace('oracle="means"', 'oracle="extremes"').replace("mean", "spread")

    check = (
        record_course(load({**files, "reference/extremes.py": "def spread(n):\n    return n[:2]\n"}))
        .exercises[0]
        .checks[0]
    )

    lengths = [len(case[0].v[-1].v) for case in check.cases]
    assert lengths == sorted(lengths)
    assert 1 <= len(lengths) < 5
    assert len(msgspec.json.encode(check)) <= LIMIT_CHECK_BYTES


def test_a_statement_is_the_same_in_another_spelling():
    assert statements_of("def f(a):\n    return  ( a -  1 ).absolute_value( )") & statements_of(
        "x = (a - 1).absolute_value()  # why"
    )
    assert not statements_of("for xb, yb in all_the_batches:\n    pass\nimport torch.nn.functional as functional")
    assert not statements_of('"""A docstring that is long enough."""')
    assert statements_of("no Python") == frozenset()


def test_an_oracle_that_can_not_be_run_is_told_by_its_file(load):
    course = load({"reference/extremes.py": "def spread(numbers):\n    return 1\n\n\nspread = nowhere\n"})

    with pytest.raises(UserError, match=r"exercises/spread\.py: its reference can't be run \(NameError"):
        record_course(course)


# The built-in course


def reference_lines(course: LoadedCourse) -> set[str]:
    """The lines of right answers and of mistakes that tell something, and that no student is shown."""
    exercises = course.exercises.values()
    shown = [course.course.setup, *(text for e in exercises for text in (e.statement, e.starter, e.given))]
    codes = [code for e in exercises for code in (course.solution(e), *e.accepts.values())]
    codes += [m.implementation for e in exercises for m in e.misconceptions if isinstance(m.implementation, str)]
    lines = {line.strip() for code in codes for line in code.splitlines() if line.startswith(" ")}
    is_telling = {line for line in lines if len(line) > 20 and not line.endswith(":")}  # `for xb, yb in batches:` isn't
    return {line for line in is_telling if line not in "\n".join(shown)}


def texts_of(data: object) -> list[str]:
    """All texts in plain data, the keys included."""
    if isinstance(data, dict):
        return [text for pair in data.items() for part in pair for text in texts_of(part)]
    if isinstance(data, list | tuple):
        return [text for part in data for text in texts_of(part)]
    return [data] if isinstance(data, str) else []


def test_no_line_of_a_right_answer_stands_in_the_released_course(course: LoadedCourse):
    exercises = {}
    for name, exercise in course.exercises.items():
        checks = [copy.copy(check) for check in exercise.checks]
        for check in checks:
            check.cases = 1  # what takes time is to play all mistakes in all cases
        mistakes = [Misconception(m.name, {}, m.hint, m.pattern) for m in exercise.misconceptions]
        exercises[name] = dataclasses.replace(exercise, checks=checks, misconceptions=mistakes)
    lines = reference_lines(course)

    record = record_course(dataclasses.replace(course, exercises=exercises))

    texts = "\n".join([*texts_of(msgspec.to_builtins(record)), readme(record)])
    assert len(lines) > 500
    assert not [line for line in lines if line in texts]
    assert sum(len(exercise.checks) for exercise in record.exercises) > 100


FEW = ("list_comprehensions", "mnist_distance")


def test_students_of_the_built_in_course_are_told_the_same_as_by_the_course(course: LoadedCourse):
    theirs = released(course, *FEW)

    assert list(theirs.exercises) == list(FEW)
    for name in FEW:
        exercise = course.exercises[name]
        oracle = course.oracle_namespace(exercise)
        judge, students = judge_of(course, name), judge_of(theirs, name)
        assert {verdict.outcome for verdict in verdicts(students, oracle)} == {"passed"}
        for mistake in exercise.misconceptions:
            if not mistake.pattern:
                wrong = mistaken_namespace(oracle, exercise, mistake)
                assert verdicts(students, wrong) == verdicts(judge, wrong), mistake.name


# The file


@pytest.fixture
def record(small_course) -> CourseRecord:
    return record_course(small_course)


def test_a_record_survives_its_file(record: CourseRecord, tmp_path: Path):
    (tmp_path / RECORD).write_bytes(record_json(record))

    assert read_record(tmp_path / RECORD) == record
    assert load_course(tmp_path).records == {"spread": record.exercises[0]}


def test_a_course_from_a_newer_grader_says_how_to_get_it(record: CourseRecord, tmp_path: Path):
    newer = msgspec.json.encode({"format": FORMAT + 1, "grader": "9.1", "exercises": "in another form"})
    (tmp_path / RECORD).write_bytes(newer)

    with pytest.raises(UserError) as caught:
        load_course(tmp_path)

    assert f"made by grader 9.1, for which this grader {__version__} is too old: pip install" in str(caught.value)


def changed_check(record: CourseRecord, **changes: object) -> bytes:
    """The file of a record whose first check is another one."""
    data = msgspec.json.decode(record_json(record))
    data["exercises"][0]["checks"][0] |= changes
    return msgspec.json.encode(data)


ARRAY = {"t": "array", "kind": "tensor", "dtype": "int64", "shape": [3], "strides": [1], "requires_grad": False}


@pytest.mark.parametrize(
    "damaged",
    [
        lambda record: b"",
        lambda record: b"{}",
        lambda record: record_json(record)[:-100],
        lambda record: b"\xff" + record_json(record),
        lambda record: record_json(record).replace(b'"format":1', b'"format":"one"'),
        lambda record: record_json(record).replace(b'"starter":"numbers.ipynb"', b'"starter":"../lab.ipynb"'),
        lambda record: changed_check(record, expected=[]),
        lambda record: changed_check(record, cases=[], expected=[], mistakes={}),
        lambda record: changed_check(record, arguments=["one", "two"]),
        lambda record: changed_check(record, mistakes={"sorts": [None]}),
        lambda record: changed_check(
            record, cases=[[ARRAY | {"data": "AAAA"}]], expected=[{"t": "plain", "v": 1}], mistakes={}
        ),
        lambda record: changed_check(
            record, cases=[[{"t": "float", "v": "one"}]], expected=[{"t": "plain", "v": 1}], mistakes={}
        ),
    ],
)
def test_a_damaged_file_is_told_with_the_way_out(record: CourseRecord, tmp_path: Path, damaged):
    (tmp_path / RECORD).write_bytes(damaged(record))

    with pytest.raises(UserError, match=r"grader-course\.json: damaged, or no released course .* Get it again from"):
        load_course(tmp_path)


# What belongs to a course is not in a released one


def test_a_released_course_has_no_solution(small_course):
    course = released(small_course)

    with pytest.raises(UserError, match="released to students"):
        course.solution(course.exercises["spread"])


@pytest.mark.parametrize("command", [["verify"], ["train"], ["grade", "."]])
def test_what_needs_the_reference_refuses_a_released_course(record: CourseRecord, tmp_path: Path, command):
    (tmp_path / RECORD).write_bytes(record_json(record))

    result = CliRunner().invoke(cli, [*command, "--course", str(tmp_path)])

    assert isinstance(result.exception, UserError)
    assert "released to students" in str(result.exception)


# The command


def run(*arguments: object) -> str:
    """What a command that ends well prints."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    return " ".join(result.output.split())


def answered(notebook: Path, code: str) -> None:
    """Writes an answer into the one exercise of a starter notebook."""
    read = nbformat.read(notebook, as_version=4)
    for cell in read.cells:
        if cell.metadata.get("grader", {}).get("role") == "answer":
            cell.source = code
    nbformat.write(read, notebook)


def test_a_student_checks_answers_in_the_folder_that_was_released(write_course, tmp_path: Path):
    said = run("release", "--course", write_course(TWO), "--out", tmp_path / "new" / "out")
    out = tmp_path / "new" / "out"
    notebook = out / "numbers.ipynb"
    answered(
        notebook, "def spread(numbers):\n    return min(numbers) - max(numbers)\n\ndef mean(n): return sum(n) / len(n)"
    )

    checked = run("check", notebook, "--no-isolation", "--json", tmp_path / "grade.json")

    assert "2 exercises, 3 checks for 4 points; 6.5 points more only at grading" in said
    assert "Only at grading, since its scenario holds a statement of a right answer: The mean of a list: beside" in said
    assert sorted(file.name for file in out.iterdir()) == sorted(
        ["README.md", RECORD, "numbers.ipynb", "numbers.report.html"]
    )
    assert "A known mistake: it subtracts the wrong way round." in checked
    assert "Only at grading (6.5 points more): The mean of a list: is anything; has a remark;" in checked
    assert "2 of 4 points" in checked
    grade = msgspec.json.decode((tmp_path / "grade.json").read_bytes())
    assert (grade["points"], grade["possible"], grade["seed"]) == (2, 4, "")
    assert sum(check["points"] for check in grade["only_at_grading"]) == 6.5
    assert any("recorded in grader-course.json" in note for note in grade["notes"])
    report = (out / "numbers.report.html").read_text("utf-8")
    assert "beside the spread; the trained one; many texts" in report


def test_the_course_beside_a_notebook_is_not_taken_where_a_service_grades(write_course, tmp_path: Path, monkeypatch):
    run("release", "--course", write_course(), "--out", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    notebook = tmp_path / "out" / "numbers.ipynb"

    result = CliRunner().invoke(cli, ["check", str(notebook), "--format", "junit", "--exercise", "spread"])

    assert isinstance(result.exception, UserError)
    assert "spread: no such exercise" in str(result.exception)  # of the built-in course


def test_a_released_course_has_one_set_of_cases(write_course, tmp_path: Path):
    run("release", "--course", write_course(), "--out", tmp_path / "out")

    result = CliRunner().invoke(cli, ["check", str(tmp_path / "out" / "numbers.ipynb"), "--seed", "one"])

    assert "--seed: a course as it was released has one set of cases" in str(result.exception)


def refusal(*arguments: object) -> str:
    """What a command says that does nothing."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert isinstance(result.exception, UserError)
    return str(result.exception)


def test_nothing_is_written_over(write_course, tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("mine")
    (tmp_path / "empty").mkdir()

    for name in ("file", "folder"):
        said = refusal("release", "--course", write_course(), "--out", tmp_path / name)
        assert f"{name}: is there already, and not empty. Give a new folder" in said
    run("release", "--course", write_course(), "--out", tmp_path / "empty")

    assert (tmp_path / "file").read_text() == (tmp_path / "folder" / "file").read_text() == "mine"
    assert (tmp_path / "empty" / RECORD).is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "empty", "file", "folder"]


def test_a_place_that_can_not_be_written_is_told(write_course, public_folder: Path, without_privileges):
    course = write_course()
    public_folder.chmod(0o555)
    without_privileges()

    said = refusal("release", "--course", course, "--out", public_folder / "out")

    assert "out: can't be written (Permission denied). Give another folder." in said


def test_where_nothing_comes_of_it_nothing_is_left(write_course, tmp_path: Path):
    course = write_course({"reference/extremes.py": "spread = nowhere\n"})

    refusal("release", "--course", course, "--out", tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["course"]


def test_only_the_exercises_that_are_named_are_released(write_course, tmp_path: Path):
    run("release", "--course", write_course(TWO), "--out", tmp_path / "out", "--only", "mean")

    assert list(load_course(tmp_path / "out").exercises) == ["mean"]
    notebook = nbformat.read(tmp_path / "out" / "numbers.ipynb", as_version=4)
    assert "spread" not in "".join(cell.source for cell in notebook.cells)
    assert "no such exercise" in refusal(
        "release", "--course", tmp_path / "course", "--out", tmp_path / "other", "--only", "x"
    )


# The data

WITH_DATA = {
    COURSE: """\
from grader.exercise import Course

course = Course(title="Numbers", exercises=["spread"], starter="numbers.ipynb", prepare="data:write",
                setup="folder = r'{data}'")
""",
    "reference/data.py": "def write(folder, progress):\n    folder.mkdir(exist_ok=True)\n"
    "    (folder / 'numbers.txt').write_text('1 2 3')\n",
}


def test_the_data_of_a_course_is_handed_out_with_it(write_course, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "prepared"))
    run("release", "--course", write_course(WITH_DATA), "--out", tmp_path / "out")
    monkeypatch.delenv("GRADER_DATA")
    course = load_course(tmp_path / "out")

    course.prepare(tmp_path / "nowhere")  # there is nothing to make, and no code that could

    assert data_folder(tmp_path / "out") == tmp_path / "out" / DATA
    assert (tmp_path / "out" / DATA / "numbers.txt").read_text() == "1 2 3"
    notebook = nbformat.read(tmp_path / "out" / "numbers.ipynb", as_version=4)
    assert any(cell.source == "folder = r'data'" for cell in notebook.cells)
    assert not (tmp_path / "nowhere").exists()


def test_data_that_is_too_large_is_left_to_the_instructor(write_course, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "prepared"))
    monkeypatch.setattr(releasing, "LIMIT_DATA_BYTES", 4)

    said = run("release", "--course", write_course(WITH_DATA), "--out", tmp_path / "out")

    assert "Not written: the data" in said
    assert not (tmp_path / "out" / DATA).exists()


def test_the_data_of_the_built_in_course_is_prepared_by_the_students_own_grader(course: LoadedCourse):
    theirs = released(course, "mnist_distance")

    assert theirs.course.prepare == course.course.prepare
    assert "prepared by the first `grader check`" in readme(record_course(course, ("mnist_distance",)))


def test_a_released_course_is_found_beside_a_notebook_only(record: CourseRecord, tmp_path: Path, monkeypatch):
    (tmp_path / RECORD).write_bytes(record_json(record))
    monkeypatch.chdir(tmp_path)

    assert released_beside(Path("lab.ipynb")) == tmp_path
    assert released_beside(tmp_path / "deeper" / "lab.ipynb") is None
