"""JSON for JupyterQuiz, which asks in a notebook or a Jupyter Book.

Source: the README and the scripts of jupyterquiz 2.9 (github.com/jmshea/jupyterquiz), which put all texts but the
answers to type in as HTML.
"""

import json
from decimal import Decimal
from string import ascii_uppercase

from grader.exports.texts import Export
from grader.quiz.exports.items import Essay, Item, Line, Options, Pairs, Quiz, Steps, Value, Work, notes_on
from grader.quiz.exports.texts import decimal, html_of, inline_html_of

RIGHT, NOT_YET = "Right.", "Not yet. Try again."
Asked = dict[str, object]


def jupyterquiz(quiz: Quiz) -> Export:
    """The questions as a JSON file that `display_quiz` takes."""
    asked = [question for item in quiz.items for question in questions(item)]
    # ASCII, since it is read in whatever encoding the system has; no <, since it ends up in an HTML script.
    content = json.dumps(asked, indent=2).replace("<", "\\u003c")
    return Export(content.encode() + b"\n", notes_on(quiz.items, remark))


def remark(item: Item) -> str:
    """What a reader should know of how an item was changed, or why it was left out."""
    match item.task:
        case Essay(is_code=True):
            return "Left out, since JupyterQuiz can't mark code or an output of several lines"
        case Essay():
            return "Left out, since JupyterQuiz can't mark texts"
        case Work():
            return "Left out, since it is done in a notebook, as an exercise"
        case Pairs():
            return "Asked as a multiple choice for each term, since JupyterQuiz has no matching"
        case Steps(steps) if len(steps) > len(ascii_uppercase):
            return f"Left out, since there are more than {len(ascii_uppercase)} items to name by letters"
        case Steps():
            return "Asked for the letters of the items in order, since JupyterQuiz has no ordering"
    return ""


def questions(item: Item) -> list[Asked]:
    """A question, or several for a matching, or none for what can't be asked."""
    prompt, after = html_of(item.prompt), html_of(item.explanation)
    match item.task:
        case Options():
            kind = "many_choice" if item.task.is_multiple else "multiple_choice"
            options = [
                choice(inline_html_of(option.text), html_of(option.feedback) or after, is_right=option.is_right)
                for option in item.task.options
            ]
            return [asked(prompt, kind, options)]
        case Pairs(pairs, shown):
            return [
                asked(
                    f"{prompt}<p>{inline_html_of(term)}</p>",
                    "multiple_choice",
                    [
                        choice(inline_html_of(text), after if text == right else NOT_YET, is_right=text == right)
                        for text in shown
                    ],
                )
                for term, right in pairs
            ]
        case Value(answer, tolerance):
            return [asked(prompt, "numeric", values(answer, tolerance, after))]
        case Line(accepted):
            return [asked(prompt, "string", lines(accepted, after))]
        case Steps(steps, shown) if len(steps) <= len(ascii_uppercase):
            named = dict(zip(shown, ascii_uppercase, strict=False))
            listed = "".join(f"<li>{letter}. {inline_html_of(step)}</li>" for step, letter in named.items())
            such = "".join(named.values())  # as they are shown, which is never the right order
            order = [named[step] for step in steps]
            prompt = f"{prompt}<ul>{listed}</ul><p>Give the letters in the right order, such as {such}.</p>"
            return [asked(prompt, "string", lines(("".join(order), " ".join(order), ", ".join(order)), after))]
    return []


def asked(prompt: str, kind: str, answers: list[Asked]) -> Asked:
    """A question as JupyterQuiz declares it."""
    return {"question": unmistakable(prompt), "type": kind, "answers": answers}


def choice(text: str, after: str, *, is_right: bool) -> Asked:
    """An option, with what is said to who chooses it."""
    return {"answer": unmistakable(text), "correct": is_right, "feedback": unmistakable(after)}


def values(answer: float, tolerance: float, after: str) -> list[Asked]:
    """The number itself and, since a range does not hold its end, the range around it and its end."""
    middle, around = Decimal(decimal(answer)), Decimal(decimal(tolerance))
    right: Asked = {"correct": True, "feedback": unmistakable(after) or RIGHT}
    found: list[Asked] = [
        {"type": "value", "value": number, **right} for number in dict.fromkeys((answer, float(middle + around)))
    ]
    if around:
        found.append({"type": "range", "range": [float(middle - around), float(middle + around)], **right})
    return [*found, {"type": "default", "feedback": NOT_YET}]


def lines(accepted: tuple[str, ...], after: str) -> list[Asked]:
    """The lines that are right, letter by letter."""
    right: Asked = {"correct": True, "match_case": True, "feedback": unmistakable(after) or RIGHT}
    return [*({"answer": text, **right} for text in accepted), {"type": "default", "feedback": NOT_YET}]


def unmistakable(html: str) -> str:
    """HTML in which JupyterQuiz finds neither formulas ($) nor its own links ([text](address))."""
    return html.replace("$", "&#36;").replace("[", "&#91;")
