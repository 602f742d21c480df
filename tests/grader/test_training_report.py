"""The report of a training: what it shows, that it runs and loads nothing, and that everyone can read it."""

import math
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from grader.report import render_training
from reference.training_record import Epoch
from tests.grader.test_report import ATTACK, assert_inert, open_all_details
from tests.grader.training_examples import training_of

STARTED = "2026-03-04T14:05:06+00:00"


def report_of(target=0.0, **changes):
    """The report of a training made by hand."""
    return render_training(training_of(**changes), "Training a Digit Classifier", STARTED, target)


def hostile():
    """A report of a training in which every text is an attack."""
    names = {"title": ATTACK, "device": ATTACK, "classes": (ATTACK,) * 3}
    training = training_of(**names, settings={ATTACK: ATTACK}, phases={ATTACK: 1.0})
    return render_training(training, ATTACK, ATTACK, 0.5)


# Safety


def test_hostile_names_run_and_load_nothing_and_are_shown_letter_by_letter(opened):
    page = opened(hostile())
    open_all_details(page)

    assert page.locator("script, iframe, object, embed, form, base, link").count() == 0
    assert_inert(page)
    assert page.locator("h1").text_content() == ATTACK


def test_the_policy_stops_a_script_and_lets_the_style_through(opened):
    page = opened(report_of(0.9).replace("</main>", "<script>window.pwned = 1</script></main>"))

    assert page.evaluate("window.pwned") is None
    assert page.evaluate("getComputedStyle(document.querySelector('.chart .line')).fill") == "none"


# Who can read it


