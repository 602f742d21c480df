"""`grader watch` as students run it: what it says, grades and shows, and how it ends."""

import os
import signal
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.errors import UserError
from grader.watch_server import Board, WatchServer
from tests.grader.notebooks import write_notebook

RIGHT = "def spread(numbers):\n    return max(numbers) - min(numbers)"
WRONG = "def spread(numbers):\n    return numbers[-1] - numbers[0]"


class Watching:
    """A running `grader watch`."""

    def __init__(self, process):
        self.process = process
        self.address = self.line().rpartition(" ")[2]

    def line(self):
        """The next line that it says."""
        return self.process.stdout.readline().rstrip("\n")

    def graded(self):
        """The next line about the notebook, without the time."""
        while not (line := self.line())[:2].isdigit():
            assert line, "it has ended"
        return line.split("  ", 1)[1]

    def end(self):
        """Ends it as Ctrl-C does: its exit status, and what it had still to say."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said.split()


@pytest.fixture
def lab(tmp_path):
    return tmp_path / "lab.ipynb"


@pytest.fixture
def watch(write_course, tmp_path, lab):
    """A function that starts `grader watch` on lab.ipynb and the small course."""
    started = []
    course = write_course()

    def start(*arguments, **environment):
        command = [sys.executable, "-m", "grader", "watch", lab.name, "--course", str(course), "--no-isolation"]
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "GRADER_DATA": str(tmp_path), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=hear_ctrl_c,
        )
        started.append(process)
        return Watching(process)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def hear_ctrl_c():
    """Has a new process hear Ctrl-C, which one does not that a shell has started in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def children(process):
    """The processes that a process has started."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_save_is_graded_and_told_in_a_line_until_ctrl_c(watch, lab):
    lab.write_text("")
    watching = watch("--no-browser")
    assert "not a notebook" in watching.graded()
    write_notebook(lab, RIGHT)
    assert watching.graded() == "3 of 3 points"
    write_notebook(lab, WRONG)
    assert watching.graded() == "1 of 3 points  -2: spread"
    zygotes = children(watching.process)

    assert watching.end() == (130, ["Stopped."])
    assert zygotes
    assert not any(map(is_running, zygotes))


def test_ctrl_c_ends_a_grading_whose_cell_is_running(watch, lab, tmp_path):
    os.mkfifo(tmp_path / "begun")
    write_notebook(lab, "import time\nopen('begun', 'w').close()\ntime.sleep(600)", RIGHT)
    watching = watch("--no-browser", "--full")
    (tmp_path / "begun").read_text()  # waits until the cell runs

    status, said = watching.end()

    assert status == 130
    assert said[-1] == "Stopped."
    assert "Traceback" not in said


def test_the_page_in_the_browser_follows_the_saves(watch, lab, browser):
    write_notebook(lab, WRONG)
    watching = watch("--no-browser")
    page, seen = browser.new_page(), []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(watching.address, wait_until="domcontentloaded")
    page.get_by_role("status").get_by_text("1 of 3 points").wait_for()
    write_notebook(lab, RIGHT)
    page.get_by_role("status").get_by_text("3 of 3 points (+2: spread)").wait_for()

    assert page.locator(".score").inner_text().startswith("3 of 3 points")
    assert watching.end()[0] == 130
    page.get_by_role("status").get_by_text("Watching has ended").wait_for()
    assert seen == []
    page.close()


def test_the_browser_is_opened_without_the_token_on_its_command_line(watch, lab, tmp_path):
    program, opened = tmp_path / "browser", tmp_path / "opened"
    os.mkfifo(opened)
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    write_notebook(lab, RIGHT)
    watching = watch(BROWSER=str(program))

    with opened.open() as told:
        address = told.read().strip()

    token = watching.address.split("/")[3]
    assert token not in address
    with urllib.request.urlopen(address) as answer:
        assert answer.url == watching.address
        assert b"lab.ipynb" in answer.read()


def test_a_browser_that_can_not_be_opened_is_no_matter(watch, lab):
    write_notebook(lab, RIGHT)

    assert watch(BROWSER="no-such-program-here").graded() == "3 of 3 points"


# What can't be watched


def refused(*arguments):
    """The message with which it refuses."""
    with pytest.raises(UserError) as error:
        CliRunner().invoke(cli, ["watch", "--no-browser", *map(str, arguments)], catch_exceptions=False)
    return str(error.value)


def test_a_notebook_that_is_not_there_is_said(tmp_path):
    assert "no such file" in refused(tmp_path / "lab.ipynb")


def test_a_folder_is_said(tmp_path):
    assert "a folder. Give the path of a notebook" in refused(tmp_path)


def test_a_port_in_use_is_said(lab):
    write_notebook(lab, RIGHT)
    with WatchServer(Board(), "") as server:
        port = server.server_address[1]
        assert f"Port {port} of this machine can't be had" in refused(lab, "--port", port, "--no-isolation")
