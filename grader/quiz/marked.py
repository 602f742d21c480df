"""A file of answers, marked: the mark of each, what needs a person, and what is no answer to any question."""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from grader import __version__
from grader.errors import UserError
from grader.quiz.answers_file import AnswersFile
from grader.quiz.bank import Bank
from grader.quiz.marking import MarkCode, MarkShort, mark, solution, unreadable
from grader.quiz.marks import Answer, Finding, Mark
from grader.quiz.quantities import UnreadableError, quoted
from grader.quiz.questions import Question
from grader.quiz.selections import Said
from grader.showing import counted
from grader.telling import Tell, quietly

ALIKE = 0.9  # how alike a heading and a question's text are that are the same but for a word or a misspelling


class MarkedAnswer(msgspec.Struct, frozen=True):
    """An answer with its mark, and what is needed to read it: the question's kind ("Choice"), its text and its answer.

    The texts are Markdown.
    """

    mark: Mark
    said: Said
    kind: str
    topic: str
    section: str
    prompt: str
    solution: str
    explanation: str


class Marked(msgspec.Struct, frozen=True):
    """A file of answers, marked.

    points: without what needs a person. waiting: what all that needs a person may add at most. problems: sentences on
    what was not marked at all. notes: what else a reader should know. marked: when, in ISO 8601.
    """

    file: str
    course: str
    grader_version: str
    marked: str
    points: float
    possible: float
    waiting: float
    answers: tuple[MarkedAnswer, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def to_review(self) -> tuple[MarkedAnswer, ...]:
        """The answers that need a person."""
        return tuple(answer for answer in self.answers if answer.mark.needs_review)

    @property
    def is_all_right(self) -> bool:
        """Whether every answer was marked, and is fully right."""
        return not self.problems and not self.to_review and self.points >= self.possible


def mark_all(
    found: AnswersFile,
    file: str,
    course: str,
    bank: Bank,
    mark_code: MarkCode | None,
    mark_short: MarkShort | None = None,
    tell: Tell = quietly,
) -> Marked:
    """Marks the answers of a file. Of two answers to the same question the later one counts.

    course: the title of the course that the bank belongs to. mark_code, mark_short: as in `marking.mark`. tell: called
    with how many answers are marked.
    """
    latest: dict[str, tuple[Question, Answer]] = {}
    problems, notes = [], []
    if found.course and found.course != course:
        notes.append(f"These answers were given to another course, {found.course!r}; they are marked by {course!r}.")
    for place, answer in enumerate(found.answers):
        try:
            question = meant(bank, answer.question)
        except UserError as error:
            if not is_title(found, place):
                problems.append(str(error))
            continue
        if question.name in latest:
            notes.append(f"{question.name} is answered more than once: the last answer counts.")
            del latest[question.name]
        latest[question.name] = (question, answer)
    if found.is_starter:
        unanswered = [name for name, (question, answer) in latest.items() if is_empty(question, answer)]
        for name in unanswered:
            del latest[name]
        if unanswered:
            what = counted(len(unanswered), "question")
            notes.append(f"{what} not answered yet, which is not held against you: {', '.join(unanswered)}.")
    answers = []
    for done, (question, answer) in enumerate(latest.values()):
        tell("answers", done, len(latest))
        answers.append(marked_answer(question, answer, mark_code, mark_short))
    tell("answers", len(latest), len(latest))
    marks = [answer.mark for answer in answers]
    return Marked(
        file=file,
        course=course,
        grader_version=__version__,
        marked=datetime.now(UTC).isoformat(timespec="seconds"),
        points=sum(one.points for one in marks if not one.needs_review),
        possible=sum(one.possible for one in marks),
        waiting=sum(one.possible for one in marks if one.needs_review),
        answers=tuple(answers),
        problems=tuple(problems),
        notes=tuple(dict.fromkeys(notes)),
    )


def marked_answer(
    question: Question, answer: Answer, mark_code: MarkCode | None, mark_short: MarkShort | None
) -> MarkedAnswer:
    """One answer, marked; one that can't be read needs a person."""
    said = own_words(question, answer)
    try:
        found = mark(question, Answer(question.name, said), mark_code, mark_short)
    except UnreadableError as error:
        found = unreadable(question, error)
    return MarkedAnswer(
        mark=found,
        said=said,
        kind=type(question).__name__,
        topic=question.topic,
        section=question.section,
        prompt=question.prompt,
        solution=solution(question),
        explanation=question.explanation,
    )


def is_empty(question: Question, answer: Answer) -> bool:
    """Whether nothing was said."""
    said = own_words(question, answer)
    return not (said.strip() if isinstance(said, str) else said)


def own_words(question: Question, answer: Answer) -> Said:
    """What was said, without the question."""
    return without_prompt(answer.said, question.prompt) if isinstance(answer.said, str) else answer.said


def with_note(marked: Marked, note: str) -> Marked:
    """The same with one more note, unless it is empty."""
    return msgspec.structs.replace(marked, notes=(*marked.notes, note)) if note else marked


def marked_json(marked: Marked) -> bytes:
    """The marks as JSON."""
    return msgspec.json.format(msgspec.json.encode(marked), indent=2) + b"\n"


def said_text(said: Said) -> str:
    """An answer as one text, with a line for each of its parts."""
    if isinstance(said, str):
        return said
    return "\n".join(f"{term}: {said[term]}" for term in said) if isinstance(said, Mapping) else "\n".join(said)


def quote(said: Said, finding: Finding) -> str:
    """The part of an answer in which something was found; empty if it was in no part."""
    if finding.place is None or not isinstance(said, str):
        return ""
    return " ".join(said[slice(*finding.place)].split())


def meant(bank: Bank, heading: str) -> Question:
    """The question of this name, or with this text. Raises UserError, with the nearest name, if there is none."""
    name = heading.strip("`* ")
    try:
        return bank.find(name)
    except UserError as error:
        called = {bare(text): question for text, question in wordings(bank)}
        near = difflib.get_close_matches(bare(heading), called, 1)
        if near and difflib.SequenceMatcher(None, bare(heading), near[0]).ratio() >= ALIKE:
            return called[near[0]]
        if " " not in name:
            raise UserError(f"{error} It is not marked.") from None
        advice = f" Do you mean {called[near[0]].name}?" if near else ""
        raise UserError(f"{quoted(heading)}: no such question.{advice} It is not marked.") from None


def wordings(bank: Bank) -> Iterator[tuple[str, Question]]:
    """What a heading may call a question: its name in words, its text, and last, what counts most: as others ask it."""
    for question in bank.questions:
        yield question.name.replace("-", " "), question
        yield question.prompt, question
    yield from ((question.also_asked, question) for question in bank.questions if question.also_asked)


def is_title(found: AnswersFile, place: int) -> bool:
    """Whether a heading that is no question is one over others: nothing stands between it and the next."""
    said = found.answers[place].said
    return isinstance(said, str) and not said.strip() and place + 1 < len(found.answers)


def bare(text: str) -> str:
    """A text in its letters, digits and single spaces, without the number of a list."""
    return " ".join(re.sub(r"[^\w\s]|_", "", re.sub(r"^\s*\d+[.)]", "", text)).casefold().split())


def without_prompt(said: str, prompt: str) -> str:
    """An answer without the question, where that stands above it."""
    lines = said.splitlines()
    for end in range(1, min(len(lines), len(prompt.splitlines()) + 2) + 1):
        if bare("\n".join(lines[:end])) == bare(prompt):
            return "\n".join(lines[end:]).strip("\n")
    return said
