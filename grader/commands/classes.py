"""What instructors call for a whole class: `grader grade`."""

import importlib.util
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.books import assignment_option, policy_file_of, policy_options, roster_option
from grader.commands.shared import (
    NOT_PASSED,
    PASSED,
    STOPPED,
    check_is_text,
    course_option,
    debug_option,
    exercise_option,
    is_gpu_given,
    limit_options,
    limits_of,
    places,
    running_options,
    seed_option,
)
from grader.devices import Wish
from grader.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.batch.orders import Setup
    from grader.batch.planning import Work
    from grader.batch.run import Graders, Run
    from grader.book.conditions import Conditions
    from grader.book.gradebook import Gradebook
    from grader.book.policy import Policy
    from grader.class_summary import Report
    from grader.exercise import Course
    from grader.intake.roster import Roster, Student
    from grader.intake.submissions import Intake
    from grader.telling import Tell


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path), metavar="SUBMISSIONS")
@click.option(
    "--gradebook", "where", metavar="FILE|URL",
    help="An SQLite file, or a URL such as postgresql://USER@HOST/DATABASE.  "
    "[default: gradebook.db beside SUBMISSIONS]",
)  # fmt: skip
@click.option(
    "--reports", type=click.Path(path_type=Path), metavar="DIR",
    help="The folder for the students' reports.  [default: reports beside SUBMISSIONS]",
)  # fmt: skip
@roster_option
@assignment_option("Which one, if SUBMISSIONS holds several.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this student; may be given several times.")
@click.option("--redo", "is_redone", is_flag=True, help="Grade all again, although nothing has changed.")
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N",
    help="How many processes of this machine grade.  [default: one per core]",
)  # fmt: skip
@click.option(
    "--cluster", "address", default="", metavar="ADDRESS",
    help="Have the workers of a dask cluster grade instead, each as many at a time as it has threads: the scheduler's "
    "address, such as tcp://HOST:8786, or tls://HOST:8786 with the certificates of dask's configuration "
    "(distributed.comm.tls). Who can reach a tcp:// scheduler can run programs on its workers.",
)  # fmt: skip
@policy_options
@exercise_option
@seed_option("new ones in each run, the same for all its notebooks")
@limit_options
@running_options
@course_option
@debug_option
def grade(
    submissions: Path,
    where: str | None,
    reports: Path | None,
    roster_file: Path | None,
    assignment: str,
    only: tuple[str, ...],
    is_redone: bool,
    workers: int | None,
    address: str,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    names: tuple[str, ...],
    seed: str | None,
    timeout: float,
    limit_settings: tuple[str, ...],
    python: str,
    is_full: bool,
    wish: Wish,
    is_open: bool,
    course_folder: Path | None,
) -> int:
    """Grade a class's SUBMISSIONS: a folder, or the zip that your learning management system gave you.

    What was graded before and has not changed is not graded again: after an interruption, the same command goes on.

    Exit status: 0 if all could be graded, whatever their points, 1 if some could not, 2 if nothing can be done, 130
    after Ctrl-C, with all that was finished kept.
    """
    from grader.batch.orders import Setup
    from grader.batch.places import check_reports, default_gradebook, default_reports
    from grader.batch.planning import assignment_of, chosen, works_of
    from grader.batch.run import Run, to_grade
    from grader.book.conditions import Conditions, course_version
    from grader.book.entries import Person, clean_id
    from grader.book.gradebook import Gradebook
    from grader.book.policy_reading import policy_from
    from grader.class_summary import print_class
    from grader.intake.roster import read_roster
    from grader.intake.submissions import find_submissions
    from grader.interpreters import interpreter

    gradebook = where or default_gradebook(submissions)
    check_who(workers, address, wish)
    policy = policy_from(policy_file_of(gradebook, policy_file), settings, due)
    limits = limits_of(timeout, limit_settings)
    reports = reports or default_reports(submissions)
    check_reports(reports, submissions)
    data, folder = places(course_folder)
    check_is_text(submissions, reports.resolve(), folder.resolve(), data.resolve())
    python = python if address else interpreter(python)  # a cluster's is found there
    setup = Setup(
        course=str(folder.resolve()),
        data=str(data.resolve()),
        reports=str(reports.resolve()),
        python=python,
        limits=limits,
        seed=seed or secrets.token_hex(8),
        exercises=names,
        is_full=is_full,
        is_isolated=not is_open,
        has_gpu=is_gpu_given(wish, python),
    )
    course = declared(course_folder, names)
    conditions = Conditions(course.title, course_version(folder), limits, settings_of(setup))
    roster = read_roster(roster_file) if roster_file else None
    everything = find_submissions(submissions, roster, assignment)
    assignment = clean_id(assignment_of(everything, assignment or Path(course.starter).stem))
    intake = chosen(everything, only)
    works = works_of(intake, assignment, submissions)
    with Gradebook(gradebook) as book:
        if roster:
            book.enrol(Person(student.id, student.name, student.email) for student in roster.students)
        redo = secrets.token_hex(8) if is_redone else ""
        needed = to_grade(works, book, assignment, conditions, reports, redo)
        run = Run(len(needed))
        graders = graders_for(setup, conditions.course_version, len(needed), workers, address)
        if needed and not is_through(needed, book, conditions, redo, run, graders):
            click.echo(
                f"Stopped: {run.done:,} of {run.to_grade:,} are done and kept in {book.name}.\n"
                f"The same command {'begins again, as --redo asks' if redo else 'goes on with the rest'}.",
                err=True,
            )
            return STOPPED
        report = report_of(run, book, policy, assignment, intake, works, roster, reports)
    print_class(report)
    return NOT_PASSED if report.aside or any(standing.problem for standing in report.standings) else PASSED


