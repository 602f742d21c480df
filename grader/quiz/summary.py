"""What the terminal shows of the quiz: marks with their reasons, a file of answers, the progress by topic."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.quiz.marked import Marked, MarkedAnswer, quote
from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG, Finding, Mark
from grader.quiz.schedule import TopicProgress
from grader.quiz.selections import Said
from grader.showing import counted, escaped, one_line, percent, points_text
from grader.terminal import console

STATES = {MET: ("✓", "green"), NOT_MET: ("-", "yellow"), WRONG: ("✗", "red"), UNSURE: ("?", "yellow")}


def print_marked(marked: Marked, written: Sequence[tuple[str, Path]] = (), out: Console | None = None) -> None:
    """Every answer's points, with the reasons where there is something to tell; then what needs a person.

    written: what else was made of it, such as the report, and where.
    """
    out = out or console()
    for answer in marked.answers:
        out.print(answer_lines(answer))
    for problem in (*marked.problems, *marked.notes):
        out.print(Text(one_line(problem), style="yellow"))
    out.print()
    if marked.to_review:
        names = ", ".join(answer.mark.question for answer in marked.to_review)
        waiting = f"{counted(len(marked.to_review), 'answer')} for a person to mark"
        out.print(Text(f"{waiting} ({counted(marked.waiting, 'point')}): {names}"))
    total = f"{points_text(marked.points)} of {counted(marked.possible, 'point')}"
    share = f" ({percent(marked.points, marked.possible)}%)" if marked.possible else ""
    out.print(Text(total + share, style="bold green" if marked.is_all_right else "bold"))
    for what, file in written:
        out.print(Text(f"{what}: {escaped(str(file))}"), soft_wrap=True)


def answer_lines(answer: MarkedAnswer) -> Group:
    """An answer: one line if it is fully right, else one for each thing that was found, too."""
    mark = answer.mark
    head = Text.assemble(
        (f"{shown_points(mark):>4} / {points_text(mark.possible):<4}", style_of(mark)),
        " ",
        (one_line(mark.question), "bold"),
        f"  {one_line(answer.prompt)}",
        no_wrap=True,
        overflow="ellipsis",
    )
    if mark.points >= mark.possible and not mark.needs_review:
        return Group(head)
    return Group(head, Padding(finding_lines(mark.findings, answer.said), (0, 0, 0, 12), expand=False))


def finding_lines(findings: Sequence[Finding], said: Said) -> Group:
    """What was found in an answer, each in a line with its mark; where it was found and what explains it below."""
    lines: list[RenderableType] = []
    for finding in findings:
        symbol, style = STATES[finding.state]
        lines.append(Text.assemble((symbol, style), " ", one_line(finding.about)))
        place = quote(said, finding)
        texts = filter(None, (f'You wrote: "{place}"' if place else "", finding.explanation))
        lines.extend(Padding(Text(one_line(text)), (0, 0, 0, 2), expand=False) for text in texts)
    return Group(*lines)


def shown_points(mark: Mark) -> str:
    """An answer's points, if they are known."""
    return "?" if mark.needs_review else points_text(mark.points)


def style_of(mark: Mark) -> str:
    """The colour of points."""
    if mark.needs_review:
        return "yellow"
    return "green" if mark.points >= mark.possible else "red" if mark.points == 0 else "yellow"


def markdown_lines(text: str, out: Console) -> RenderableType:
    """A text of the course's, set on a terminal and as it was written elsewhere."""
    return Markdown(text) if out.is_terminal and not out.no_color else Text(text)


def print_results(marked: Marked, out: Console) -> None:
    """An exam's answers in a table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("question", overflow="fold")
    table.add_column("topic", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    for place, answer in enumerate(marked.answers, 1):
        mark = answer.mark
        shown = Text(f"{shown_points(mark)} / {points_text(mark.possible)}", style=style_of(mark))
        table.add_row(str(place), one_line(mark.question), one_line(answer.topic), shown)
    out.print(table)
    out.print()


def print_progress(topics: Sequence[TopicProgress], now: datetime, upcoming: datetime | None) -> None:
    """How every topic stands, in a table; of topics of which nothing was answered only how many there are."""
    out = console()
    begun = [topic for topic in topics if topic.answered]
    table = Table(box=None, pad_edge=False)
    table.add_column("topic", overflow="fold")
    for heading in ("answered", "right", "due", "remembered"):
        table.add_column(heading, justify="right")
    for topic in begun:
        table.add_row(
            one_line(topic.topic),
            f"{topic.answered}/{topic.questions}",
            str(topic.right),
            Text(str(topic.due), style="yellow" if topic.due else ""),
            f"{round(100 * topic.remembered)}%",
        )
    if begun:
        out.print(table)
        out.print()
    answered, questions = (sum(getattr(topic, name) for topic in topics) for name in ("answered", "questions"))
    out.print(f"{answered} of {counted(questions, 'question')} answered, in {len(begun)} of {len(topics)} topics.")
    if upcoming:
        out.print(f"The next question comes back {when(upcoming, now)}.")


def when(moment: datetime, now: datetime) -> str:
    """How far off a moment is, in words."""
    ahead = moment - now
    if ahead <= timedelta():
        return "now"
    if ahead < timedelta(hours=1):
        return f"in {counted(max(1, round(ahead.total_seconds() / 60)), 'minute')}"
    if ahead < timedelta(days=1):
        return f"in {counted(round(ahead.total_seconds() / 3600), 'hour')}"
    return f"in {counted(round(ahead / timedelta(days=1)), 'day')}"
