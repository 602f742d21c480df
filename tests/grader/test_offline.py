"""What is taken out of cells that need a network, and what stands in for modules of a website."""

import subprocess
import sys

import pytest

from grader.offline import needs_network, offline, offline_notebook, prelude
from tests.grader.notebooks import notebook_of


@pytest.mark.parametrize(
    "line",
    [
        "pip install -Uqq fastbook",
        "[ -e /content ] && pip install -Uqq fastbook",
        "sudo apt-get install -y graphviz",
        "python -m pip install torch",
        "conda install -y -c fastai fastai",
        "wget https://example.com/mnist.zip",
        "mkdir data; curl -O https://example.com/mnist.zip",
        "git clone https://github.com/fastai/fastbook",
        "kaggle competitions download -c digit-recognizer",
    ],
)
def test_a_command_that_needs_a_network_is_known(line):
    assert needs_network(line) == line


@pytest.mark.parametrize(
    "line", ["ls", "pip list", "echo pip install", "git status", "nvidia-smi", "ls wget", "", "./curly", "cat apt"]
)
def test_a_command_that_needs_none_is_left_alone(line):
    assert needs_network(line) == ""


@pytest.mark.parametrize(
    ("source", "code", "skipped"),
    [
        ("!pip install fastbook\nx = 1", "None\nx = 1\n", ("!pip install fastbook",)),
        ("%pip install fastbook", "None\n", ("%pip install fastbook",)),
        ("names = !wget example.com/names\nx = 1", "names = []\nx = 1\n", ("!wget example.com/names",)),
        (
            "if True:\n    !curl -O example.com/é\n    y = 2",
            "if True:\n    None\n    y = 2\n",
            ("!curl -O example.com/é",),
        ),
        ("%%bash\nls\napt-get update", "", ("apt-get update",)),
        ("%%time\n!pip install x\nx = 1", "%%time\nNone\nx = 1\n", ("!pip install x",)),
    ],
)
def test_such_a_command_is_taken_out_of_its_line(source, code, skipped):
    made = offline(source)

    assert (made.code, made.skipped) == (code, skipped)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "!ls -l",
        "%matplotlib inline\nprint('!pip install')",
        'text = """\n!pip install fastbook\n"""',
        "%%bash\nls",
        "%%time\nx = 1",
        "def broken(:\n!pip install x",
        "a != b",
    ],
)
def test_other_cells_stay_as_they_are(source):
    assert offline(source).code == source
    assert offline(source).skipped == ()


def test_plots_that_need_a_browser_are_drawn_inline():
    made = offline("%matplotlib widget\nx = 1")

    assert "'matplotlib', 'inline'" in made.code
    assert "widget" not in made.code
    assert made.skipped == ()


def test_the_notes_say_what_was_skipped_and_where():
    notebook = notebook_of("!pip install a", "x = 1", "!pip install a", "from google.colab import drive")

    copy, notes = offline_notebook(notebook)

    assert notes == [
        "Skipped, since there is no network while a notebook is graded: `!pip install a` (cell 1 and 3).",
        "Colab's own functions do nothing here (cell 4).",
    ]
    assert notebook.cells[0].source == "!pip install a"
    assert copy.cells[0].source.strip() == "None"


WITHOUT = """
from importlib.machinery import PathFinder
find_spec = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name.split(".")[0] == {package!r} else find_spec(name, *rest)"""


def ran(*cells, without=""):
    """What a notebook's cells print after its prelude, in a process of its own, in which a package is not installed."""
    hiding = WITHOUT.format(package=without)
    code = "\n".join([hiding, f"exec({prelude(notebook_of(*cells))!r}, {{}})", *cells])
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_colab_can_be_imported_and_does_nothing():
    cells = (
        "from google.colab import drive, files, output",
        "import google.colab",
        "drive.mount('/content/drive', force_remount=True)",
        "print(files.upload(), google.colab.drive is drive)",
        "output.enable_custom_widget_manager()",
    )

    assert ran(*cells) == "{} True\n"


def test_widgets_can_be_made_and_used():
    cells = (
        "import ipywidgets as widgets",
        "from ipywidgets import *",
        "button = widgets.Button(description='Go')",
        "button.on_click(print)",
        "box = VBox([button, IntSlider(value=3), widgets.SomethingNew()])",
        "with Output(): print(button.description)",
        "@interact(x=3)\ndef f(x): return x",
        "print(f(4))",
    )

    assert ran(*cells, without="ipywidgets") == "Go\n4\n"


def test_a_module_that_is_installed_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "ipywidgets.py").write_text("Button = 'the real one'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert ran("from ipywidgets import Button", "print(Button)") == "the real one\n"


def test_nothing_is_prepared_for_a_notebook_that_needs_nothing():
    assert prelude(notebook_of("import torch", "x = 1")) == ""
