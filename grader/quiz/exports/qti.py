"""QTI 1.2 in a zip, as Canvas imports it into its classic quizzes (Settings > Import Course Content > QTI .zip file).

Sources: IMS Question & Test Interoperability, ASI XML Binding 1.2.1, for what may stand where; for the fields and the
forms of conditions by which Canvas knows a question's type and its right answers, Canvas's own importer
(gems/plugins/qti_exporter of canvas-lms) and text2qti (github.com/gpoore/text2qti), whose packages it imports.
"""

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from xml.etree.ElementTree import Element, SubElement

from grader.exports.texts import Export
from grader.quiz.exports.archives import zipped
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
    notes_on,
    positions,
)
from grader.quiz.exports.texts import decimal, document, html_of, inline_html_of, one_line, plain_of

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
RESPONSE = "response1"
GENERAL = "general_fb"


def qti(quiz: Quiz) -> Export:
    """The questions as a package: a manifest, and the quiz that it names."""
    name = identifier("quiz", quiz.title)
    file = f"{name}/{name}.xml"
    files = {"imsmanifest.xml": manifest(name, file), file: assessment(name, quiz)}
    return Export(zipped({path: document(root) for path, root in files.items()}), notes_on(quiz.items, remark))


def remark(item: Item) -> str:
    """What a reader should know of how an item was changed."""
    match item.task:
        case Steps():
            return "Asked as a matching of items and positions, since Canvas has no ordering in QTI 1.2"
        case Essay():
            return "Asked as an essay for a person to mark, with the rubric in the feedback"
        case Work():
            return "Asked as a file to hand in, for a person to mark"
    return ""


# The package


def manifest(name: str, file: str) -> Element:
    """What is in the package."""
    root = Element("manifest", identifier=f"{name}_manifest", xmlns=PACKAGING)
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(root, "organizations")
    resource = SubElement(SubElement(root, "resources"), "resource", identifier=name, type="imsqti_xmlv1p2", href=file)
    SubElement(resource, "file", href=file)
    return root


def assessment(name: str, quiz: Quiz) -> Element:
    """The quiz: all questions in one section."""
    root = Element("questestinterop", xmlns=QTI)
    made = SubElement(root, "assessment", ident=name, title=one_line(quiz.title))
    fields(made, cc_maxattempts="1")
    section = SubElement(made, "section", ident="root_section")
    section.extend([item_element(item) for item in quiz.items])
    return root


