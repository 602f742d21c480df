"""The source text of a function together with what it needs, so that it can run somewhere else.

A scenario's text goes into the student's kernel; a reference solution's text makes a solved notebook. Both are
read from the syntax tree of their file, never from an object, so that nothing about the running process counts.
"""

import ast
import functools
import symtable
from pathlib import Path

LOCAL = ("grader", "exercises")
SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def source_of(file: Path, *names: str, followed: str = "reference") -> str:
    """Code that defines `names` as the module `file` does: the imports it needs, its helpers, then itself.

    Imports from the package `followed` (the oracle's) are replaced by what they import; those from the engine
    and from exercises are left out, since nothing that runs in a kernel may need them.
    Raises LookupError if the module defines no such name.
    """
    imports: dict[str, None] = {}
    definitions: dict[tuple[Path, str], str] = {}
    for name in names:
        _collect(file.resolve(), name, followed, imports, definitions, ())
    return "\n\n\n".join(["\n".join(imports), *definitions.values()] if imports else definitions.values())


def _collect(
    file: Path,
    name: str,
    followed: str,
    imports: dict[str, None],
    definitions: dict[tuple[Path, str], str],
    within: tuple[tuple[Path, str], ...],
) -> None:
    """Adds the definition of `name`, after those of the names it uses."""
    key = (file, name)
    if key in definitions or key in within:
        return
    text, bound = _module(file)
    node = bound.get(name)
    if node is None:
        raise LookupError(f"{file.name} defines no {name}")
    if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == followed:
        original = next(alias.name for alias in node.names if (alias.asname or alias.name) == name)
        _collect(_module_file(file, node.module), original, followed, imports, definitions, within)
        if name != original:
            definitions[key] = f"{name} = {original}"
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        imports.setdefault(_import_of(node, name))
        return
    for used in names_used(ast.unparse(node)):
        if used in bound and not _is_local_import(bound[used]):
            _collect(file, used, followed, imports, definitions, (*within, key))
    twin = next((other.name for other, defined in definitions if defined == name and other != file), None)
    if twin is not None:
        raise LookupError(f"{twin} and {file.name} both define {name}, and one text can't hold the two")
    start = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    definitions[key] = "\n".join(text.splitlines()[start - 1 : node.end_lineno])


def names_defined(file: Path) -> frozenset[str]:
    """The names that a module binds at its top level."""
    return frozenset(_module(file.resolve())[1])


@functools.cache
def _module(file: Path) -> tuple[str, dict[str, ast.stmt]]:
    """A module's text, and the statement that binds each of its top-level names."""
    text = file.read_text("utf-8")
    bound: dict[str, ast.stmt] = {}
    for node in ast.parse(text).body:
        for name in names_bound(node):
            bound[name] = node
    return text, bound


def names_bound_in(code: str) -> frozenset[str]:
    """The names that code binds at its top level; raises SyntaxError for what is no Python."""
    return frozenset(name for statement in ast.parse(code).body for name in names_bound(statement))


def names_bound(node: ast.stmt) -> list[str]:
    """The names that a top-level statement binds, those inside its if, for, try and with included."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    names = []
    for part in _parts_in_this_scope(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(part.name)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.append(part.id)
        elif isinstance(part, ast.Import | ast.ImportFrom):
            names += names_bound(part)
    return names


def _parts_in_this_scope(node: ast.AST) -> list[ast.AST]:
    """All nodes below this one, without entering functions, classes, lambdas and comprehensions."""
    parts: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        parts.append(child)
        if not isinstance(child, SCOPES):
            parts += _parts_in_this_scope(child)
    return parts


def names_used(code: str) -> list[str]:
    """The names that code takes from its module or from Python: those that it reads and does not bind itself.

    Parameters and local variables of its functions are not among them, though a module may have the same names.
    """
    names: dict[str, None] = {}
    tables = [symtable.symtable(code, "<code>", "exec")]
    for table in tables:
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (is_module or symbol.is_global()):
                names.setdefault(symbol.get_name())
        tables += table.get_children()
    return list(names)


@functools.cache
def names_supplied(code: str) -> frozenset[str]:
    """The names that a scenario's code sets in the notebook itself, through the `__globals__` of a function."""
    tree = ast.parse(code)
    tables = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr == "__globals__"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            if _is_table(node.func.value, tables):
                names.update(keyword.arg for keyword in node.keywords if keyword.arg)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _is_table(node.value, tables):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            names.update([key] if isinstance(key, str) else [])
    return frozenset(names)


def _is_table(node: ast.expr, tables: set[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in tables) or (
        isinstance(node, ast.Attribute) and node.attr == "__globals__"
    )


def _is_local_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and bool(node.module) and str(node.module).split(".")[0] in LOCAL


def _import_of(node: ast.Import | ast.ImportFrom, name: str) -> str:
    """The import statement reduced to the one name."""
    aliases = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) == name]
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(aliases))
    return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))


def _module_file(importing: Path, module: str) -> Path:
    """The file of a module that a course's file imports by its full name."""
    parts = module.split(".")
    root = next(folder for folder in importing.parents if (folder / parts[0]).is_dir())
    file = root.joinpath(*parts).with_suffix(".py")
    return file if file.is_file() else root.joinpath(*parts, "__init__.py")
