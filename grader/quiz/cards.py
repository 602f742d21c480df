"""Questions and marks as a notebook shows them: HTML, and the same as plain text where there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from grader.markup import code_html, markdown_html, ticks_html
from grader.quiz.lettering import letter, lettered
from grader.quiz.marking import solution
from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG, Finding, Mark
from grader.quiz.page import Asked
from grader.quiz.questions import Question
from grader.showing import points_text

SYMBOLS = {MET: "✓", NOT_MET: "○", WRONG: "✗", UNSURE: "?"}
# Notebooks keep no style sheets of what they show; these fit a light and a dark page.
CARD = Markup('<div style="border: 1px solid #8886; border-radius: 8px; padding: .75em 1em; max-width: 46em">{}</div>')
QUIET = Markup('<div style="opacity: .75; font-size: .9em">{}</div>')


@dataclass(frozen=True)
class Shown:
    """Something that a notebook shows: as HTML, as plain text, or as a widget where there is one."""

    plain: str
    html: Markup
    widget: Any = None

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """What a front end chooses from: it takes the richest that it can show."""
        bundle = {} if self.widget is None else dict(self.widget._repr_mimebundle_())
        return bundle | {"text/plain": self.plain, "text/html": str(self.html)}


def said_only(words: str) -> Shown:
    """A message."""
    return Shown(words, ticks_html(words))


def stacked(shown: Sequence[Shown]) -> Shown:
    """Several things, one below the other."""
    return Shown("\n\n".join(one.plain for one in shown), Markup("").join(one.html for one in shown))


def question_card(asked: Asked, place: str) -> Shown:
    """A question. place: which of how many it is."""
    head = f"{place}: {asked.topic}, difficulty {asked.difficulty} of 3"
    names, terms = lettered(asked.texts), [f"{number}. {term}" for number, term in enumerate(asked.terms, 1)]
    offered = "\n".join((*terms, *(f"{name}) {text}" for name, text in names)))
    plain = [head, asked.prompt, indented(asked.code), indented(offered), how_to(asked)]
    html = [
        QUIET.format(head),
        markdown_html(asked.prompt),
        Markup("<pre>{}</pre>").format(code_html(asked.code)) if asked.code else "",
        lines(ticks_html(term) for term in terms),
        lines(Markup("<b>{})</b> {}").format(name, ticks_html(text)) for name, text in names),
        QUIET.format(ticks_html(how_to(asked))),
    ]
    return Shown("\n\n".join(filter(None, plain)), CARD.format(Markup("").join(html)))


def how_to(asked: Asked) -> str:
    """How to answer by a call."""
    letters = [letter(place) for place in range(len(asked.texts))]
    example = {
        "choice": repr(letters[0]) if letters else "",
        "choices": ", ".join(map(repr, letters[:2])),
        "matching": repr(" ".join(f"{number}{one}" for number, one in enumerate(letters[::-1], 1))),
        "ordering": repr(" ".join(letters)),
        "number": f"0.25{f' in {asked.unit}' if asked.unit else ''}",
        "shape": "(3, 28, 28)",
    }.get(asked.kind, '"..."')
    what = {"choices": "all that are right", "ordering": "the letters in the right order"}.get(asked.kind, "")
    return f"Answer with `grader.quiz.answer({example})`{f': {what}' if what else ''}."


def mark_card(question: Question, mark: Mark) -> Shown:
    """What an answer is worth, why, and what is right."""
    verdict, findings = verdict_of(mark), [one for one in mark.findings if one.explanation or one.state != MET]
    is_short = mark.points < mark.possible
    right = solution(question) if is_short else ""
    where = f"In the book: “{question.section}”"
    plain = [
        verdict,
        "\n".join(map(finding_line, findings)),
        f"Right:\n{indented(right)}" if right else "",
        question.explanation,
        where,
    ]
    html = [
        Markup("<p><b>{}</b></p>").format(verdict),
        lines(map(finding_html, findings)),
        Markup('<p><b>Right:</b></p><div style="white-space: pre-line">{}</div>').format(ticks_html(right))
        if right
        else "",
        markdown_html(question.explanation),
        QUIET.format(where),
    ]
    return Shown("\n\n".join(filter(None, plain)), CARD.format(Markup("").join(html)))


def verdict_of(mark: Mark) -> str:
    """What an answer is worth, in a word or two."""
    if mark.needs_review:
        return "? This needs a person's judgement."
    if mark.points >= mark.possible:
        return "✓ Right"
    if mark.points <= 0:
        return "✗ Not right"
    return f"◐ Partly right: {points_text(mark.points)} of {points_text(mark.possible)}"


def finding_line(finding: Finding) -> str:
    """Something that was found, in a line."""
    return f"  {SYMBOLS[finding.state]} {finding.about}{': ' if finding.explanation else ''}{finding.explanation}"


def finding_html(finding: Finding) -> Markup:
    """The same as HTML."""
    about, why = ticks_html(finding.about), ticks_html(finding.explanation)
    return Markup("{} <b>{}</b> {}").format(SYMBOLS[finding.state], about, why)


def lines(items: Iterable[Markup]) -> Markup:
    """Items, each in a line of its own."""
    return Markup("").join(Markup("<div>{}</div>").format(item) for item in items)


def indented(text: str) -> str:
    """A text of several lines, moved in."""
    return "\n".join(f"    {line}" for line in text.splitlines())
