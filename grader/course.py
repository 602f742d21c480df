"""A course, loaded from its folder: what exercises/ declares and what reference/ solves."""

import importlib
import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

from grader import __version__
from grader import exercise as declarations
from grader.devices import Device
from grader.errors import UserError
from grader.exercise import Course, Exercise
from grader.places import RECORD, content_folder
from grader.records import CourseRecord, ExerciseRecord, course_of, exercise_of, read_record
from grader.results import LaterCheck
from grader.sources import names_bound_in, names_defined, names_used, source_of
from grader.telling import Tell, TellStep
from grader.training import Trainer, Training, check_wish

PACKAGES = ("reference", "exercises")  # in the order in which one may import the other

UNKNOWN_FIELD = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
UNKNOWN_NAME = re.compile(r"cannot import name '(\w+)' from '(grader[\w.]*)'")
UPGRADE = "pip install --upgrade chapter4-grader"
RELEASED = "a course as it was released to students, without its reference. Give the course's own folder."

T = TypeVar("T", Course, Exercise)


@dataclass(frozen=True)
class LoadedCourse:
    """A course and its exercises by name, in the order of the notebook.

    provided: the names that its exercises define, and given: those that the notebook defines for the student; of the
    exercises that are not selected as well. records: of a released course, what it has instead of a reference.
    """

    folder: Path
    course: Course
    exercises: dict[str, Exercise]
    provided: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    records: Mapping[str, ExerciseRecord] = field(default_factory=dict)

    @property
    def only_at_grading(self) -> tuple[LaterCheck, ...]:
        """The checks of which a released course has no record; none of any other course."""
        return tuple(check for name in self.exercises if name in self.records for check in self.records[name].later)

    def callables(self, name: str) -> frozenset[str]:
        """The names of an exercise that are functions or classes in the reference."""
        if name in self.records:
            return frozenset(self.records[name].callables)
        namespace = self.oracle_namespace(self.exercises[name])
        return frozenset(provided for provided in self.exercises[name].names if callable(namespace.get(provided)))

    def selected(self, names: tuple[str, ...]) -> "LoadedCourse":
        """The course with these exercises only; with all if there are no names.

        Raises UserError for a name that the course doesn't have.
        """
        unknown = [name for name in names if name not in self.exercises]
        if unknown:
            raise UserError(f"{unknown[0]}: no such exercise. There are: {', '.join(self.exercises)}.")
        chosen = {name: e for name, e in self.exercises.items() if not names or name in names}
        return replace(self, exercises=chosen)

    def solution(self, exercise: Exercise) -> str:
        """The code of the reference solution: a cell that could stand in a student's notebook."""
        return "\n\n\n".join(filter(None, [self.definitions(exercise), exercise.finish.strip()]))

    def definitions(self, exercise: Exercise) -> str:
        """The reference solution's definitions, without the code that is run after them."""
        file = oracle_file(self.folder, exercise)
        needed = [*oracle_names(exercise), *names_used(exercise.finish)]
        return source_of(file, *(name for name in dict.fromkeys(needed) if name in names_defined(file)))

    def oracle_namespace(self, exercise: Exercise) -> dict[str, object]:
        """The names that the reference solution defines, and those it needs; what `finish` makes is not there."""
        namespace: dict[str, object] = {"__name__": "oracle"}
        run_in(namespace, self.definitions(exercise))
        return namespace

    def solved_namespace(self, exercise: Exercise, data: Path) -> dict[str, object]:
        """What the solved notebook's namespace holds after this exercise: `finish` is run, and may take its time."""
        namespace: dict[str, object] = {"__name__": "oracle"}
        for part in (self.setup(data), exercise.given, self.solution(exercise)):
            run_in(namespace, part)
        return namespace

    def setup(self, data: Path) -> str:
        """The code of the notebook's first cell, with the path of the prepared data."""
        return self.course.setup.replace("{data}", str(data))

    def prepare(self, folder: Path, progress: Tell | None = None) -> None:
        """Makes the course's data in `folder`, what is not there yet."""
        if not self.course.prepare:
            return
        module, _, function = self.course.prepare.partition(":")
        use_packages_of(content_folder() if self.records else self.folder)
        make = getattr(importlib.import_module(f"reference.{module}"), function)
        try:
            make(folder, progress)
        except OSError as error:
            raise UserError(
                f"{folder}: the course's data can't be written there ({error.strerror}). "
                "Set GRADER_DATA to a folder with room for it."
            ) from error

    def trainer(self) -> Trainer:
        """The module that trains the course's models; raises UserError if there is none, or if it can't be used."""
        name = self.course.training
        if not name:
            raise UserError(f"{self.course.title}: this course has no models to train (`training` of its Course).")
        if not (self.folder / "reference" / f"{name}.py").is_file():
            raise UserError(f"exercises/course.py: its training {name!r} has no file {name}.py in reference/.")
        use_packages_of(self.folder)
        module = importlib.import_module(f"reference.{name}")
        if not getattr(module, "MODELS", None) or not callable(getattr(module, "train", None)):
            raise UserError(
                f"reference/{name}.py: has no `MODELS = {{...}}`, with a model in it, or no function `train`."
            )
        return cast(Trainer, module)

    def train(self, model: str, device: Device, target: float, seed: int, tell: TellStep) -> Training:
        """A training of one of the course's models; model and target as `Trainer.train` takes them.

        Raises UserError for a model or a target that can't be had, and if the device's memory is full.
        """
        trainer = self.trainer()
        check_wish(model, target, trainer.MODELS)
        try:
            return trainer.train(model, device=device, target=target, seed=seed, tell=tell)
        except ValueError as error:
            raise UserError(str(error)) from error
        except MemoryError as error:
            raise UserError(f"--device {device}: out of memory. {error}".rstrip()) from error


