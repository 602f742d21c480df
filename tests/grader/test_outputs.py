"""What is kept of a cell's outputs: both ends, within limits, and a line that says what is missing between them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from grader.limits import Limits
from grader.outputs import (
    ERROR_BYTES,
    LEAST,
    PIECES,
    RICH_BYTES,
    Amount,
    Budget,
    CellOutputs,
    as_seen,
    both_ends,
    error_node,
    size_of,
    weight,
)

LIMIT = Amount(2_000, 4 * RICH_BYTES, 100)
NOTICE = re.compile(r"\n\[… (\d+) bytes of output was left out here …\]\n")


def text_of(nodes: list[NotebookNode]) -> str:
    return "".join(node.get("text", "") or node.get("data", {}).get("text/plain", "") for node in nodes)


def plain(text: str) -> dict[str, object]:
    return {"data": {"text/plain": text}, "metadata": {}}


def picture(size: int, text: str = "<Figure>") -> dict[str, object]:
    return {"data": {"image/png": "A" * size, "text/plain": text}, "metadata": {}}


def shown(*texts: str, limit: Amount = LIMIT) -> CellOutputs:
    outputs = CellOutputs(limit)
    for text in texts:
        outputs.display("display_data", plain(text), None)
    return outputs


# One text


@given(st.text(), st.integers(0, 50))
def test_both_ends_of_a_long_text_are_kept_and_the_rest_is_counted(text: str, limit: int) -> None:
    kept = both_ends(text, limit)

    if size_of(text) <= limit:
        assert kept == text
    else:
        first, left_out, last = NOTICE.split(kept)
        assert text.startswith(first)
        assert text.endswith(last)
        assert size_of(first) <= limit // 2
        assert size_of(last) <= limit // 2
        assert size_of(first) + int(left_out) + size_of(last) == size_of(text)


def test_what_was_left_out_is_told_in_fitting_units() -> None:
    assert "[… 5 MiB of output was left out here …]" in both_ends("x" * (5 * 2**20 + 1000), 1000)


def test_halves_of_characters_do_not_get_through() -> None:
    assert both_ends("a\ud800b", 10) == "a?b"
    assert as_seen("a\ud800b") == "a?b"


@given(st.text("ab\r\n"))
def test_what_was_written_over_after_a_carriage_return_is_not_seen(text: str) -> None:
    assert as_seen(text) == re.sub(r".*\r(?=[^\n])", "", text)


def test_a_long_line_is_looked_through_once() -> None:
    assert as_seen("x" * 10_000_000 + "\rseen") == "seen"


# Streams


@given(st.lists(st.text("ab€\n", max_size=30)), st.integers(2, 100))
def test_a_stream_keeps_both_its_ends_in_whatever_portions_it_comes(texts: list[str], limit: int) -> None:
    outputs = CellOutputs(LIMIT._replace(text=limit))
    for text in texts:
        outputs.write("stdout", text)

    written, kept = "".join(texts), text_of(outputs.nodes())
    if not outputs.left_out_bytes:
        assert kept == written
    else:
        first, left_out, last = NOTICE.split(kept)
        assert written.startswith(first)
        assert written.endswith(last)
        assert size_of(first) <= limit // 2
        assert size_of(last) <= limit // 2
        assert size_of(first) + int(left_out) + size_of(last) == size_of(written)


@pytest.mark.parametrize("portion", [1, 7, 500, 100_000])
def test_nearly_as_much_as_may_be_is_kept_of_a_long_stream(portion: int) -> None:
    outputs = CellOutputs(LIMIT)
    for _ in range(100_000 // portion):
        outputs.write("stdout", "x" * portion)

    assert LIMIT.text * 0.95 < outputs.taken.text <= LIMIT.text


def test_a_stream_in_the_smallest_portions_is_held_in_few_pieces() -> None:
    outputs = CellOutputs(LIMIT)
    for _ in range(100_000):
        outputs.write("stdout", "x")

    assert outputs.taken.outputs <= 2 * (PIECES + 1)


def test_between_two_displays_each_stream_is_one_output_and_stdout_the_first() -> None:
    outputs = CellOutputs(LIMIT)
    for name in ("stderr", "stdout", "stderr", "stdout"):
        outputs.write(name, f"{name}\n")
    outputs.display("display_data", plain("display"), None)
    outputs.write("stdout", "after")

    out, err, display, after = outputs.nodes()
    assert (out.name, out.text) == ("stdout", "stdout\nstdout\n")
    assert (err.name, err.text) == ("stderr", "stderr\nstderr\n")
    assert display.data["text/plain"] == "display"
    assert after.text == "after"


# Displays and pictures


def test_of_many_displays_the_first_and_the_last_are_kept_in_order() -> None:
    nodes = shown(*(f"{number:4};" for number in range(5000))).nodes()

    first, last = text_of(nodes).split("\n[… 28.71 KiB of output was left out here …]\n")
    assert first == "".join(f"{number:4};" for number in range(50))
    assert last == "".join(f"{number:4};" for number in range(4950, 5000))


def test_nothing_comes_before_the_gap_once_there_is_one() -> None:
    nodes = shown(*["x" * 400] * 20, "small").nodes()

    assert text_of(nodes).endswith("small")


def test_a_display_that_is_too_long_keeps_both_its_ends() -> None:
    (node,) = shown("a" + "x" * 10_000 + "b").nodes()

    assert re.fullmatch(r"ax+\n\[… 9.279 KiB of output was left out here …\]\nx+b", node.data["text/plain"])


def test_pictures_have_room_of_their_own() -> None:
    outputs = CellOutputs(LIMIT)
    for _ in range(3):
        outputs.display("display_data", picture(1_000_000), None)

    assert [len(node.data["image/png"]) for node in outputs.nodes()] == [1_000_000] * 3


def test_a_picture_that_is_too_large_is_named_instead() -> None:
    outputs = CellOutputs(LIMIT)
    outputs.display("display_data", picture(5_000_000), None)

    (node,) = outputs.nodes()
    assert node.data == {"text/plain": "<Figure>\n[… a picture of 4.768 MiB was left out here …]"}


def test_of_too_many_pictures_the_first_and_the_last_are_kept() -> None:
    outputs = CellOutputs(LIMIT)
    for number in range(20):
        outputs.display("display_data", picture(3_000_000, f"{number};"), None)

    assert text_of(outputs.nodes()).startswith("0;1;\n[…")
    assert text_of(outputs.nodes()).endswith("…]\n18;19;")


def test_an_update_changes_what_is_kept_and_does_not_outgrow_its_room() -> None:
    outputs = CellOutputs(LIMIT)
    outputs.display("display_data", plain("before"), "a")
    outputs.update("a", plain("after"))
    (node,) = outputs.nodes()
    assert node.data["text/plain"] == "after"

    outputs.update("a", plain("x" * 100_000))
    assert size_of(node.data["text/plain"]) < LIMIT.text / 2 + 100


def test_an_update_of_what_was_pushed_out_changes_nothing() -> None:
    outputs = CellOutputs(LIMIT)
    for number in range(5000):
        outputs.display("display_data", plain("x"), str(number))
    before = text_of(outputs.nodes())

    outputs.update("2500", plain("y"))

    assert text_of(outputs.nodes()) == before


@pytest.mark.parametrize(
    "content", [{}, {"data": None}, {"data": 1, "metadata": 1}, {"data": {"text/plain": ["a", 1], "image/png": 5}}]
)
def test_a_malformed_display_is_no_danger(content: dict[str, object]) -> None:
    outputs = CellOutputs(LIMIT)
    outputs.display("display_data", content, None)

    (node,) = outputs.nodes()
    assert isinstance(node.data, dict)
    assert isinstance(node.data.get("text/plain", ""), str)


# Errors


def test_an_error_comes_last_and_is_kept_whatever_else_there_is() -> None:
    outputs = CellOutputs(LIMIT)
    outputs.error = error_node({"ename": "E", "evalue": "x", "traceback": ["line", "line"]})
    outputs.write("stdout", "x" * 100_000)

    node = outputs.nodes()[-1]
    assert (node.output_type, node.ename, node.evalue, node.traceback) == ("error", "E", "x", ["line\nline"])


@pytest.mark.parametrize("field", ["ename", "evalue", "traceback"])
def test_an_error_is_bounded_itself(field: str) -> None:
    much = "x" * 10**6
    content = {"ename": "", "evalue": "", "traceback": [], field: [much] if field == "traceback" else much}

    assert weight(error_node(content)) < 2 * ERROR_BYTES


# A notebook


def test_later_cells_keep_less_but_always_a_little() -> None:
    budget = Budget(Limits(output_bytes=10_000, notebook_output_bytes=25_000))

    rooms = []
    for index in range(5):
        rooms.append(budget.of(index).text)
        budget.note(index, Amount(rooms[-1]))

    assert rooms == [10_000, 10_000, 5_000, LEAST.text, LEAST.text]


def test_a_cell_that_runs_again_counts_once() -> None:
    budget = Budget(Limits(output_bytes=10_000, notebook_output_bytes=15_000))
    for _ in range(5):
        budget.note(0, Amount(10_000))

    assert budget.of(0).text == 10_000
    assert budget.of(1).text == 5_000


def test_a_cells_limit_may_be_less_than_the_least() -> None:
    assert Budget(Limits(output_bytes=10)).of(0).text == 10
