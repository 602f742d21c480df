"""What the terminal shows: a grade, the findings on a course, the list of its exercises, a training."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.course import LoadedCourse
from grader.device_memory import use_in_words
from grader.doctor import Fact
from grader.records import CourseRecord
from grader.results import ExerciseResult, Grade, Outcome, Verdict
from grader.showing import counted, escaped, one_line, percent, points_text, seconds_text, share_text
from grader.terminal import console
from grader.training import Training
from grader.training_views import laid_out
from grader.verify import Finding, by_exercise
from grader.wording import evidence_lines

MARKS: dict[Outcome, tuple[str, str]] = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "error": ("!", "red"),
    "timeout": ("⏱", "red"),
    "missing": ("-", "yellow"),
    "needs review": ("?", "yellow"),
}
NAMED = 3


def print_summary(grade: Grade, report: Path) -> None:
    """The score of each exercise, and what is wrong with each check that did not pass."""
    out = console()
    for exercise in grade.exercises:
        if exercise.is_attempted:
            out.print(exercise_lines(exercise))
    out.print(unattempted_lines([exercise for exercise in grade.exercises if not exercise.is_attempted]))
    for record in grade.notebook:
        if record.error:
            message = one_line(f"{record.error.type}: {record.error.message}")
            line = Text(f"Cell {record.position} ended with {message}"[:300], style="yellow")
            out.print(Padding(line, (0, 0, 0, 2), expand=False))  # so that no part of it looks like the total
    if grade.only_at_grading:
        out.print(later_lines(grade))
    if grade.first_error:
        named = [f'"{title}"' for title in grade.first_error.exercises[:NAMED]]
        more = len(grade.first_error.exercises) - NAMED
        named += [f"{more} more"] if more > 0 else []
        depend = "depends" if len(named) == 1 else "depend"
        text = (
            f"The first error that mattered is in cell {grade.first_error.cell}: {' and '.join(named)} {depend} on it."
        )
        out.print(Text(one_line(text), style="yellow"))
    left_out = [record.position for record in grade.notebook if record.left_out]
    if left_out:
        cells = "cell" if len(left_out) == 1 else "cells"
        out.print(Text(f"Not run: {cells} {ranges(left_out)}; the report says why.", style="yellow"))
    if not grade.is_isolated:
        why = f" ({grade.isolation_problem})" if grade.isolation_problem else ""
        out.print(Text(f"Ran without isolation{why}: it could use the network and your files.", style="yellow"))
    for note in grade.notes:
        out.print(Text(one_line(note), style="yellow"))
    if grade.gpu:
        out.print(Text(use_in_words(grade.gpu)))
    share = percent(grade.points, grade.possible)
    total = f"{points_text(grade.points)} of {counted(grade.possible, 'point')} ({share}%)"
    out.print()
    if 0 < grade.attempted < grade.possible:
        out.print(f"For what was attempted: {points_text(grade.points)} of {counted(grade.attempted, 'point')}.")
    out.print(Text(total, style="bold green" if grade.is_passed else "bold"))
    out.print(Text(f"Report: {escaped(str(report))}"), soft_wrap=True)


def exercise_lines(exercise: ExerciseResult) -> Group:
    """An exercise: one line if all is well, and otherwise one for each check, with the reason."""
    score = f"{points_text(exercise.points):>4} / {points_text(exercise.possible):<4}"
    is_passed = all(verdict.outcome == "passed" for verdict in exercise.verdicts)
    style = "green" if is_passed else ("red" if exercise.points == 0 else "yellow")
    head = Text.assemble((score, style), " ", (exercise.title, "bold"))
    notes = [Padding(Text(text), (0, 0, 0, 12), expand=False) for text in graded_as(exercise)]
    if is_passed:
        return Group(head, *notes)
    told: set[str] = set()
    return Group(
        head,
        *notes,
        *(Padding(verdict_lines(verdict, told), (0, 0, 0, 12), expand=False) for verdict in exercise.verdicts),
    )


def graded_as(exercise: ExerciseResult) -> list[str]:
    """Sentences on the names that were taken for the exercise's own."""
    return [f"Graded your `{own}` as `{name}`." for name, own in exercise.stand_ins.items()]


