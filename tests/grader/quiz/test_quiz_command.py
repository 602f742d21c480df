"""`grader quiz` where nobody sits at a terminal, and the commands below it."""

import json

import click
import nbformat
import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.errors import UserError
from grader.quiz.practice import Practice
from grader.quiz.short_answers import semantic
from grader.quiz.short_answers.engines import LEXICAL
from tests.grader.quiz.course_files import FILES

TOPIC = ("--topic", "sums")


@pytest.fixture
def course(write_course):
    return write_course(FILES)


@pytest.fixture
def quiz(course, tmp_path):
    """A function that calls a command of the quiz, and gives its exit status and what it printed."""

    def run(*arguments, typed="", kept=True):
        command = next((a for a in arguments if a in ("mark", "progress")), None)
        rest = [a for a in arguments if a != command]
        options = ["--course", course]
        options += ["--practice", tmp_path / "practice.db"] if kept and command != "mark" else []
        options += ["--no-isolation"] if command != "progress" else []  # or every test built walls of its own
        line = ["quiz", *([command] if command else []), *options, *rest]
        found = CliRunner().invoke(cli, [str(a) for a in line], input=typed, standalone_mode=False)
        if found.exception:
            raise found.exception
        return found.return_value, found.output

    return run


def kept(tmp_path):
    with Practice(tmp_path / "practice.db") as practice:
        return [(review.question, review.said, review.points) for review in practice.reviews()]


def test_every_answer_is_marked_at_once_and_kept(quiz, tmp_path):
    status, output = quiz(*TOPIC, "--number", 2, typed="It subtracts.\n1/2\n")

    assert status == 0
    assert "0 due, 2 new." in output
    assert output.index("That is minus.") < output.index("What about half?") < output.index("Right.")
    assert "That was about plus." in output
    assert "It comes back in 10 minutes." in output
    assert "2 answers kept: 1 right, 0 in part, 1 wrong." in output
    assert kept(tmp_path) == [("plus", '["It subtracts."]', 0), ("half", "1/2", 1)]


def test_code_is_run(quiz):
    _, output = quiz(*TOPIC, "--number", 3, typed="\n\n*\n\n")

    assert "It gives 1. Meant is 2." in output
    assert "3 answers kept: 0 right, 0 in part, 3 wrong." in output


def test_where_the_input_ends_the_quiz_does(quiz, tmp_path):
    status, output = quiz(*TOPIC, typed="a\n")

    assert status == 0
    assert "1 answer kept" in output
    assert len(kept(tmp_path)) == 1


def test_what_can_t_be_read_is_told_and_not_counted(quiz, tmp_path):
    _, output = quiz(*TOPIC, "--number", 2, typed="z\na half\n")

    assert "'z' is not read. Give letters from a to c." in output
    assert "Write it in digits" in output
    assert "No answer was kept." in output
    assert kept(tmp_path) == []


def test_a_hint_says_where_to_look_and_what_it_is_not(quiz):
    _, output = quiz(*TOPIC, "--number", 1, typed="?\nIt adds.\n")

    assert "See the book, under \"Sums\". And it is not 'It subtracts.': That is minus." in " ".join(output.split())
    assert "Right." in output


def test_what_was_right_is_not_asked_again_on_the_same_day(quiz):
    quiz(*TOPIC, "--number", 1, typed="It adds.\n")
    quiz(*TOPIC, "--number", 2, typed="0.5\n+\n\n")

    _, output = quiz(*TOPIC)

    assert "Nothing is due, and nothing new is left. The next question comes back in 2 days." in " ".join(
        output.split()
    )


def test_the_same_seed_gives_the_same_order(quiz):
    outputs = {quiz("--exam", "--seed", 5)[1] for _ in range(2)}

    assert len(outputs) == 1
    assert outputs != {quiz("--exam", "--seed", 6)[1]}


def test_an_exam_tells_nothing_before_its_end_and_keeps_nothing(quiz, tmp_path):
    _, output = quiz("--exam", *TOPIC, "--seed", 1, "--number", 2, typed="0.25\nIt joins.\n*\n\n", kept=False)
    asked, _, result = output.partition("question  topic  points")

    assert "Exam 1: 2 questions." in output
    assert not [word for word in ("Right.", "Not right.", "That was about") if word in output]
    assert "✗" not in asked
    assert "✗" in result
    assert "of 2 points" in result
    assert not (tmp_path / "practice.db").exists()


def test_an_unknown_topic_is_told_with_the_nearest_and_all_others(quiz):
    with pytest.raises(UserError, match=r"sum: no such topic. Do you mean sums\? There are: .*words"):
        quiz("--topic", "sum")
    with pytest.raises(UserError, match=r"zebra: no such topic. There are: sums, words\.|words, sums\."):
        quiz("progress", "--topic", "zebra")


