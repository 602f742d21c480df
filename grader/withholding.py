"""What of a course must not be handed out: the statements of its right answers, wherever they stand.

A scenario brings helpers along, and some of them are the solution of another exercise. A statement is compared as
Python reads it, so that spaces, quotes and comments hide nothing.
"""

import ast
from collections.abc import Iterator

from grader.course import LoadedCourse
from grader.exercise import Exercise, Keeps, Scenario
from grader.oracles import Oracle
from grader.values import Items, Large, Pairs, Value

TELLING = 20  # characters: a statement with more of them tells something of the solution
COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.While, ast.With, ast.Try)
IMPORTS = (ast.Import, ast.ImportFrom)


def secrets_of(course: LoadedCourse) -> frozenset[str]:
    """The statements of the reference and of other right answers, without those that students are shown anyway."""
    exercises = course.exercises.values()
    codes = [code for e in exercises for code in (course.solution(e), *e.accepts.values())]
    shown = [course.course.setup, *(code for e in exercises for code in (e.given, e.starter))]
    text = "\n".join([course.course.introduction, *shown, *(e.statement for e in exercises)])
    public = frozenset().union(*map(statements_of, shown))
    return frozenset(s for code in codes for s in statements_of(code) if s not in public and s not in text)


def statements_of(code: str) -> frozenset[str]:
    """The telling statements of code, and the values that they assign, return or compute; none if it is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return frozenset()
    return frozenset(text for text in map(ast.unparse, telling_parts(tree)) if len(text) > TELLING)


def telling_parts(tree: ast.Module) -> Iterator[ast.AST]:
    """The statements that hold no others, and their values; not imports and docstrings."""
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        is_text = isinstance(node, ast.Expr) and isinstance(value, ast.Constant)
        if isinstance(node, ast.stmt) and not isinstance(node, (*COMPOUND, *IMPORTS)) and not is_text:
            yield node
            if isinstance(value, ast.AST):
                yield value


def why_withheld(exercise: Exercise, index: int, oracle: Oracle, secrets: frozenset[str]) -> str:
    """Why a check can't be handed out with its right answers; empty if it can."""
    check = exercise.checks[index]
    if check.holds or check.remark or type(check).sentence not in (Scenario.sentence, Keeps.sentence):
        return "the course's own code decides, and there is no one right answer"
    if secrets & statements_of(check.source):
        return "its scenario holds a statement of a right answer"
    answer = oracle.answer(index)
    if answer.ending != "done":
        return "the reference has no answer that can be recorded"
    if any(is_beyond_record(observation.value) for observation in answer.observations):
        return "the right answer is too large to record"
    return ""


def is_beyond_record(value: Value) -> bool:
    """Whether a value, or a part of it, is too large to be sent, so that nothing can be compared with it."""
    if isinstance(value, Items):
        return any(map(is_beyond_record, value.v))
    if isinstance(value, Pairs):
        return any(is_beyond_record(part) for pair in value.v for part in pair)
    return isinstance(value, Large)
