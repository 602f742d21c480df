"""What a cell does to the notebook's names, read from its text: which it needs, defines, and may change.

Read, not run, so it errs on one side: what may be needed counts as needed, what may be changed as changed. A function's
body counts where the function is used, since it takes its names from the notebook only when it is called.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.notebook import magic_call, python_of
from grader.sources import names_bound, names_used

Names = frozenset[str]
NONE: Names = frozenset()
LIMIT_CHARACTERS = 200_000
PARSING = (SyntaxError, ValueError, RecursionError, MemoryError)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Calls that change none of their arguments, whatever package they come from; the results of FRESH share nothing with
# them either. Known by the last part of their name, unless the notebook itself defines a function of that name.
FRESH = frozenset(
    {
        *("len", "str", "int", "bool", "sum", "abs", "round", "repr", "range", "type", "id", "isinstance", "hasattr"),
        *("mean", "std", "var", "sqrt", "exp", "log", "sigmoid", "softmax", "relu", "tanh", "item", "clone", "argmax"),
        *("eq", "ne", "lt", "gt", "any", "all", "numel", "dim", "size", "join", "split", "format", "exists", "lower"),
        *("ls", "glob", "iterdir", "mse_loss", "l1_loss", "randn", "rand", "zeros", "ones", "arange", "randint"),
        *("callable", "count", "index", "keys", "upper", "strip"),
    }
)
PURE = FRESH | frozenset(
    {
        *("print", "display", "list", "tuple", "zip", "enumerate", "dict", "set", "sorted", "reversed", "getattr"),
        *("map", "filter", "tensor", "array", "asarray", "as_tensor", "from_numpy", "numpy", "stack", "cat", "where"),
        *("view", "reshape", "flatten", "squeeze", "unsqueeze", "permute", "transpose", "expand", "detach", "cpu"),
        *("to", "float", "long", "min", "max", "values", "items", "get", "open", "head", "describe", "copy", "einsum"),
        *("show_image", "show_images", "show_batch", "imshow", "show", "plot", "scatter", "hist", "DataFrame"),
        *("Series", "set_properties", "background_gradient", "parameters", "named_parameters", "matmul", "dot"),
        *("topk", "unique"),
    }
)
OPAQUE = frozenset({"exec", "eval", "globals", "locals", "vars", "compile", "setattr", "delattr", "__import__"})
WITH_CODE = ("time", "timeit", "prun", "memit")
SETTINGS = ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision", "alias", "env", "set_env")


@dataclass(frozen=True)
class Step:
    """One statement: the names that it reads as it runs, and those that it binds for certain if it ends well."""

    reads: Names
    binds: Names


@dataclass(frozen=True)
class Effects:
    """What a cell does.

    steps: its statements in order. binds: all that it may bind. changes: the names whose objects it may change.
    later: for a function or class the names that it reads when it is used; later_changes: those that it may then
    change. variables: the names that it binds to what may be changed: no function, number or text. holds: for a
    variable the names whose objects its value may hold. stores: the names of whose objects it sets
    attributes or items. settings: if it does nothing but import and call with constants, what it calls; else None.
    rule: why the cell is run in any case; empty if it depends. is_opaque: whether it may read and change anything.
    """

    steps: tuple[Step, ...] = ()
    binds: Names = NONE
    changes: Names = NONE
    later: dict[str, Names] = field(default_factory=dict)
    later_changes: dict[str, Names] = field(default_factory=dict)
    holds: dict[str, Names] = field(default_factory=dict)
    variables: Names = NONE
    imported: Names = NONE
    stores: Names = NONE
    settings: Names | None = None
    rule: str = ""
    is_opaque: bool = False
    is_unreadable: bool = False
    has_star_import: bool = False

    @property
    def reads(self) -> Names:
        """All names that the cell reads as it runs."""
        return frozenset().union(*(step.reads for step in self.steps))


def functions_in(source: str) -> Names:
    """The names of all functions and methods that a cell defines, wherever they stand in it."""
    try:
        return frozenset(node.name for node in ast.walk(ast.parse(python_of(source))) if isinstance(node, FUNCTIONS))
    except PARSING:
        return NONE


def effects_of(source: str, pure: Names = PURE) -> Effects:
    """What a cell of a notebook does. pure: the names of functions that change none of their arguments."""
    try:
        if len(source) > LIMIT_CHARACTERS:
            raise ValueError("too long to be written by hand")
        return effects_in(ast.parse(python_of(source)), pure)
    except PARSING:
        return Effects(rule="It can't be read as Python.", is_unreadable=True)


def effects_in(tree: ast.Module, pure: Names) -> Effects:
    """The same of a cell's syntax tree."""
    tree.body = [part for node in tree.body for part in inlined(node)]
    steps, binds, changes, imported, variables = [], set[str](), set[str](), set[str](), set[str]()
    later: dict[str, Names] = {}
    later_changes: dict[str, Names] = {}
    holds: dict[str, Names] = {}
    for node in tree.body:
        steps.append(Step(reads_of(node), definite(node)))
        binds.update(names_bound(node))
        binds.update(deleted_by(node))
        changes.update(changed(node, pure))
        for part in in_this_scope(node):
            if isinstance(part, (*FUNCTIONS, ast.ClassDef)):
                merge(later, part.name, frozenset(names_used(ast.unparse(part))))
                merge(later_changes, part.name, changes_when_used(part, pure))
                binds.update(globals_of(part))
            elif isinstance(part, ast.Import | ast.ImportFrom):
                imported.update(names_bound(part))
            elif isinstance(part, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr | ast.For | ast.withitem):
                for name, held, is_variable in held_by(part, pure):
                    variables.update({name} if is_variable else ())
                    merge(holds, name, held)
                    if isinstance(getattr(part, "value", None), ast.Lambda):
                        merge(later, name, held)
    nodes = list(ast.walk(tree))
    return Effects(
        steps=tuple(steps),
        binds=frozenset(binds - {"*"}),
        changes=frozenset(changes),
        later=later,
        later_changes=later_changes,
        holds=holds,
        variables=frozenset(variables),
        imported=frozenset(imported - {"*"}),
        stores=NONE.union(*(roots(n.value, pure) for n in map(stored, nodes) if n is not None)),
        settings=settings_of(tree),
        rule=rule_of(nodes),
        is_opaque=any(map(is_opaque, nodes)),
        has_star_import=any(map(is_star_import, nodes)),
    )


