"""The HTML report: what it shows, that it runs and loads nothing, and that everyone can read it."""

import msgspec
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.places import content_folder
from grader.report import png_address, render_html
from grader.results import (
    Argument,
    CellError,
    CellRecord,
    Evidence,
    ExerciseResult,
    FirstError,
    Grade,
    Picture,
    Verdict,
    grade_json,
    grade_schema,
)
from grader.showing import percent
from grader.values import Float, Items, Other, Plain, Raised
from tests.grader.report_examples import array, digits, everything, failed, grade_of, png

ATTACK = (
    "</style></title></samp></textarea><script>window.pwned = 1</script>"
    '<img src="https://example.org/x.png" onerror="window.pwned = 1"><svg onload="window.pwned = 1"></svg>'
    '<a href="javascript:window.pwned = 1">here</a><iframe srcdoc="<script>top.pwned = 1</script>"></iframe>'
    "\" autofocus onfocus=\"window.pwned = 1\" ' onclick='window.pwned = 1' {{ 7 * 7 }} {% raw %} ${7 * 7}"
)
MARKDOWN_ATTACK = (
    f"{ATTACK}\n\n# {ATTACK}\n\n```html\n{ATTACK}\n```\n\n    {ATTACK}\n\n[link](javascript:window.pwned=1) "
    "[link](JaVaScRiPt&#58;window.pwned=1) [link](data:text/html,<script>window.pwned=1</script>) "
    "<javascript:window.pwned=1> [local](file:///etc/passwd) [near](other.html) [web](https://example.org)\n\n"
    '![x](https://example.org/x.png) ![x"onerror="window.pwned=1](x)\n\n[r]: javascript:a\n\n[r]\n'
)


def hostile():
    """A grade in which every free text is an attack."""
    evidence = Evidence(
        ATTACK,
        (
            Argument(ATTACK, Plain(ATTACK)),
            Argument("b", Items("list", (Other(ATTACK, ATTACK), Float(ATTACK)))),
        ),
        Raised(ATTACK, ATTACK, ATTACK, 1),
        Plain(ATTACK),
        ATTACK,
    )
    verdict = Verdict(ATTACK, "failed", 0.0, 1.0, ATTACK, ATTACK, ATTACK, 2, 1, evidence)
    error = CellError(ATTACK, ATTACK, ATTACK, 1, ATTACK)
    return grade_of(
        submission=ATTACK,
        sha256=ATTACK,
        course=ATTACK,
        grader_version=ATTACK,
        started=ATTACK,
        possible=1.0,
        exercises=(ExerciseResult(ATTACK, ATTACK, MARKDOWN_ATTACK, 0.0, 1.0, (verdict,), (1,), ATTACK),),
        notebook=(
            CellRecord(1, "code", ATTACK, ATTACK, (Picture(ATTACK.encode()),), error, 0.1),
            CellRecord(2, "markdown", MARKDOWN_ATTACK),
            CellRecord(3, "raw", ATTACK),
        ),
        notes=(ATTACK,),
    )


def open_all_details(page):
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