def unattempted_lines(exercises: Sequence[ExerciseResult]) -> Group:
    """The exercises of which nothing was found, in one paragraph; those with more to say about them below it."""
    if not exercises:
        return Group()
    possible = counted(sum(exercise.possible for exercise in exercises), "point")
    titles = ", ".join(exercise.title for exercise in exercises)
    head = Text.assemble((f"Not attempted ({possible}): ", "bold"), titles)
    reasons = [
        f"{exercise.title}: {one_line(reason)}"
        for exercise in exercises
        for reason in dict.fromkeys(verdict.reason for verdict in exercise.verdicts)
        if "another spelling" in reason
    ]
    return Group(head, *(Padding(Text(reason), (0, 0, 0, 2), expand=False) for reason in reasons))


def later_lines(grade: Grade) -> Group:
    """Which checks only run at grading: those of what was attempted by name, the others by number."""
    attempted = {exercise.title for exercise in grade.exercises if exercise.is_attempted}
    named: dict[str, list[str]] = {}
    for check in grade.only_at_grading:
        if check.exercise in attempted:
            named.setdefault(check.exercise, []).append(check.description)
    possible = counted(sum(check.points for check in grade.only_at_grading), "point")
    lines = [f"{title}: {'; '.join(descriptions)}" for title, descriptions in named.items()]
    others = len(grade.only_at_grading) - sum(map(len, named.values()))
    if others:
        lines.append(f"{counted(others, 'check')} of {'other ' if named else ''}exercises; the report lists them.")
    head = Text(f"Only at grading ({possible} more):", style="bold")
    return Group(head, *(Padding(Text(one_line(line)), (0, 0, 0, 2), expand=False) for line in lines))


def ranges(positions: Sequence[int]) -> str:
    """Rising numbers, neighbours as ranges: 3, 5-9, 20."""
    parts: list[list[int]] = []
    for position in positions:
        if parts and parts[-1][-1] == position - 1:
            parts[-1].append(position)
        else:
            parts.append([position])
    return ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def verdict_lines(verdict: Verdict, told: set[str]) -> Group:
    """A check; and, unless they have been told already, its reason, its smallest counterexample and its hint."""
    mark, style = MARKS[verdict.outcome]
    line = Text.assemble((mark, style), " ", verdict.description)
    news = [text for text in (verdict.reason, verdict.misconception, verdict.hint) if text and text not in told]
    told.update(news)
    if verdict.outcome == "passed" or (not news and verdict.reason):
        return Group(line)
    details = [one_line(verdict.reason), *evidence_lines(verdict)] if verdict.reason in news else []
    if verdict.misconception in news:
        details.append(f"A known mistake: it {verdict.misconception}.")
    if verdict.hint in news:
        details.append(f"Hint: {verdict.hint}")
    return Group(line, *(Padding(Text(detail), (0, 0, 0, 2), expand=False) for detail in details))


def print_findings(findings: Sequence[Finding]) -> None:
    """What `grader verify` found: how much of each exercise was looked at, and a line for each problem."""
    out = console()
    exercises = by_exercise(findings)
    table = Table(box=None, pad_edge=False)
    table.add_column("exercise", no_wrap=True)
    for heading in ("answers", "mistakes", "mutants", "caught", "equivalent", "survived"):
        table.add_column(heading, justify="right")
    for name, found in exercises.items():
        table.add_row(name, *(str(number) if number else "-" for number in numbers_of(found)))
    out.print(table)
    for finding in findings:
        if finding.problem:
            line = Text.assemble(("✗ ", "red"), f"{finding.exercise}: {finding.subject}: {finding.problem}")
            out.print(line, soft_wrap=True)  # a mutant's name is copied into `equivalents`: no line ends within it
    problems = sum(bool(finding.problem) for finding in findings)
    _, mistakes, mutants, *_ = numbers_of(findings)
    looked_at = [counted(len(exercises), "exercise"), counted(mistakes, "misconception")]
    if mutants:
        looked_at.append(counted(mutants, "mutant"))
    verdict = counted(problems, "problem") if problems else "all as it should be"
    out.print(Text(f"{', '.join(looked_at)}: {verdict}.", style="bold red" if problems else "bold green"))


def numbers_of(findings: Sequence[Finding]) -> tuple[int, ...]:
    """How many right answers, misconceptions and mutants; and of these, caught, equivalent and surviving ones."""
    kinds = Counter(finding.kind for finding in findings)
    caught, equivalent, survived = (
        sum(finding.mutant == fate for finding in findings) for fate in ("caught", "equivalent", "survived")
    )
    tried = caught + equivalent + survived
    return kinds["solution"] + kinds["answer"], kinds["misconception"], tried, caught, equivalent, survived


