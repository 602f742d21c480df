"""Names of files that others have given: which of them are plain, and how to show those that aren't."""

import re

LONGEST_PATH = 1000  # characters
LONGEST_PART = 255  # what common file systems hold
SHOWN = 120

DRIVE = re.compile(r"^[A-Za-z]:")
# What turns the direction of the text around it, so that "gpj.ipynb" may be shown as "bnypi.jpg".
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SURROGATES = re.compile("[\ud800-\udfff]")  # of bytes that are no text in the file system's encoding


def problem_of_path(path: str) -> str:
    """Why a relative path with "/" between its parts is not a plain one, as the end of a sentence; empty if it is.

    A plain path stays below whatever folder it is put into, on every system, and is shown as it is.
    """
    parts = path.split("/")
    if CONTROLS.search(path):
        return "its name has control characters"
    if SURROGATES.search(path):
        return "its name is not text in a known encoding"
    if TURNING.search(path):
        return "its name has characters that turn the direction of text, which hide what it is"
    if "\\" in path:
        return "its name has a backslash, which is a folder's mark on Windows"
    if path.startswith("/") or DRIVE.match(path):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name leads out of the folder (..)"
    if "" in parts or "." in parts:
        return "its name is not a plain path"
    if len(path) > LONGEST_PATH or any(len(part.encode()) > LONGEST_PART for part in parts):
        return "its name is far too long"
    return ""


def cleaned(text: str) -> str:
    """A text that another program's users have typed, such as a name: on one line, without what hides or breaks it."""
    return " ".join(SURROGATES.sub("", TURNING.sub("", CONTROLS.sub(" ", text))).split())


def showable(text: str) -> str:
    """A name as it can stand in a message: on one line, with nothing hidden, and not too long."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN // 2]}…{shown[-SHOWN // 2 + 1 :]}"
