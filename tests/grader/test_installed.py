"""How the grader was installed, for pip elsewhere."""

import json

import pytest

from grader.installed import address_of, wheel_name

GIT = {"url": "https://example.org/grader.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}


@pytest.mark.parametrize(
    ("direct_url", "address"),
    [
        (GIT, "git+https://example.org/grader.git@abc"),
        ({**GIT, "subdirectory": "a/b"}, "git+https://example.org/grader.git@abc#subdirectory=a/b"),
        ({"url": "https://example.org/grader.whl", "archive_info": {}}, "https://example.org/grader.whl"),
        ({"url": "file:///home/ada/grader", "dir_info": {"editable": True}}, ""),
        ({"url": "file:///home/ada/grader.whl", "archive_info": {}}, ""),
    ],
)
def test_what_pip_takes_elsewhere_is_where_it_came_from(direct_url, address):
    assert address_of(json.dumps(direct_url)) == address


def test_the_wheel_s_name_is_that_of_a_wheel():
    assert wheel_name().startswith("chapter4_grader-")
    assert wheel_name().endswith("-py3-none-any.whl")
