"""Notebooks without a network: what would fetch something is skipped, and what only a website has is stood in for.

Students hand in the notebook as they worked it, on Colab or Kaggle: it installs packages, downloads, clones, mounts a
drive, shows widgets. `offline` gives the code to run instead of a cell's own; the report still shows the cell's own.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from grader.notebook import CELL_CODE_MAGIC, imports_in, is_asking, magic_call, transformed

# Shell commands that need a network: the command, and the words of which one must follow, if that matters.
INSTALLS = frozenset({"install", "download", "uninstall", "update", "upgrade", "create", "add"})
NETWORK: dict[str, frozenset[str]] = {
    **dict.fromkeys(("pip", "pip3", "conda", "mamba", "apt", "apt-get", "uv", "npm"), INSTALLS),
    **dict.fromkeys(("wget", "curl", "gdown", "kaggle", "gsutil", "aria2c", "ssh", "scp"), frozenset()),
    "git": frozenset({"clone", "pull", "fetch", "push"}),
}
SHELLS = ("bash", "sh", "script", "system", "sx", "!")
INSTALLERS = ("pip", "conda", "mamba", "uv", "pip3")
INTERACTIVE = ("notebook", "widget", "ipympl", "nbagg")  # plots that need a browser
PREFIX = re.compile(r"^(?:sudo\s+|[A-Z_]+=\S+\s+|(?:\S*/)?python3?\s+-m\s+)*")
COLAB = re.compile(r"^\s*(?:from|import)\s+google\.colab\b", re.MULTILINE)
SHELL_PARTS = re.compile(r"&&|\|\||[;|\n]")
LIMIT_COMMAND = 60

# Modules that exist on a website, or need a browser, and what stands in for them where they are not installed.
# `fastbook` is the book's own package: what it adds to fastai draws and sets up.
NOTHING = '''
class Nothing:
    """Takes whatever is done with it, and does nothing."""
    def __init__(self, *arguments, **options): self.__dict__.update(options)
    def __call__(self, *arguments, **options): return Nothing()
    def __getattr__(self, name):
        if name.startswith("_"): raise AttributeError(name)
        return Nothing()
    def __enter__(self): return self
    def __exit__(self, *error): return False
    def __iter__(self): return iter(())
    def __len__(self): return 0
    def __repr__(self): return ""
'''
ANY_NAME = """
def __getattr__(name):
    if name.startswith("__"): raise AttributeError(name)
    return type(name, (Nothing,), {})
"""
WIDGETS = (
    *("Widget", "Button", "VBox", "HBox", "Box", "Label", "Output", "FileUpload", "Dropdown", "Checkbox", "Layout"),
    *("IntSlider", "FloatSlider", "IntText", "FloatText", "Text", "Textarea", "HTML", "Image", "Select", "Tab"),
    *("ToggleButton", "RadioButtons", "Accordion", "GridBox", "IntProgress", "FloatProgress", "interact"),
    *("interactive", "interact_manual", "interactive_output", "fixed", "widgets"),
)
WIDGET_CODE = (
    f"{NOTHING}{ANY_NAME}"
    f"__all__ = {list(WIDGETS)!r}\n"
    "for _name in __all__: globals()[_name] = type(_name, (Nothing,), {})\n"
    "def interact(*arguments, **options):\n"
    "    return arguments[0] if arguments and callable(arguments[0]) else lambda function: function\n"
    "interact_manual = interactive = interact\n"
    "widgets = __import__('sys').modules[__name__]\n"
)
FASTBOOK_CODE = f"""{NOTHING}
from fastai.vision.all import *
import matplotlib, torch
def setup_book(): matplotlib.rc("image", cmap="Greys")
def gv(text): return Nothing()
def plot_function(f, tx=None, ty=None, title=None, min=-2, max=2, figsize=(6, 4)):
    x = torch.linspace(min, max, 100)
    fig, ax = plt.subplots(figsize=figsize)
    ax.plot(x, f(x))
    ax.set(xlabel=tx or "", ylabel=ty or "", title=title or "")
def search_images_ddg(*arguments, **options): raise OSError("no network while a notebook is graded")
search_images_bing = search_images_ddg
"""
STAND_INS: dict[str, dict[str, str]] = {
    "google": {
        "google.colab": "__path__ = []\n",
        "google.colab.drive": f"{NOTHING}{ANY_NAME}def mount(*arguments, **options): return None\n",
        "google.colab.files": f"{NOTHING}{ANY_NAME}def upload(*arguments, **options): return {{}}\n",
        **{
            f"google.colab.{name}": f"{NOTHING}{ANY_NAME}"
            for name in ("auth", "output", "patches", "userdata", "widgets")
        },
    },
    "ipywidgets": {"ipywidgets": WIDGET_CODE},
    "fastbook": {"fastbook": FASTBOOK_CODE},
}
NEEDED_BY = {"fastbook": "ipywidgets", "fastai": "ipywidgets"}  # fastai.vision.widgets

# What students call while they work, `grader.check("name")` and the like, does nothing while their notebook is graded.
OWN = "grader"
OWN_MAGICS = ("check", "hint", "show", "progress")
OWN_CODE = """
def _quiet():
    import sys, types
    class Quiet(types.ModuleType):
        def __call__(self, *arguments, **options): return None
        def __getattr__(self, name):
            if name.startswith("__"): raise AttributeError(name)
            return Quiet(name)
    sys.modules["grader"] = Quiet("grader")
