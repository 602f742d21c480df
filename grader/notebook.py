"""Notebooks: read, validate, upgrade, and map the cells to the exercises."""

import ast
import functools
import hashlib
import io
import json
import re
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.errors import UserError
from grader.sources import names_bound_in

LIMIT_BYTES = 100 * 2**20
METADATA = "grader"  # cell.metadata.grader says what the starter notebook made the cell for: {"role": ..., ...}
ASKING = re.compile(r"""\s*(#.*|grader\.(check|hint|show|progress)\(\s*("[^"]*"|'[^']*')?\s*\)|%check\b.*)?;?\s*""")
IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)
CELL_CODE_MAGIC = re.compile(r"%%(time|timeit|capture|prun|check)\b")  # those whose cell is Python
ASSIGNED = re.compile(r"=\s*[!%]")  # files = !ls
BINDING = re.compile(r"^(?:(?:def|class)\s+(\w+)|(\w+)\s*=(?!=))", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """A notebook as it was handed in, in nbformat 4."""

    file: Path
    sha256: str
    notebook: NotebookNode
    notes: tuple[str, ...] = ()

    @property
    def seed(self) -> str:
        """A text that is another one for every other code: cases are drawn from it."""
        code = "\0".join(cell.source for cell in self.notebook.cells if cell.cell_type == "code")
        return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def read_notebook(file: Path) -> Submission:
    """The submission in a file; older formats are upgraded.

    Raises UserError if there is no such file, or if what is in it can't be graded.
    """
    return notebook_in(read_bounded(file), file)


def notebook_in(content: bytes, file: Path) -> Submission:
    """The submission in a file's bytes, which may come from an archive; `file` is its name in messages.

    Raises UserError if it can't be graded.
    """
    data = parsed(file, content)
    version = data.get("nbformat")
    notes: tuple[str, ...] = ()
    if not isinstance(version, int) or not ("cells" in data or "worksheets" in data or version < 3):
        raise UserError(f"{file}: JSON, but not a notebook. Give the .ipynb file that Jupyter saved.")
    if version > 4:
        raise UserError(
            f"{file}: its notebook format {version} is newer than this grader knows. "
            "Save it as format 4: File > Save Notebook As in an older Jupyter, or install a newer grader."
        )
    if version < 4:
        notes = (f"The notebook's old format {version} was upgraded to 4.",)
    notebook = upgraded(file, data)
    check_language(file, notebook)
    if not any(cell.cell_type == "code" and cell.source.strip() for cell in notebook.cells):
        raise UserError(f"{file}: there is no code in this notebook. Is it the file that you worked in, and saved?")
    return Submission(file, hashlib.sha256(content).hexdigest(), notebook, notes)


def read_bounded(file: Path) -> bytes:
    """A file's bytes, unless it is no file or far larger than notebooks are."""
    try:
        if file.is_dir():
            raise UserError(f"{file}: a folder. Give the path of a notebook, a file that ends in .ipynb.")
        size = file.stat().st_size
        if size > LIMIT_BYTES:
            raise UserError(
                f"{file}: too large ({size / 2**20:.0f} MB; the limit is {LIMIT_BYTES // 2**20} MB). "
                "Clear its outputs in Jupyter (Edit > Clear Outputs of All Cells) and save it."
            )
        return file.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{file}: no such file. Look at the spelling and the folder.") from None
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}).") from error


def parsed(file: Path, content: bytes) -> dict[str, Any]:
    """The file's JSON object."""
    again = "Export it again from Jupyter: File > Save Notebook."
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError(f"{file}: not a notebook (it is no UTF-8 text). {again}") from None
    except json.JSONDecodeError as error:
        raise UserError(f"{file}: not a notebook (line {error.lineno} is not JSON). {again}") from None
    except RecursionError:
        raise UserError(f"{file}: not a notebook (its JSON is nested too deeply). {again}") from None
    if not isinstance(data, dict):
        raise UserError(f"{file}: JSON, but not a notebook. Give the .ipynb file that Jupyter saved.")
    return data


def upgraded(file: Path, data: dict[str, Any]) -> NotebookNode:
    """The notebook in nbformat 4; nbformat's small complaints (missing ids) are repaired silently."""
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()  # without lone surrogates
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.convert(nbformat.reader.reads(text), 4)  # `nbformat.reads` would validate it first
            _, notebook = nbformat.validator.normalize(notebook)
            nbformat.validate(notebook)
    except Exception as error:
        first = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
        raise UserError(
            f"{file}: a damaged notebook ({first}). Export it again from Jupyter: File > Save Notebook."
        ) from error
    return notebook


