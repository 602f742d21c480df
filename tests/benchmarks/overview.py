"""What the overview of a large class costs: python -m tests.benchmarks.overview [STUDENTS]

A made-up class of a course of 27 exercises, from standings to the page; and the page in a browser where there is one:
until all is laid out and the table can be searched, and until a search has its answer.
"""

import os
import re
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from grader.report import render_class
from tests.grader.class_examples import class_of


def main() -> None:
    """Prints the figures in Markdown."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    standings = class_of(count)
    links = {standing.student: f"student-reports/{standing.student}.report.html" for standing in standings}
    began = time.perf_counter()
    document = render_class(standings, "2026-03-04T14:05:06+00:00", links)
    seconds = time.perf_counter() - began
    print(f"| class overview of {count:,} students, 27 exercises | |\n| --- | --- |")
    print(f"| made in | {seconds:.2f} s |")
    print(f"| size | {len(document.encode()) / 1e6:.2f} MB |")
    print(f"| most memory of the process | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB |")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium:
        ready, search = in_browser(chromium, document)
        print(f"| ready in Chromium | {ready:.2f} s |\n| a search | {search:.2f} s |")


def in_browser(chromium: str, document: str) -> tuple[float, float]:
    """Seconds until the page is ready, and until a search is answered."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "class.html"
        file.write_text(document, "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(file.as_uri())
        page.locator("#tools").wait_for()
        ready = time.perf_counter() - began
        began = time.perf_counter()
        page.get_by_label("Search").fill("s00042@")
        page.get_by_text(re.compile("^1 of ")).wait_for()
        search = time.perf_counter() - began
        browser.close()
    return ready, search


if __name__ == "__main__":
    main()
