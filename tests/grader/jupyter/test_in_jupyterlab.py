"""The student's loop in real JupyterLab, by keyboard: try, check, understand, try again.

With PICTURES=.github in the environment it takes the README's pictures of it.
"""

import io
import os
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from grader.starter import starter_notebook
from tests.jupyterlab import Notebook, jupyterlab

ANSWER, CHECK = "def mnist_distance", 'grader.check("mnist_distance")'
SIZE = {"width": 1180, "height": 900}
PATIENCE_MS = 120_000  # for a machine that has much else to do


@pytest.fixture(scope="module")
def lab(browser, data, tmp_path_factory):
    """JupyterLab; none is started where there is no browser."""
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab"), data) as running:
        yield running


@pytest.fixture(scope="module")
def notebook(lab, browser, course, data):
    """The starter notebook, opened, with those cells run that stand above the exercise."""
    file = lab.folder / course.course.starter
    nbformat.write(starter_notebook(course.selected(("mnist_distance",)), str(data)), file)
    with browser.new_context(viewport=SIZE, color_scheme="light") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(lab.address(file))
        opened = Notebook(page, file)
        opened.wait_for_kernel()
        opened.press("Control+b")  # closes the list of files
        opened.run("%load_ext grader")
        opened.run("import torch")
        yield opened


def test_a_card_turns_from_red_to_green(notebook):
    notebook.edit(ANSWER)
    for _ in "...":
        notebook.press("Backspace")
    notebook.type("return (a - b).abs().mean()")
    notebook.run(ANSWER)
    card = notebook.run(CHECK).locator(".grader-card")
    assert is_of(card, "bad")
    assert "2 / 5 points" in card.inner_text()
    assert "This looks like: averages the batch away" in card.inner_text()
    take_picture(notebook, "check-failed.png")

    notebook.edit(ANSWER)
    notebook.press("Backspace")
    notebook.type("(-1, -2))")
    notebook.run(ANSWER)
    card = notebook.run(CHECK).locator(".grader-card")
    assert is_of(card, "good")
    assert "5 / 5 points" in card.inner_text()
    take_picture(notebook, "check-passed.png")

    cells = notebook.saved().cells
    assert errors_in(cells) == []
    (shown,) = next(cell.outputs for cell in cells if cell.source == CHECK)
    assert shown.data.keys() == {"text/html", "text/plain"}
    assert shown.data["text/plain"].startswith("The distance between two images (mnist_distance): 5 of 5 points\n  ✓ ")


def test_a_name_completes_with_tab(notebook):
    notebook.write_below(CHECK, 'grader.hint("mni')
    notebook.press("Tab")
    notebook.page.locator(".jp-Completer-item", has_text="mnist_distance").wait_for()
    notebook.press("Enter")
    notebook.type('")')
    notebook.cell('grader.hint("mnist_distance")').wait_for()


def test_a_cell_with_the_magic_runs_and_is_checked(notebook):
    notebook.write_below(CHECK, "%%check mnist_distance\ndef mnist_distance(a, b): return (a - b).abs().sum((-1, -2))")
    card = notebook.run("%%check").locator(".grader-card")
    assert is_of(card, "bad")
    assert "This looks like: sums instead of averaging" in card.inner_text()


def test_the_kernel_is_of_the_same_python(notebook):
    notebook.write_below(CHECK, "import sys; print(sys.executable)")
    assert Path(notebook.run("sys.executable").inner_text().strip()).samefile(sys.executable)


@pytest.fixture
def cards(notebook):
    """A card of each kind, in one output."""
    notebook.write_below(CHECK, "mnist_distance = lambda a, b: a - b; grader.progress(); ")
    notebook.type('grader.hint("mnist_distance"); grader.check("mnist_distance", "mnist_loss")')
    return notebook.run("grader.progress()").locator(".grader-card")


def test_everyone_can_read_the_cards_in_light_and_dark(notebook, cards):
    try:
        for scheme, is_light in (("dark", "false"), ("light", "true")):
            notebook.page.emulate_media(color_scheme=scheme)
            notebook.page.locator(f"body[data-jp-theme-light={is_light}]").wait_for(state="attached")
            cards.last.scroll_into_view_if_needed()
            found = Axe().run(notebook.page, context=".grader-card")
            assert found.violations_count == 0, found.generate_report()
            assert "aria-allowed-role" in {rule["id"] for rule in found.response["passes"]}  # it has seen them
    finally:
        notebook.page.emulate_media(color_scheme="light")


def test_cards_fit_a_narrow_page(notebook, cards):
    notebook.page.set_viewport_size({"width": 500, "height": 900})
    try:
        widths = cards.evaluate_all("cards => cards.map(card => [card.scrollWidth, card.clientWidth])")
        rows = cards.locator(".progress tr").evaluate_all("rows => rows.map(row => row.clientHeight)")
        texts = cards.locator(".progress th").evaluate_all("rows => rows.map(row => row.clientHeight)")
    finally:
        notebook.page.set_viewport_size(SIZE)
    assert len(widths) == 3
    assert [pair for pair in widths if pair[0] > pair[1]] == []
    assert max(rows) < 2 * min(texts)  # a line each


def is_of(card, kind):
    """Whether a card is of this kind."""
    return kind in card.get_attribute("class").split()


def errors_in(cells):
    """What cells said that they should not have said."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


def take_picture(notebook, name):
    """A picture of the answer and its card, if pictures are asked for; in few colours, so that it is small."""
    if not os.environ.get("PICTURES"):
        return
    notebook.page.set_viewport_size({**SIZE, "height": 1600})
    notebook.cell(ANSWER).scroll_into_view_if_needed()
    top, bottom = (cell.bounding_box() for cell in (notebook.cell(ANSWER), notebook.cell(CHECK)))
    height = bottom["y"] + bottom["height"] - top["y"]
    clip = {**top, "y": top["y"] + 2, "height": height - 4}  # without the neighbours' edges
    picture = Image.open(io.BytesIO(notebook.page.screenshot(clip=clip)))
    picture.quantize(128, dither=Image.Dither.NONE).save(Path(os.environ["PICTURES"]) / name, optimize=True)
    notebook.page.set_viewport_size(SIZE)
