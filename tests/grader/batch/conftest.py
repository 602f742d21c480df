"""A class to grade."""

import pytest

from tests.grader.batch.classes import SmallClass


@pytest.fixture
def small_class(public_folder, write_course):
    """A class of the small course; nothing is handed in yet."""
    (public_folder / "data").mkdir()
    return SmallClass(public_folder, write_course())
