"""A private JupyterLab for tests, on loopback, which knows nothing of the user's settings; and how to type in it."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

START_S = 120
USERS_OWN = ("JUPYTER", "JPY_", "IPYTHON", "XDG_", "GRADER_")

# Without these JupyterLab would ask whether it may fetch news. The theme is the one that the browser asks for.
SETTINGS = {
    "notification": {"fetchNews": "false", "checkForUpdates": False},
    "themes": {"adaptive-theme": True},
}


@dataclass(frozen=True)
class JupyterLab:
    """A running JupyterLab. url: its address, with a slash at the end. folder: where its notebooks are."""

    url: str
    token: str
    folder: Path

    def address(self, file: Path) -> str:
        """Where a notebook of its folder is opened, in a workspace of its own."""
        path = quote(file.relative_to(self.folder).as_posix())
        return f"{self.url}lab/workspaces/{quote(file.stem)}/tree/{path}?reset&token={self.token}"


@contextlib.contextmanager
def jupyterlab(home: Path, data: Path) -> Iterator[JupyterLab]:
    """A JupyterLab, ended afterwards with its kernels. home: an empty folder. data: the course's, for its kernels."""
    folder = home / "notebooks"
    folder.mkdir()
    settings = home / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    for name, setting in SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(setting), "utf-8")
    token, log = secrets.token_hex(16), home / "log.txt"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": free_port(),
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": token,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith(USERS_OWN)}
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
            cwd=folder,
            env={**environment, "HOME": str(home), "GRADER_DATA": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        yield JupyterLab(url_of(server, home, log), token, folder)
    finally:
        server.terminate()  # which ends its kernels first
        try:
            server.wait(START_S)
        finally:
            server.kill()
            server.wait()


def free_port() -> int:
    """A port that nobody listens on now; if somebody does a moment later, JupyterLab takes another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def url_of(server: subprocess.Popen[bytes], home: Path, log: Path) -> str:
    """The server's URL, which it writes into a file once it listens; RuntimeError with its log if it ends before."""
    deadline = time.monotonic() + START_S
    while True:
        for file in home.rglob(f"jpserver-{server.pid}.json"):
            with contextlib.suppress(json.JSONDecodeError):  # half written
                return json.loads(file.read_text("utf-8"))["url"]
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace"))
        time.sleep(0.05)


class Notebook:
    """A notebook that is open in JupyterLab, and what somebody does in it who has only a keyboard."""

    def __init__(self, page: "Page", file: Path) -> None:
        self.page, self.file = page, file
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def wait_for_kernel(self) -> None:
        """Waits until the notebook's kernel has answered for the first time."""
        self.page.locator("#jp-main-statusbar").get_by_text("(ipykernel) | Idle").wait_for()

    def cell(self, text: str) -> "Locator":
        """The code cell with this in its source; the first of several."""
        return self.page.locator(".jp-Notebook .jp-CodeCell", has=self.page.locator(".cm-content", has_text=text)).first

    def go_to(self, text: str) -> "Locator":
        """Selects a cell by the arrow keys, from wherever the cursor is, and gives it."""
        there = self.cell(text)
        self.press("Escape")
        self.page.locator(".jp-Notebook.jp-mod-commandMode").wait_for()
        while way := there.evaluate(WAY):
            self.press("ArrowDown" if way > 0 else "ArrowUp")
        return there

    def edit(self, text: str) -> None:
        """Sets the cursor to the end of a cell's source."""
        cell = self.go_to(text)
        self.press("Enter")
        cell.locator(".cm-editor.cm-focused").wait_for()
        self.press("Control+End")

    def write_below(self, text: str, source: str) -> None:
        """Writes a new cell below another one."""
        cell = self.go_to(text)
        self.press("b")
        cell.locator("xpath=following-sibling::*[1][contains(@class, 'jp-mod-active')]").wait_for()
        self.press("Enter")
        self.page.locator(".jp-Cell.jp-mod-active .cm-editor.cm-focused").wait_for()
        self.type(source)

    def run(self, text: str) -> "Locator":
        """Runs a cell, and gives its output once the kernel has done with it."""
        cell = self.go_to(text)
        before = cell.locator(".jp-InputPrompt").inner_text()
        self.press("Shift+Enter")
        self.page.wait_for_function(HAS_RUN, arg=[cell.element_handle(), before])
        return cell.locator(".jp-OutputArea")

    def saved(self) -> nbformat.NotebookNode:
        """What is in the file when it has been saved."""
        self.press("Escape")
        self.press("Control+s")
        self.page.locator(".jp-mod-dirty").wait_for(state="detached")
        return nbformat.read(self.file, 4)


# How many cells further down this one is than the active one.
WAY = """cell => {
  const cells = [...document.querySelectorAll(".jp-Notebook .jp-Cell")]
  return cells.indexOf(cell) - cells.findIndex(other => other.classList.contains("jp-mod-active"))
}"""

# A cell that runs has a star for its number, and gets a new one at the end.
HAS_RUN = """([cell, before]) => {
  const prompt = cell.querySelector(".jp-InputPrompt").innerText
  return /\\d/.test(prompt) && prompt !== before
}"""