def is_star_import(node: ast.AST) -> bool:
    """Whether a node imports all names of a package."""
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def inlined(node: ast.stmt) -> list[ast.stmt]:
    """A statement; instead of one that times code, that code."""
    if isinstance(node, ast.Expr | ast.Assign):
        kind, name, text = magic_call(node.value)
        if kind == "run_line_magic" and name in WITH_CODE:
            try:
                return ast.parse(text).body
            except PARSING:
                return [node]
    return [node]


def merge(table: dict[str, Names], name: str, more: Names) -> None:
    """Adds names to those that stand in a table already."""
    table[name] = table.get(name, NONE) | more


def in_this_scope(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it that run with it: not the bodies of functions."""
    yield node
    if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
        for child in ast.iter_child_nodes(node):
            yield from in_this_scope(child)


def reads_of(node: ast.stmt) -> Names:
    """The names that a statement reads as it runs: of a function only what its decorators and defaults need."""
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        parts = [*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)]
        parts += [a.annotation for a in (*arguments.args, *arguments.kwonlyargs) if a.annotation]
        parts += [node.returns] if node.returns else []
        return used(*parts)
    if isinstance(node, ast.ClassDef):
        outside = used(*node.bases, *node.decorator_list, *(keyword.value for keyword in node.keywords))
        return outside.union(*map(reads_of, node.body))
    targets = [part.target for part in in_this_scope(node) if isinstance(part, ast.AugAssign)]
    augmented = {target.id for target in targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return used(*node.value.args.defaults).union(*(used(target) for target in node.targets))
    return frozenset({*names_used(ast.unparse(node)), *augmented, *deleted_by(node)})


def deleted_by(node: ast.stmt) -> Names:
    """The names that a statement deletes."""
    return frozenset(p.id for p in in_this_scope(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Del))


def used(*nodes: ast.expr) -> Names:
    """The names that expressions read."""
    found = NONE
    for node in nodes:
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            found |= frozenset(p.id for p in ast.walk(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Load))
        elif not isinstance(node, ast.Starred):
            found |= frozenset(names_used(ast.unparse(node)))
    return found


def definite(node: ast.stmt) -> Names:
    """The names that a statement binds whenever it ends well."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Assign, ast.Import, ast.ImportFrom)):
        return frozenset(names_bound(node)) - {"*"}
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return frozenset(names_bound(node))
    if isinstance(node, ast.With):
        return NONE.union(*map(definite, node.body))
    return NONE


# What is changed


def changed(node: ast.AST, pure: Names) -> Names:
    """The names whose objects a statement may change as it runs."""
    return NONE.union(*(changed_here(part, pure) for part in in_this_scope(node)))


def changes_when_used(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, pure: Names) -> Names:
    """The notebook's names whose objects a function, or a class's methods, may change or bind."""
    outside = frozenset(names_used(ast.unparse(node)))
    return (NONE.union(*(changed_here(part, pure) for part in ast.walk(node))) & outside) | globals_of(node)


def globals_of(node: ast.AST) -> Names:
    """The names that functions declare as the notebook's own, to bind them."""
    return frozenset(name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)


def changed_here(node: ast.AST, pure: Names) -> Names:
    """The names whose objects this node itself may change, whatever is below it."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return roots(node.value, pure)
    if isinstance(node, ast.AugAssign):
        return roots(node.target, pure)
    if not isinstance(node, ast.Call) or called_name(node) in pure:
        return NONE
    receivers = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    parts = [*receivers, *node.args, *(keyword.value for keyword in node.keywords)]
    return NONE.union(*(roots(part, pure) for part in parts))


def called_name(node: ast.Call) -> str:
    """The last part of the name of what is called; empty if it has none."""
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def roots(node: ast.AST, pure: Names) -> Names:
    """The names with whose objects an expression's value may share memory."""
    if isinstance(node, ast.Name):
        return frozenset({node.id})
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare | ast.UnaryOp):
        return NONE
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Mult | ast.BitOr):
        return NONE  # the sum of two lists has the elements of both
    if isinstance(node, ast.Call) and called_name(node) in FRESH & pure:
        return NONE
    if isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
        return used(node)
    if isinstance(node, ast.Subscript):
        return roots(node.value, pure)
    return NONE.union(*(roots(part, pure) for part in ast.iter_child_nodes(node)))


