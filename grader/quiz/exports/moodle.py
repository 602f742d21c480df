"""Moodle XML. Sources: docs.moodle.org, "Moodle XML format"; Moodle's own reader and writer, question/format/xml.

The ordering question is of Moodle 4.4 and later (before, it was a plugin); its elements are those that
question/type/ordering reads.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

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
)
from grader.quiz.exports.texts import decimal, document, html_of, inline_html_of, plain_of

# The parts of the points that Moodle knows, in percent; an import refuses others, or takes the nearest
# (question_bank::fraction_options in question/engine/bank.php).
GRADES = (
    *("100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20"),
    *("16.66667", "14.28571", "12.5", "11.11111", "10", "5"),
)
TYPES: dict[type[Task], str] = {
    Options: "multichoice",
    Pairs: "matching",
    Value: "numerical",
    Line: "shortanswer",
    Steps: "ordering",
    Essay: "essay",
    Work: "essay",
}
NOT_IN_TAGS = re.compile("[<>`]")  # PARAM_TAG takes them out


def moodle(quiz: Quiz) -> Export:
    """The questions as a Moodle XML file, in categories by topic."""
    root, topic = Element("quiz"), None
    for item in grouped_by_topic(quiz.items):
        if item.topic != topic:
            topic = item.topic
            category = SubElement(SubElement(root, "question", type="category"), "category")
            SubElement(category, "text").text = category_of(quiz.title, topic)
        root.append(question(item))
    return Export(document(root), notes_on(quiz.items, remark))


def remark(item: Item) -> str:
    """What a reader should know of how an item was changed."""
    match item.task:
        case Essay():
            return "Asked as an essay for a person to mark, with the rubric as information for graders"
        case Work():
            return "Asked as a file to hand in, for a person to mark"
        case Steps():
            return "Asked as an ordering question, which needs Moodle 4.4 or later"
    return ""


def question(item: Item) -> Element:
    """One question."""
    made = Element("question", type=TYPES[type(item.task)])
    with_text(made, "name", item.name)
    with_html(made, "questiontext", html_of(item.prompt))
    with_html(made, "generalfeedback", html_of(item.explanation))
    simple(made, defaultgrade=decimal(item.points), penalty="0.3333333", hidden="0", idnumber=item.name)
    fill(made, item.task)
    tags = SubElement(made, "tags")
    for tag in tags_of(item):
        with_text(tags, "tag", tag)
    return made


def fill(made: Element, task: Task) -> None:
    """Adds to a question what its type has of its own."""
    match task:
        case Options():
            simple(made, single="false" if task.is_multiple else "true", shuffleanswers="true", answernumbering="abc")
            for option, share in zip(task.options, shares(task), strict=True):
                answer = with_html(made, "answer", inline_html_of(option.text), fraction=share)
                with_html(answer, "feedback", html_of(option.feedback))
        case Pairs(pairs):
            simple(made, shuffleanswers="true")
            for term, definition in pairs:
                with_text(with_html(made, "subquestion", inline_html_of(term)), "answer", plain_of(definition))
        case Value(number, tolerance):
            simple(with_text(made, "answer", decimal(number), fraction="100"), tolerance=decimal(tolerance))
        case Line(accepted):
            simple(made, usecase="1")
            for text in accepted:
                with_text(made, "answer", text.replace("*", "\\*"), fraction="100")  # a star stands for anything
        case Steps(steps):
            simple(made, layouttype="VERTICAL", selecttype="ALL", selectcount=str(len(steps)))
            simple(made, gradingtype="ABSOLUTE_POSITION", showgrading="SHOW", numberingstyle="none")
            for place, step in enumerate(steps, 1):
                with_html(made, "answer", inline_html_of(step), fraction=str(place))
        case Essay(guide, is_code):
            simple(made, responseformat="monospaced" if is_code else "editor", responserequired="1")
            simple(made, responsefieldlines="10", attachments="0", attachmentsrequired="0")
            with_html(made, "graderinfo", html_of(guide))
        case Work():
            simple(made, responseformat="noinline", responserequired="0", responsefieldlines="10")
            simple(made, attachments="1", attachmentsrequired="1")


def shares(task: Options) -> list[str]:
    """What each option is worth, in percent. Of several right ones each is worth a part, and each wrong one takes as
    much away as leaves nothing to who chooses all."""
    if not task.is_multiple:
        return ["100" if option.is_right else "0" for option in task.options]
    gained, lost = share(len(task.right)), share(len(task.wrong))
    return [gained if option.is_right else f"-{lost}" for option in task.options]


def share(count: int) -> str:
    """The grade of Moodle's that is nearest to one of `count` equal parts."""
    return min(GRADES, key=lambda grade: abs(float(grade) - 100 / count))


def category_of(title: str, topic: str) -> str:
    """A topic's category, in the course's own; a slash in a name is doubled."""
    return "/".join(("$course$/top", *(name.replace("/", "//").strip() for name in (title, topic))))


def tags_of(item: Item) -> Iterator[str]:
    """By what a question can be found."""
    for tag in (item.topic, item.section, f"difficulty {item.difficulty}"):
        yield NOT_IN_TAGS.sub("", tag)


def with_html(parent: Element, tag: str, html: str, **attributes: str) -> Element:
    """A new element with a text of HTML in it."""
    return with_text(parent, tag, html, **attributes, format="html")


def with_text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    """A new element with a text in it."""
    made = SubElement(parent, tag, attributes)
    SubElement(made, "text").text = text
    return made


def simple(parent: Element, **contents: str) -> None:
    """New elements that hold their content themselves."""
    for tag, content in contents.items():
        SubElement(parent, tag).text = content
