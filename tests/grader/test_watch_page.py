"""The page of a notebook that is watched, in a browser: it keeps itself up to date, and the reader's place."""

import os

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.report import render_watched, watched_policy
from grader.results import Verdict
from grader.watch_server import Board, WatchServer
from grader.watching import State, news_of
from tests.grader.report_examples import everything, grade_of
from tests.grader.test_report import hostile

AT = "14:03:12"


class Shown:
    """A watched notebook's page: what it is told, and what its console said (`seen`)."""

    def __init__(self, board, page, seen):
        self.board, self.page, self.seen = board, page, seen

    def put(self, state, document=True):
        self.board.put(news_of(state), render_watched(state, "lab4.ipynb").encode() if document else None)

    def says(self, text):
        self.page.get_by_role("status").get_by_text(text).wait_for()


@pytest.fixture
def server():
    board = Board()
    with WatchServer(board, watched_policy()) as server:
        yield server


@pytest.fixture
def watched(server, browser):
    """A function that opens the page as it stands in a state."""
    contexts = []

    def open_page(state, **options):
        shown = Shown(server.board, None, [])
        shown.put(state)
        contexts.append(browser.new_context(**options))
        shown.page = contexts[-1].new_page()
        shown.page.on("console", lambda message: shown.seen.append(message.text))
        shown.page.on("pageerror", lambda error: shown.seen.append(str(error)))
        shown.page.goto(server.address, wait_until="domcontentloaded")
        return shown

    yield open_page
    for context in contexts:
        context.close()


def graded(grade, number=1, change=""):
    return State("graded", AT, grade, number, change)


def many(points, count=12):
    """A grade with so many exercises, long enough that its report has to be scrolled."""
    (one,) = grade_of(Verdict("adds", "passed" if points else "failed", points, 2.0, "Not so." * 40)).exercises
    exercises = tuple(msgspec.structs.replace(one, name=f"sums_{n}", title=f"Sums {n}") for n in range(count))
    return msgspec.structs.replace(everything(), exercises=exercises, points=points * count, possible=2.0 * count)


def test_the_first_report_appears_by_itself(watched):
    shown = watched(State("grading", AT))
    shown.says("Grading your notebook for the first time")
    assert shown.page.title() == "lab4.ipynb"

    shown.put(graded(everything()))

    shown.page.locator("#exercise-1").wait_for()
    shown.says(f"Graded at {AT}: ")
    assert "points" in shown.page.title()
    assert shown.seen == []


def test_a_new_report_takes_the_place_of_the_old_one(watched):
    shown = watched(graded(many(0.0)))
    shown.put(State("grading", AT, many(0.0), 1), document=False)
    shown.says("Grading what you have saved")
    assert shown.page.locator(".score").inner_text().startswith("0 of 24 points")

    shown.put(graded(many(2.0), 2, "+24: sums"))

    shown.says("+24: sums")
    assert shown.page.locator(".score").inner_text().startswith("24 of 24 points")
    assert shown.page.locator("main").count() == shown.page.locator("body > footer").count() == 1
    assert shown.seen == []


def top_of(page, selector):
    return page.locator(selector).evaluate("element => element.getBoundingClientRect().top")


def test_what_is_in_sight_stays_where_it_is_though_the_report_above_becomes_shorter(watched):
    shown = watched(graded(many(0.0)))
    shown.says(f"Graded at {AT}")
    shown.page.locator("#exercise-7").evaluate("element => { element.scrollIntoView(); scrollBy(0, 100); }")
    before, height = top_of(shown.page, "#exercise-7"), shown.page.evaluate("document.body.scrollHeight")

    shown.put(graded(many(2.0), 2, "+24"))
    shown.says("+24")

    assert shown.page.evaluate("document.body.scrollHeight") < height - 500
    assert top_of(shown.page, "#exercise-7") == pytest.approx(before, abs=1)


def test_what_the_reader_opened_or_closed_stays_so_and_the_rest_is_as_the_report_has_it(watched):
    shown = watched(graded(many(0.0)))
    task, code = "#exercise-{} details:nth-of-type(1)", "#exercise-{} details:nth-of-type(2)"
    shown.page.locator(f"{task.format(1)} > summary").click()  # closes it
    shown.page.locator("section[aria-labelledby=notebook] > details > summary").click()

    def is_open(selector):
        return shown.page.locator(selector).get_attribute("open") is not None

    for number, points in ((2, 0.0), (3, 2.0), (4, 0.0)):
        shown.put(graded(many(points), number, f"round {number}"))
        shown.says(f"round {number}")
        assert not is_open(task.format(1))
        assert is_open(code.format(1)) == is_open(task.format(2)) == (points == 0)
        assert is_open("section[aria-labelledby=notebook] > details")