def test_a_topic_may_be_written_in_capitals(quiz):
    assert "Nothing" not in quiz("--topic", "SUMS")[1]


def test_progress_is_a_table_by_topic(quiz):
    assert "0 of 4 questions answered, in 0 of 2 topics." in quiz("progress")[1]
    quiz(*TOPIC, "--number", 2, typed="It adds.\n3\n")

    status, output = quiz("progress")

    assert status == 0
    assert "topic  answered  right  due  remembered" in output
    assert "sums        2/3      1    0        100%" in output
    assert "2 of 4 questions answered, in 1 of 2 topics." in output
    assert "comes back in 10 minutes" in output


def test_an_option_before_a_command_is_not_dropped_in_silence(course):
    with pytest.raises(click.UsageError, match="Give --course behind the command: grader quiz progress --course"):
        CliRunner().invoke(
            cli, ["quiz", "--course", str(course), "progress"], standalone_mode=False, catch_exceptions=False
        )


# grader quiz mark


def test_the_page_s_file_is_marked_with_reasons(quiz, tmp_path):
    answers = [{"question": "plus", "said": ["It joins."]}, {"question": "half", "said": "0,5"}]
    answers += [{"question": "hlaf", "said": "1"}, {"question": "code", "said": "+"}]
    (tmp_path / "a.json").write_text(json.dumps({"version": 1, "course": "Sums", "answers": answers}))

    status, output = quiz("mark", tmp_path / "a.json", "--json", tmp_path / "m.json", "--html", tmp_path / "m.html")

    assert status == 1
    assert "   0 / 1    plus  What about plus?" in output
    assert "✗ It joins." in output
    assert "hlaf: no such question. Do you mean half? It is not marked." in output
    assert "2 of 3 points (67%)" in output
    assert f"Report: {tmp_path / 'm.html'}" in output
    assert json.loads((tmp_path / "m.json").read_text())["points"] == 2
    assert "2 of 3 points: a.json" in (tmp_path / "m.html").read_text()


def test_markdown_and_notebooks_are_marked_alike(quiz, tmp_path):
    (tmp_path / "a.md").write_text(
        "# Mine\n\n## half\n0.5\n\n## What about plus?\n- It adds.\n\n## code\n```\n+\n```\n"
    )
    cells = [("markdown", "## half\n0.5"), ("markdown", "## plus\nIt adds."), ("markdown", "## code"), ("code", "+")]
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    nbformat.write(nbformat.v4.new_notebook(cells=[make[kind](text) for kind, text in cells]), tmp_path / "a.ipynb")

    results = [quiz("mark", tmp_path / name) for name in ("a.md", "a.ipynb")]

    assert [status for status, _ in results] == [0, 0]
    assert all("3 of 3 points (100%)" in output for _, output in results)


def test_sentences_are_marked_by_the_engine_that_is_asked_for(quiz, tmp_path, monkeypatch):
    asked = []

    class Engine:
        name = "semantic"

        def similarities(self, *texts):
            asked.append(texts)
            return LEXICAL.similarities(*texts)

    (tmp_path / "a.md").write_text("## why\nPlus joins things.\n")
    monkeypatch.setattr(semantic, "semantic_engine", Engine)

    quiz("mark", tmp_path / "a.md")
    assert asked == []
    quiz("mark", tmp_path / "a.md", "--engine", "semantic")
    assert asked


def test_what_a_person_has_to_mark_is_listed(quiz, tmp_path):
    (tmp_path / "a.md").write_text("## half\na half\n")

    status, output = quiz("mark", tmp_path / "a.md", "--review", tmp_path / "r.csv")

    assert status == 1
    assert "   ? / 1    half" in output
    assert "1 answer for a person to mark (1 point): half" in output
    assert "a half" in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_code_that_ran_without_walls_is_told(quiz, tmp_path):
    (tmp_path / "a.md").write_text("## code\n+\n")

    _, output = quiz("mark", tmp_path / "a.md")

    assert "Ran without isolation (not asked for): it could use the network and your files." in output


def test_a_file_that_is_no_report_is_not_written_over(quiz, tmp_path):
    (tmp_path / "a.md").write_text("## half\n0.5\n")
    (tmp_path / "mine.html").write_text("my own page")

    with pytest.raises(UserError, match="is no report"):
        quiz("mark", tmp_path / "a.md", "--html", tmp_path / "mine.html")
    with pytest.raises(UserError, match="Give another file"):
        quiz("mark", tmp_path / "a.md", "--json", tmp_path / "a.md")


@pytest.mark.parametrize("arguments", [(), ("mark",), ("progress",)])
def test_every_command_says_what_it_does(arguments):
    found = CliRunner().invoke(cli, ["quiz", *arguments, "--help"])

    assert found.exit_code == 0
    assert "Usage:" in found.output
