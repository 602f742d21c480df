"""A deck for Anki, by genanki: on the front the question, on the back the answer and why.

Anki knows a note again by its guid and a kind of note by its id: so these depend on the question's name alone, and
importing a newer export updates the cards and keeps what has been learnt. It takes a note for newer by its time.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path

import genanki

from grader.exports.texts import Export
from grader.quiz.exports.archives import zipped
from grader.quiz.exports.items import Essay, Item, Line, Options, Pairs, Quiz, Steps, Value, Work, notes_on
from grader.quiz.exports.texts import decimal, html_of, inline_html_of, one_line

SOURCE = "grader"
MODEL_ID = 1_694_207_113  # drawn once; Anki knows the kind of note by it
STYLE = """.card { font-family: sans-serif; font-size: 18px; text-align: left; max-width: 40em; margin: 0 auto; }
pre, code { font-family: monospace; }
pre { overflow-x: auto; }
.topic { font-size: 13px; opacity: 0.7; }"""
BACK = '{{FrontSide}}<hr id="answer">{{Answer}}<div>{{Explanation}}</div><p class="topic">{{Source}}</p>'


def anki(quiz: Quiz) -> Export:
    """The questions as a package (.apkg): a note for each, and of a matching one for each term."""
    deck = genanki.Deck(number_of("deck", quiz.title), one_line(quiz.title) or SOURCE)
    for item in quiz.items:
        for note in notes(item):
            deck.add_note(note)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(file, timestamp=max(1, int(quiz.moment)))  # ids are made of it
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    return Export(zipped(files), notes_on(quiz.items, remark))


def remark(item: Item) -> str:
    """What a reader should know of how an item was changed, or why it was left out."""
    match item.task:
        case Pairs():
            return "Asked as a card for each term"
        case Work():
            return "Left out, since it is done in a notebook, as an exercise"
    return ""


def notes(item: Item) -> Iterator[genanki.Note]:
    """The notes of a question."""
    tags = [tag for tag in (tag_of(item.topic), f"difficulty::{item.difficulty}") if tag]
    for part, front, back in cards(item):
        yield genanki.Note(
            model=model(),
            fields=[front, back, html_of(item.explanation), escape(item.section), escape(item.name)],
            sort_field=item.name,
            tags=tags,
            guid=genanki.guid_for(SOURCE, item.name, part),
        )


def cards(item: Item) -> Iterator[tuple[str, str, str]]:
    """For each note what part of the question it is of, "" for the whole, its front and its answer, as HTML."""
    prompt = html_of(item.prompt)
    match item.task:
        case Options():
            right = [inline_html_of(option.text) for option in item.task.right]
            wrong = [
                f"{inline_html_of(option.text)}<br>{inline_html_of(option.feedback)}" for option in item.task.wrong
            ]
            options = bullets([inline_html_of(option.text) for option in item.task.options])
            how = "<p>Choose all that are right.</p>" if item.task.is_multiple else ""
            yield "", prompt + options + how, f"{bullets(right)}<p>Not so:</p>{bullets(wrong)}"
        case Pairs(pairs):
            for term, definition in pairs:
                yield term, f"{prompt}<p><strong>{inline_html_of(term)}</strong></p>", html_of(definition)
        case Value(answer, tolerance):
            around = f" (± {decimal(tolerance)})" if tolerance else ""
            yield "", prompt, f"<p>{decimal(answer)}{around}</p>"
        case Line(accepted):
            yield "", prompt, f"<pre><code>{escape(accepted[0])}</code></pre>"
        case Steps(steps, shown):
            listed = "".join(f"<li>{inline_html_of(step)}</li>" for step in steps)
            yield "", prompt + bullets([inline_html_of(step) for step in shown]), f"<ol>{listed}</ol>"
        case Essay(guide):
            yield "", prompt, html_of(guide)


def bullets(items: list[str]) -> str:
    """A list of HTML."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def model() -> genanki.Model:
    """The kind of note; its fields keep their order, by which Anki knows them again."""
    fields = [{"name": name} for name in ("Question", "Answer", "Explanation", "Source", "Name")]
    template = {"name": "Question and answer", "qfmt": "{{Question}}", "afmt": BACK}
    return genanki.Model(MODEL_ID, "Grader quiz", fields=fields, templates=[template], css=STYLE)


def tag_of(text: str) -> str:
    """A text as a tag, in which Anki has no blanks."""
    return "_".join(text.split())


def number_of(*texts: str) -> int:
    """A number for a deck that is the same for the same texts, of the size that Anki gives its own."""
    return 1 << 30 | int(sha256(chr(0).join(texts).encode()).hexdigest()[:7], 16)
