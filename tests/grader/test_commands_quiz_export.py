"""`grader quiz export`: what it writes, of which questions, and what it refuses."""

import io
import json
import re
import sqlite3
import zipfile

import pytest
from click.testing import CliRunner

from grader.commands.quiz_export import FORMS, export, moment, questions_of, variants_of
from grader.errors import UserError
from grader.quiz.bank import Bank
from grader.quiz.exports import FORMATS
from grader.quiz.generators import Generator
from grader.quiz.questions import Number
from tests.grader.quiz.exports.readers import qti_items
from tests.grader.quiz.exports.samples import SHARED


def number(name, answer, topic="sums"):
    return Number(**SHARED | {"topic": topic, "prompt": f"What is {answer}?"}, name=name, answer=answer)


def generator(name, topic, count):
    """One that has so many different variants."""
    return Generator(name, topic, 1, "Sums", lambda random: number("", random.randrange(count), topic))


BANK = Bank(
    (number("one", 1), number("two", 2, "Products")), (generator("sum", "sums", 3), generator("grid", "rank", 99))
)


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def running(*arguments):
        return CliRunner().invoke(export, arguments, standalone_mode=False)

    return running


def test_there_is_a_form_for_each_of_the_exports():
    assert tuple(FORMATS) == FORMS


def test_all_questions_and_a_variant_of_each_generator_are_taken():
    questions, notes = questions_of(BANK, (), 1, 7)

    assert [question.name for question in questions] == ["one", "two", "sum#7", "grid#7"]
    assert notes == ()


@pytest.mark.parametrize(
    ("topics", "names"),
    [(["sums"], ["one", "sum#7"]), (["PRODUCTS"], ["two"]), (["rank", "products"], ["two", "grid#7"])],
)
def test_only_the_topics_that_are_named_are_taken(topics, names):
    questions, _ = questions_of(BANK, topics, 1, 7)

    assert [question.name for question in questions] == names


def test_an_unknown_topic_is_refused_and_the_others_are_named():
    with pytest.raises(UserError, match=r"^loss: no such topic\. There are: sums, Products, rank\.$"):
        questions_of(BANK, ["sums", "loss"], 1, 7)


def test_a_topic_that_is_generated_only_needs_variants():
    with pytest.raises(UserError, match="Give --variants 1 or more"):
        questions_of(BANK, ["rank"], 0, 7)


def test_variants_are_of_the_seeds_from_the_first_on_and_ask_different_things():
    made = list(variants_of(BANK.generators[0], 3, 10))

    assert made[0].name == "sum#10"
    assert len({question.prompt for question in made}) == 3
    assert made == list(variants_of(BANK.generators[0], 3, 10))


def test_too_few_variants_are_told():
    questions, notes = questions_of(BANK, ["sums"], 5, 1)

    assert len(questions) == 1 + 3
    assert notes == ("sum: has 3 different variants only.",)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_written_and_said_with_what_was_left_out(run, tmp_path, form):
    file = tmp_path / "quiz"

    result = run("--to", form, "-o", str(file), "--title", "Lab 4")

    assert result.return_value == 0
    assert re.search(r"Wrote .*quiz: Lab 4, from \d+ questions\.", result.stdout)
    assert file.stat().st_size > 1000
    assert "Note: " in result.stderr


def test_the_whole_bank_fits_what_is_written_of_qti(run, tmp_path):
    run("--to", "qti", "-o", "quiz.zip", "--variants", "2")

    items = qti_items((tmp_path / "quiz.zip").read_bytes())
    assert len(items) >= 100


def test_without_a_name_a_file_is_called_as_the_course(run, tmp_path):
    run("--to", "gift", "--title", "Lab/4 é")

    assert [file.name for file in tmp_path.iterdir()] == ["Lab-4-é.gift.txt"]


def test_the_standard_output_holds_the_file_alone(run):
    result = run("--to", "jupyterquiz", "-o", "-", "--topic", "loss")

    assert json.loads(result.stdout)


def test_a_file_that_can_not_be_written_is_refused(run):
    result = run("--to", "gift", "-o", "nowhere/quiz.txt")

    assert isinstance(result.exception, UserError)
    assert "there is no folder nowhere" in str(result.exception)


def test_a_folder_that_is_no_course_is_refused(run, tmp_path):
    result = run("--to", "gift", "--course", str(tmp_path))

    assert isinstance(result.exception, UserError)


def test_a_build_can_be_repeated(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("one", "two"):
        run("--to", "anki", "-o", name, "--topic", "loss")

    content = (tmp_path / "one").read_bytes()
    assert content == (tmp_path / "two").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (tmp_path / "db").write_bytes(archive.read("collection.anki2"))
    database = sqlite3.connect(tmp_path / "db")
    assert database.execute("SELECT DISTINCT mod FROM notes").fetchall() == [(1700000000,)]
    database.close()


@pytest.mark.parametrize("given", ["yesterday", "-5", "²"])
def test_a_time_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)

    with pytest.raises(UserError, match="SOURCE_DATE_EPOCH"):
        moment()


def test_now_is_the_time_if_none_is_given(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    assert moment() > 1.7e9
