"""A course of one small exercise, for the tests of the engine; a browser."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from grader.course import PACKAGES, load_course
from tests.grader.small_course import write_files

# The first call into torch takes some hundred milliseconds; speed is not what these tests are about.
settings.register_profile("without a deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("without a deadline")


@pytest.fixture
def write_course(tmp_path):
    """A function that writes the small course, with other or further files (None: without it), and gives its folder."""
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] in PACKAGES}

    def write(files=(), name="course"):
        return write_files(tmp_path / name, files)

    yield write
    for loaded in [module for module in sys.modules if module.split(".")[0] in PACKAGES]:
        del sys.modules[loaded]
    sys.modules.update(before)


@pytest.fixture
def load(write_course):
    """A function that writes the small course with other or further files, and loads it."""
    return lambda files=(), name="course": load_course(write_course(files, name))


@pytest.fixture
def small_course(load):
    """The small course as it is."""
    return load()


@pytest.fixture(scope="module")  # while it is open, its event loop is in the way of those of kernels
def browser():
    """Chromium, with nothing that would call home."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.skip("needs Chromium: install it, or set CHROMIUM to its path")
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a document; the page keeps in `seen` what it requested, its errors, and what console and dialogs said."""
    contexts = []

    def open_page(document, **options):
        path = tmp_path / "report.html"
        path.write_text(document, encoding="utf-8")
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.seen = []
        page.on("request", lambda request: page.seen.append(request.url))
        page.on("console", lambda message: page.seen.append(message.text))
        page.on("pageerror", lambda error: page.seen.append(str(error)))
        page.on("dialog", lambda dialog: page.seen.append(dialog.message))
        page.goto(path.as_uri())
        page.seen = [seen for seen in page.seen if seen != path.as_uri() and not seen.startswith("data:image/png;")]
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def public_folder():
    """A folder that other users may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.fixture
def without_privileges():
    """A function that makes root an ordinary user until the test ends: root may read and write everything."""
    if os.geteuid() != 0:
        yield lambda: None
    else:
        yield lambda: os.seteuid(65_534)
        os.seteuid(0)
