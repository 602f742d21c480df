"""A class as JSON Lines."""

import json

import jsonschema
import msgspec
import pytest
from hypothesis import given

from grader.exports.lines import class_lines, standing_schema
from grader.standing import Standing
from tests.grader.exports.standings import ADA, CAT, CLASS, classes

SCHEMA = json.loads(standing_schema())


def objects(standings):
    return [json.loads(line) for line in class_lines(standings).content.decode().splitlines()]


def test_each_line_is_a_standing_by_its_fields_names():
    lines = objects(CLASS)

    assert [line["student"] for line in lines] == ["ada", "bob", "cat", "dan"]
    assert set(lines[0]) == set(Standing.__struct_fields__)
    assert lines[2]["override"]["author"] == "prof"
    assert lines[3]["points"] is None
    assert lines[3]["outline"] is None
    means = lines[0]["outline"]["exercises"][1]
    assert (means["name"], means["points"]) == ("means", 3.5)
    assert means["checks"][0] == {
        "description": "adds up",
        "outcome": "failed",
        "points": 3.5,
        "possible": 4,
        "misconception": "starts at one",
    }


def test_nothing_of_a_text_is_lost_but_what_is_no_text():
    (line,) = objects([msgspec.structs.replace(CAT, name="Cat\n=1\x00\ud800 Müller\r\n")])

    assert line["name"] == "Cat\n=1 Müller\n"


def test_the_schema_refuses_what_is_no_standing():
    (line,) = objects([ADA])

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line | {"points": "all"}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line | {"outline": []}, SCHEMA)


@given(classes)
def test_every_line_is_valid_whatever_the_texts_are(standings):
    content = class_lines(standings).content

    assert content.count(b"\n") == len(standings)
    for line in content.splitlines():
        jsonschema.validate(json.loads(line), SCHEMA)