@pytest.mark.parametrize("width", [1100, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(opened, scheme, width):
    confusion = [[1000, 0, 1, 2], [4, 1000, 11, 40], [200, 500, 700, 0], [0, 0, 0, 0]]  # every level of colour
    document = report_of(0.85, confusion=confusion, classes=("0", "1", "2", "3"), peak_device_bytes=2**30)
    page = opened(document, color_scheme=scheme, viewport={"width": width, "height": 800})
    open_all_details(page)

    assert (
        page.locator(".matrix td[class^=level]").evaluate_all("all => new Set(all.map(e => e.classList[0])).size") == 8
    )
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert page.seen == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_curves_are_images_with_names_and_their_numbers_in_tables(opened):
    page = opened(report_of(losses=[4.0, 2.0, 1.0]))
    open_all_details(page)

    assert page.get_by_role("img", name="The loss of each step").is_visible()
    assert page.get_by_role("img", name="The accuracy after each epoch").is_visible()
    assert "from 4 at step 1 to 1 at step 3" in page.locator("#loss-description").text_content()
    losses = page.get_by_role("group", name="Losses").locator("tbody tr").all_inner_texts()
    assert [row.split() for row in losses] == [["1", "4.0000"], ["2", "2.0000"], ["3", "1.0000"]]
    epochs = page.get_by_role("group", name="Epochs").locator("tbody tr").all_inner_texts()
    assert [row.split("\t") for row in epochs] == [
        ["1", "0.9000", "80.00%", "1.25 s"],
        ["2", "0.4000", "not measured", "1.20 s"],
        ["3", "0.2000", "90.00%", "1.30 s"],
    ]


def test_right_predictions_are_recognised_without_colour(opened):
    page = opened(report_of())
    bold = "cells => cells.filter(cell => getComputedStyle(cell).fontWeight >= 700).map(cell => cell.innerText)"
    framed = "cells => cells.filter(cell => getComputedStyle(cell).boxShadow != 'none').map(cell => cell.innerText)"
    cells = page.locator(".matrix tbody td")

    assert cells.evaluate_all(bold) == cells.evaluate_all(framed) == ["20", "18", "16"]


# What it shows


def test_the_accuracy_comes_with_its_uncertainty(opened):
    text = opened(report_of()).locator("body").inner_text()

    assert "90.00%\n\nof 60 test images read right" in text
    assert "54 of 60 images" in text
    assert "between 79.85% and 95.34% (the 95% interval)" in text
    assert "Target" not in text


@pytest.mark.parametrize(
    ("target", "words"), [(0.9, "Target reached: 90% was asked for."), (0.985, "Target missed: 98.5% was asked for.")]
)
def test_a_target_is_said_to_be_reached_or_missed_and_is_drawn(opened, target, words):
    page = opened(report_of(target))

    assert words in page.locator("main").inner_text()
    assert page.locator(".chart .target").count() == 1


def test_the_confusion_matrix_has_its_headings_counts_and_mixups(opened):
    page = opened(report_of())
    rows = page.locator(".matrix tbody tr").all_inner_texts()

    assert [row.split("\t") for row in rows] == [
        ["0", "20", "0", "0", "100%"],
        ["1", "1", "18", "1", "90.00%"],
        ["2", "0", "4", "16", "80.00%"],
    ]
    assert page.locator(".matrix").get_by_role("columnheader", name="2", exact=True).is_visible()
    assert page.locator(".matrix").get_by_role("rowheader", name="2", exact=True).is_visible()
    said = "Most often, 2 was taken for 1 (4 times), 1 was taken for 0 (1 time) and 1 was taken for 2 (1 time)."
    assert said in page.locator("main").inner_text()


def test_the_worst_images_are_shown_with_right_and_predicted_class_and_probability(opened):
    page = opened(report_of())
    images = page.locator(".misread img")

    assert images.evaluate_all("images => images.map(i => [i.naturalWidth, i.naturalHeight])") == [[28, 28]] * 2
    assert page.locator(".misread li").all_inner_texts() == ["2 read as 1\np(2) < 0.01%", "1 read as 2\np(1) = 25.00%"]


def test_the_weights_are_images_that_are_read_out_as_one(opened):
    page = opened(report_of())
    weights = page.get_by_role("img", name="5 images of weights, 28 by 28 pixels each")

    assert weights.locator("img").evaluate_all("images => images.map(i => i.naturalWidth)") == [28] * 5


def test_phases_settings_and_device_are_told(opened):
    text = opened(report_of()).locator("main").inner_text()

    for line in ("load\t20 ms\t", "train\t3.75 s\t 94%", "evaluate\t0.23 s\t 6%"):
        assert line.replace(" ", "") in text.replace(" ", "")
    for line in ("device\nCPU, 1 thread", "parameters\n101,770", "steps\n200", "seed\n42", "optimizer\nAdam"):
        assert line in text
    assert "peak device memory" not in text


def test_the_peak_of_a_gpus_memory_is_told():
    document = report_of(peak_device_bytes=1536 * 2**20)

    assert "<dt>peak device memory</dt><dd>1.5 GiB</dd>" in document


def test_steps_without_a_finite_loss_are_told():
    assert "In 2 steps the loss was no finite number." in report_of(losses=[2.0, math.nan, math.inf, 1.0])


@pytest.mark.parametrize(
    "changes",
    [
        {"losses": []},
        {"losses": [math.nan] * 50},
        {"losses": [0.0, 0.0]},
        {"epochs": []},
        {"epochs": [Epoch(math.nan, 1.0, 0.0)] * 3},
        {"epochs": [Epoch(math.inf, 0.0, 0.0)] * 30},
        {"confusion": [[0, 0, 0]] * 3},
        {"confusion": [[7]], "classes": ("all",), "misread": []},
        {"misread": []},
        {"weights": training_of().weights[:0]},
        {"weights": training_of().weights * math.nan},
        {"phases": {}},
        {"phases": {"train": 0.0}},
        {"settings": {}},
    ],
    ids=str,
)
def test_any_training_can_be_shown(changes):
    assert report_of(0.5, **changes).rstrip().endswith("</html>")


def test_what_nothing_was_wrong_with_is_said():
    assert "Every test image was read right." in report_of(misread=[])


def test_a_title_begins_with_a_capital(opened):
    page = opened(render_training(replace(training_of(), title="deep net"), "c", STARTED))

    assert page.title() == "90.00%: Deep net"
