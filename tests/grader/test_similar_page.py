"""Whose work is alike: how it is laid out, the page that shows it, and the command that finds it."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner, Result

from grader.cli import cli
from grader.commands.similar import LEAST
from grader.errors import UserError
from grader.report import render_similarity
from grader.similarity import LEAST_SCORE, Alike, Passage, Place
from grader.similarity_views import LIMIT_LINE, LIMIT_LINES, LIMIT_LISTED, LIMIT_PASSAGES, LIMIT_SHOWN, laid_out, side
from tests.grader.notebooks import notebook_of
from tests.grader.test_report import ATTACK, assert_inert, open_all_details

STARTED = "2026-11-21T08:00:00+00:00"
CODE = "\n".join(f"x{number} = {number}" for number in range(1, 31))


def pair(left="ada", right="ben", score=0.94, passages=1, code=CODE, lines=(5, 6, 7)):
    """Two submissions that are alike in these lines."""
    passage = Passage(Place(3, code, lines), Place(4, code.replace("x", "my_x"), lines))
    return Alike(left, right, 1.0, 0.5, score, (passage,) * passages)


def page_of(*pairs, names=None, title="lab4", course="Numbers", started=STARTED):
    """The page of pairs."""
    return render_similarity(pairs, names or {}, 31, title, course, started)


# Layout


def test_the_alike_lines_are_shown_with_some_around_them_and_how_many_are_left_out():
    shown = side(Place(3, CODE, (5, 6, 7, 20)))

    assert [line.number for line in shown.lines] == [3, 4, 5, 6, 7, 8, 9, 18, 19, 20, 21, 22]
    assert [line.number for line in shown.lines if line.is_alike] == [5, 6, 7, 20]
    assert [line.before for line in shown.lines if line.before] == [2, 8]
    assert shown.after == 8
    assert shown.lines[0].text == "x3 = 3"


def test_lines_are_counted_as_python_counts_them():
    source = "a = '\x0c\u2028'\r\nb = 2\rc = 3\n"

    assert [line.text for line in side(Place(1, source, (2,))).lines] == ["a = '\x0c\u2028'", "b = 2", "c = 3"]


def test_a_long_cell_and_a_long_line_are_cut():
    long = side(Place(1, "x\n" * 500, tuple(range(1, 501))))
    wide = side(Place(1, "x" * 5000, (1,)))

    assert (len(long.lines), long.after) == (LIMIT_LINES, 499 - LIMIT_LINES + 1)
    assert wide.lines[0].text == "x" * LIMIT_LINE + " …"


def test_of_many_pairs_the_most_alike_are_shown_and_listed():
    shown = laid_out([pair(passages=LIMIT_PASSAGES + 2)] * (LIMIT_LISTED + 3), {})

    assert (len(shown.listed), shown.shown, shown.left_out) == (LIMIT_LISTED, LIMIT_SHOWN, 3)
    assert [bool(each.passages) for each in shown.listed[LIMIT_SHOWN - 1 : LIMIT_SHOWN + 1]] == [True, False]
    assert (len(shown.listed[0].passages), shown.listed[0].left_out) == (LIMIT_PASSAGES, 2)


# The page


def test_hostile_names_and_code_run_and_load_nothing_and_are_shown_letter_by_letter(opened):
    lines = ATTACK + "\n" + ATTACK
    hostile = pair(ATTACK, ATTACK + "2", code=lines, lines=(2,))
    page = opened(page_of(hostile, names={ATTACK: ATTACK}, title=ATTACK, course=ATTACK, started=ATTACK))
    open_all_details(page)

    assert page.locator("script, iframe, object, embed, form, base, link").count() == 0
    assert_inert(page)
    assert page.locator("h1 bdi").text_content() == ATTACK
    assert page.locator(".person").first.text_content() == ATTACK
    assert page.locator("mark").first.text_content() == ATTACK[:LIMIT_LINE] + " …" * (len(ATTACK) > LIMIT_LINE)


def test_the_policy_stops_a_script_and_lets_the_style_through(opened):
    page = opened(page_of(pair()).replace("</main>", "<script>window.pwned = 1</script></main>"))

    assert page.evaluate("window.pwned") is None
    assert page.evaluate("getComputedStyle(document.querySelector('.passage')).display") == "grid"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(opened, scheme, width):
    long = "a.very.long.student.identifier.indeed@students.university.example"
    names = {"ada": "Ada Lovelace", long: "A Very Long Name Indeed, of Several Words"}
    pairs = (pair(passages=3), pair("ada", long, 0.4, code=CODE + "\n" + "long = " + "1 + " * 99, lines=(1, 31)))
    page = opened(page_of(*pairs, names=names), color_scheme=scheme, viewport={"width": width, "height": 800})
    open_all_details(page)

    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert page.seen == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_says_that_it_is_a_hint_and_shows_both_sides(opened):
    page = opened(page_of(pair(), names={"ada": "Ada Lovelace"}))

    assert "A hint for a person, never a verdict." in page.locator(".notes").inner_text()
    assert page.locator(".pairs tbody tr").all_inner_texts() == ["94%\tada Ada Lovelace\t100%\tben\t50%"]
    left, right = page.locator(".passage figure").all()
    assert left.locator("mark").all_inner_texts() == ["x5 = 5", "x6 = 6", "x7 = 7"]
    assert right.locator("mark").all_inner_texts() == ["my_x5 = 5", "my_x6 = 6", "my_x7 = 7"]
    assert left.locator("figcaption").inner_text() == "ada, cell 3"
    lines = left.locator("code").inner_text().split("\n")
    assert (lines[0].strip(), lines[-1].strip()) == ("… 2 lines", "… 21 lines")
    assert [line.split(maxsplit=1) for line in lines[1:3]] == [["3", "x3 = 3"], ["4", "x4 = 4"]]


def test_a_pair_is_reached_by_its_link(opened):
    page = opened(page_of(pair(), pair("cyd", "dan", 0.4)))

    page.get_by_role("link", name="40%").click()

    assert page.evaluate("location.hash") == "#pair-2"
    assert page.locator("#pair-2").inner_text() == "2. cyd and dan"


def test_nobody_is_alike(opened):
    page = opened(page_of())

    assert "No two submissions are alike" in page.locator("main").inner_text()


# The command


def shown_by(name, total):
    """An answer of somebody's own, longer than most."""
    return (
        f"def {name}(numbers):\n    {total} = 0\n    for number in sorted(numbers, reverse=True):\n"
        f"        if number > 10 and number % 3 == 0:\n            {total} += number ** 2 - 7 * number\n"
        f"        elif number < -10:\n            {total} -= abs(number) // 5\n"
        f"    return {{'sum': {total}, 'mean': {total} / max(1, len(numbers)), 'all': [str(n) for n in numbers]}}\n"
    )


