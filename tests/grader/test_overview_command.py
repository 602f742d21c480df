"""`grader report`: from a gradebook to the overview and the reports that it links."""

import os
import stat
from pathlib import Path

import pytest

from grader.batch.places import report_name
from grader.book.entries import Person
from grader.book.gradebook import Gradebook
from grader.commands.reports import report
from grader.errors import UserError
from grader.report_links import report_links
from tests.grader.book.gradebook_writer import CONDITIONS, grade, hand_in


@pytest.fixture
def book(tmp_path):
    """A gradebook of two who handed in, one of them under an awkward id, and one who is missing."""
    file = tmp_path / "gradebook.db"
    with Gradebook(file) as opened:
        opened.enrol([Person("ada", "Ada Lovelace"), Person("dan", "Dan Ito"), Person("../E va", "Eva Kim")])
        for student, points in (("ada", 4), ("../E va", 1)):
            found = hand_in(student)
            opened.register([found])
            opened.record(found, CONDITIONS, grade(found, points))
    return file


def run(*arguments):
    """The command's exit status."""
    return report.main([str(argument) for argument in arguments], standalone_mode=False)


def test_the_overview_links_the_reports_that_it_writes(book, browser, capsys):
    status = run("--gradebook", book)

    folder = book.parent / "reports" / "lab4"
    page = browser.new_page()
    page.goto((folder / "class.html").as_uri())
    students = {row.split("\t")[0] for row in page.locator("#everyone tbody tr").all_inner_texts()}
    page.locator("#everyone").get_by_role("link", name="Eva Kim").click()
    assert status == 0
    assert students == {"Ada Lovelace ada", "Dan Ito dan", "Eva Kim ../E va"}
    assert "1 of 4 points" in page.title()
    assert {file.parent for file in folder.rglob("*")} == {folder}
    assert "Wrote 2 reports of students" in capsys.readouterr().out


def test_the_overview_alone_links_what_is_there(book, tmp_path):
    run("--gradebook", book, "--class", "--html", tmp_path / "class.html")
    before = (tmp_path / "class.html").read_text("utf-8")
    there = tmp_path / "reports" / report_name("ada", "lab4")
    there.parent.mkdir(parents=True)
    there.touch()
    run("--gradebook", book, "--class", "--html", tmp_path / "class.html")

    assert 'href="reports' not in before
    assert 'href="reports/lab4/ada.html"' in (tmp_path / "class.html").read_text("utf-8")
    assert list(there.parent.iterdir()) == [there]


def test_points_are_those_after_the_policy(book, tmp_path):
    page = tmp_path / "class.html"
    run("--gradebook", book, "--class", "--html", page, "--due", "2026-11-20T12:00+00:00", "--policy", "penalty=25%")

    assert "<td>3</td><td>75%</td><td>6 hours</td>" in page.read_text("utf-8")


def test_the_course_and_the_policy_are_told(book, tmp_path):
    page = tmp_path / "class.html"

    run("--gradebook", book, "--class", "--html", page)
    assert f"Class overview, <bdi>{CONDITIONS.course}</bdi>" in page.read_text("utf-8")
    assert 'class="meta policy"' not in page.read_text("utf-8")

    run("--gradebook", book, "--class", "--html", page, "--policy", "penalty=25%", "--policy", "cut-off=7 days")
    told = "Every started day after the due date costs 25 % of the possible points. What is more than 7 days late"
    assert told in page.read_text("utf-8")


def test_the_only_assignment_is_meant_and_of_several_one_has_to_be_given(book):
    with Gradebook(book) as opened:
        opened.register([hand_in("ada", "lab5")])

    with pytest.raises(UserError, match="Give --assignment one of them: lab4, lab5"):
        run("--gradebook", book, "--class")
    assert run("--gradebook", book, "--class", "--assignment", "lab5") == 0
    assert (book.parent / "reports" / "lab5" / "class.html").is_file()


def test_an_empty_gradebook_is_said_to_be(tmp_path):
    Gradebook(tmp_path / "gradebook.db").close()

    with pytest.raises(UserError, match="is empty"):
        run("--gradebook", tmp_path / "gradebook.db")


def test_a_file_that_is_no_report_is_not_written_over(book, tmp_path):
    mine = tmp_path / "class.html"
    mine.write_text("my own", "utf-8")

    with pytest.raises(UserError, match="is there already, and is no report"):
        run("--gradebook", book, "--html", mine)
    assert mine.read_text("utf-8") == "my own"
    assert run("--gradebook", book, "--class") == run("--gradebook", book, "--class") == 0  # its own it does


@pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a shell script")
def test_the_overview_is_opened_in_the_browser(book, tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', "utf-8")
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)  # what the environment says is read once only

    run("--gradebook", book, "--class", "--open")

    page = book.parent / "reports" / "lab4" / "class.html"
    assert (tmp_path / "opened").read_text("utf-8").strip() == page.as_uri()


def test_links_lead_from_the_page_to_the_reports(tmp_path):
    names = {"a": "lab 4/a?b.html", "b": "lab 4/b.html", "c": "lab 4/c.html"}
    (tmp_path / "reports" / "lab 4" / "c.html").mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / "reports" / names[name]).touch()

    beside = report_links(names, tmp_path / "reports", tmp_path / "reports" / "lab 4" / "class.html")
    elsewhere = report_links(names, tmp_path / "reports", tmp_path / "pages" / "class.html")

    assert beside == {"a": "a%3Fb.html", "b": "b.html"}
    assert elsewhere == {"a": "../reports/lab%204/a%3Fb.html", "b": "../reports/lab%204/b.html"}
    assert report_links(names, Path("nowhere"), tmp_path / "class.html") == {}
