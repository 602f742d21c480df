"""How this grader was installed, so that pip can install the same elsewhere."""

import json
from importlib import metadata

from grader import __version__
from grader.places import APP


def package_address() -> str:
    """What pip takes elsewhere for the grader that runs here; empty if it was installed from this computer's files.

    Source: the direct_url.json that pip writes for what does not come from an index,
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        text = metadata.distribution(APP).read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return ""
    return address_of(text) if text else f"{APP}=={__version__}"


def address_of(direct_url: str) -> str:
    """What pip takes for a package with this direct_url.json; empty if it is in files of a computer's own."""
    origin = json.loads(direct_url)
    url = origin["url"]
    if url.startswith("file:"):
        return ""
    if "vcs_info" not in origin:
        return str(url)
    part = f"#subdirectory={origin['subdirectory']}" if origin.get("subdirectory") else ""
    return f"{origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}{part}"


def wheel_name() -> str:
    """The file name of this grader's wheel."""
    return f"{APP.replace('-', '_')}-{__version__}-py3-none-any.whl"
