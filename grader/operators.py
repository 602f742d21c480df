"""Mutation operators: for a node of a syntax tree, what may stand in its place to make a small mistake.

They are mutation testing's usual ones: other arithmetic, comparisons and constants, conditions negated, statements
deleted, arguments dropped or swapped, calls not made.
"""

import ast
import itertools
from collections.abc import Iterator, Sequence

ASSERTING = ("strict",)  # keywords that state what holds in any case, as zip's does

ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
DELETABLE = (
    *(ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Assert, ast.Delete),
    *(ast.For, ast.While, ast.If, ast.AsyncFor),
)


def alternatives(node: ast.AST, parent: ast.AST, field: str, imported: frozenset[str]) -> list[ast.AST]:
    """What may stand in a node's place."""
    found = list(at(node, parent, imported))
    if (field == "test" and isinstance(parent, ast.If | ast.While | ast.IfExp)) or field == "ifs":
        found += negations(node)
        if not isinstance(node, ast.Constant) and not isinstance(parent, ast.While | ast.IfExp):
            found.append(ast.Constant(True))
    if isinstance(parent, ast.Slice):
        found.append(ast.Name("", ast.Load()))  # no bound
    return found


def at(node: ast.AST, parent: ast.AST, imported: frozenset[str]) -> Iterator[ast.AST]:
    """The alternatives that depend on the node alone, or nearly so."""
    match node:
        case ast.BinOp(left, operator, right):
            yield from (ast.BinOp(left, other(), right) for other in ARITHMETIC[type(operator)])
        case ast.AugAssign(target, operator, value):
            yield from (ast.AugAssign(target, other(), value) for other in ARITHMETIC[type(operator)])
        case ast.Compare(left, operators, comparators):
            for i, compared in enumerate(operators):
                for comparison in COMPARISONS[type(compared)]:
                    yield ast.Compare(left, [*operators[:i], comparison(), *operators[i + 1 :]], comparators)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.USub() | ast.Not() | ast.Invert(), operand):
            yield operand
        case ast.Constant(value):
            yield from (ast.Constant(other) for other in constants(value))
        case ast.Call():
            yield from calls(node, parent, imported)
        case ast.Tuple(elements, ast.Load()) | ast.List(elements, ast.Load()) if is_ordered(parent):
            yield from (type(node)(swapped, ast.Load()) for swapped in with_neighbours_swapped(elements))
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Return(value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.With(_, body):
            yield ast.If(ast.Constant(True), body, [])
    in_code = isinstance(parent, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(parent, ast.ClassDef)
    if in_code and isinstance(node, DELETABLE) and not is_idle(node):
        yield ast.Pass()


def is_ordered(parent: ast.AST) -> bool:
    """Whether the order of a tuple in this place can make a difference."""
    is_type_test = isinstance(parent, ast.Call) and ast.unparse(parent.func) in ("isinstance", "issubclass")
    return not isinstance(parent, ast.Compare) and not is_type_test


def is_idle(node: ast.AST) -> bool:
    """A statement that does nothing, such as `...`."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def constants(value: object) -> list[str | bool | int | float]:
    """Other values than a constant's own."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        kind = type(value)
        return list(dict.fromkeys([value + 1, *([kind(1 - value)] if value in (0, 1) else [])]))
    return [value + "_"] if isinstance(value, str) else []


def calls(call: ast.Call, parent: ast.AST, imported: frozenset[str]) -> Iterator[ast.AST]:
    """A call without one of its keywords or its last argument, with two arguments swapped, or not made at all."""
    function, arguments, keywords = call.func, call.args, call.keywords
    for i, keyword in enumerate(keywords):
        if keyword.arg not in ASSERTING:
            yield ast.Call(function, arguments, [*keywords[:i], *keywords[i + 1 :]])
    yield from (ast.Call(function, swapped, keywords) for swapped in with_neighbours_swapped(arguments))
    if len(arguments) > (0 if isinstance(function, ast.Attribute) else 1):  # `len()` and the like would only raise
        yield ast.Call(function, arguments[:-1], keywords)
    if isinstance(function, ast.Attribute) and not isinstance(parent, ast.Expr) and not is_of(function.value, imported):
        yield function.value


def is_of(node: ast.expr, imported: frozenset[str]) -> bool:
    """Whether an expression is `self`, a module or a part of one: what is called on it gives no value like itself."""
    if isinstance(node, ast.Name) and node.id == "self":
        return True
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in imported


def with_neighbours_swapped(elements: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    """The elements with two neighbours exchanged, for each pair of neighbours."""
    for i, (one, other) in enumerate(itertools.pairwise(elements)):
        yield [*elements[:i], other, one, *elements[i + 2 :]]


def negations(test: ast.AST) -> list[ast.AST]:
    """A condition's opposite, unless it has been made already by another comparison or by dropping a `not`."""
    made = isinstance(test, ast.UnaryOp) or (isinstance(test, ast.Compare) and len(test.ops) == 1)
    if made or isinstance(test, ast.Constant) or not isinstance(test, ast.expr):
        return []
    return [ast.UnaryOp(ast.Not(), test)]
