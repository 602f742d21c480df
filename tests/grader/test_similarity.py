"""Which submissions are alike beyond what everybody has."""

import ast
import random

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import load_course
from grader.fingerprints import fingerprints
from grader.similarity import Code, Work, codes_of, known_code, similar

COURSE = load_course()
ANSWERS = {name: [COURSE.solution(e), *e.accepts.values()] for name, e in COURSE.exercises.items()}
GIVEN = [code for exercise in COURSE.exercises.values() for code in (exercise.given, exercise.starter)]
STYLES = max(map(len, ANSWERS.values()))


def work(name, sources):
    """A submission of these cells."""
    return Work(name, tuple(Code(at, source) for at, source in enumerate(sources, 1) if source.strip()))


def independent(style):
    """A submission of somebody who answers every exercise in a style of their own."""
    return work(f"style {style}", [answers[style] if style < len(answers) else "" for answers in ANSWERS.values()])


class Renamed(ast.NodeTransformer):
    """Gives other names to what code binds."""

    def __init__(self, tree):
        self.bound = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)} | {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }

    def visit_Name(self, node):
        return ast.Name(f"my_{node.id}" if node.id in self.bound - {"self"} else node.id, node.ctx)

    def visit_arg(self, node):
        return ast.arg(f"my_{node.arg}" if node.arg != "self" else "self", None)


def disguised(source):
    """Code with other names, without its comments, in another layout, with comments of one's own."""
    tree = ast.parse(source)
    code = ast.unparse(Renamed(tree).visit(tree))
    return "\n".join(f"{line}  # I thought of this" for line in code.splitlines() if line.strip())


def copied(original, name="copy"):
    """A submission with all of another's cells disguised, and in another order."""
    cells = [disguised(code.source) for code in original.codes]
    random.Random(7).shuffle(cells)
    return work(name, cells)


OTHERS = [independent(style) for style in range(STYLES)]


def test_independent_right_answers_are_not_alike():
    assert len(OTHERS) > 5
    assert similar(OTHERS, GIVEN) == []


@pytest.mark.parametrize("style", [1, 2, 3])
def test_a_copy_renamed_reordered_and_commented_is_found_and_nothing_else_is(style):
    (found,) = similar([*OTHERS, copied(OTHERS[style])], GIVEN)

    assert {found.left, found.right} == {f"style {style}", "copy"}
    assert found.score > 0.9
    assert min(found.left_share, found.right_share) > 0.9


def test_half_a_copy_is_found_with_how_much_of_each_it_is():
    original, own = OTHERS[1], OTHERS[2]
    half = len(original.codes) // 2
    mixed = work("half", [disguised(c.source) for c in original.codes[:half]] + [c.source for c in own.codes[half:]])

    pairs = {frozenset((pair.left, pair.right)): pair for pair in similar([OTHERS[0], original, mixed], GIVEN)}

    assert pairs.keys() == {frozenset(("style 1", "half"))}
    (pair,) = pairs.values()
    assert 0.2 < pair.left_share < 0.8
    assert 0.2 < pair.right_share < 0.8


def test_the_most_alike_comes_first():
    other = Work("part", (*copied(OTHERS[2]).codes[:12], *OTHERS[3].codes[13:]))
    pairs = similar([OTHERS[1], OTHERS[2], other, copied(OTHERS[1])], GIVEN)

    assert [{pair.left, pair.right} for pair in pairs] == [{"style 1", "copy"}, {"style 2", "part"}]
    assert pairs[0].score > pairs[1].score


def test_starter_code_and_the_courses_own_answers_count_for_nothing():
    same = [Work(name, OTHERS[1].codes) for name in ("ann", "ben")]

    assert len(similar(same, GIVEN)) == 1
    assert similar(same, known_code(COURSE)) == []


def test_shares_are_of_what_is_ones_own():
    reference = [answers[0] for answers in ANSWERS.values()]
    own = [answers[1] for answers in ANSWERS.values()][10:14]
    left, right = work("ann", reference[:10] + own), work("ben", own + reference[16:])

    (pair,) = similar([left, right], reference)

    assert (pair.left_share, pair.right_share, pair.score) == (1, 1, 1)
    assert similar([left, right], GIVEN)[0].score < 0.6


def test_what_many_have_says_little_and_what_a_crowd_has_nothing():
    few = [Work(str(n), OTHERS[1].codes) for n in range(3)]
    crowd = [Work(str(n), OTHERS[1].codes) for n in range(11)]

    assert {round(pair.score, 2) for pair in similar(few, GIVEN)} == {0.5}
    assert similar(crowd, GIVEN, least_score=0) == []


def test_a_short_answer_alone_is_no_sign():
    answer = ANSWERS["rank_and_shape"][1]

    assert fingerprints(answer)
    assert similar([work("ann", [answer]), work("ben", [answer])]) == []


def test_the_places_that_are_alike_stand_side_by_side():
    code = ANSWERS["optimizer"][2]
    left = work("ann", ["x = 1", f"# mine\n{code}"])
    right = work("ben", [disguised(code), ANSWERS["learner"][1]])

    (pair,) = similar([left, right])

    (passage,) = pair.passages
    assert (passage.left.cell, passage.right.cell) == (2, 1)
    assert passage.left.source == left.codes[1].source
    assert passage.right.source == right.codes[0].source
    assert (passage.left.lines[0], passage.right.lines[0]) == (2, 1)
    assert len(passage.left.lines) > 5
    assert pair.left_share == 1 > pair.right_share


def test_one_cell_that_became_several_is_shown_with_all_of_them():
    parts = [ANSWERS["optimizer"][1], ANSWERS["training_loop"][1]]

    (pair,) = similar([work("ann", ["\n\n".join(parts)]), work("ben", map(disguised, parts))])

    assert [(p.left.cell, p.right.cell) for p in pair.passages] == [(1, 1), (1, 2)]


def test_the_same_cell_twice_is_shown_once():
    code = ANSWERS["learner"][1]

    (pair,) = similar([work("ann", [code, code]), work("ben", [code])])

    assert [(p.left.cell, p.right.cell) for p in pair.passages] == [(1, 1)]


def test_a_copied_cell_that_is_no_python_is_found_too():
    broken = ANSWERS["learner"][1] + "\nprint 'done'\n"
    renamed = broken.replace("model", "net").replace("loss", "cost")

    (pair,) = similar([work("ann", [broken]), work("ben", [renamed])])

    assert pair.score == 1


def test_nobody_and_nothing_are_not_alike():
    assert similar([]) == []
    assert similar([work("ann", []), work("ben", [])], least_score=0, least_shared=0) == []


def test_the_codes_of_a_notebook_are_known_by_the_cells_positions():
    cells = [new_markdown_cell("x = 0"), new_code_cell("x = 1"), new_code_cell(" "), new_code_cell("x = 2")]

    assert codes_of(new_notebook(cells=cells)) == (Code(2, "x = 1"), Code(4, "x = 2"))


def test_to_ask_the_grader_is_nobody_s_own_code():
    cells = [new_code_cell("x = 1"), new_code_cell('grader.check("mnist_distance")')]

    assert codes_of(new_notebook(cells=cells)) == (Code(1, "x = 1"),)


def test_a_cell_that_is_repeated_without_end_costs_no_more_than_a_few_of_it():
    code = ANSWERS["optimizer"][2]
    left, right = work("ann", [code] * 2000), work("ben", [disguised(code)] * 2000)

    (pair,) = similar([left, right])

    assert [(p.left.cell, p.right.cell) for p in pair.passages] == [(1, 1)]
