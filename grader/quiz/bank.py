"""The bank: all questions of a course, those that are written and those that are made of a seed.

`Course(questions=[...])` names folders of exercises/questions/. In each of them a file NAME.yaml holds a question, and
a file NAME.py a generator. Their order is that of the folders and, within a folder, of the files' names: digits and a
hyphen before a name are there for the order only.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from grader.course import LoadedCourse, declaration, imported, line_of, use_packages_of
from grader.errors import UserError
from grader.exercise import Course
from grader.places import content_folder
from grader.quiz.generators import Generator, variant
from grader.quiz.question_file import read_question
from grader.quiz.questions import Drawing, Question, ShortAnswer
from grader.quiz.selections import match_of

FOLDER = "exercises/questions"
IN_ITS_PLACE = re.compile(r"(?:\d+-)?(\w[\w-]*)")
NEAREST = 3
SEED = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Bank:
    """The questions of a course, and the generators that make more of them."""

    questions: tuple[Question, ...]
    generators: tuple[Generator, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """All topics, in the order in which they come first."""
        return tuple(dict.fromkeys([*(q.topic for q in self.questions), *(g.topic for g in self.generators)]))

    def topics_called(self, asked: Sequence[str]) -> list[str]:
        """The topics that are asked for, as they are written here. Raises UserError for one that there is not."""
        found = []
        for name in asked:
            topic = match_of(name, self.topics)
            if topic is None:
                lower = {one.casefold(): one for one in self.topics}
                near = [lower[one] for one in difflib.get_close_matches(name.casefold(), lower, NEAREST)]
                meant = f" Do you mean {' or '.join(near)}?" if near else ""
                raise UserError(f"{name}: no such topic.{meant} There are: {', '.join(self.topics)}.")
            found.append(topic)
        return found

    def find(self, name: str) -> Question:
        """The question of this name; of a generator's, such as "shapes#17", the variant for its seed.

        Raises UserError if there is none.
        """
        stem, mark, seed = name.partition("#")
        for generator in self.generators:
            if generator.name == stem:
                if not SEED.fullmatch(seed):
                    raise UserError(f"{name}: this question is made of a seed. Add one, as in {stem}#1.")
                return variant(generator, int(seed))
        for question in self.questions:
            if question.name == stem:
                if mark:
                    raise UserError(f"{name}: this question is not made of a seed. Leave out what follows its name.")
                return question
        names = [*(q.name for q in self.questions), *(g.name for g in self.generators)]
        raise UserError(f"{name}: no such question.{closest(stem, names)}")


def load_bank(course: LoadedCourse) -> Bank:
    """The bank of a course.

    Raises UserError if one of its files can't be loaded, or has a question that can't be asked.
    """
    return bank_of(course.folder, course.course)


def open_bank(folder: Path | None = None) -> Bank:
    """The bank of the course in `folder`, or of the built-in one, without its exercises, whose imports take time.

    Raises UserError as `load_course` and `load_bank` do.
    """
    return bank_of((folder or content_folder()).resolve(), declaration(folder))


def bank_of(root: Path, course: Course) -> Bank:
    """The bank that a course in the folder `root` declares."""
    use_packages_of(root)
    known: dict[str, str] = {}
    questions: list[Question] = []
    generators: list[Generator] = []
    for folder in course.questions:
        for file in files_of(root, folder):
            where = f"{FOLDER}/{folder}/{file.name}"
            if file.suffix == ".py":
                generators.append(generator_in(root, folder, file))
                name = generators[-1].name
            else:
                name = name_of(file, where)
                questions.append(read_question(file, name, where))
            if name in known:
                raise UserError(f"{where}: {known[name]} has a question {name!r} already.")
            known[name] = where
    for question in questions:
        if isinstance(question, Drawing) and question.exercise not in course.exercises:
            near = closest(question.exercise, course.exercises)
            raise UserError(f"{known[question.name]}: the course has no exercise {question.exercise!r}.{near}")
    return Bank(tuple(questions), tuple(generators))


def written_questions(course: LoadedCourse) -> list[ShortAnswer]:
    """The questions of the course's starter notebook, to be answered in writing. Raises as `load_bank` does."""
    folder = course.course.questionnaire
    files = [file for file in files_of(course.folder, folder) if file.suffix == ".yaml"] if folder else []
    wheres = [f"{FOLDER}/{folder}/{file.name}" for file in files]
    found = [read_question(file, name_of(file, where), where) for file, where in zip(files, wheres, strict=True)]
    return [question for question in found if isinstance(question, ShortAnswer)]


def files_of(root: Path, folder: str) -> list[Path]:
    """The files of questions and generators in a folder, by their names."""
    path = root / FOLDER / folder
    if not path.is_dir():
        raise UserError(
            f"exercises/course.py: its questions name a folder {folder!r}, and there is no {FOLDER}/{folder}/."
        )
    files = sorted(file for file in path.iterdir() if not file.name.startswith(("_", ".")) and file.is_file())
    for file in files:
        if file.suffix.lower() in (".yml", ".yaml") and file.suffix != ".yaml":
            raise UserError(f"{FOLDER}/{folder}/{file.name}: a question's file ends in .yaml. Rename it.")
    found = [file for file in files if file.suffix in (".yaml", ".py")]
    if not found:
        raise UserError(f"{FOLDER}/{folder}/: holds no question. Add a file NAME.yaml, or take it out of the course.")
    return found


def name_of(file: Path, where: str) -> str:
    """The name of the question in a file: the file's own, without the digits that give it its place."""
    fits = IN_ITS_PLACE.fullmatch(file.stem)
    if not fits:
        raise UserError(f"{where}: the file's name is the question's: use letters, digits and hyphens only.")
    return fits[1]


def generator_in(root: Path, folder: str, file: Path) -> Generator:
    """The generator that a file declares."""
    where = f"{FOLDER}/{folder}/{file.name}"
    found = getattr(imported(root, f"questions.{folder}.{file.stem}"), "generator", None)
    if not isinstance(found, Generator):
        raise UserError(f"{where}: has no `generator = Generator(...)`.")
    if not IN_ITS_PLACE.fullmatch(found.name):
        raise UserError(f"{where}: its name {found.name!r} has more in it than letters, digits and hyphens.")
    return replace(found, make=partial(made_by, found.make, root, where))


def made_by(make: Callable[[Random], Question], root: Path, where: str, random: Random) -> Question:
    """What a generator makes, with the packages of its own course: it imports the oracle only when it is asked.

    Raises UserError if it can't, with the line of its file.
    """
    use_packages_of(root)
    try:
        question = make(random)
    except Exception as error:
        line = line_of(error, root / where)
        raise UserError(f"{where}{line}: can't make a question ({type(error).__name__}: {error}).") from error
    if not isinstance(question, Question):
        raise UserError(f"{where}: its `make` gives something of type {type(question).__name__}, and no question.")
    return question


def closest(name: str, names: list[str]) -> str:
    """A sentence that names the one which was probably meant, if there is any."""
    near = difflib.get_close_matches(name, names, 1)
    return f" Do you mean {near[0]}?" if near else ""