def test_focus_stays_with_what_the_next_report_has_too(watched):
    shown = watched(graded(many(0.0)))
    summary = shown.page.locator("#exercise-3 summary").last
    link = shown.page.locator(".overview a[href='#exercise-5']")
    for number, element in ((2, summary), (3, link)):
        element.focus()
        shown.put(graded(many(0.0), number, f"round {number}"))
        shown.says(f"round {number}")
        assert element.evaluate("element => element === document.activeElement")


def test_a_box_stays_scrolled(watched):
    shown = watched(graded(everything()), viewport={"width": 320, "height": 600})
    wide = "[...document.querySelectorAll('main .scroll')].find(box => box.scrollWidth > box.clientWidth + 20)"
    shown.page.evaluate(f"{wide}.scrollLeft = 15")

    shown.put(graded(everything(), 2, "round 2"))
    shown.says("round 2")

    assert shown.page.evaluate(f"{wide}.scrollLeft") == 15


def test_the_skip_link_lies_above_the_line(watched):
    shown = watched(graded(many(0.0)))
    shown.page.keyboard.press("Tab")

    at = "const { left, top } = document.querySelector('.skip').getBoundingClientRect()"
    assert (
        shown.page.evaluate(f"() => {{ {at}; return document.elementFromPoint(left + 9, top + 9).className; }}")
        == "skip"
    )


def test_a_save_that_can_not_be_graded_leaves_the_report_and_says_why(watched):
    shown = watched(graded(many(2.0)))
    shown.put(State("waiting", AT, many(2.0), 1, "", "lab4.ipynb: not a notebook (line 1 is not JSON)."))

    shown.says("not a notebook")
    assert shown.page.locator("#exercise-1").is_visible()
    assert shown.page.locator("#standing").get_attribute("class") == "standing waiting"


def test_a_page_opened_late_is_told_what_goes_on(watched):
    shown = watched(graded(many(0.0)))
    shown.put(State("grading", AT, many(0.0), 1), document=False)
    shown.page.reload(wait_until="domcontentloaded")
    shown.says("Grading what you have saved")


def test_the_end_of_watching_is_said(watched, server):
    shown = watched(graded(many(2.0)))
    shown.says("Graded at")
    server.board.close()
    shown.says("Watching has ended")
    assert shown.page.locator("#exercise-1").is_visible()
    assert shown.seen == []


def test_without_scripts_the_report_is_there_and_comes_again(watched):
    shown = watched(graded(many(2.0)), java_script_enabled=False)

    assert shown.page.locator("#exercise-1").is_visible()
    assert shown.page.locator("[role=status]").inner_text().startswith(f"Graded at {AT}")
    assert shown.page.locator("meta[http-equiv=refresh]").count() == 1


def test_a_hostile_submission_runs_and_loads_nothing_here_either(watched, server):
    requested = []
    shown = watched(State("grading", AT))
    shown.page.on("request", lambda request: requested.append(request.url))
    shown.put(graded(hostile(), 1, "<img src=x onerror='window.pwned = 1'>"))
    shown.says("onerror")
    shown.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")

    assert shown.page.evaluate("window.pwned") is None
    assert shown.page.locator("script").count() == 1
    assert set(requested) <= {server.address, f"{server.address}events"}


def test_the_policy_lets_nothing_but_our_script_run_and_no_stranger_be_asked(watched):
    shown = watched(graded(many(2.0)))
    shown.page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.pwned = 1";
        document.body.append(script);
    }""")

    assert shown.page.evaluate("window.pwned") is None
    assert shown.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'asked', error => error.name)") == "TypeError"
    assert any("connect-src 'self'" in text for text in shown.seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [420, 1300])
@pytest.mark.parametrize("stage", ["first", "graded", "waiting"])
def test_axe_finds_nothing_wrong(watched, scheme, width, stage):
    state = {
        "first": State("grading", AT),
        "graded": graded(everything(), 1, "+2: mnist_distance"),
        "waiting": State("waiting", AT, everything(), 1, "", "lab4.ipynb: not a notebook (line 1 is not JSON)."),
    }[stage]
    shown = watched(state, color_scheme=scheme, viewport={"width": width, "height": 900})
    shown.page.emulate_media(reduced_motion="reduce")
    if os.environ.get("SHOTS"):
        shown.page.screenshot(path=f"{os.environ['SHOTS']}/{stage}-{width}-{scheme}.png")

    found = Axe().run(shown.page)

    assert found.violations_count == 0, found.generate_report()
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