def check_language(file: Path, notebook: NotebookNode) -> None:
    """Refuses notebooks of other languages than Python."""
    info, spec = notebook.metadata.get("language_info", {}), notebook.metadata.get("kernelspec", {})
    language = str(info.get("name") or spec.get("language") or "python")
    if language.lower() not in ("python", "ipython", "python3"):
        name = spec.get("display_name") or language
        raise UserError(
            f"{file}: written for another language's kernel ({str(name)[:60]}). "
            "Open it in Jupyter, choose Kernel > Change Kernel > Python 3, and save it."
        )


# Which cells answer which exercise


def role_of(cell: NotebookNode) -> str:
    """What the starter notebook made the cell for; empty if it did not make it.

    "answer": the student's, for `exercise`; "check": below it, asks the grader about it; "given", for `exercise`, and
    "setup": code that it needs; "grader": makes the grader available; "question": asks `question` of the quiz;
    "text": other Markdown.
    """
    tag = cell.metadata.get(METADATA)
    role = tag.get("role", "answer") if isinstance(tag, dict) else ""
    return role if isinstance(role, str) else ""


def tagged_exercise(cell: NotebookNode) -> str:
    """The exercise that the starter notebook made the cell for, to be answered in it; empty if none."""
    name = cell.metadata[METADATA].get("exercise") if role_of(cell) == "answer" else ""
    return name if isinstance(name, str) else ""


def identity_of(name: str) -> str:
    """The id of the starter notebook's cell of this name; without the characters that ids can't have."""
    return name.replace("_", "-")[:64]


def is_given(cell: NotebookNode) -> bool:
    """Whether the starter notebook made the cell to define something for the student: it is a gift, and no answer."""
    return role_of(cell) in ("given", "setup")


def is_asking(cell: NotebookNode) -> bool:
    """Whether all that a cell's code does is to ask the grader, which need not be run while the notebook is graded."""
    code = cell.source.strip() if cell.cell_type == "code" else ""
    return bool(code) and all(ASKING.fullmatch(line) for line in code.splitlines())


def answering_cells(
    notebook: NotebookNode, exercise: str, names: tuple[str, ...], given: frozenset[str] = frozenset()
) -> list[int]:
    """Indices of the code cells after which an exercise is probed: those tagged for it, or defining its names.

    given: the names that cells of the course's own define for the student, which are no answers there.
    """
    return [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
        and cell.source.strip()
        and (
            tagged_exercise(cell) == exercise
            or names_in(cell.source) & (set(names) - given if is_given(cell) else set(names))
        )
    ]


@functools.lru_cache(maxsize=256)  # more than most notebooks have cells: every exercise looks at all of them
def names_in(source: str) -> frozenset[str]:
    """The names that a cell's code binds at its top level; those that it seems to bind if it is not Python."""
    try:
        return names_bound_in(python_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(found[1] or found[2] for found in BINDING.finditer(source))


def python_of(source: str) -> str:
    """A cell's source with IPython's magics and shell commands turned into Python.

    The line of a magic for the whole cell that only times or keeps what its code does is left out.
    """
    first, _, body = source.partition("\n")
    magic = CELL_CODE_MAGIC.match(first)
    if magic:
        kept = re.search(r"\s([A-Za-z_]\w*)\s*$", first) if magic[1] == "capture" else None
        return (f"{kept[1]} = None\n" if kept else "\n") + python_of(body)
    return transformed(source)


def transformed(source: str) -> str:
    """What IPython makes of a cell's source before it is run."""
    if not any(
        line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?") or ASSIGNED.search(line)
        for line in source.splitlines()
    ):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:
        return source


def magic_call(node: ast.AST) -> tuple[str, str, str]:
    """Of a call into IPython, as `transformed` writes it: the method, the magic's name, the text it is for."""
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
        or not isinstance(node.func.value, ast.Call)
        or not isinstance(node.func.value.func, ast.Name)
        or node.func.value.func.id != "get_ipython"
    ):
        return "", "", ""
    constants = [argument.value if isinstance(argument, ast.Constant) else "" for argument in node.args]
    texts = [constant if isinstance(constant, str) else "" for constant in constants]
    kind = node.func.attr
    if kind in ("system", "getoutput"):
        return kind, "", texts[0] if texts else ""
    return kind, texts[0] if texts else "", texts[-1] if len(texts) > 1 else ""


def imports_in(notebook: NotebookNode) -> list[str]:
    """The packages that a notebook's code seems to import."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return sorted({match[1] for source in sources for match in IMPORT.finditer(source)})


def without_comments(source: str) -> str:
    """The source without its comments; as it is where it can't be read that far."""
    lines = source.splitlines()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column]
    except (tokenize.TokenError, SyntaxError):
        pass
    return "\n".join(line.rstrip() for line in lines)
