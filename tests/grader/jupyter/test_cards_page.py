"""The cards of a notebook in a real browser, on a page like that of a notebook."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.jupyter.cards import first_failing, total_of
from grader.report import render_checked, render_hints, render_progress
from grader.results import Verdict
from tests.grader.report_examples import array, digits, failed, grade_of

PAGE = """
<html lang="en"><title>Notebook</title>
<body style="margin: 1rem; background: {}; color: {}"><main><h1>Notebook</h1>{}</main></body>
"""
THEMES = {"light": ("#fff", "#212121"), "dark": ("#111", "#ddd")}
PASSED = Verdict("adds small numbers", "passed", 1, 1)
WRONG = failed(
    array(digits(2) * 0.5),
    array(digits(2)),
    ("images", array(digits(2))),
    ("weights", array([[0.5, 1.0], [2.0, 3.0]])),
    reason="Half of it.",
    misconception="takes the half",
    hint="Look at `mean`.",
)
ROWS = [("sums", 1.0, 3.0), ("a_rather_long_name_of_an_exercise", None, 12.0), ("spread", 3.0, 3.0)]


def checked(*verdicts):
    results = grade_of(*verdicts).exercises
    return render_checked(results, first_failing(results), ["sums"], {"sums": "1 more check (2 points) runs later."})


CARDS = [
    checked(PASSED, PASSED),
    checked(PASSED, WRONG, failed(array([1]), array([2]))),
    render_progress(ROWS, total_of(ROWS)),
    render_hints("sums", ["What is `+`?", "And 1?"], 1, "The same call gives the next one.", ""),
]


@pytest.fixture
def shown(browser):
    """A function that shows cards on a page of one theme and width."""
    contexts = []

    def show(*cards, theme="light", width=900):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}))
        page = contexts[-1].new_page()
        page.set_content(PAGE.format(*THEMES[theme], "\n".join(cards)))
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [360, 1100])
def test_everyone_can_read_the_cards(shown, theme, width):
    page = shown(*CARDS, theme=theme, width=width)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/cards-{width}-{theme}.png", full_page=True)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert "color-contrast" in {rule["id"] for rule in found.response["passes"]}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_arrays_that_are_images_are_shown_as_images(shown):
    page = shown(checked(WRONG))

    images = page.locator(".grader-card img")

    assert images.count() == 6
    assert images.evaluate_all("images => images.every(image => image.complete && image.naturalWidth === 28)")
    assert page.locator(".grader-card table").count() == 1


def test_ten_checks_do_not_flood_the_page(shown):
    page = shown(*[checked(PASSED, PASSED, PASSED)] * 10)

    heights = page.locator(".grader-card").evaluate_all("cards => cards.map(card => card.clientHeight)")

    assert max(heights) < 8 * 24  # lines


def test_a_card_styles_nothing_around_it(shown):
    page = shown("<p class='head points'>Mine</p>", *CARDS)
    style = "element => (({fontWeight, display, opacity}) => [fontWeight, display, opacity])(getComputedStyle(element))"

    assert page.locator("main > p").first.evaluate(style) == ["400", "block", "1"]