def held_by(node: ast.AST, pure: Names) -> Iterator[tuple[str, Names, bool]]:
    """The names that a node binds, each with those whose objects its value may hold, and whether that may change."""
    if isinstance(node, ast.For):
        value, targets = node.iter, [node.target]
    elif isinstance(node, ast.withitem):
        value, targets = node.context_expr, [node.optional_vars] if node.optional_vars else []
    elif isinstance(node, ast.Assign):
        value, targets = node.value, node.targets
    else:
        value, targets = node.value, [node.target]  # type: ignore[attr-defined]  # the other kinds of assignment
    if value is None:
        return
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):  # of x.y = z, x holds z
                yield part.id, roots(value, pure), not is_constant(value)


def is_constant(node: ast.expr) -> bool:
    """Whether an expression gives a number, a text or a function, which nobody can change."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("len", "range", "int", "float", "str")
    if isinstance(node, ast.Tuple | ast.UnaryOp | ast.BinOp):
        return all(is_constant(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    return isinstance(node, ast.Constant | ast.Lambda | ast.JoinedStr)


# What has to run in any case


def rule_of(nodes: list[ast.AST]) -> str:
    """Why a cell is run whatever depends on it; empty if that decides."""
    if any(map(is_star_import, nodes)):
        return "It imports all names of a package."
    if any(map(is_opaque, nodes)):
        return "What it does can't be read from its text."
    magics = [magic_call(node) for node in nodes]
    if any(kind and not (kind == "run_line_magic" and name in SETTINGS) for kind, name, _ in magics):
        return "It has a shell command or a magic."
    if any(isinstance(node, FUNCTIONS) and node.decorator_list for node in nodes):
        return "A decorator may change anything."
    return ""


def settings_of(tree: ast.Module) -> Names | None:
    """What a cell calls that only imports and calls functions with constants; None for any other cell."""
    called = NONE
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            return None
        arguments = [*node.value.args, *(keyword.value for keyword in node.value.keywords)]
        if not all(isinstance(argument, ast.Constant) for argument in arguments):
            return None
        called |= used(node.value.func)
    return called


def stored(node: ast.AST) -> ast.Attribute | ast.Subscript | None:
    """A node that sets an attribute or an item."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return node
    return None


def is_opaque(node: ast.AST) -> bool:
    """Whether a node may read and change any name: code in texts, the table of names itself, another notebook."""
    kind, name, _ = magic_call(node)
    if kind == "run_line_magic" and name in ("run", "load", "pylab", "macro", "rerun", "recall"):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OPAQUE
