"""Gradescope's metadata: the little of YAML that it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.gradescope import GradescopeSubmission, Submitter, read_metadata
from grader.intake.timestamps import utc_of

EXPORT = """\
---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :email: ada@x.edu
    :sid: '0123'
  :created_at: 2019-09-04 21:03:57.297916000 Z
  :score: 10.0
  :results:
    tests:
    - name: it prints
      output: |-
        submission_1:
          :submitters:
          - :name: Mallory
            :sid: '666'
  :history:
  - :id: 7
    :created_at: 2019-09-01 00:00:00.000000000 Z
    :submitters:
    - :name: Mallory
"submission: 2":
  :submitters:
  - :name: "Bob \\"B\\" \\u0160"
    :sid: &1 '7'
    :email:
  - :name: 'O''Neill'
    :sid: *1
  :created_at: 2019-09-04 23:03:57.000000000 +02:00
submission_3:
  :submitters: []
"""


def test_who_handed_in_what_and_when_is_read() -> None:
    assert read_metadata(EXPORT) == {
        "submission_1": GradescopeSubmission(
            (Submitter("Ada Lovelace", "ada@x.edu", "0123"),), "2019-09-04T21:03:57+00:00"
        ),
        "submission: 2": GradescopeSubmission(
            (Submitter('Bob "B" Š', "", "7"), Submitter("O'Neill", "", "7")), "2019-09-04T21:03:57+00:00"
        ),
        "submission_3": GradescopeSubmission(),
    }


def test_a_value_of_several_lines_is_passed_over() -> None:
    metadata = "a:\n  :submitters:\n  - :name: |-\n      :sid: '666'\n    :sid: '7'\n"

    assert read_metadata(metadata)["a"].submitters == (Submitter("", "", "7"),)


def test_a_name_that_somebody_chose_hides_nothing() -> None:
    metadata = 'a:\n  :submitters:\n  - :name: "A\\nda \\e[2J \\u202eevoL\\ud800"\n'

    assert read_metadata(metadata)["a"].submitters[0].name == "A da [2J evoL\ufffd"


@given(st.text())
def test_any_text_is_read_or_passed_over(text: str) -> None:
    for submission in read_metadata(text + EXPORT.replace("submission_1", text)).values():
        for person in submission.submitters:
            (person.name + person.email + person.sid).encode()


@given(st.lists(st.sampled_from(EXPORT.split("\n")), max_size=30))
def test_lines_in_any_order_are_read_or_passed_over(lines: list[str]) -> None:
    read_metadata("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01 12:00:00.123456 UTC\n", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01 12:00:00 UTC", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01 12:00:00", "2026-03-01T12:00:00+00:00"),
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T23:58:23+00:00"),
        ("2026-03-01T12:00:00-0330", "2026-03-01T15:30:00+00:00"),
        ("2026-03-01 12:00:00 PST", ""),
        ("2026-03-01 12:00:00 ../../etc/passwd", ""),
        ("2026-03-01 12:00:00 Nowhere/Land", ""),
        ("2026-03-01 12:00:00 +99:00", ""),
        ("2026-13-01 12:00:00 UTC", ""),
        ("0001-01-01 00:00:00 +01:00", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times_are_read_where_they_are_clear(text: str, utc: str) -> None:
    assert utc_of(text) == utc
