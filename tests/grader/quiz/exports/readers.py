"""Readers of what is exported that know nothing of how it is written."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

from lxml import etree

QTI = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
PART = Path(__file__).resolve().parents[3] / "data" / "qti_part.dtd"


# GIFT, as Moodle reads it: in the steps, and with the quirks, of readquestion in question/format/gift/format.php.

MARKS = {"\\:": "058", "\\#": "035", "\\=": "061", "\\{": "123", "\\}": "125", "\\~": "126", "\\n": "010"}


def gift_questions(content):
    """The questions of a GIFT file: dicts with category, comment, name, text, general, and type and answers."""
    found, category = [], None
    for block in re.split(r"\n[ \t]*\n", content.decode().replace("\r\n", "\n")):
        rows = [row.strip() for row in block.split("\n") if row.strip()]
        comments = [row for row in rows if row.startswith("//")]
        text = hidden("\n".join(row for row in rows if not row.startswith("//")))
        if text.startswith("$CATEGORY:"):
            category = text.removeprefix("$CATEGORY:").strip()
        elif text:
            found.append({"category": category, "comment": " ".join(comments), **gift_question(text)})
    return found


def hidden(text):
    """Text with a placeholder for each character that is escaped."""
    text = text.replace("\\\\", "&&092;")
    for escape, code in MARKS.items():
        text = text.replace(escape, f"&&{code};")
    return text.replace("&&092;", "\\")


def formatted(text):
    """The same, without the name of the text's format."""
    return shown(re.sub(r"^\[(moodle|html|plain|markdown)\]", "", text.strip()))


def shown(text):
    """Text with the characters themselves again."""
    return re.sub(r"&&(058|035|061|123|125|126|010);", lambda found: chr(int(found[1])), text).strip()


def gift_question(text):
    """One question, its characters hidden."""
    assert text.startswith("::")
    name, _, text = text[2:].partition("::")
    start, end = text.index("{"), text.index("}")
    assert text.endswith("}") and text.count("{") == text.count("}") == 1
    inside, mark, general = text[start + 1 : end].strip().rpartition("####")
    assert mark
    inside = inside.strip()
    question = {"name": shown(name), "text": formatted(text[:start]), "general": formatted(general)}
    if not inside:
        return {**question, "type": "essay", "answers": []}
    if inside[0] == "#":
        [answer] = [part for part in inside[1:].split("=") if part.strip()]
        value, _, tolerance = re.sub(r"^%[\d.]+%", "", answer.strip()).partition("#")[0].partition(":")
        return {**question, "type": "numerical", "answers": [(float(value), float(tolerance))]}
    if "~" in inside:
        parts = [part.strip() for part in inside.replace("=", "~=").split("~") if part.strip()]
        is_single = "=" in inside
        return {**question, "type": "single" if is_single else "multiple", "answers": [weighed(part) for part in parts]}
    parts = [part.strip() for part in inside.split("=") if part.strip()]
    if "->" in inside:
        pairs = [part.split("->", 1) for part in parts]
        return {
            **question,
            "type": "match",
            "answers": [(formatted(term), shown(definition)) for term, definition in pairs],
        }
    return {**question, "type": "shortanswer", "answers": [weighed(part)[1] for part in parts]}


def weighed(part):
    """An option as its share, text and feedback."""
    share = 0.0
    if part.startswith("="):
        share, part = 100.0, part[1:]
    elif found := re.match(r"%(-*[0-9]{1,2}\.?[0-9]*)%", part):
        share, part = float(found[1]), part[found.end() :]
    text, _, feedback = part.partition("#")
    return share, formatted(text), formatted(feedback)


# QTI, as Canvas scores it.


def qti_package(content):
    """The manifest and the assessment of a package, the latter checked against the part of QTI that is written."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}
    manifest = files.pop("imsmanifest.xml")
    resource = manifest.find(".//{*}resource[@type='imsqti_xmlv1p2']")
    root = files.pop(resource.find("{*}file").get("href"))
    assert not files
    bare = etree.fromstring(etree.tostring(root).replace(b' xmlns="%s"' % QTI["q"].encode(), b""))
    with PART.open("rb") as opened:
        schema = etree.DTD(opened)
    assert schema.validate(bare), schema.error_log
    return manifest, root


def qti_items(content):
    """The items of a package by their titles."""
    return {item.get("title"): item for item in qti_package(content)[1].iterfind(".//q:item", QTI)}


def field(item, label):
    """A field of an item's metadata."""
    [entry] = item.xpath(f".//q:qtimetadatafield[q:fieldlabel='{label}']/q:fieldentry/text()", namespaces=QTI)
    return entry


def prompt(item):
    """What is asked, as HTML."""
    return item.findtext("q:presentation/q:material/q:mattext", namespaces=QTI)


def menus(item):
    """For each response what it is named by, and its options as text by identifier."""
    return {
        response.get("ident"): (
            response.findtext("q:material/q:mattext", namespaces=QTI),
            {
                o.get("ident"): o.findtext(".//q:mattext", namespaces=QTI)
                for o in response.iterfind(".//q:response_label", QTI)
            },
        )
        for response in item.iterfind("q:presentation/q:response_lid", QTI)
    }


def scored(item, responses):
    """The points, of 100, and the identifiers of the feedback, for responses (sets of identifiers, or texts)."""
    score, said = Decimal(0), []
    for condition in item.iterfind("q:resprocessing/q:respcondition", QTI):
        if all(holds(test, responses) for test in condition.find("q:conditionvar", QTI)) or any_equal(
            condition, responses
        ):
            for change in condition.iterfind("q:setvar", QTI):
                score = Decimal(change.text) + (score if change.get("action") == "Add" else 0)
            said += [feedback.get("linkrefid") for feedback in condition.iterfind("q:displayfeedback", QTI)]
            if condition.get("continue") == "No":
                break
    return float(score), said


def any_equal(condition, responses):
    """Several accepted texts stand beside each other, and one of them is enough: so Canvas takes them."""
    tests = list(condition.find("q:conditionvar", QTI))
    return len(tests) > 1 and any(holds(test, responses) for test in tests)


def holds(test, responses):
    """Whether a condition is met."""
    inner = [holds(part, responses) for part in test]
    match etree.QName(test).localname:
        case "other":
            return True
        case "and":
            return all(inner)
        case "or":
            return any(inner)
        case "not":
            return not inner[0]
        case name:
            said = responses.get(test.get("respident"), set())
            if name == "varequal":
                return test.text in said if isinstance(said, set) else equal(said, test.text)
            return Decimal(said) >= Decimal(test.text) if name == "vargte" else Decimal(said) <= Decimal(test.text)


def equal(said, text):
    """Whether an answer is this one: as a text, or as a number."""
    try:
        return Decimal(said) == Decimal(text)
    except ArithmeticError:
        return said == text


def feedbacks(item):
    """What is said afterwards, as HTML by identifier."""
    return {f.get("ident"): f.findtext(".//q:mattext", namespaces=QTI) for f in item.iterfind("q:itemfeedback", QTI)}