def settings_of(setup: "Setup") -> dict[str, str]:
    """What of a setup decides about grades, beside course and limits; nothing of what is as usual."""
    found = {
        "exercises": ",".join(setup.exercises),
        "cells": "all" if setup.is_full else "",
        "isolation": "" if setup.is_isolated else "none",
        "device": "cuda" if setup.has_gpu else "",
        "python": "" if setup.python == sys.executable else setup.python,
    }
    return {name: value for name, value in found.items() if value}


def is_through(
    needed: "Sequence[Work]",
    book: "Gradebook",
    conditions: "Conditions",
    redo: str,
    run: "Run",
    graders: "Callable[[Tell], Graders]",
) -> bool:
    """Grades what needs it, and tells how it goes. False if it was stopped before the end."""
    from grader.batch.run import grade_all
    from grader.telling import telling_class

    with telling_class() as (tell, tell_graded):
        try:
            grade_all(needed, book, conditions, redo, run, graders(tell), tell_graded)
        except KeyboardInterrupt:
            return False
    return True


def check_who(workers: int | None, address: str, wish: Wish) -> None:
    """Raises UserError if it can't be said, or can't be, who is to grade."""
    if not address:
        return
    if workers is not None:
        raise UserError(
            "--workers says how many processes of this machine grade, and --cluster that others do. Give one of them: "
            "each worker of a cluster grades as many notebooks at a time as it has threads."
        )
    if wish != "cpu":
        raise UserError("--device: notebooks that a --cluster grades get no GPU. Leave it out, or grade here.")
    if importlib.util.find_spec("distributed") is None:
        raise UserError(
            "--cluster needs dask.distributed, which is not installed: pip install 'chapter4-grader[cluster]'"
        )
    from grader.batch.cluster import check_address

    check_address(address)


def graders_for(
    setup: "Setup", course_version: str, count: int, workers: int | None, address: str
) -> "Callable[[Tell], Graders]":
    """A function that gives those who grade, when it is told to whom to tell how the data is prepared.

    count: how many submissions there are to grade. The function raises UserError if they can't be isolated here.
    """
    from grader.batch.crew import Crew
    from grader.isolation import missing
    from grader.parallel import cores
    from grader.wording import without_isolation

    def crew(tell: "Tell") -> Crew:
        if setup.is_isolated and missing():
            raise UserError(without_isolation(missing()))
        return Crew(setup, min(workers or cores(), count), cores(), tell)

    def cluster(tell: "Tell") -> "Graders":  # noqa: ARG001  its workers prepare the data as they need it
        from grader.batch.cluster import Cluster

        return Cluster(address, setup, course_version)

    return cluster if address else crew


def report_of(
    run: "Run",
    book: "Gradebook",
    policy: "Policy",
    assignment: str,
    intake: "Intake",
    works: "Sequence[Work]",
    roster: "Roster | None",
    reports: Path,
) -> "Report":
    """What there is to say of a run."""
    from grader.book.policy import in_words, unknown_names
    from grader.class_summary import Report

    students = {work.entry.student for work in works}
    standings = [one for one in book.standings(assignment, policy) if one.student in students] if works else []
    unknown = unknown_names(policy, book.assignments(), book.students())
    notes = [("", note) for note in roster.notes] if roster else []
    if (policy.due or policy.extensions) and works and not any(work.entry.handed_in for work in works):
        notes.append(("", "Nothing tells when this was handed in: nobody is taken to be late."))
    notes += [(name, "The policy has a date for this, which the gradebook doesn't know.") for name in unknown]
    notes += [(work.entry.student, note) for work in works for note in work.notes]
    return Report(
        assignment=assignment,
        layout=intake.layout,
        standings=tuple(standings),
        graded=len(run.graded),
        unchanged=sum(not standing.problem for standing in standings) - len(run.graded),
        seconds=run.seconds,
        missing=missing_students(intake.missing) if intake.missing else None,
        aside=tuple((problem.where, problem.reason) for problem in intake.problems if not problem.student),
        notes=tuple(notes),
        policy=in_words(policy),
        gradebook=book.name,
        reports=reports,
    )


def declared(folder: Path | None, names: tuple[str, ...]) -> "Course":
    """What the course says of itself. Raises UserError for an exercise that it doesn't have."""
    from grader.course import declaration

    course = declaration(folder)
    for name in names:
        if name not in course.exercises:
            raise UserError(f"{name}: no such exercise. There are: {', '.join(course.exercises)}.")
    return course


def missing_students(missing: "Mapping[str, tuple[Student, ...]]") -> tuple[str, ...]:
    """Those of the roster of whom nothing was found, by name where it is known."""
    found = {student.id: student.name or student.id for students in missing.values() for student in students}
    return tuple(found.values())
