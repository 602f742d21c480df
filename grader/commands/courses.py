"""What concerns a course and the machine: `grader verify`, `train`, `list` and `doctor`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from grader.commands.shared import (
    NOT_PASSED,
    PASSED,
    check_replaceable,
    check_writable,
    course_option,
    debug_option,
    device_option,
    exercise_option,
    load,
    places,
)
from grader.devices import Wish
from grader.files import write


@click.command()
@click.option(
    "--mutants/--no-mutants", "with_mutants", default=True, show_default=True,
    help="Whether the checks must also catch machine-made mistakes in the reference.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="How many processes work at it.  [default: one per core]"
)
@click.option(
    "--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write the findings as JUnit XML too, for CI."
)
@exercise_option
@course_option
@debug_option
def verify(
    with_mutants: bool, workers: int | None, junit: Path | None, names: tuple[str, ...], course_folder: Path | None
) -> int:
    """Prove the course: right answers pass, and each known mistake fails with its own diagnosis.

    Mutants are copies of the reference with one small mistake in each: some check must fail for every one of
    them. Exit status: 0 if all is as it should be, 1 if not.
    """
    if junit:
        check_writable(junit)
    from grader.parallel import cores
    from grader.summary import print_findings
    from grader.telling import telling
    from grader.verify import verify as verify_course

    course, data = load(course_folder, names)
    with telling() as tell:
        course.prepare(data, tell)
        findings = verify_course(course, data, tell, with_mutants, workers or cores())
    if junit:
        from grader.junit import junit_xml

        write(junit, junit_xml(findings))
    print_findings(findings)
    return NOT_PASSED if any(finding.problem for finding in findings) else PASSED


@click.command()
@device_option("auto", "Where to train; auto takes a GPU if there is one.")
@click.option(
    "--model", default="", metavar="NAME", help="Which model.  [default: the quickest that reaches the target]"
)
@click.option(
    "--target", type=float, default=0.0, metavar="SHARE",
    help="The accuracy on the test images to train for, such as 0.99.  [default: the model's usual training]",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=42, show_default=True, metavar="N",
    help="Of all that is random: with the same seed, the same model.",
)  # fmt: skip
@click.option(
    "--html", type=click.Path(path_type=Path), default="training.report.html", show_default=True, metavar="FILE",
    help="Where to write the report.",
)  # fmt: skip
@click.option("--models", "is_list", is_flag=True, help="List the models, and train none.")
@course_option
@debug_option
def train(
    wish: Wish, model: str, target: float, seed: int, html: Path, is_list: bool, course_folder: Path | None
) -> int:
    """Train one of the course's models, print how good it became, and write a report.

    The report shows the loss, what is taken for what, the worst mistakes, the first layer's weights and where the
    time went. Exit status: 0 if the target was reached or there was none, 1 if it was missed, 2 if nothing could be
    trained.
    """
    if not is_list:
        check_writable(html)
        check_replaceable(html)
    from grader.summary import print_models, print_training

    course, _ = load(course_folder, ())
    models = course.trainer().MODELS
    if is_list:
        print_models(models)
        return PASSED
    from grader.devices import device_of
    from grader.report import render_training
    from grader.telling import telling_training
    from grader.training import check_wish, score_of

    check_wish(model, target, models)
    device = device_of(wish)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with telling_training() as tell:
        training = course.train(model, device, target, seed, tell)
    write(html, render_training(training, course.course.title, started, target).encode("utf-8", "replace"))
    print_training(training, target, html)
    return PASSED if score_of(training).share >= target else NOT_PASSED


@click.command("list")
@course_option
@debug_option
def list_exercises(course_folder: Path | None) -> int:
    """List the exercises with their points."""
    from grader.summary import print_exercises

    course, _ = load(course_folder, (), may_be_released=True)
    print_exercises(course)
    return PASSED


@click.command()
@click.option("--python", default=sys.executable, metavar="PATH", help="As in `grader check`.")
@course_option
@debug_option
def doctor(python: str, course_folder: Path | None) -> int:
    """Say what this machine offers for running notebooks safely and fast, and what to install for more.

    Exit status: 0 if notebooks are isolated here, 1 if not.
    """
    from grader.doctor import examine
    from grader.interpreters import interpreter
    from grader.summary import print_facts

    facts = examine(interpreter(python), *places(course_folder))
    print_facts(facts)
    return PASSED if all(fact.is_fine for fact in facts if fact.is_needed) else NOT_PASSED