def load_course(folder: Path | None = None) -> LoadedCourse:
    """The course in `folder`, or the built-in one.

    Raises UserError if the folder is no course, or if one of its files can't be loaded.
    """
    root = (folder or content_folder()).resolve()
    if (root / RECORD).is_file():
        return released_course(root, read_record(root / RECORD))
    course = declaration(folder)
    exercises = {name: declared(root, name, "exercise", Exercise) for name in course.exercises}
    for name, exercise in exercises.items():
        file = oracle_file(root, exercise)
        if not file.is_file():
            raise UserError(
                f"exercises/{name}.py: its oracle {exercise.oracle!r} has no file {file.name} in reference/."
            )
    return with_names(LoadedCourse(root, course, exercises))


def released_course(root: Path, record: CourseRecord) -> LoadedCourse:
    """The course of a record, which is in the folder `root`.

    Which code prepares its data is never the record's to say.
    """
    prepare = declaration().prepare if record.data == "built-in" else ""
    exercises = {exercise.name: exercise_of(exercise) for exercise in record.exercises}
    records = {exercise.name: exercise for exercise in record.exercises}
    return with_names(LoadedCourse(root, course_of(record, prepare), exercises, records=records))


def with_names(course: LoadedCourse) -> LoadedCourse:
    """The course with the names that its exercises define, and those that its notebook does."""
    exercises = course.exercises.values()
    provided = frozenset(name for exercise in exercises for name in exercise.names)
    given = [course.course.setup.replace("{data}", ""), *(exercise.given for exercise in exercises)]
    return replace(course, provided=provided, given=frozenset().union(*map(names_in_text, given)))


def declaration(folder: Path | None = None) -> Course:
    """What a course says of itself, without its exercises, whose imports take time. Raises as `load_course` does."""
    root = (folder or content_folder()).resolve()
    if (root / RECORD).is_file():
        raise UserError(f"{folder}: {RELEASED}")
    for package in PACKAGES:
        if not (root / package).is_dir():
            raise UserError(f"{folder}: not a course (it has no folder {package}/). Give the folder that holds both.")
    if not (root / "exercises" / "course.py").is_file():
        raise UserError(f"{folder}: not a course (there is no exercises/course.py, which lists its exercises).")
    use_packages_of(root)
    course = declared(root, "course", "course", Course)
    if version_parts(str(course.needs)) > version_parts(__version__):
        raise UserError(
            f"exercises/course.py: this course needs grader {course.needs}, for which this grader {__version__} is too "
            f"old: {UPGRADE}"
        )
    return course


