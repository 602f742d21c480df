"""`grader quiz page`: which questions its page has, and what it refuses."""

import re

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.errors import UserError
from tests.grader.quiz.course_files import FILES, question

GENERATOR = """\
from grader.quiz.generators import Generator
from grader.quiz.questions import Number


def make(random):
    a, b = random.randrange(1000), random.randrange(1000)
    words = {"name": "", "topic": "", "difficulty": 1, "section": "", "explanation": "Add them."}
    return Number(**words | {"prompt": f"{a} + {b}?"}, answer=a + b)


generator = Generator("drawn", "sums", 1, "Sums", make)
"""


@pytest.fixture
def page(write_course, tmp_path):
    """A function that calls the command, and gives what it printed and the names of the page's questions."""
    picture = question("drawing", "picture", "exercise: spread", topic="pictures")
    course = write_course(FILES | dict([picture]) | {"exercises/questions/sums/drawn.py": GENERATOR})

    def run(*arguments):
        line = ["quiz", "page", "-o", tmp_path / "quiz.html", "--course", course, *arguments]
        found = CliRunner().invoke(cli, [str(a) for a in line], standalone_mode=False)
        if found.exception:
            raise found.exception
        document = (tmp_path / "quiz.html").read_text("utf-8")
        return found.output, re.findall(r'data-name="([^"]*)"', document), document

    return run


def test_it_has_all_questions_but_drawings_and_a_variant_of_each_generated_one(page, tmp_path):
    output, names, document = page()

    assert output == f"Wrote {tmp_path / 'quiz.html'}: a quiz of 5 questions.\n"
    assert sorted(name.partition("#")[0] for name in names) == ["code", "drawn", "half", "plus", "why"]
    assert "That was about half." in document


def test_topics_numbers_seeds_and_variants_choose_the_questions(page):
    assert page("--topic", "Words")[1] == ["why"]
    assert len(set(page("--variants", 7)[1])) == 4 + 7
    assert page("--variants", 0, "--topic", "sums")[1] == ["code", "half", "plus"]
    drawn = {tuple(page("--number", 3, "--seed", seed)[1]) for seed in range(6)}
    assert {len(names) for names in drawn} == {3}
    assert len(drawn) > 2
    assert page("--number", 3, "--seed", 4)[2] == page("--number", 3, "--seed", 4)[2]


def test_an_exam_tells_no_answers(page):
    output, names, document = page("--exam", "--number", 4)

    assert output.endswith("an exam of 4 questions.\n")
    assert len(names) == 4
    assert "That was about" not in document
    assert "It is two." not in document


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--topic", "wrds"), "wrds: no such topic. Do you mean words?"),
        (("--topic", "pictures"), "There is no question for a page."),
    ],
)
def test_what_gives_no_page_is_told(page, arguments, words):
    with pytest.raises(UserError, match=re.escape(words)):
        page(*arguments)


def test_another_file_is_not_written_over(page, tmp_path):
    page()
    page("--exam")  # a page of ours is
    (tmp_path / "quiz.html").write_text("<p>my own", "utf-8")

    with pytest.raises(UserError, match="is no report"):
        page()
    assert (tmp_path / "quiz.html").read_text("utf-8") == "<p>my own"