def item_element(item: Item) -> Element:
    """One question: what Canvas has to know, what is shown, how it is scored, what is said afterwards."""
    form, present, score = FORMS[type(item.task)]
    is_multiple = isinstance(item.task, Options) and item.task.is_multiple
    made = Element("item", ident=identifier("question", item.name), title=item.name)
    fields(
        SubElement(made, "itemmetadata"),
        question_type="multiple_answers_question" if is_multiple else form,
        points_possible=decimal(item.points),
        qmd_topic=item.topic,
    )
    presentation = SubElement(made, "presentation")
    material(presentation, html_of(item.prompt))
    present(presentation, item.task)
    scoring = SubElement(made, "resprocessing")
    SubElement(
        SubElement(scoring, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"
    )
    SubElement(condition(scoring, "Yes", feedback=GENERAL), "other")
    score(scoring, item.task)
    said = f"{item.explanation}\n\n{item.task.guide}" if isinstance(item.task, Essay) else item.explanation
    feedback(made, GENERAL, said)
    if isinstance(item.task, Options):
        for place, option in enumerate(item.task.options):
            if option.feedback:
                feedback(made, f"{label(place)}_fb", option.feedback)
    return made


# What is shown


def show_options(presentation: Element, task: Task) -> None:
    """Options as buttons or boxes."""
    assert isinstance(task, Options)
    kind = "Multiple" if task.is_multiple else "Single"
    response = SubElement(presentation, "response_lid", ident=RESPONSE, rcardinality=kind)
    menu(response, [inline_html_of(option.text) for option in task.options], "text/html")


def show_pairs(presentation: Element, task: Task) -> None:
    """For each term a menu of all definitions, which Canvas shows as plain text."""
    pairs = pairs_of(task)
    for place, (term, _) in enumerate(pairs.pairs):
        response = SubElement(presentation, "response_lid", ident=f"response_{label(place)}")
        material(response, plain_of(term), "text/plain")
        menu(response, [plain_of(definition) for definition in pairs.shown], "text/plain")


def show_field(presentation: Element, task: Task) -> None:
    """A field to write in."""
    response = SubElement(presentation, "response_str", ident=RESPONSE, rcardinality="Single")
    field = SubElement(response, "render_fib", {"fibtype": "Decimal"} if isinstance(task, Value) else {})
    SubElement(field, "response_label", ident="answer1", rshuffle="No")


def show_nothing(_presentation: Element, _task: Task) -> None:
    """Canvas adds what a file is handed in with."""


def menu(response: Element, texts: list[str], kind: str) -> None:
    """What can be chosen."""
    choices = SubElement(response, "render_choice")
    for place, text in enumerate(texts):
        material(SubElement(choices, "response_label", ident=label(place)), text, kind)


def material(parent: Element, text: str, kind: str = "text/html") -> None:
    """A text that is shown."""
    SubElement(SubElement(parent, "material"), "mattext", texttype=kind).text = text


# How it is scored


def score_options(scoring: Element, task: Task) -> None:
    """All points for all that are right and none that are wrong; for each wrong one what is said to it."""
    assert isinstance(task, Options)
    for place, option in enumerate(task.options):
        if option.feedback:
            equal(condition(scoring, "Yes", feedback=f"{label(place)}_fb"), label(place))
    right = condition(scoring, "No", score="100")
    if task.is_multiple:
        both = SubElement(right, "and")
        for place, option in enumerate(task.options):
            equal(both if option.is_right else SubElement(both, "not"), label(place))
    else:
        equal(right, next(label(place) for place, option in enumerate(task.options) if option.is_right))


def score_pairs(scoring: Element, task: Task) -> None:
    """For each right pair its part of the points."""
    pairs = pairs_of(task)
    part = f"{100 / len(pairs.pairs):.2f}"
    for place, (_, definition) in enumerate(pairs.pairs):
        chosen = condition(scoring, "Yes", score=part, adds=True)
        equal(chosen, label(pairs.shown.index(definition)), f"response_{label(place)}")


def score_value(scoring: Element, task: Task) -> None:
    """The number, or one within its tolerance."""
    assert isinstance(task, Value)
    answer, tolerance = Decimal(decimal(task.answer)), Decimal(decimal(task.tolerance))
    either = SubElement(condition(scoring, "No", score="100"), "or")
    equal(either, format(answer, "f"))
    between = SubElement(either, "and")
    SubElement(between, "vargte", respident=RESPONSE).text = format(answer - tolerance, "f")
    SubElement(between, "varlte", respident=RESPONSE).text = format(answer + tolerance, "f")


def score_line(scoring: Element, task: Task) -> None:
    """Any of the accepted lines."""
    assert isinstance(task, Line)
    right = condition(scoring, "No", score="100")
    for text in task.accepted:
        equal(right, text)


def score_nothing(scoring: Element, _task: Task) -> None:
    """A person marks it."""
    SubElement(condition(scoring, "No"), "other")


def condition(scoring: Element, goes_on: str, *, score: str = "", adds: bool = False, feedback: str = "") -> Element:
    """A new condition, to be filled: what it scores, and which feedback it shows."""
    made = SubElement(scoring, "respcondition", {"continue": goes_on})
    holds = SubElement(made, "conditionvar")
    if score:
        SubElement(made, "setvar", action="Add" if adds else "Set", varname="SCORE").text = score
    if feedback:
        SubElement(made, "displayfeedback", feedbacktype="Response", linkrefid=feedback)
    return holds


def equal(parent: Element, value: str, response: str = RESPONSE) -> None:
    """That a response is this one."""
    SubElement(parent, "varequal", respident=response).text = value


# Parts


def pairs_of(task: Task) -> Pairs:
    """A matching, or an ordering as one."""
    assert isinstance(task, Pairs | Steps)
    return positions(task) if isinstance(task, Steps) else task


def fields(parent: Element, **values: str) -> None:
    """Metadata in fields with labels."""
    metadata = SubElement(parent, "qtimetadata")
    for name, value in values.items():
        field = SubElement(metadata, "qtimetadatafield")
        SubElement(field, "fieldlabel").text = name
        SubElement(field, "fieldentry").text = value


def feedback(made: Element, ident: str, markdown: str) -> None:
    """A text that is shown after the answer."""
    material(SubElement(SubElement(made, "itemfeedback", ident=ident), "flow_mat"), html_of(markdown))


def label(place: int) -> str:
    """The identifier of an option by its place among those shown; Canvas's own are numbers, too."""
    return str(1000 + place)


def identifier(kind: str, *texts: str) -> str:
    """An identifier that is the same for the same texts, so that Canvas knows a question it has got before."""
    return f"{kind}_{sha256(chr(0).join(texts).encode()).hexdigest()[:24]}"


Part = Callable[[Element, Task], None]

# For each kind of task: Canvas's name for it, what is shown, how it is scored.
FORMS: dict[type[Task], tuple[str, Part, Part]] = {
    Options: ("multiple_choice_question", show_options, score_options),
    Pairs: ("matching_question", show_pairs, score_pairs),
    Steps: ("matching_question", show_pairs, score_pairs),
    Value: ("numerical_question", show_field, score_value),
    Line: ("short_answer_question", show_field, score_line),
    Essay: ("essay_question", show_field, score_nothing),
    Work: ("file_upload_question", show_nothing, score_nothing),
}