def assert_inert(page):
    """Nothing of what the page shows has run or loaded anything, and no attribute could make it."""
    assert page.evaluate("window.pwned") is None
    assert page.seen == []
    attributes = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
    assert [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc", "autofocus")] == []


# What a submission can't do


def test_a_hostile_submission_runs_and_loads_nothing(opened):
    page = opened(render_html(hostile()))
    open_all_details(page)
    for element in page.locator("summary, [tabindex], a").all():
        element.focus()
    assert_inert(page)


def test_a_hostile_submission_adds_no_element_that_could_run_or_load(opened):
    page = opened(render_html(hostile()))
    assert page.locator("script, iframe, object, embed, form, base, link, svg:not(.bar), img").count() == 0
    assert_inert(page)


def test_markdown_links_lead_to_the_web_or_nowhere(opened):
    page = opened(render_html(hostile()))
    addresses = page.evaluate("[...document.querySelectorAll('.prose a[href]')].map(a => a.getAttribute('href'))")
    assert set(addresses) == {"https://example.org"}


def test_hostile_text_is_shown_letter_by_letter(opened):
    page = opened(render_html(hostile()))
    assert page.locator("h1").text_content() == ATTACK
    assert page.locator(".check h3").text_content() == ATTACK
    assert page.locator("#cell-1 .code code").text_content() == ATTACK


def test_the_policy_stops_a_script_that_got_into_the_document(opened):
    document = render_html(everything())
    attack = '<script>window.pwned = 1</script><img src="data:," onerror="window.pwned = 1">'
    page = opened(document.replace("</main>", f"{attack}</main>"))
    assert page.evaluate("window.pwned") is None


def test_the_policy_lets_the_report_s_own_style_through(opened):
    page = opened(render_html(everything()))
    assert page.seen == []
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "auto"


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + bytes(60), b"<svg xmlns='http://www.w3.org/2000/svg'/>" + bytes(60), png()[:20]],
    ids=["nothing", "a GIF", "an SVG", "a PNG cut off"],
)
def test_a_picture_that_is_no_png_is_left_out(data):
    document = render_html(grade_of(notebook=(CellRecord(1, "code", "show()", pictures=(Picture(data),)),)))
    assert "<img" not in document
    assert "Picture 1 is left out" in document


def test_a_picture_too_large_to_unpack_is_left_out():
    huge = png()[:16] + (100_000).to_bytes(4, "big") * 2 + png()[24:]
    assert png_address(huge) == ""


def test_a_cell_s_png_is_shown(opened):
    page = opened(render_html(grade_of(notebook=(CellRecord(1, "code", "show()", pictures=(Picture(png(6, 4)),)),))))
    open_all_details(page)
    picture = page.get_by_alt_text("Picture 1 that cell 1 displayed")
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [6, 4]


def test_characters_that_html_can_not_hold_are_replaced():
    document = render_html(grade_of(submission="a\x00\x1b\ud800b.ipynb"))
    assert "a\ufffd\ufffd?b.ipynb" in document


# Who can read it