def version_parts(version: str) -> tuple[int, ...]:
    """The numbers of a version such as "0.2.1", which can be compared."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def names_in_text(code: str) -> frozenset[str]:
    """The names that a cell of the course's own binds; none if it can't be read, which `grader verify` tells."""
    try:
        return names_bound_in(code)
    except SyntaxError:
        return frozenset()


def declared(root: Path, module: str, variable: str, kind: type[T]) -> T:
    """The object that a file of exercises/ declares."""
    found = getattr(imported(root, module), variable, None)
    if not isinstance(found, kind):
        raise UserError(f"exercises/{module}.py: has no `{variable} = {kind.__name__}(...)`.")
    return found


def imported(root: Path, module: str) -> ModuleType:
    """A module of exercises/; raises UserError if it can't be loaded."""
    try:
        return importlib.import_module(f"exercises.{module}")
    except Exception as error:
        where = f"exercises/{module.replace('.', '/')}.py{line_of(error, root)}"
        unknown = unknown_word(error)
        if unknown:
            raise UserError(
                f"{where}: this grader {__version__} does not know {unknown}. Is it misspelt, or was the course "
                f"written for a newer grader? Then: {UPGRADE}"
            ) from error
        raise UserError(f"{where}: can't be loaded ({type(error).__name__}: {error}).") from error


def unknown_word(error: Exception) -> str:
    """What of the words in which courses are declared a course has used that are none here; empty if it is not that."""
    field_of = UNKNOWN_FIELD.match(str(error)) if isinstance(error, TypeError) else None
    if field_of and field_of[1] in vars(declarations):
        return f"`{field_of[2]}` of {field_of[1]}"
    imported_name = UNKNOWN_NAME.match(str(error)) if isinstance(error, ImportError) else None
    return f"`{imported_name[1]}` of {imported_name[2]}" if imported_name else ""


def line_of(error: Exception, place: Path) -> str:
    """The last line in a file, or in a folder's files, that an error went through, as messages name it; "" if none."""
    steps = [s for s in traceback.extract_tb(error.__traceback__) if Path(s.filename).is_relative_to(place)]
    return f", line {steps[-1].lineno}" if steps else ""


def oracle_file(root: Path, exercise: Exercise) -> Path:
    """The file of an exercise's reference implementation; raises UserError in a released course, which has none."""
    if not exercise.oracle:
        raise UserError(f"{root}: {RELEASED}")
    return root / "reference" / f"{exercise.oracle.partition(':')[0]}.py"


def oracle_names(exercise: Exercise) -> tuple[str, ...]:
    """The names that an exercise's oracle goes by in its file."""
    _, _, name = exercise.oracle.partition(":")
    return (name,) if name else exercise.names


def run_in(namespace: dict[str, object], code: str) -> None:
    """Runs a course's own code; a student's never comes here."""
    exec(compile(code, "<oracle>", "exec"), namespace)  # noqa: S102


def use_packages_of(root: Path) -> None:
    """Makes the packages `exercises` and `reference` those of one course.

    They are ordinary words: another course's, or packages of those names, may have been imported before.
    """
    for package in PACKAGES:
        loaded = sys.modules.get(package)
        if loaded is None or list(loaded.__path__) != [str(root / package)]:
            for name in [name for name in sys.modules if name.partition(".")[0] == package]:
                del sys.modules[name]
            spec = PathFinder.find_spec(package, [str(root)])
            assert spec is not None, f"{root} has a folder {package}"
            sys.modules[package] = module_from_spec(spec)
            try:
                if spec.loader is not None:  # there is an __init__.py
                    spec.loader.exec_module(sys.modules[package])
            except Exception as error:
                del sys.modules[package]
                raise UserError(f"{package}/__init__.py: can't be loaded ({type(error).__name__}: {error}).") from error
