"""The README's examples for other services: they are run as they stand there, with the services' folders moved."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.grader.exports.test_gradescope import FIELDS, TEST_FIELDS
from tests.grader.notebooks import write_notebook

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
RIGHT = "def spread(numbers):\n    return max(numbers) - min(numbers)"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the examples are for Linux")


def block(after: str, language: str) -> str:
    """The first block of code in a language after some words."""
    found = re.search(rf"{re.escape(after)}.*?```{language}\n(.*?)```\n", README, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def service(tmp_path, write_course):
    """A function that runs a script of a service with its folders moved here, and with a small course."""
    program = tmp_path / "opt" / "grader" / "bin" / "grader"
    program.parent.mkdir(parents=True)
    course = shlex.quote(str(write_course()))
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m grader "$@" --course {course}\n')
    program.chmod(0o755)
    for folder in ("autograder/submission", "autograder/results", "tmp"):
        (tmp_path / folder).mkdir(parents=True)

    def run(script, **environment):
        moved = re.sub(r"(?<![\w/])/(autograder|opt|tmp)/", rf"{tmp_path}/\1/", script)
        return subprocess.run(
            ["bash", "-e", "-c", moved],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_gradescope_s_scripts_can_be_run(name):
    script = block(f"`{name}`:", "bash")

    assert script.startswith("#!/usr/bin/env bash\n")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_gradescope_finds_the_results_where_it_looks_for_them(service, tmp_path):
    write_notebook(tmp_path / "autograder" / "submission" / "my lab.ipynb", RIGHT)

    ran = service(block("`run_autograder`:", "bash"))

    assert ran.returncode == 0, ran.stderr
    results = json.loads((tmp_path / "autograder" / "results" / "results.json").read_text())
    assert results.keys() <= FIELDS
    assert all(test.keys() <= TEST_FIELDS for test in results["tests"])
    assert (results["score"], sum(test["max_score"] for test in results["tests"])) == (3, 3)


def test_gradescope_is_told_that_no_notebook_was_handed_in(service, tmp_path):
    ran = service(block("`run_autograder`:", "bash"))

    assert ran.returncode == 0
    results = json.loads((tmp_path / "autograder" / "results" / "results.json").read_text())
    assert (results["score"], results["tests"]) == (0, [])
    assert "no such file" in results["output"]


def test_github_s_reporter_is_given_what_it_asks_for(service, tmp_path):
    workflow = yaml.safe_load(block("A GitHub workflow", "yaml"))
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    (grading,) = (step for step in steps if step.get("id"))
    reporter = steps[-1]
    write_notebook(tmp_path / "lab4.ipynb", RIGHT.replace("max", "min"))

    ran = service(grading["run"], GITHUB_OUTPUT=str(tmp_path / "output"))

    assert ran.returncode == 0, ran.stderr
    name, _, value = (tmp_path / "output").read_text().strip().partition("=")
    result = json.loads(base64.b64decode(value))
    assert (result["version"], result["status"], result["max_score"]) == (1, "fail", 3)
    # What the reporter asks for: README.md and src/main.js of classroom-resources/autograding-grading-reporter.
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    assert reporter["uses"] == "classroom-resources/autograding-grading-reporter@v1"
    runner = reporter["with"]["runners"]
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{grading['id']}.outputs.{name} }}}}"}
