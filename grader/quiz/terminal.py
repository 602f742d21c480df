"""The quiz in a terminal: questions are put one by one, and answers read; where there is no terminal, line by line."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from grader.quiz.asking import definitions_of, items_of, options_of, terms_of
from grader.quiz.lettering import lettered, paired, picked
from grader.quiz.marking import MarkCode, mark, solution
from grader.quiz.marks import Answer, Mark
from grader.quiz.quantities import UnreadableError
from grader.quiz.questions import (
    Choice,
    Code,
    Drawing,
    Matching,
    Number,
    Ordering,
    Output,
    Question,
    Shape,
    ShortAnswer,
)
from grader.quiz.selections import Said
from grader.quiz.summary import finding_lines, markdown_lines, style_of
from grader.showing import one_line, points_text
from grader.terminal import console

with contextlib.suppress(ImportError):  # Windows has none
    import readline  # noqa: F401  what is typed can be edited then

HINT = "?"
END = "."  # ends a text of several lines, as an empty line does, but one that may have empty lines itself
OWN_MARKS = {"y": 1.0, "h": 0.5, "n": 0.0}
LONG = (ShortAnswer, Code, Output)


@dataclass(frozen=True)
class Terminal:
    """Where questions are shown and answers read. is_interactive: whether somebody sits there, and may try again."""

    out: Console = field(default_factory=console)
    is_interactive: bool = field(default_factory=lambda: sys.stdin.isatty() and sys.stdout.isatty())

    def line(self) -> str:
        """One line that was typed, or that the input has. Raises EOFError at its end."""
        if self.is_interactive:
            return input("> ")
        text = sys.stdin.readline()
        if not text:
            raise EOFError
        self.out.print(Text(f"> {one_line(text)}".rstrip()))
        return text.rstrip("\r\n")

    def text(self, has_gaps: bool) -> str:
        """Several lines, to an empty one, or to one that holds END alone if empty lines may be among them."""
        lines: list[str] = []
        while True:
            try:
                line = self.line()
            except EOFError:
                if not lines:
                    raise
                break
            if line.strip() == END or (not line.strip() and (not has_gaps or not lines)):
                break
            lines.append(line)
            if lines == [HINT]:
                break
        return "\n".join(lines)


@dataclass(frozen=True)
class Given:
    """An answer that was given, and its mark. said: as it is kept. is_own_mark: whether whoever answered marked it."""

    answer: Answer
    mark: Mark
    is_own_mark: bool = False


def put(question: Question, seed: int, place: str, terminal: Terminal) -> None:
    """Shows a question. place: which of how many it is."""
    out = terminal.out
    out.print()
    out.print(Text.assemble((place, "bold"), "  ", (f"{question.topic}, {question.name}", "dim")))
    out.print()
    out.print(markdown_lines(question.prompt, out))
    out.print()
    body = Group(*body_of(question, seed, out))
    if body.renderables:
        out.print(body)
        out.print()
    out.print(Text(how_to_answer(question), style="dim"))


def body_of(question: Question, seed: int, out: Console) -> Iterator[RenderableType]:
    """What stands below a question's text."""
    match question:
        case Choice():
            yield listed(lettered(options_of(question, seed)))
        case Ordering():
            yield listed(lettered(items_of(question, seed)))
        case Matching():
            yield listed([(str(place), term) for place, term in enumerate(terms_of(question), 1)])
            yield Text()
            yield listed(lettered(definitions_of(question, seed)))
        case Output(code=code) | Code(template=code):
            is_plain = not out.is_terminal or out.no_color
            shown = Text(code) if is_plain else Syntax(code, "python", background_color="default", word_wrap=True)
            yield Padding(shown, (0, 0, 0, 2), expand=False)


def listed(texts: list[tuple[str, str]]) -> Table:
    """Texts behind their letters or numbers."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, justify="right", min_width=4)
    table.add_column(overflow="fold")
    for name, text in texts:
        table.add_row(Text(f"{name})", style="bold"), Text(text))
    return table


def how_to_answer(question: Question) -> str:
    """What to type."""
    otherwise = f"{HINT} for a hint, Enter alone if you don't know."
    match question:
        case Choice():
            return f"{'All letters that are right' if question.is_multiple else 'One letter'}; {otherwise}"
        case Ordering(items=items):
            letters = " ".join(name for name, _ in lettered(items))
            return f"The letters in the right order, such as {letters}; {otherwise}"
        case Matching():
            return f"For each number a letter, such as 1b 2a; {otherwise}"
        case Number(unit=unit):
            return f"A number{f' in {unit}' if unit else ''}; {otherwise}"
        case Shape():
            return f"A shape, such as (3, 1); {otherwise}"
        case Output() if has_gaps(question):
            return f"What it prints, to a line with {END} alone; {otherwise}"
        case Output():
            return f"What it prints, to an empty line; {otherwise}"
        case Code():
            return f"The code for the gap, to an empty line; {otherwise}"
        case Drawing():
            return "Enter when you have done it, or to go on."
    return f"Your answer, to an empty line; {otherwise}"


def has_gaps(question: Question) -> bool:
    """Whether an answer may have empty lines in it."""
    return isinstance(question, Output) and any(not line.strip() for line in question.answer.splitlines())


def typed(question: Question, terminal: Terminal) -> str:
    """What is typed as an answer; hints are given as often as they are asked for. Raises EOFError at the end."""
    while True:
        text = terminal.text(has_gaps(question)) if isinstance(question, LONG) else terminal.line()
        if text.strip() != HINT:
            return text
        terminal.out.print(Text(hint(question), style="yellow"))


def meant(question: Question, seed: int, text: str) -> Said:
    """What a text says to a question as it was put. Raises UnreadableError for what isn't offered."""
    if isinstance(question, Drawing):
        return "drawn in a notebook"  # or not: nobody can tell here
    if not text.strip():
        return ""
    match question:
        case Choice():
            return picked(text, options_of(question, seed))
        case Ordering():
            return picked(text, items_of(question, seed))
        case Matching():
            return paired(text, terms_of(question), definitions_of(question, seed))
    return text


