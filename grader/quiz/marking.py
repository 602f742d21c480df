"""Marking: what an answer is worth, and why, for every kind of question.

Nothing is run here: an answer that is code goes to the function that is given for it (grader/quiz/running.py).
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG, Answer, Finding, Mark
from grader.quiz.quantities import UnreadableError, is_near, read_number, read_shape
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
from grader.quiz.selections import Said, chosen, matched, ordered

MarkCode = Callable[[Code, str], Mark]
MarkShort = Callable[[ShortAnswer, str], Mark]


def mark(
    question: Question, answer: Answer, mark_code: MarkCode | None = None, mark_short: MarkShort | None = None
) -> Mark:
    """What an answer to this question is worth, and why.

    mark_code: runs the answer to a Code question, in a room of its own; without it such an answer needs a person.
    mark_short: marks the answer to a ShortAnswer, by default by its words.
    Raises UnreadableError for an answer that can't be marked as it stands, such as a text where a number is meant.
    """
    said = answer.said
    if is_empty(said):
        return unanswered(question)
    match question:
        case Choice():
            return mark_choice(question, chosen(question, said))
        case Ordering():
            return mark_ordering(question, ordered(question, said))
        case Matching():
            return mark_matching(question, matched(question, said))
        case Number():
            return mark_number(question, text_in(said))
        case Shape():
            return mark_shape(question, text_in(said))
        case Output():
            return mark_output(question, text_in(said))
        case ShortAnswer():
            return (mark_short or mark_words)(question, text_in(said))
        case Code():
            code = text_in(said)
            return mark_code(question, code) if mark_code else unsure(question, "Code is marked by running it.")
        case Drawing():
            return unsure(question, drawing_words(question))
    raise TypeError(f"{type(question).__name__}: no kind of question that can be marked")


def text_in(said: Said) -> str:
    """An answer that has to be a text."""
    if not isinstance(said, str):
        raise UnreadableError("The answer has another form than the question asks for: a text is meant.")
    return said


def possible(question: Question) -> float:
    """What a full answer is worth."""
    return question.points if isinstance(question, ShortAnswer) else 1


def solution(question: Question) -> str:
    """The right answer in words, as whoever answered may read it afterwards."""
    match question:
        case Choice(right=right):
            return "\n".join(right)
        case Ordering(items=items):
            return "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))
        case Matching(pairs=pairs):
            return "\n".join(f"{term}: {definition}" for term, definition in pairs.items())
        case ShortAnswer(model_answer=text):
            return text
        case Number(answer=number, unit=unit):
            return f"{number_text(number)} {unit}".strip()
        case Shape(answer=shape):
            return str(shape)
        case Output(answer=text) | Code(answer=text):
            return text
        case Drawing():
            return drawing_words(question)
    raise TypeError(f"{type(question).__name__}: no kind of question that has a solution")


def is_empty(said: Said) -> bool:
    """Whether nothing was said."""
    if isinstance(said, str):
        return not said.strip()
    return not any(text.strip() for text in (said.values() if isinstance(said, Mapping) else said))


def unanswered(question: Question) -> Mark:
    """The mark of a question that was left out."""
    return Mark(question.name, 0, possible(question), (Finding(NOT_MET, "answer", "Not answered."),))


def unsure(question: Question, why: str) -> Mark:
    """The mark of an answer that a person has to look at."""
    findings = (Finding(UNSURE, "answer", why),)
    return Mark(question.name, 0, possible(question), findings, confidence=0, needs_review=True)


def unreadable(question: Question, error: UnreadableError) -> Mark:
    """The mark of an answer that can't be read, where nobody is there to write it in another way."""
    return unsure(question, str(error))


# What is chosen


def mark_choice(question: Choice, options: tuple[str, ...]) -> Mark:
    """The right options that were chosen less the wrong ones, as a share of all that are right, and never below 0.

    Whoever chooses all options gets nothing by that where as many are wrong as right.
    """
    right = [option for option in options if option in question.right]
    wrong = [option for option in options if option in question.wrong]
    findings = [
        *(Finding(MET, option) for option in right),
        *(Finding(WRONG, option, question.wrong[option]) for option in wrong),
        *(Finding(NOT_MET, option, "This is right.") for option in question.right if option not in options),
    ]
    return Mark(question.name, max(0, len(right) - len(wrong)) / len(question.right), 1, tuple(findings))


def mark_ordering(question: Ordering, items: tuple[str, ...]) -> Mark:
    """The share of neighbours in the right order that are neighbours in the answer, too.

    So what is right in itself counts wherever it stands, one item out of place costs what it separates, and a random
    order of n items gets 1/n on average. The longest common subsequence would give that about 2/√n.
    """
    follow = dict(pairwise(items))
    findings = [
        Finding(MET, f"{first} → {second}")
        if follow.get(first) == second
        else Finding(NOT_MET, f"{first} → {second}", f'"{second}" comes right after "{first}".')
        for first, second in pairwise(question.items)
    ]
    share = sum(finding.state == MET for finding in findings) / len(findings)
    return Mark(question.name, share, 1, tuple(findings))


