"""GIFT, Moodle's text format. Sources: docs.moodle.org, "GIFT format"; Moodle's own reader, question/format/gift.

All texts are marked as HTML: in Moodle's Markdown a `<` could begin a tag, which in the quiz it never does.
"""

import re

from grader.exports.texts import Export
from grader.quiz.exports.items import (
    Essay,
    Item,
    Line,
    Options,
    Pairs,
    Quiz,
    Steps,
    Task,
    Value,
    Work,
    grouped_by_topic,
    notes_on,
    positions,
)
from grader.quiz.exports.moodle import category_of, shares, tags_of
from grader.quiz.exports.texts import decimal, fenced, html_of, inline_html_of, plain_of

FORMAT = re.compile(r"\[(moodle|html|plain|markdown)\]")
CONTROL = re.compile(r"[\\#=~{}:]")
ARROW = "->"  # parts a term from its definition; in plain text there is no way to escape it


def gift(quiz: Quiz) -> Export:
    """The questions as a GIFT file, in categories by topic."""
    parts, topic = [], None
    for item in grouped_by_topic(quiz.items):
        if item.topic != topic:
            topic = item.topic
            parts.append(f"$CATEGORY: {category_of(quiz.title, topic)}\n")
        parts.append(question(item))
    return Export("\n".join(parts).encode(), notes_on(quiz.items, remark))


def remark(item: Item) -> str:
    """What a reader should know of how an item was changed."""
    match item.task:
        case Steps():
            return "Asked as a matching of items and positions, since GIFT has no ordering"
        case Essay():
            return "Asked as an essay for a person to mark, with the rubric in the feedback, its only place"
        case Work():
            return "Asked as an essay, since GIFT knows no files to hand in"
        case Line(accepted) if ARROW in "".join(accepted):
            return "Asked as an essay, since GIFT takes an answer with -> in it for a matching"
    return ""


def question(item: Item) -> str:
    """One question: a comment with its id and tags, its name, its text, and in braces the answers."""
    task, general = item.task, item.explanation
    if isinstance(task, Line) and ARROW in "".join(task.accepted):
        task = Essay(fenced(task.accepted[0]))
    if isinstance(task, Essay):
        general = f"{general}\n\n{task.guide}"
    tags = "".join(f" [tag:{in_brackets(tag)}]" for tag in tags_of(item))
    return (
        f"// [id:{in_brackets(item.name)}]{tags}\n"
        f"::{escaped(item.name)}::[html]{escaped(html_of(item.prompt))}{{{answers(task)}"
        f"\n\t####{marked(html_of(general))}\n}}\n"
    )


def answers(task: Task) -> str:
    """What stands in the braces before the general feedback."""
    match task:
        case Options():
            lines = [
                f"{sign}{marked(inline_html_of(option.text))}#{marked(html_of(option.feedback))}"
                for option, sign in zip(task.options, signs(task), strict=True)
            ]
        case Steps():
            return answers(positions(task))
        case Pairs(pairs):
            # No arrow of a term's own can end it: in HTML it is written -&gt;.
            lines = [
                f"={marked(inline_html_of(term))} {ARROW} {escaped(plain_of(definition))}" for term, definition in pairs
            ]
        case Value(answer, tolerance):
            return f"#\n\t=%100%{decimal(answer)}:{decimal(tolerance)}#"
        case Line(accepted):
            # A star stands for anything in Moodle's short answers.
            lines = [f"=%100%{marked(text.replace('*', chr(92) + '*'))}#" for text in accepted]
        case Essay() | Work():
            lines = []
    return "".join(f"\n\t{line}" for line in lines)


def signs(task: Options) -> list[str]:
    """What stands before each option: = and ~, or its share of the points.

    A wrong option gets its share in any case: without it, one that begins with a percentage would be taken for it.
    """
    if not task.is_multiple:
        return ["=" if option.is_right else "~%0%" for option in task.options]
    return [f"~%{share}%" for share in shares(task)]


def marked(text: str) -> str:
    """Text of the prompt's format, which is said where the text begins as if with another, and would lose it."""
    return escaped(f"[html]{text}" if FORMAT.match(text) else text)


def escaped(text: str) -> str:
    """Text in one line, with none of its characters taken for GIFT's own."""
    return CONTROL.sub(lambda found: f"\\{found[0]}", text).replace("\n", "\\n")


def in_brackets(text: str) -> str:
    """Text for an id or a tag, which ends with a bracket."""
    return text.replace("]", "\\]")