_quiet()
"""

# Runs in the kernel before the first cell. A module that is installed is left as it is.
PRELUDE = """
def _stand_in(packages):
    import importlib.abc, importlib.machinery, importlib.util, sys

    class Loader(importlib.abc.Loader):
        def create_module(self, spec): return None
        def exec_module(self, module): exec(compile(codes[module.__name__], "<stand-in>", "exec"), module.__dict__)

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            if name not in codes: return None
            is_package = any(other.startswith(name + ".") for other in codes)
            return importlib.machinery.ModuleSpec(name, Loader(), is_package=is_package)

    codes = {}
    for package, modules in packages.items():
        try: is_there = importlib.util.find_spec(next(iter(modules))) is not None
        except (ImportError, ValueError): is_there = False
        if not is_there:
            codes.update(modules)
            if importlib.util.find_spec(package) is None: codes.setdefault(package, "__path__ = []")
    sys.meta_path.append(Finder())
"""


@dataclass(frozen=True)
class Offline:
    """What to run instead of a cell's own code. skipped: the commands that were taken out."""

    code: str
    skipped: tuple[str, ...] = ()


def offline(source: str) -> Offline:
    """A cell's code without the commands that need a network; as it is if there are none.

    Commands are taken out of their line, so that each line keeps its number.
    """
    first, _, body = source.partition("\n")
    cell_magic = re.match(r"%%(\w+|!)\s*(.*)", first)
    if cell_magic and cell_magic[1] in SHELLS:
        commands = [command for line in body.splitlines() if (command := needs_network(line))]
        return Offline("", tuple(commands)) if commands else Offline(source)
    if CELL_CODE_MAGIC.match(first):
        inner = offline(body)
        if cell_magic and cell_magic[1] in OWN_MAGICS:
            return Offline(f"#\n{inner.code}", inner.skipped)
        return Offline(f"{first}\n{inner.code}", inner.skipped) if inner.code != body else Offline(source)
    if not any(sign in source for sign in "!%"):
        return Offline(source)
    code = transformed(source)
    try:
        calls = list(replaced_calls(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Offline(source)
    if not calls:
        return Offline(source)
    lines = code.encode().split(b"\n")
    for call, instead, _ in sorted(calls, key=lambda found: (found[0].lineno, found[0].col_offset), reverse=True):
        assert call.end_lineno is not None  # IPython writes each of these calls in one line
        line = lines[call.lineno - 1]
        lines[call.lineno - 1] = line[: call.col_offset] + instead.encode() + line[call.end_col_offset :]
    return Offline(b"\n".join(lines).decode(), tuple(command for _, _, command in calls if command))


def replaced_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """The calls into IPython that are replaced: each with what stands there instead, and the command it was."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        kind, name, argument = magic_call(node)
        if kind in ("system", "getoutput"):
            command = needs_network(argument)
            if command:
                yield node, "None" if kind == "system" else "[]", f"!{command}"
        elif kind == "run_line_magic" and name in (*INSTALLERS, *SHELLS):
            if needs_network(argument if name in SHELLS else f"{name} {argument}"):
                yield node, "None", f"%{shortened(f'{name} {argument}')}"
        elif kind == "run_line_magic" and (name in OWN_MAGICS or (name, argument.strip()) == ("load_ext", OWN)):
            yield node, "None", ""
        elif kind == "run_line_magic" and name == "matplotlib" and argument.strip() in INTERACTIVE:
            yield node, "get_ipython().run_line_magic('matplotlib', 'inline')", ""


def needs_network(line: str) -> str:
    """A shell's line, shortened, if one of its commands needs a network; empty otherwise."""
    for part in SHELL_PARTS.split(line):
        words = PREFIX.sub("", part.strip()).split()
        needed = NETWORK.get(words[0]) if words else None
        if needed is not None and (not needed or needed & set(words[1:])):
            return shortened(line.strip())
    return ""


def shortened(command: str) -> str:
    """A command in one line that a reader takes in at once."""
    line = " ".join(command.replace("`", "'").split())
    return line if len(line) <= LIMIT_COMMAND else f"{line[: LIMIT_COMMAND - 3]}..."


def offline_notebook(notebook: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """A copy of a notebook that needs no network, without outputs, and what a reader should know about it.

    Cells that only ask the grader are empty in it: whoever grades asks anyway.
    """
    copy = nbformat.from_dict(notebook)
    skipped: dict[str, list[int]] = {}
    for position, cell in enumerate(copy.cells, start=1):
        if cell.cell_type == "code":
            made = Offline("") if is_asking(cell) else offline(cell.source)
            cell.source, cell.outputs = made.code, []
            for command in made.skipped:
                skipped.setdefault(command, []).append(position)
    notes = []
    if skipped:
        commands = ", ".join(f"`{command}` (cell {listed(cells)})" for command, cells in skipped.items())
        notes.append(f"Skipped, since there is no network while a notebook is graded: {commands}.")
    codes = {position: cell.source for position, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"}
    colab = [position for position, source in codes.items() if COLAB.search(source)]
    if colab:
        notes.append(f"Colab's own functions do nothing here (cell {listed(colab)}).")
    return copy, notes


def listed(positions: list[int]) -> str:
    """The positions of cells in a sentence."""
    return " and ".join(map(str, positions))


def prelude(notebook: NotebookNode) -> str:
    """Code to run before the first cell, so that modules which only a website has can be imported; mostly empty."""
    imported = imports_in(notebook)
    wanted = {*imported, *(NEEDED_BY[name] for name in imported if name in NEEDED_BY)}
    packages = {name: codes for name, codes in STAND_INS.items() if name in wanted}
    own = OWN_CODE if OWN in imported else ""
    return own + (f"{PRELUDE}\n_stand_in({packages!r})\ndel _stand_in" if packages else "")