def mark_matching(question: Matching, given: Mapping[str, str]) -> Mark:
    """The share of terms that got their definition."""
    owners = {definition: term for term, definition in question.pairs.items()}
    findings = []
    for term, definition in question.pairs.items():
        if given.get(term) == definition:
            findings.append(Finding(MET, term))
        elif term in given:
            findings.append(Finding(WRONG, term, f"That is {owners[given[term]]}. {term}: {definition}"))
        else:
            findings.append(Finding(NOT_MET, term, definition))
    return Mark(question.name, sum(f.state == MET for f in findings) / len(findings), 1, tuple(findings))


# What is worked out


def mark_number(question: Number, text: str) -> Mark:
    """Right within the tolerance."""
    number = read_number(text, question.unit)
    is_right = is_near(number, question.answer, question.tolerance)
    return all_or_nothing(question, is_right, number_text(number), number_hint(number, question))


def number_hint(number: float, question: Number) -> str:
    """The right number, and what may have gone wrong if that can be seen."""
    right, tolerance = question.answer, question.tolerance
    about = f"within {number_text(tolerance)} of " if tolerance else ""
    words = f"It is {about}{solution(question)}."
    if is_near(-number, right, tolerance):
        return f"{words} Your number has the other sign."
    for factor in (100, 10, 1000):
        if right and any(is_near(one, right, tolerance) for one in (number * factor, number / factor)):
            return f"{words} Yours is {factor} times too {'large' if abs(number) > abs(right) else 'small'}."
    if number and right and is_near(1 / number, right, tolerance):
        return f"{words} Yours is one divided by it."
    return words


def number_text(number: float) -> str:
    """A number as a learner would write it."""
    return f"{number:.10g}"


def mark_shape(question: Shape, text: str) -> Mark:
    """Right if every size is."""
    shape, right = read_shape(text), question.answer
    words = f"It is {right}."
    if len(shape) != len(right):
        words += f" That has {axes(right)}, and yours has {axes(shape)}."
    elif sorted(shape) == sorted(right):
        words += " Your sizes are right, and stand in another order."
    return all_or_nothing(question, shape == right, str(shape), words)


def axes(shape: tuple[int, ...]) -> str:
    """How many axes a shape has."""
    return "no axes" if not shape else "1 axis" if len(shape) == 1 else f"{len(shape)} axes"


def all_or_nothing(question: Question, is_right: bool, about: str, words: str) -> Mark:
    """The mark of an answer that is right or wrong; the words are for one that is wrong."""
    finding = Finding(MET, about) if is_right else Finding(WRONG, about, words)
    return Mark(question.name, 1 if is_right else 0, 1, (finding,))


def mark_output(question: Output, text: str) -> Mark:
    """The share of lines that are right in their places, of those that are printed or predicted, whichever are more.

    Space at the end of a line, and empty lines before and after all, make no difference.
    """
    right, said = printed_lines(question.answer), printed_lines(text)
    findings = []
    for place in range(max(len(right), len(said))):
        about = f"line {place + 1}"
        if place >= len(right):
            findings.append(Finding(WRONG, about, f"Nothing more is printed, and you have {said[place]!r}."))
        elif place >= len(said):
            findings.append(Finding(NOT_MET, about, f"It prints {right[place]!r} as well."))
        elif said[place] == right[place]:
            findings.append(Finding(MET, about))
        else:
            findings.append(Finding(WRONG, about, f"It prints {right[place]!r}, and you have {said[place]!r}."))
    points = sum(finding.state == MET for finding in findings) / len(findings)
    return Mark(question.name, points, 1, tuple(findings))


def printed_lines(text: str) -> list[str]:
    """The lines of what code prints, as they are compared; without the fence that Markdown puts around it."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines[1:-1] if len(lines) > 2 and lines[0].startswith("```") and lines[-1] == "```" else lines


# What is said, and what is drawn


def mark_words(question: ShortAnswer, text: str) -> Mark:
    """The mark of a few sentences, by their words."""
    from grader.quiz.short_answers import mark_short_answer  # which takes time to import

    return mark_short_answer(question, text)


def drawing_words(question: Drawing) -> str:
    """Where something is drawn."""
    return (
        f"This is drawn in a notebook, as the exercise `{question.exercise}`: `grader start DIR` writes it, "
        f"`grader check NOTEBOOK --exercise {question.exercise}` marks it."
    )
