"""Finding: which cells of a notebook answer an exercise, and under which names.

In the course's own notebook a cell says by its metadata for which exercise it is. In others, such as the book's as
somebody worked it, an answer is what defines one of the exercise's names, or one of those that stand in for it.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from grader.effects import FRESH
from grader.exercise import Exercise
from grader.notebook import METADATA, answering_cells, names_in, python_of

VALUES = (
    *(ast.Constant, ast.JoinedStr, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Subscript, ast.List, ast.Tuple),
    *(ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
NUMBERS = FRESH | {"float", "max", "min", "list", "tuple", "dict", "tensor", "array", "stack", "cat", "view"}

LIBRARIES = frozenset(
    {
        *("fastai", "fastai2", "fastbook", "fastcore", "torch", "torchvision", "numpy", "pandas", "sklearn", "scipy"),
        *("matplotlib", "PIL", "keras", "tensorflow", "pytorch_lightning", "lightning", "ignite"),
        *("tqdm", "math", "random", "statistics", "functools", "itertools", "collections"),
    }
)


@dataclass(frozen=True)
class Found:
    """Where an exercise is answered.

    cells: indices. stand_ins: for a name that is provided, the notebook's own. names: the notebook's own that answer.
    """

    cells: list[int] = field(default_factory=list)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def is_of_course(notebook: NotebookNode) -> bool:
    """Whether a notebook was made from the course's starter notebook."""
    return any(METADATA in cell.metadata for cell in notebook.cells)


def find(
    notebook: NotebookNode,
    name: str,
    exercise: Exercise,
    callables: frozenset[str],
    given: frozenset[str] = frozenset(),
) -> Found:
    """Where a notebook answers an exercise.

    callables: the names that are functions or classes in the reference. given: those that the course's own notebook
    defines.
    """
    codes = {i: cell.source for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    if is_of_course(notebook):
        bound = {index: names_in(source) for index, source in codes.items()}
    else:
        bound = {index: names_answered(source, callables, exercise) for index, source in codes.items()}
    everywhere = set().union(*bound.values())
    stand_ins = {}
    for provided in exercise.names:
        if provided not in everywhere:
            other = next((alias for alias in exercise.aliases.get(provided, ()) if alias in everywhere), None)
            if other:
                stand_ins[provided] = other
    names = {stand_ins.get(provided, provided) for provided in exercise.names}
    if is_of_course(notebook):
        return Found(answering_cells(notebook, name, tuple(names), given), stand_ins, frozenset(names))
    return Found([i for i, here in bound.items() if here & names], stand_ins, frozenset(names & everywhere))


def names_answered(source: str, callables: frozenset[str], exercise: Exercise) -> frozenset[str]:
    """The names that a cell defines as an answer would: not by importing them, and no number for a function."""
    try:
        tree = ast.parse(python_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return names_in(source)
    taken = {name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in taken_over(node)}
    originals = {alias: name for name, aliases in exercise.aliases.items() for alias in aliases}
    return frozenset(taken) | {
        name
        for node in tree.body
        for name, value in definitions(node)
        if value is None or originals.get(name, name) not in callables or not is_value(value)
    }


def taken_over(node: ast.ImportFrom) -> list[str]:
    """The names that are imported from a module of the student's own."""
    is_library = (node.module or "").partition(".")[0] in LIBRARIES
    return [] if is_library else [alias.asname or alias.name for alias in node.names]


def definitions(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a statement defines, with the value that is assigned; None for functions and classes."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, None
        return
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    yield part.id, node.value if isinstance(target, ast.Name) else None
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        yield node.target.id, node.value
    elif isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt | ast.ExceptHandler):
                yield from definitions(child)
    elif isinstance(node, ast.ExceptHandler):
        for child in node.body:
            yield from definitions(child)


def is_value(node: ast.expr) -> bool:
    """Whether an expression gives a number, a tensor or a collection, and so no function."""
    if isinstance(node, ast.Call):
        function = node.func
        return (function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")) in NUMBERS
    return isinstance(node, VALUES) and not (isinstance(node, ast.Constant) and node.value is ...)


# What is still to be written


def unanswered_names(sources: Sequence[str]) -> set[str]:
    """The names that the cells define as the starter's `...`, and that none of them defines as anything else."""
    dots = [names_of_dots(source) for source in sources]
    answered = [names_in(source) - names for source, names in zip(sources, dots, strict=True)]
    return set().union(*dots) - set().union(*answered)


def names_of_dots(source: str) -> set[str]:
    """The functions, classes and variables whose definition in a cell is still the starter's `...`."""
    try:
        tree = ast.parse(python_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: dict[str, bool] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names[node.name] = is_unanswered(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names[target.id] = is_dots(node.value)
    return {name for name, is_open in names.items() if is_open}


def is_unanswered(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether nothing but a docstring, dots and empty methods is in a body."""
    return all(
        (
            isinstance(part, ast.Expr)
            and isinstance(part.value, ast.Constant)
            and (is_dots(part.value) or part is node.body[0])
        )
        or (isinstance(part, ast.FunctionDef) and is_unanswered(part))
        for part in node.body
    )


def is_dots(node: ast.expr) -> bool:
    """Whether an expression is `...`, or holds nothing else."""
    if isinstance(node, ast.Dict):
        return bool(node.values) and all(map(is_dots, node.values))
    if isinstance(node, ast.List | ast.Tuple):
        return bool(node.elts) and all(map(is_dots, node.elts))
    return isinstance(node, ast.Constant) and node.value is ...