@pytest.fixture
def class_folder(write_course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of three and a broken notebook: Ben has what Ada has, in other words."""
    monkeypatch.chdir(tmp_path)
    write_course()
    folder = tmp_path / "class"
    folder.mkdir()
    for student, cell in {
        "ada": shown_by("spread", "total"),
        "ben": "# all mine\n" + shown_by("my_spread", "result"),
        "cyd": "def spread(numbers):\n    return max(numbers) - min(numbers)",
    }.items():
        nbformat.write(notebook_of(cell), folder / f"{student}.ipynb")
    (folder / "dan.ipynb").write_text("hello")
    return folder


def run(*arguments: object) -> Result:
    """A call of the command line whose errors come out."""
    call = ["similar", *map(str, arguments), "--course", "course"]
    return CliRunner().invoke(cli, call, standalone_mode=False, catch_exceptions=False)


def test_who_is_alike_is_told_and_shown(class_folder: Path) -> None:
    Path("class.csv").write_text("id,name\nada,Ada Lovelace\n,Nobody\nben,Ben\n", "utf-8")

    result = run("class", "--roster", "class.csv")

    assert result.return_value == 0
    rows = [re.split(r"\s{2,}", line.strip()) for line in result.stdout.splitlines()]
    assert rows[1] == ["100%", "ada", "100%", "ben", "100%", "1"]
    assert "3 submissions, 1 pair alike." in result.stdout
    assert "never a verdict" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "Not compared: class/dan.ipynb: not a notebook" in result.stderr
    page = Path("similar.html").read_text("utf-8")
    assert "Ada Lovelace" in page
    assert "<mark>def my_spread(numbers):</mark>" in page


def test_the_usual_least_share_is_the_one_of_the_comparison() -> None:
    assert LEAST == LEAST_SCORE


def test_a_higher_least_share_shows_less(class_folder: Path) -> None:
    common = shown_by("spread", "total")
    adas_own = (
        "def words(text):\n    found = {}\n    for word in text.lower().split():\n        if word.isalpha():\n"
        "            found[word] = found.get(word, 0) + 1\n    return sorted(found.items(), key=lambda item: -item[1])"
    )
    bens_own = (
        "class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, item):\n"
        "        self.items.append(item)\n        return len(self.items)\n    def pop(self):\n"
        "        while self.items:\n            yield self.items.pop()\n        raise IndexError('empty')"
    )
    for student, own in (("ada", adas_own), ("ben", bens_own)):
        nbformat.write(notebook_of(common, own), class_folder / f"{student}.ipynb")

    assert "1 pair alike" in run("class").stdout
    assert "no two are alike" in run("class", "--least", "1", "--html", "strict.html").stdout


def test_several_assignments_are_not_compared_with_each_other(class_folder: Path) -> None:
    for student in ("ada", "ben"):
        for assignment in ("lab4", "lab5"):
            place = Path("submitted", student, assignment)
            place.mkdir(parents=True)
            nbformat.write(notebook_of(shown_by("spread", "x")), place / f"{assignment}.ipynb")

    with pytest.raises(UserError, match=r"several assignments\. Give --assignment one of them: lab4, lab5"):
        run("submitted")

    assert "2 submissions, 1 pair alike." in run("submitted", "--assignment", "lab5").stdout
    assert "Alike: <bdi>lab5</bdi>" in Path("similar.html").read_text("utf-8")


def test_a_file_that_is_no_report_is_left_alone(class_folder: Path) -> None:
    Path("mine.html").write_text("my homepage")

    with pytest.raises(UserError, match="is no report"):
        run("class", "--html", "mine.html")

    assert Path("mine.html").read_text() == "my homepage"
    assert not Path("similar.html").exists()


def test_one_submission_is_no_pair(class_folder: Path) -> None:
    Path("one").mkdir()
    nbformat.write(notebook_of("x = 1"), Path("one/ada.ipynb"))
    Path("one/ben.ipynb").write_text(json.dumps({}))

    with pytest.raises(UserError, match="1 of its notebooks can be read"):
        run("one")
