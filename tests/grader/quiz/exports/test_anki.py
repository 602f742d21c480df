"""Decks for Anki, read back from their database."""

import io
import json
import sqlite3
import zipfile
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings

from grader.quiz.exports import export
from grader.quiz.exports.texts import html_of, inline_html_of
from tests.grader.quiz.exports.samples import (
    ALL,
    DRAWING,
    MATCHING,
    NUMBER,
    ORDERING,
    OUTPUT,
    SEVERAL,
    SHORT,
    SINGLE,
    choices,
)


@pytest.fixture
def read(tmp_path):
    """Reads a package's notes, as dicts of their fields and guid, time and tags."""

    def reading(*questions, title="Lab 4", moment=1000.0):
        with zipfile.ZipFile(io.BytesIO(export(questions, "anki", title, moment).content)) as archive:
            assert set(archive.namelist()) == {"collection.anki2", "media"}
            file = tmp_path / "collection.anki2"
            file.write_bytes(archive.read("collection.anki2"))
        database = sqlite3.connect(file)
        try:
            [(models, decks)] = database.execute("SELECT models, decks FROM col")
            rows = database.execute("SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id").fetchall()
            cards = database.execute("SELECT count(*) FROM cards").fetchone()[0]
        finally:
            database.close()
        assert cards == len(rows)
        fields = {ident: [field["name"] for field in model["flds"]] for ident, model in json.loads(models).items()}
        notes = [
            dict(zip(fields[str(mid)], flds.split("\x1f"), strict=True))
            | {"guid": guid, "model": mid, "time": mod, "tags": tags.split()}
            for guid, mid, mod, tags, flds in rows
        ]
        return notes, {deck["name"]: deck["id"] for deck in json.loads(decks).values()}

    return reading


def test_each_question_is_a_note_but_for_a_matching_and_a_drawing(read):
    notes, _ = read(*ALL)

    names = [note["Name"] for note in notes]
    assert names.count("matching") == len(MATCHING.pairs)
    assert set(names) == {question.name for question in ALL} - {DRAWING.name}


def test_a_later_export_updates_the_same_notes(read):
    before, decks = read(*ALL)
    changed = [type(SINGLE)(**vars(SINGLE) | {"prompt": "Asked in another way?"}), *ALL[1:]]
    after, same = read(*changed[::-1], moment=2000)

    assert sorted(note["guid"] for note in before) == sorted(note["guid"] for note in after)
    assert len({note["guid"] for note in before}) == len(before)
    assert {note["model"] for note in before} == {note["model"] for note in after}
    assert decks == same
    assert {note["time"] for note in before} == {1000}
    assert {note["time"] for note in after} == {2000}


def test_decks_of_other_titles_are_other_decks(read):
    _, one = read(SINGLE, title="Lab 4")
    _, other = read(SINGLE, title="Lab 5")

    assert one["Lab 4"] != other["Lab 5"]


def test_a_note_has_its_section_and_tags_without_blanks(read):
    [note], _ = read(SINGLE)

    assert unescape(note["Source"]) == SINGLE.section
    assert note["tags"] == ["loss/metric_&_more", "difficulty::2"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)  # each is a database
@given(question=choices())
def test_a_choice_survives_whatever_is_in_its_texts(read, question):
    [note], _ = read(question)

    assert note["Question"].startswith(html_of(question.prompt))
    assert note["Explanation"] == html_of(question.explanation)
    for text in question.options:
        assert f"<li>{inline_html_of(text)}</li>" in note["Question"]
    right, _, wrong = note["Answer"].partition("<p>Not so:</p>")
    for text in question.right:
        assert f"<li>{inline_html_of(text)}</li>" in right
    for text, why in question.wrong.items():
        assert f"<li>{inline_html_of(text)}<br>{inline_html_of(why)}</li>" in wrong


def test_the_answer_is_on_the_back_and_never_on_the_front(read):
    notes, _ = read(MATCHING, SHORT, NUMBER, ORDERING, OUTPUT)
    by_name = {note["Name"]: note for note in notes}

    assert by_name["number"]["Answer"] == "<p>-0.3 (± 0.1)</p>"
    assert by_name["output"]["Answer"] == "<pre><code>``` 12 * {}</code></pre>"
    assert html_of(SHORT.model_answer).removeprefix("<p>") in by_name["short"]["Answer"]
    assert by_name["ordering"]["Answer"].startswith("<ol><li>init</li>")
    assert [note["Answer"] for note in notes[: len(MATCHING.pairs)]] == list(map(html_of, MATCHING.pairs.values()))
    for note in notes[: len(MATCHING.pairs)]:
        assert note["Answer"] not in note["Question"]


def test_several_right_options_are_announced(read):
    [single, several], _ = read(SINGLE, SEVERAL)

    assert several["Question"].endswith("<p>Choose all that are right.</p>")
    assert "Choose" not in single["Question"]


def test_the_options_on_the_front_are_in_a_drawn_order(read):
    [note], _ = read(SEVERAL)

    listed = [note["Question"].index(f"<li>{inline_html_of(text)}</li>") for text in SEVERAL.options]
    assert listed != sorted(listed)
