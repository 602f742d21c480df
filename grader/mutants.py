"""Mutants: copies of a course's own code with one small mistake in each, to find out what its checks can't see.

The operators are mutation testing's usual ones. The tools that have them (mutmut, cosmic-ray) change a project's
files and run its tests anew for each; they bring a test runner, and what we need of them would be their operators.
"""

import ast
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import msgspec

from grader.operators import ASSERTING, alternatives
from grader.sources import names_bound, names_used

LONGEST_SHOWN = 60
TOKENS_OF_FIELDS = ("ClassVar", "InitVar", "KW_ONLY")

NOT_SHOWN = (
    *(ast.For, ast.While, ast.If, ast.AsyncFor, ast.With, ast.Try, ast.ExceptHandler, ast.match_case),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arguments, ast.Module),
)


class Mutant(msgspec.Struct, frozen=True):
    """Code with one mistake; name says where and which, and stays when lines shift."""

    name: str
    code: str


def mutants(code: str, *names: str, spared: Collection[str] = ()) -> list[Mutant]:
    """All mutants of what `code` defines under these names, and of all that this uses; no two have the same text.

    spared: names whose definitions stay as they are.
    """
    tree = bare(code, names)
    texts = [ast.unparse(statement) for statement in tree.body]
    imported = frozenset(name for node in tree.body if is_import(node) for name in names_bound(node))
    seen = {"\n".join(texts)}
    named: Counter[str] = Counter()
    found = []
    for position, statement in enumerate(tree.body):
        if is_import(statement) or not set(names_bound(statement)) - set(spared):
            continue
        root = ast.Module([statement], [])
        for name in changes(root, statement, "body", 0, (), imported):
            changed = "\n".join([*texts[:position], ast.unparse(root), *texts[position + 1 :]])
            if changed not in seen:
                seen.add(changed)
                named[name] += 1
                found.append(Mutant(name if named[name] == 1 else f"{name} ({named[name]})", changed))
    return found


def unchanged(code: str, *names: str) -> str:
    """The text that the mutants are mutants of."""
    return ast.unparse(bare(code, names))


# What there is to change


def bare(code: str, names: Sequence[str]) -> ast.Module:
    """What is needed to define the names, without annotations and docstrings: no check is about these."""
    tree = Undressed().visit(ast.parse(code))
    definitions = {name: node for node in tree.body if not is_import(node) for name in names_bound(node)}
    wanted: list[ast.stmt] = []
    left = [definitions[name] for name in names if name in definitions]
    while left:
        node = left.pop()
        if node not in wanted:
            wanted.append(node)
            left += [definitions[name] for name in names_used(ast.unparse(node)) if name in definitions]
    return ast.Module([node for node in tree.body if is_import(node) or node in wanted], [])


class Undressed(ast.NodeTransformer):
    """Takes annotations and docstrings away; a dataclass's fields keep one that says nothing."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        node.body = without_docstring(node.body)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        return ast.Assign([node.target], node.value, lineno=0) if node.value else ast.Pass()

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                if not any(token in ast.unparse(statement.annotation) for token in TOKENS_OF_FIELDS):
                    statement.annotation = ast.Name("object", ast.Load())
            else:
                self.visit(statement)
        node.body = without_docstring(node.body)
        return node


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """A function's or class's statements, a docstring not among them."""
    first = body[0]
    has_one = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return (body[1:] or [ast.Pass()]) if has_one else body


def is_import(node: ast.stmt) -> bool:
    """An import statement."""
    return isinstance(node, ast.Import | ast.ImportFrom)


# Where to change it


def changes(
    parent: ast.AST,
    node: ast.AST,
    field: str,
    position: int | None,
    above: tuple[ast.AST, ...],
    imported: frozenset[str],
) -> Iterator[str]:
    """Makes every change at and below a node in turn; yields each one's name while it is made, and takes it back."""

    def put(replacement: ast.AST) -> None:
        if position is None:
            setattr(parent, field, replacement)
        else:
            getattr(parent, field)[position] = replacement

    chain = (*above, node)
    shown = largest_short(chain)
    place, before = place_of(above, node), text_of(shown)
    for replacement in alternatives(node, parent, field, imported):
        put(replacement)
        yield f"{place}: {before} → {text_of(replacement if shown is node else shown)}"
        put(node)
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    for i, decorator in enumerate(list(decorators)):
        del decorators[i]
        yield f"{place_of(chain, node)}: @{ast.unparse(decorator)} → removed"
        decorators.insert(i, decorator)
    for child_field, i_or_none, child in children_of(node):
        yield from changes(node, child, child_field, i_or_none, chain, imported)


def children_of(node: ast.AST) -> list[tuple[str, int | None, ast.AST]]:
    """The nodes below that may be changed, with the field and the position where they are."""
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.alias) or getattr(node, "arg", None) in ASSERTING:
        return []  # nobody's specification
    children: list[tuple[str, int | None, ast.AST]] = []
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "msg", "bases", "type", "type_params"):
            continue
        if isinstance(value, ast.AST):
            children.append((field, None, value))
        elif isinstance(value, list):
            children += [(field, i, child) for i, child in enumerate(value) if isinstance(child, ast.AST)]
    return children


def largest_short(chain: Sequence[ast.AST]) -> ast.AST:
    """Of a node and the expressions and the simple statement around it, the largest that is short to read."""
    shown = chain[-1]
    for node in reversed(chain):
        if isinstance(node, NOT_SHOWN):
            break
        if isinstance(node, ast.expr | ast.stmt) and len(ast.unparse(node)) <= LONGEST_SHOWN:
            shown = node
    return shown


def text_of(node: ast.AST) -> str:
    """A node in one line."""
    first, *rest = ast.unparse(node).splitlines() or [""]
    return f"{first} …" if rest else first


def place_of(above: Sequence[ast.AST], node: ast.AST) -> str:
    """The function, class or variable that a node is in, and the parameter whose default it is."""
    named = [n.name for n in above if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    if named:
        steps = itertools.pairwise([*above, node])
        defaults = [parameter(upper, lower) for upper, lower in steps if isinstance(upper, ast.arguments)]
        return ".".join(named) + (f"({defaults[0]})" if defaults else "")
    top = above[0] if above else node
    return ", ".join(names_bound(top)) if isinstance(top, ast.stmt) else ""


def parameter(arguments: ast.arguments, default: ast.AST) -> str:
    """The parameter that has this default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((name.arg for name, value in pairs if value is default), "")
