"""The page of a class: what it shows, that only our script runs, who can read it, and how its table is searched."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace

from grader.book.policy import Policy, in_words
from grader.overview import bins_of
from grader.overview_views import LEVELS, histogram, late_text, level_of, percent_of
from grader.report import render_class
from grader.standing import CheckOutline, ExerciseOutline, Outline, Override, Standing
from tests.grader.class_examples import class_of
from tests.grader.test_report import ATTACK, assert_inert, open_all_details

MADE = "2026-03-04T14:05:06+00:00"


def page_of(standings, **links):
    """The overview of a class."""
    return render_class(standings, MADE, links, "Numbers", in_words(Policy(penalty=0.1, cut_off_s=86_400)))


def hostile():
    """A class in which every text is an attack."""
    checks = tuple(CheckOutline(ATTACK, outcome, 0.0, 1.0, ATTACK) for outcome in ("failed", "timeout", "needs review"))
    outline = Outline((ExerciseOutline(ATTACK, ATTACK, 0.0, 3.0, checks),), 1.0, False, f"cell 1: {ATTACK}", (ATTACK,))
    override = Override(1.0, ATTACK, ATTACK, MADE)
    texts = {"name": ATTACK, "email": ATTACK, "problem": ATTACK, "submission": ATTACK}
    return Standing(
        ATTACK, ATTACK, points=1.0, automatic=0.0, possible=3.0, override=override, outline=outline, **texts
    )


def names(page):
    """The students that the table shows, in its order."""
    return page.locator("#everyone tbody th").all_inner_texts()


def small():
    """Five students: graded, graded, late, missing, overridden."""

    def graded(student, name, points, **changes):
        checks = tuple(CheckOutline(f"check {i}", "passed", 1.0, 1.0) for i in range(4))
        exercises = (
            ExerciseOutline("a", "Sums", points, 4.0, checks),
            ExerciseOutline("b", "Means", 4.0 - points, 4.0, checks),
        )
        outline = Outline(exercises, 10.0 - points, True)
        return Standing(student, "lab4", name, points=points, automatic=4.0, possible=8.0, outline=outline, **changes)

    override = Override(4.0, "oral", "prof", MADE)
    return [
        graded("s1", "Zoë Müller", 3.0),
        graded("s2", "Bo Ito", 1.0),
        graded("s3", "Cat Larsen", 2.0, late_s=7200.0, penalty=1.0),
        Standing("s4", "lab4", "Dan Okafor", problem="missing"),
        graded("s5", "ada lovelace", 4.0, override=override),
    ]


# Safety


def test_hostile_texts_run_and_load_nothing_and_are_shown_letter_by_letter(opened):
    links = {ATTACK: "reports/x.html"}
    page = opened(render_class([hostile(), *class_of(30)], MADE, links, ATTACK, (ATTACK,)))
    open_all_details(page)
    page.get_by_role("searchbox", name="Search").fill("script")
    page.get_by_role("combobox", name="Exercises").select_option("0")

    assert page.locator("script").count() == 2
    assert page.locator("iframe, object, embed, form, base, link").count() == 0
    assert_inert(page)
    assert page.locator("h1").text_content() == ATTACK
    assert page.locator(".course bdi").text_content() == ATTACK
    assert page.locator(".policy").text_content() == ATTACK
    assert page.locator("#everyone tbody th a").first.text_content() == ATTACK
    assert {
        link.split("#")[0] for link in page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    } == {
        "",
        "reports/x.html",
    }


def test_the_policy_stops_every_script_but_ours(opened):
    page = opened(page_of(small()).replace("</main>", "<script>window.pwned = 1</script></main>"))

    assert page.evaluate("window.pwned") is None
    assert page.locator("#tools").is_visible()


# Who can read it


@pytest.mark.parametrize("width", [1100, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(opened, scheme, width):
    standings = class_of(60, exercises=8) if width == 360 else [hostile(), *class_of(25)]
    page = opened(page_of(standings, s00007="x.html"), color_scheme=scheme, viewport={"width": width, "height": 800})
    open_all_details(page)

    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert page.seen == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_all_students_stand_there_by_name(opened):
    page = opened(page_of(small()), java_script_enabled=False)

    assert names(page) == ["ada lovelace s5", "Bo Ito s2", "Cat Larsen s3", "Dan Okafor s4", "Zoë Müller s1"]
    assert page.locator("#tools, #all, #everyone th:last-child:not(tbody th)").filter(visible=True).count() == 0
    assert page.locator("#found").inner_text() == "5 students, by name"


# The table


def test_names_with_accents_stand_among_the_others():
    document = page_of([Standing(f"s{i}", "lab4", name) for i, name in enumerate(["Zoe", "Élodie", "ada", "Fay"])])

    assert [document.rindex(f">{name}<") for name in ("ada", "Élodie", "Fay", "Zoe")] == sorted(
        document.rindex(f">{name}<") for name in ("ada", "Élodie", "Fay", "Zoe")
    )


def test_the_table_is_sorted_with_the_keyboard_and_says_how(opened):
    page = opened(page_of(small()))
    points = page.get_by_role("columnheader", name="Points").filter(has=page.get_by_role("button"))
    points.get_by_role("button").focus()
    page.keyboard.press("Enter")
    falling, first = points.get_attribute("aria-sort"), names(page)
    page.keyboard.press("Enter")

    assert falling == "descending"
    assert [name.split()[0] for name in first] == ["ada", "Zoë", "Cat", "Bo", "Dan"]
    assert points.get_attribute("aria-sort") == "ascending"
    assert [name.split()[0] for name in names(page)] == ["Bo", "Cat", "Zoë", "ada", "Dan"]  # without points: last
    assert page.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize(
    ("text", "found"), [("muller", ["Zoë"]), ("  ITO ", ["Bo"]), ("s3 cat", ["Cat"]), ("oral", ["ada"]), ("nobody", [])]
)
def test_a_search_finds_names_ids_and_reasons_whatever_the_accents(opened, text, found):
    page = opened(page_of(small()))
    page.get_by_role("searchbox", name="Search").fill(text)
    page.get_by_role("status").filter(has_text=f"{len(found)} of 5 students").wait_for()

    assert [name.split()[0] for name in names(page)] == found


def test_kinds_of_students_can_be_chosen(opened):
    page = opened(page_of(small()))
    shown = {}
    for option in page.get_by_role("combobox", name="Show").locator("option").all_inner_texts():
        page.get_by_role("combobox", name="Show").select_option(option)
        shown[option] = [name.split()[0] for name in names(page)]

    assert shown == {
        "everybody": ["ada", "Bo", "Cat", "Dan", "Zoë"],
        "who needs a look": ["ada"],
        "Points given by a person (1)": ["ada"],
        "Handed nothing in (1)": ["Dan"],
        "Late (1)": ["Cat"],
    }


def test_an_exercise_can_be_chosen_and_is_sorted_by(opened):
    page = opened(page_of(small()))
    strips = page.locator("#everyone [role=img]").evaluate_all("all => all.map(s => s.getAttribute('aria-label'))")
    page.get_by_role("combobox", name="Exercises").select_option("Means")

    assert strips == ["1 of 2 complete", *["0 of 2 complete"] * 3]
    assert page.locator("#everyone tbody td:last-child").all_inner_texts() == ["0%", "25%", "50%", "75%", ""]
    assert [name.split()[0] for name in names(page)] == ["ada", "Zoë", "Cat", "Bo", "Dan"]


def test_of_many_students_the_first_hundred_are_shown_until_all_are_asked_for(opened):
    page = opened(page_of(class_of(250, exercises=3)))
    before = (len(names(page)), page.get_by_role("status").inner_text())
    page.get_by_role("button", name="Show all 250").click()

    assert before == (100, "250 of 250 students, the first 100 of them shown")
    assert len(names(page)) == 250
    assert page.get_by_role("status").inner_text() == "250 of 250 students"
    assert page.evaluate("document.activeElement === document.querySelector('#everyone tbody').rows[100].cells[0]")


# What it shows


def test_the_numbers_of_the_class_are_told(opened):
    text = opened(page_of(small())).locator("#main").inner_text()

    for line in ("students\n5", "with points\n4", "handed nothing in\n1", "late\n1", "need a look\n1"):
        assert line in text
    assert "mean points\n2.5\nmedian points\n2.5" in text


def test_the_histogram_is_an_image_with_its_numbers_beside_it(opened):
    page = opened(page_of(small()))
    rows = page.locator("table", has_text="The same in numbers").locator("tbody tr").all_inner_texts()

    assert page.get_by_role("img", name="How many students have which share of the points").is_visible()
    assert page.locator("rect.column").count() == 4
    assert [row.split("\t") for row in rows if not row.endswith("\t0")] == [
        ["50% to below 60%", "1"],
        ["30% to below 40%", "1"],
        ["20% to below 30%", "1"],
        ["10% to below 20%", "1"],
    ]


def test_a_few_students_have_columns_of_their_own_and_many_share_bands(opened):
    few = opened(page_of(small())).locator(".heat")
    assert few.locator("thead th").all_inner_texts() == [
        "Exercise",
        "ada lovelace",
        "Zoë Müller",
        "Cat Larsen",
        "Bo Ito",
        "all",
    ]
    assert few.locator("tbody tr").first.inner_text().split("\t") == ["Sums", "100", "75", "50", "25", "62"]

    many = opened(page_of(class_of(250, exercises=3))).locator(".heat")
    heads = many.locator("thead th").all_inner_texts()
    assert len(heads) == 22
    assert heads[1].startswith("1\u2013")


def test_reports_are_linked_wherever_students_are_named(opened):
    page = opened(page_of(small(), s5="reports/lab4/s5.html"))

    links = page.get_by_role("link", name="ada lovelace")
    assert links.count() == 4  # who needs a look, heat map, slowest, table
    assert {link.get_attribute("href") for link in links.all()} == {"reports/lab4/s5.html"}


def test_thousands_with_the_same_reason_hide_no_other(opened):
    standings = [Standing(f"s{i}", "lab4", problem="not graded yet") for i in range(300)]
    standings.append(Standing("odd", "lab4", problem="no notebook in odd.zip"))
    group = opened(page_of(standings)).locator(".groups section")

    assert "no notebook in odd.zip odd" in re.sub(r"\s+", " ", group.inner_text())
    assert "and 288 more" in group.inner_text()


@pytest.mark.parametrize(
    "standings",
    [
        [],
        [Standing("ada", "lab4", problem="missing")],
        [Standing("ada", "lab4", points=3.0, override=Override(3.0, "oral", "prof", MADE), problem="missing")],
        [Standing("ada", "lab4", points=0.0, outline=Outline((), 0.0, True))],
        [replace(small()[0], points=9.0)],
    ],
    ids=["none", "missing", "by hand", "no exercises", "more than all"],
)
def test_any_class_can_be_shown(opened, standings):
    page = opened(page_of(standings))

    assert page.seen == []
    assert len(names(page)) == len(standings)


@pytest.mark.parametrize(("share", "shown"), [(0, 0), (0.001, 1), (0.999, 99), (1, 100), (1.2, 120), (0.5, 50)])
def test_only_all_is_100_percent_and_only_nothing_is_0(share, shown):
    assert percent_of(share) == shown


def test_every_level_of_colour_has_its_percentages():
    assert [level_of(percent) for percent in (0, *LEVELS)] == list(range(8))


def test_the_columns_stand_side_by_side_on_the_axis():
    chart, columns = histogram(bins_of([0.1, 0.5, 0.5, 1.3]))

    assert len(columns) == 11
    assert all(left.x + left.width < right.x for left, right in pairwise(columns))
    assert all(column.y + column.height == pytest.approx(chart.y.start) for column in columns)
    assert columns[-1].label == "more than 100%"


@pytest.mark.parametrize(
    ("seconds", "text"), [(20, "1 minute"), (3600, "1 hour"), (5400, "1.5 hours"), (283_132, "3.3 days")]
)
def test_lateness_is_told_as_exactly_as_a_reader_cares_for(seconds, text):
    assert late_text(seconds) == text
