"""Limits, as users set them and readers see them."""

import pytest

from grader.errors import UserError
from grader.limits import Limits, described, with_limits


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("memory=2GB", "memory_bytes", 2 * 10**9),
        ("memory=512MiB", "memory_bytes", 512 * 2**20),
        ("memory=1.5g", "memory_bytes", 1_500_000_000),
        ("scratch=1000", "scratch_bytes", 1000),
        ("processes=64", "processes", 64),
        ("open-files=100", "open_files", 100),
        ("cell=4.5", "cell_s", 4.5),
        ("cpu=60s", "cpu_s", 60),
    ],
)
def test_a_setting_changes_its_limit_only(setting: str, field: str, value: float) -> None:
    changed = with_limits(Limits(), (setting,))

    assert getattr(changed, field) == value
    assert all(getattr(changed, name) == getattr(Limits(), name) for name in Limits.__struct_fields__ if name != field)


@pytest.mark.parametrize(
    "setting", ["memory", "memory=", "memory=0", "memory=-1", "memory=much", "memory=9e9", "cpu=1h"]
)
def test_what_is_no_amount_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(UserError, match="give an amount above 0, such as"):
        with_limits(Limits(), (setting,))


def test_a_limit_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match=r"disk=1: no such limit. There are: cell, notebook, .*memory, processes"):
        with_limits(Limits(), ("disk=1",))


def test_limits_are_shown_with_their_units() -> None:
    shown = described(Limits(cell_s=1.5, memory_bytes=1536 * 2**20, open_files=1024, file_bytes=10))

    assert shown["cell"] == "1.5 s"
    assert shown["memory"] == "1.5 GiB"
    assert shown["open-files"] == "1,024"
    assert shown["file"] == "10 bytes"


def test_without_isolation_only_what_holds_then_is_shown() -> None:
    shown = described(Limits(), is_isolated=False)

    assert {"cell", "notebook"} <= set(shown)
    assert "memory" not in shown
