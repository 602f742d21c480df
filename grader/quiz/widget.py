"""A sitting as widgets: the question, a field for each kind of it, buttons, and what is told of the answer."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
from markupsafe import Markup

from grader.errors import UserError
from grader.markup import code_html, markdown_html, ticks_html
from grader.quiz.cards import QUIET, lines, said_only
from grader.quiz.lettering import lettered
from grader.quiz.page import Asked
from grader.quiz.selections import Said
from grader.quiz.sitting import Sitting

WIDE = {"width": "46em", "max_width": "100%"}
CHOOSE = "choose …"

# A field: what is shown, and what gives the answer that is in it.
Field = tuple[widgets.Widget, Callable[[], Said]]


def widget_of(sitting: Sitting) -> widgets.VBox:
    """The sitting's questions, one after the other, each marked when its button is clicked."""
    box = widgets.VBox(layout=WIDE)
    ask(box, sitting)
    return box


def ask(box: widgets.VBox, sitting: Sitting) -> None:
    """Shows the sitting's question; at its end, how it went."""
    asked = sitting.asked
    if asked is None:
        box.children = [html(sitting.card().html)]
        return
    field, said = field_of(asked)
    told = widgets.HTML(layout=WIDE)
    check, skip = widgets.Button(description="Check", button_style="primary"), widgets.Button(description="Skip")
    buttons = widgets.HBox([check, skip])

    def go_on(_: object) -> None:
        ask(box, sitting)

    def on_skip(_: object) -> None:
        sitting.skip()
        ask(box, sitting)

    def on_check(_: object) -> None:
        if sitting.asked != asked:  # it was answered by a call meanwhile
            ask(box, sitting)
            return
        try:
            answer = said()
            shown = sitting.answer(answer) if answer else said_only("Answer first, or skip the question.")
        except UserError as error:
            shown, answer = said_only(str(error)), ""
        told.value = str(shown.html)
        if answer:
            following = widgets.Button(description="Next", button_style="primary")
            following.on_click(go_on)
            disable(field)
            buttons.children = [following]

    check.on_click(on_check)
    skip.on_click(on_skip)
    box.children = [*question_of(asked), field, told, buttons]


def question_of(asked: Asked) -> list[widgets.Widget]:
    """What is asked, above the field for the answer."""
    shown = [
        html(QUIET.format(f"{asked.topic}, difficulty {asked.difficulty} of 3")),
        html(markdown_html(asked.prompt)),
    ]
    if asked.code:
        shown.append(html(Markup("<pre>{}</pre>").format(code_html(asked.code))))
    if asked.terms:
        shown.append(html(lines(ticks_html(f"{name}) {text}") for name, text in lettered(asked.texts))))
    return [*shown, html(QUIET.format(asked.how))]


def field_of(asked: Asked) -> Field:
    """The field for an answer of this kind."""
    match asked.kind:
        case "choice":
            options = widgets.RadioButtons(options=labelled(asked.texts), value=None, layout={"width": "max-content"})
            return options, lambda: (options.value,) if options.value else ()
        case "choices":
            boxes = [widgets.Checkbox(description=one, indent=False, layout=WIDE) for one, _ in labelled(asked.texts)]
            ticked = list(zip(boxes, asked.texts, strict=True))
            return widgets.VBox(boxes), lambda: tuple(text for box, text in ticked if box.value)
        case "matching":
            return selects(asked)
        case "ordering":
            return rows(asked.texts)
        case "number" | "shape":
            line = widgets.Text()
            return widgets.HBox([line, html(ticks_html(asked.unit), "10em")]), lambda: str(line.value).strip()
    text = widgets.Textarea(layout=WIDE | {"height": "7em" if asked.kind == "short" else "4em"})
    return text, lambda: str(text.value) if text.value.strip() else ""


def labelled(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Texts with what labels them, which is set as it is: without the marks of code."""
    return [(text.replace("`", ""), text) for text in texts]


def selects(asked: Asked) -> Field:
    """A list of all definitions for each term."""
    names = zip(lettered(asked.texts), labelled(asked.texts), strict=True)
    options = [(CHOOSE, ""), *((f"{name}) {label}", text) for (name, text), (label, _) in names)]
    choices = [widgets.Dropdown(options=options, value="", layout={"width": "26em"}) for _ in asked.terms]
    pairs = list(zip(asked.terms, choices, strict=True))
    shown = [widgets.HBox([html(ticks_html(term), "14em"), choice]) for term, choice in pairs]
    return widgets.VBox(shown), lambda: {term: choice.value for term, choice in pairs if choice.value}


def rows(texts: Sequence[str]) -> Field:
    """The items, each with buttons that move it."""
    order, box = list(texts), widgets.VBox()

    def move(text: str, by: int) -> None:
        place = order.index(text)
        if 0 <= place + by < len(order):
            order.insert(place + by, order.pop(place))
            box.children = [row[text] for text in order]

    def row_of(text: str) -> widgets.HBox:
        arrows = []
        for symbol, by, word in (("↑", -1, "up"), ("↓", 1, "down")):
            arrow = widgets.Button(description=symbol, tooltip=f"Move {word}: {text}", layout={"width": "2.5em"})
            arrow.on_click(lambda _, by=by: move(text, by))
            arrows.append(arrow)
        return widgets.HBox([*arrows, html(ticks_html(text))])

    row = {text: row_of(text) for text in texts}
    box.children = list(row.values())
    return box, lambda: tuple(order)


def disable(field: widgets.Widget) -> None:
    """Lets nothing in a field be changed any more."""
    if hasattr(field, "disabled"):
        field.disabled = True
    for part in getattr(field, "children", ()):
        disable(part)


def html(text: Markup, width: str = "") -> widgets.HTML:
    """A piece of HTML, of which everything that is not ours is escaped."""
    return widgets.HTML(str(text), layout={"width": width} if width else WIDE)