def print_facts(facts: Sequence[Fact]) -> None:
    """What `grader doctor` found, in a table, with what to do."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("subject", style="bold", no_wrap=True)
    table.add_column("said")
    for fact in facts:
        table.add_row(fact.subject, Text(fact.said, style="" if fact.is_fine else "yellow"))
        if fact.advice:
            table.add_row("", Text(f"-> {fact.advice}", style="dim" if fact.is_fine else ""))
    out = console()
    out.print(table)
    is_isolated = all(fact.is_fine for fact in facts if fact.is_needed)
    ending = "Notebooks are isolated here." if is_isolated else "Notebooks are NOT isolated here: run only your own."
    out.print(Text(ending, style="bold green" if is_isolated else "bold red"))


def print_exercises(course: LoadedCourse) -> None:
    """The exercises of a course in a table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("exercise", no_wrap=True)
    table.add_column("points", justify="right")
    table.add_column("checks", justify="right")
    table.add_column("title")
    for name, exercise in course.exercises.items():
        table.add_row(name, points_text(exercise.points), str(len(exercise.checks)), exercise.title)
    total = sum(exercise.points for exercise in course.exercises.values())
    out = console()
    out.print(table)
    out.print(f"{counted(len(course.exercises), 'exercise')}, {counted(total, 'point')}.")


def print_release(record: CourseRecord, folder: Path, size: int) -> None:
    """What was released, and what was not, with the reasons. size: of all files, in bytes."""
    out = console()
    checks = [check for exercise in record.exercises for check in exercise.checks]
    later = [check for exercise in record.exercises for check in exercise.later]
    points, more = (sum(check.points for check in some) for some in (checks, later))
    for why in dict.fromkeys(check.why for check in later):
        same = [check for check in later if check.why == why]
        out.print(Text(f"Only at grading, since {why}:", style="yellow"))
        for title in dict.fromkeys(check.exercise for check in same):
            descriptions = "; ".join(check.description for check in same if check.exercise == title)
            out.print(Padding(Text(f"{title}: {descriptions}"), (0, 0, 0, 2), expand=False))
    counts = f"{counted(len(record.exercises), 'exercise')}, {counted(len(checks), 'check')}"
    rest = f"; {counted(more, 'point')} more only at grading" if later else ""
    out.print(Text(f"{counts} for {counted(points, 'point')}{rest}; {size / 2**20:,.1f} MB.", style="bold"))
    out.print(Text(f"Wrote {escaped(str(folder))}"), soft_wrap=True)


def print_training(training: Training, target: float, report: Path) -> None:
    """How good the model became, and how well that is known; whether it is good enough; and where the time went."""
    out = console()
    shown = laid_out(training, target)
    out.print(Text(one_line(shown.title), style="bold"))
    facts = [
        training.device,
        f"{training.parameters:,} parameters",
        f"{len(training.losses):,} steps",
        f"seed {training.seed}",
    ]
    out.print(Text(one_line(", ".join(facts))))
    out.print()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("phase")
    table.add_column("time", justify="right", no_wrap=True)
    for name, seconds in training.phases.items():
        table.add_row(one_line(name), seconds_text(seconds))
    table.add_row("all", seconds_text(shown.seconds), style="bold")
    out.print(table)
    out.print()
    low, high = shown.score.interval
    accuracy = f"{share_text(shown.score.share)} of {shown.score.total:,} test images are read right"
    interval = f" (95% interval: {share_text(low)} to {share_text(high)})."
    out.print(Text.assemble((accuracy, "bold green" if shown.is_reached else "bold"), interval))
    if shown.target:
        reached = f"The target of {shown.target} is {'reached' if shown.is_reached else 'missed'}."
        out.print(Text(reached, style="green" if shown.is_reached else "bold red"))
    out.print(Text(f"Report: {escaped(str(report))}"), soft_wrap=True)


def print_models(models: Mapping[str, str]) -> None:
    """The models that a course can train, in a table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("model", no_wrap=True)
    table.add_column("what it is")
    for name, line in models.items():
        table.add_row(name, line)
    console().print(table)