@pytest.mark.parametrize("width", [1100, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(opened, scheme, width):
    page = opened(render_html(everything()), color_scheme=scheme, viewport={"width": width, "height": 800})
    open_all_details(page)
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []


@pytest.mark.parametrize("grade", [everything(), hostile()], ids=["usual", "hostile"])
def test_a_phone_need_not_scroll_sideways(opened, grade):
    page = opened(render_html(grade), viewport={"width": 360, "height": 800})
    open_all_details(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_too_wide_can_be_scrolled_with_the_keyboard(opened):
    page = opened(render_html(everything()), viewport={"width": 360, "height": 800})
    open_all_details(page)
    box = page.get_by_role("group", name="Output of cell 3")
    box.focus()
    box.evaluate("box => { window.moved = new Promise(done => box.onscroll = () => done(box.scrollLeft)) }")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.moved") > 0


def test_the_skip_link_is_the_first_stop_and_leads_to_the_results(opened):
    page = opened(render_html(everything()))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_shows_what_is_folded_on_screen(opened):
    page = opened(render_html(everything()))
    code = page.get_by_role("group", name="Your code for exercise 4")
    assert not code.is_visible()
    page.emulate_media(media="print")
    assert code.is_visible()


# What it shows


def test_the_score_is_at_the_top(opened):
    page = opened(render_html(everything()))
    assert page.locator("header.top .score").inner_text().split() == ["4", "of", "14.5", "points", "28%"]


@pytest.mark.parametrize(("points", "percents"), [(0, 0), (2, 4), (51.9, 99), (52, 100), (53, 100), (-1, 0)])
def test_only_all_points_are_a_hundred_percent(points, percents):
    assert percent(points, 52) == percents


def test_the_overview_leads_to_each_exercise(opened):
    page = opened(render_html(everything()))
    page.locator(".overview").get_by_role("link", name="Stacks of images").click()
    assert page.locator(":target h2").inner_text() == "Stacks of images"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("passed", "Passed"),
        ("failed", "Failed"),
        ("error", "Error"),
        ("timeout", "Timed out"),
        ("missing", "Missing"),
        ("needs review", "Needs review"),
    ],
)
def test_an_outcome_is_said_in_words(opened, outcome, words):
    page = opened(render_html(grade_of(Verdict("adds", outcome, 0.0, 1.0), Verdict("carries", "failed", 0.0, 1.0))))
    assert words in page.locator(".check .outcome").first.inner_text()


def test_a_failed_check_says_why_names_the_mistake_and_hints():
    verdict = Verdict(
        "adds",
        "failed",
        0.0,
        1.0,
        "`add` gives 3, not 4.",
        "forgets to carry",
        "Try 5 + 5.",
        cases=8,
        passed_cases=3,
    )
    document = render_html(grade_of(verdict))
    for text in (
        "<code>add</code> gives 3, not 4.",
        "forgets to carry",
        "Try 5 + 5.",
        "3 of 8 inputs came out right.",
    ):
        assert text in document


def test_an_exercise_is_unfolded_only_where_something_is_to_learn(opened):
    page = opened(render_html(everything()))
    unfolded = page.evaluate("[...document.querySelectorAll('.exercise')].map(e => e.querySelector('details').open)")
    assert unfolded == [True, True, False]


def test_exercises_of_which_nothing_was_found_stand_together_at_the_end(opened):
    page = opened(render_html(everything()))
    lines = page.locator("section[aria-labelledby=unattempted] details")
    assert lines.count() == 1
    assert not lines.first.evaluate("line => line.open")
    lines.first.locator("summary").click()
    assert "The notebook has no sgd_step." in lines.first.inner_text()
    assert "For what was attempted: 4 of 13.5 points." in page.locator("main").inner_text()


def test_a_run_without_isolation_is_said():
    assert "ran without isolation" in render_html(grade_of(is_isolated=False))
    assert "ran without isolation" not in render_html(grade_of(is_isolated=True))


def test_an_error_s_link_opens_the_notebook_at_its_cell(opened):
    page = opened(render_html(everything()))
    assert not page.locator("#cell-5").is_visible()
    page.locator(".errors").get_by_role("link", name="cell 5").click()
    assert page.locator("#cell-5").is_visible()


def test_terminal_colour_codes_are_taken_out_of_output():
    document = render_html(grade_of(notebook=(CellRecord(1, "code", "", "\x1b[1;31mred\x1b[0m"),)))
    assert "<samp>red</samp>" in document


def test_headings_in_markdown_keep_the_outline_in_order(opened):
    page = opened(render_html(grade_of(notebook=(CellRecord(1, "markdown", "# One\n\n###### Six"),))))
    assert page.locator("#cell-1 .prose h4").all_text_contents() == ["One", "Six"]


# How it shows values


def test_digits_are_shown_as_images(opened):
    page = opened(render_html(grade_of(failed(array(digits(3)), None))))
    images = page.get_by_role("img", name="Yours, check 1 of exercise 1: image")
    assert images.evaluate_all("images => images.map(i => [i.naturalWidth, i.naturalHeight])") == [[28, 28]] * 3


def test_flattened_digits_are_shown_as_images(opened):
    page = opened(render_html(grade_of(failed(None, None, ("rows", array(digits(2).reshape(2, 784)))))))
    assert page.locator(".planes img").count() == 2


def test_a_long_stack_shows_its_first_eight_images():
    document = render_html(grade_of(failed(array(digits(11)), None)))
    assert document.count("<img") == 8
    assert "and 3 more" in document


def test_elements_that_differ_are_marked_for_eye_and_ear(opened):
    page = opened(render_html(grade_of(failed(array([[1.0, 2.0], [3.0, 4.0]]), array([[1.0, 2.0], [3.5, 4.0]])))))
    assert page.locator("td mark").all_text_contents() == ["3.0 (differs)", "3.5 (differs)"]
    assert page.get_by_text("1 of 4 elements differs: at [1, 0] yours is 3.0, expected is 3.5.").is_visible()


def test_elements_that_differ_a_little_get_the_digits_that_show_it(opened):
    page = opened(render_html(grade_of(failed(array([1.00002]), array([1.0])))))
    assert page.locator("td mark").first.text_content() == "1.00002003 (differs)"


def test_rounding_is_no_difference():
    assert "<mark>" not in render_html(grade_of(failed(array([0.1 + 1e-8]), array([0.1]))))


def test_another_shape_or_dtype_is_marked(opened):
    page = opened(render_html(grade_of(failed(array([[1, 2]]), array([1.0, 2.0])))))
    assert page.locator("figcaption mark").all_text_contents() == [
        f"{fact} (differs)" for fact in ("int64", "shape (1, 2)", "float32", "shape (2,)")
    ]


def test_of_another_kind_of_value_only_the_kind_is_marked(opened):
    page = opened(render_html(grade_of(failed(Items("list", (Float("1.0"),)), array([1.0])))))
    assert page.locator("figcaption mark").all_text_contents() == ["list (differs)", "tensor (differs)"]


def test_an_exception_comes_with_its_line():
    document = render_html(grade_of(failed(Raised("TypeError", "no", "return a - b", 3), array(1.0))))
    assert "TypeError: no" in document
    assert "line 3: return a - b" in document


@pytest.mark.parametrize(
    "elements",
    [
        np.full((2, 28, 28), np.nan, np.float32),
        np.full((28, 28), np.inf, np.float32),
        np.zeros((0, 28, 28), np.float32),
        np.zeros((3, 0)),
        np.zeros((0, 0, 2)),
        np.full((40, 40), 6e4, np.float16),
        np.ones((2, 3), np.complex64),
        np.ones(500, np.complex128),
        np.array(True),
        np.ones((2,) * 16, np.bool_),
        np.full((50, 3), 2**64 - 1, np.uint64),
        np.full((28, 28), 1e308),
        np.tile([-1e308, 1e308], (28, 14)),
    ],
    ids=lambda elements: f"{elements.dtype} {elements.shape}",
)
def test_any_array_can_be_shown_on_both_sides(elements):
    document = render_html(grade_of(failed(array(elements, "ndarray"), array(np.ones_like(elements), "ndarray"))))
    assert f"shape {elements.shape}" in document


def test_values_nested_deeply_are_cut_off():
    value = Plain(1)
    for _ in range(300):
        value = Items("list", (value,))
    assert "…" in render_html(grade_of(failed(value, Plain(1))))


# The same data as JSON


def test_a_grade_survives_its_json():
    grade = everything()
    assert msgspec.json.decode(grade_json(grade), type=Grade) == grade


def test_the_schema_file_is_that_of_the_grades():
    written = (content_folder() / "reports" / "grade.schema.json").read_bytes()
    assert written == grade_schema(), "write grade_schema() to reports/grade.schema.json"


def test_a_name_that_stood_in_for_the_exercises_own_is_said():
    document = render_html(everything())
    assert "Graded your <code>y</code> as <code>labels</code>." in document


def test_a_cell_that_was_not_run_says_why(opened):
    page = opened(render_html(everything()))
    page.get_by_text("1 cell on which no exercise depends").click()
    left_out = page.locator("section[aria-labelledby=left-out] li")
    assert left_out.inner_text() == "cell 6: No exercise that was found needs y from here."
    assert "Not run. No exercise that was found needs" in page.locator("#cell-6 header").text_content()


def test_the_first_error_that_mattered_is_said_with_what_depends_on_it():
    record = CellRecord(3, "code", "x", error=CellError("NameError", "no x"), seconds=0.1)
    first = FirstError(3, "NameError: no x", ("Labels", "Stacks of images"))
    document = render_html(grade_of(Verdict("adds", "failed", 0.0, 1.0), notebook=(record,), first_error=first))
    assert "The first one that mattered is in" in document
    assert "Labels and Stacks of images need that cell." in document