def hint(question: Question) -> str:
    """Where the answer can be found; of a choice, one option that it isn't."""
    where = f'See the book, under "{question.section}".'
    if isinstance(question, Choice) and len(question.wrong) > 1:
        option, why = next(iter(question.wrong.items()))
        return f"{where} And it is not {option!r}: {why}"
    return where


def answered(
    question: Question, seed: int, terminal: Terminal, mark_code: MarkCode | None = None
) -> tuple[Answer, Mark | None]:
    """An answer and its mark. One that can't be read is asked for again; where nobody is there, it has no mark.

    Raises EOFError at the input's end.
    """
    while True:
        text = typed(question, terminal)
        try:
            answer = Answer(question.name, meant(question, seed, text))
            return answer, mark(question, answer, mark_code)
        except UnreadableError as error:
            terminal.out.print(Text(one_line(str(error)), style="yellow"))
            if not terminal.is_interactive:
                return Answer(question.name, text), None


def practised(question: Question, seed: int, place: str, terminal: Terminal, mark_code: MarkCode) -> Given | None:
    """Puts a question, reads the answer and tells at once what it is worth. None if that can't be said."""
    put(question, seed, place, terminal)
    answer, found = answered(question, seed, terminal, mark_code)
    if found is None:
        return None
    tell(question, answer.said, found, terminal)
    is_open = found.needs_review or (isinstance(question, ShortAnswer) and len(found.findings) > 0)
    is_given = bool(answer.said) or isinstance(question, Drawing)
    own = own_share(found, terminal) if is_open and is_given and is_short_of_all(found) else None
    if own is not None:
        return Given(answer, Mark(question.name, own * found.possible, found.possible), is_own_mark=True)
    return None if found.needs_review else Given(answer, found)


def tell(question: Question, said: Said, found: Mark, terminal: Terminal) -> None:
    """An answer's mark, what is right, and why."""
    out = terminal.out
    out.print()
    out.print(Text(verdict(found), style=f"bold {style_of(found)}"))
    if is_short_of_all(found):
        out.print(finding_lines(found.findings, said))
        if not isinstance(question, Drawing):
            out.print()
            out.print(Text("The answer:", style="bold"))
            out.print(Padding(markdown_or_code(question, out), (0, 0, 0, 2), expand=False))
    out.print()
    out.print(markdown_lines(question.explanation, out))


def markdown_or_code(question: Question, out: Console) -> RenderableType:
    """The right answer; code and output as they are."""
    text = solution(question)
    return markdown_lines(text, out) if isinstance(question, ShortAnswer) else Text(text)


def is_short_of_all(found: Mark) -> bool:
    """Whether an answer is not known to be fully right."""
    return found.needs_review or found.points < found.possible


def verdict(found: Mark) -> str:
    """What an answer is worth, in a word or two."""
    if found.needs_review:
        return "This can't be marked for certain: judge it yourself."
    if found.points >= found.possible:
        return "Right."
    if found.points <= 0:
        return "Not right."
    return f"Right in part: {points_text(found.points)} of {points_text(found.possible)}."


def own_share(found: Mark, terminal: Terminal) -> float | None:
    """How right whoever answered thinks it was, as a share; None if they leave it at that, or nobody is there."""
    if not terminal.is_interactive:
        return None
    left = "not to count it" if found.needs_review else "to leave it at that"
    terminal.out.print()
    terminal.out.print(Text(f"Was it right? y for yes, h for half, n for no; Enter {left}.", style="dim"))
    while True:
        try:
            text = terminal.line().strip().casefold()
        except EOFError:
            return None
        if not text or text[0] in OWN_MARKS:
            return OWN_MARKS[text[0]] if text else None
        terminal.out.print(Text("Type y, h, n, or Enter alone.", style="yellow"))
