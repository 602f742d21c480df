"""The quiz as widgets: what they show, and what comes of a click. They work without a front end that draws them."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from grader.markup import MARKDOWN_TAGS
from grader.quiz.marking import mark
from grader.quiz.questions import Choice, KeyPoint, Matching, Ordering
from grader.quiz.sitting import Sitting
from tests.grader.quiz.banks import QUESTIONS
from tests.grader.quiz.test_page import DRAWING
from tests.grader.test_report import ATTACK, MARKDOWN_ATTACK

widgets = pytest.importorskip("ipywidgets")

BY_NAME = {question.name: question for question in QUESTIONS}
LONG = Ordering(
    **{k: getattr(BY_NAME["steps"], k) for k in ("prompt", "topic", "difficulty", "explanation", "section")},
    name="long",
    items=("a", "b", "c", "d"),
)


class Elements(HTMLParser):
    """The elements of a document, with their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


class Asked:
    """A sitting of these questions as widgets, and what it keeps."""

    def __init__(self, *questions):
        from grader.quiz.widget import widget_of

        self.kept = []
        self.sitting = Sitting(questions, 1, mark, lambda answer, found: self.kept.append((answer.said, found.points)))
        self.box = widget_of(self.sitting)

    def all(self, kind):
        """All widgets of a kind, from top to bottom."""

        def walk(part):
            yield part
            for child in getattr(part, "children", ()):
                yield from walk(child)

        return [part for part in walk(self.box) if isinstance(part, kind)]

    def click(self, name):
        """Clicks the button that is called so."""
        next(button for button in self.all(widgets.Button) if name in (button.description, button.tooltip)).click()

    @property
    def text(self):
        """All that is shown as HTML."""
        return "\n".join(part.value for part in self.all(widgets.HTML))


def answer(asked, question):
    """Gives the right answer."""
    match question:
        case Choice(right=right) if question.is_multiple:
            for box in asked.all(widgets.Checkbox):
                box.value = box.description in right
        case Choice(right=right):
            asked.all(widgets.RadioButtons)[0].value = right[0]
        case Matching(pairs=pairs):
            for choice, definition in zip(asked.all(widgets.Dropdown), pairs.values(), strict=True):
                choice.value = definition
        case Ordering(items=items):
            for item in items[::-1]:
                for _ in items:
                    asked.click(f"Move up: {item}")
        case _:
            right = {"half": "1/2", "shape": "3x1", "output": "1", "code": "+", "why": "It is two."}[question.name]
            asked.all((widgets.Text, widgets.Textarea))[0].value = right


@pytest.mark.parametrize("question", [BY_NAME[name] for name in ("half", "plus", "even", "words", "shape", "output")])
def test_a_right_answer_is_marked_explained_and_kept(question):
    asked = Asked(question)
    answer(asked, question)
    asked.click("Check")

    assert [points for _, points in asked.kept] == [1]
    assert "✓ Right" in asked.text
    assert question.explanation in asked.text
    assert all(
        part.disabled for part in asked.all((widgets.Text, widgets.Dropdown, widgets.RadioButtons, widgets.Checkbox))
    )


def test_items_are_moved_by_their_buttons_and_no_further_than_the_ends():
    asked = Asked(LONG)
    answer(asked, LONG)
    asked.click("Move up: a")
    asked.click("Move down: d")
    asked.click("Check")

    assert asked.kept == [(("a", "b", "c", "d"), 1)]


def test_code_and_sentences_go_to_what_marks_them():
    asked = Asked(BY_NAME["code"], BY_NAME["why"])
    for name in ("code", "why"):
        answer(asked, BY_NAME[name])
        asked.click("Check")
        asked.click("Next")

    assert [said for said, _ in asked.kept] == ["+", "It is two."]


def test_a_wrong_answer_says_why_and_the_next_question_follows():
    asked = Asked(BY_NAME["plus"], BY_NAME["half"])
    asked.all(widgets.RadioButtons)[0].value = "It joins."
    asked.click("Check")
    told, buttons = asked.text, [button.description for button in asked.all(widgets.Button)]
    asked.click("Next")
    following = asked.text
    asked.click("Skip")

    assert "✗ Not right" in told
    assert "Not here." in told
    assert "It adds." in told
    assert buttons == ["Next"]
    assert "The question <code>half</code>?" in following
    assert asked.text.endswith("You have answered 1 of 2 questions: 0 of 1 point.")


@pytest.mark.parametrize(("said", "words"), [("", "Answer first"), ("1,000", "may mean two numbers")])
def test_an_answer_that_cannot_be_read_may_be_given_again(said, words):
    asked = Asked(BY_NAME["half"])
    asked.all(widgets.Text)[0].value = said
    asked.click("Check")
    told = asked.text
    asked.all(widgets.Text)[0].value = "0.5"
    asked.click("Check")

    assert words in told
    assert asked.kept == [("0.5", 1)]


def test_a_question_that_was_answered_by_a_call_meanwhile_is_not_answered_twice():
    asked = Asked(BY_NAME["half"], BY_NAME["plus"])
    asked.sitting.answer("0.5")
    asked.all(widgets.Text)[0].value = "0.7"
    asked.click("Check")

    assert asked.kept == [("0.5", 1)]
    assert "The question <code>plus</code>?" in asked.text


def test_no_text_of_a_question_becomes_markup():
    texts = {"prompt": MARKDOWN_ATTACK, "topic": ATTACK, "explanation": MARKDOWN_ATTACK, "section": ATTACK}
    hostile = [
        replace(BY_NAME["plus"], right=(ATTACK,), wrong={f"`{ATTACK}`": ATTACK, "b": ATTACK}, **texts),
        replace(BY_NAME["words"], pairs={ATTACK: f"{ATTACK} 1", "b": ATTACK}, **texts),
        replace(BY_NAME["output"], code=ATTACK, answer=ATTACK, **texts),
        replace(BY_NAME["half"], unit=ATTACK, **texts),
        replace(BY_NAME["why"], key_points=(KeyPoint(ATTACK, ("a",)),), model_answer=ATTACK, **texts),
    ]
    asked = Asked(*hostile)
    shown = [asked.text]
    for said in (("b",), {"b": ATTACK}, "x", "7", "x"):
        told = asked.sitting.answer(said)
        shown += [str(told.html), str(asked.sitting.card().html)]
        asked.click("Check")
        shown.append(asked.text)
    elements = Elements()
    elements.feed("\n".join(shown))

    assert {tag for tag, _ in elements.found} <= MARKDOWN_TAGS | {"div", "b"}
    attributes = {(tag, name) for tag, attributes in elements.found for name, _ in attributes}
    assert attributes <= {
        ("div", "style"),
        ("span", "class"),
        ("code", "class"),
        ("h3", "class"),
        ("a", "href"),
        ("a", "rel"),
    }
    links = {value for _, attributes in elements.found for name, value in attributes if name == "href"}
    assert links == {"https://example.org"}


def test_a_drawing_is_not_asked():
    with pytest.raises(TypeError):
        Asked(DRAWING)
