"""Imports point one way, and the engine knows nothing of what it grades."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "grader"
ENGINE = {
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in PACKAGE.rglob("*.py")
    if "migrations" not in file.parts  # Alembic's own
}
REFERENCE = {file.stem: file for file in (ROOT / "reference").glob("*.py")}

# From left to right: a module imports only from layers to the left of its own, or from its own.
LAYERS = [
    {
        "errors",
        "files",
        "agent",
        "values",
        "sources",
        "telling",
        "sandbox",
        "pacing",
        "operators",
        "quiz.questions",
        "quiz.marks",
        "quiz.asking",
        "quiz.page",
        "quiz.quantities",
        "quiz.selections",
        "quiz.lettering",
        "quiz.question_file",
        "quiz.generators",
        "devices",
        "uncertainty",
        "charts",
        "markup",
        "suites",
        "report_links",
        "terminal",
    },
    {"quiz.short_answers.vocabulary", "quiz.short_answers.reading"},
    {"quiz.short_answers.words"},
    {"quiz.short_answers.rubric"},
    {"quiz.short_answers.guards", "quiz.short_answers.reservations", "quiz.short_answers.engines"},
    {"quiz.short_answers.semantic", "quiz.short_answers.evidence"},
    {"quiz.short_answers.calibration"},
    {"quiz.short_answers.marking"},
    {"quiz.short_answers"},
    {"quiz.marking"},
    {"intake", "book", "intake.names", "intake.identities", "intake.timestamps", "book.tables", "book.entries"},
    {
        "limits",
        "exercise",
        "places",
        "showing",
        "notebook",
        "zygote",
        "memory",
        "interpreters",
        "parallel",
        "mutants",
        "offline",
        "effects",
        "intake.archives",
        "intake.roster",
        "intake.gradescope",
        "book.conditions",
        "book.database",
    },
    {
        "results",
        "inputs",
        "compare",
        "course",
        "training",
        "training_views",
        "probes",
        "isolation",
        "outputs",
        "views",
        "slicing",
        "finding",
        "fingerprints",
        "intake.layouts",
        "intake.collecting",
    },
    {"quiz.bank", "quiz.answers_file"},
    {"quiz.schedule"},
    {"quiz.practice"},
    {"forking", "enclosure", "endings", "device_memory", "standing", "wording", "similarity"},
    {"intake.submissions", "intake.reading", "similarity_views", "similar_in_forks"},
    {"book.policy", "book.policy_reading", "book.rostered", "book.queries", "book.writing", "book.gradebook"},
    {"overview"},
    {"looks"},
    {"overview_views"},
    {"judging", "warm", "kernel", "client", "execution", "starter", "attempt"},
    {"starting"},
    {"budgets"},
    {"grading", "verify", "doctor", "quiz.running"},
    {"quiz.marked"},
    {"quiz.summary"},
    {"quiz.terminal"},
    {"quiz.session"},
    {"quiz.cards"},
    {"quiz.sitting"},
    {"quiz.widget"},
    {"quiz.notebook"},
    {"quiz"},
    {"__init__"},
    {"report", "summary", "junit", "class_summary", "class_tables", "installed"},
    {"jupyter", "jupyter.messages", "jupyter.kept_hints", "jupyter.cards"},
    {"jupyter.history", "jupyter.executed"},
    {"jupyter.assessor", "jupyter.connection"},
    {"jupyter.serving", "jupyter.calls"},
    {"jupyter.extension"},
    {"batch", "batch.orders", "batch.places", "batch.reporting"},
    {"batch.planning", "batch.crew", "batch.worker"},
    {"batch.cluster_tasks"},
    {"batch.cluster"},
    {"batch.run"},
    {"exports.cells", "exports.texts"},
    {"quiz.review_list"},
    {"exports.table", "exports.canvas", "exports.moodle", "exports.lines"},
    {"exports.gradescope", "exports.github", "exports.suites"},
    {"exports"},
    {"quiz.exports.texts", "quiz.exports.archives"},
    {"quiz.exports.items"},
    {"quiz.exports.qti", "quiz.exports.gift", "quiz.exports.moodle", "quiz.exports.anki", "quiz.exports.jupyterquiz"},
    {"quiz.exports"},
    {"commands", "commands.shared"},
    {"commands.books"},
    {"commands.exporting"},
    {"commands.quiz_export"},
    {
        "commands.students",
        "commands.courses",
        "commands.classes",
        "commands.gradebook",
        "commands.reports",
        "commands.similar",
        "commands.quiz",
        "commands.quiz_page",
    },
    {"cli"},
    {"__main__"},
]


def imports_of(file, nodes=ast.walk):
    """The modules that a file imports, by their full names."""
    for node in nodes(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            yield node.module
            if node.module.startswith("grader"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def engine_imports(name):
    """The engine's modules that one of them imports, anywhere in its code."""
    return {module.removeprefix("grader.") for module in imports_of(ENGINE[name])} & ENGINE.keys()


def top_level_imports(file):
    """The packages that a file imports as soon as it is imported."""
    return {name.split(".")[0] for name in imports_of(file, ast.iter_child_nodes)}


def test_no_two_modules_of_the_engine_import_each_other():
    graphlib.TopologicalSorter({name: engine_imports(name) for name in ENGINE}).prepare()


def test_every_module_has_its_layer():
    assert set.union(*LAYERS) == set(ENGINE)


@pytest.mark.parametrize("name", sorted(set.union(*LAYERS)))
def test_imports_point_one_way(name):
    place = next(i for i, layer in enumerate(LAYERS) if name in layer)
    to_the_right = set.union(set(), *LAYERS[place + 1 :])

    assert not engine_imports(name) & to_the_right


@pytest.mark.parametrize("edge", ["report", "summary", "cli"])
def test_what_has_effects_is_imported_by_the_command_line_only(edge):
    # Each student's report, as soon as it can be; and the cards of a notebook, as it asks for them.
    at_once = {"batch.reporting", "jupyter.assessor"} if edge == "report" else set()
    importing = {name for name in ENGINE if edge in engine_imports(name)} - at_once

    assert importing
    assert all(name in ("cli", "__main__") or name.startswith("commands.") for name in importing)


@pytest.mark.parametrize("name", ["compare", "judging", "verify"])
def test_what_judges_knows_nothing_of_kernels(name):
    seen, left = set(), {name}
    while left:
        seen |= left
        left = set.union(*map(engine_imports, left)) - seen

    assert not seen & {"kernel", "execution"}


def test_the_agent_needs_nothing_but_the_standard_library():
    assert top_level_imports(ENGINE["agent"]) <= sys.stdlib_module_names
    assert engine_imports("agent") == set()


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_reference_needs_nothing_but_torch_numpy_and_pillow_and_what_draws_matplotlib(name):
    packages = {module.split(".")[0] for module in imports_of(REFERENCE[name])}
    drawing = {"matplotlib"} if name == "plots" else set()

    assert packages <= sys.stdlib_module_names | {"torch", "numpy", "PIL", "reference"} | drawing


def texts_of(tree):
    """All names and strings in a file's code, without its docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        for field in ("id", "name", "attr", "arg", "module"):
            if isinstance(getattr(node, field, None), str):
                yield getattr(node, field)


@pytest.mark.parametrize("name", sorted(ENGINE))
def test_the_engine_knows_nothing_of_its_subject(name):
    texts = list(texts_of(ast.parse(ENGINE[name].read_text("utf-8"))))

    assert not [text for text in texts if "mnist" in text.lower()]


@pytest.mark.parametrize("name", sorted(ENGINE))
def test_the_engine_imports_no_content(name):
    assert not {module.split(".")[0] for module in imports_of(ENGINE[name])} & {"exercises", "reference", "reports"}


def test_the_command_line_imports_torch_only_when_it_needs_it():
    code = (
        "import sys, grader.cli\n"
        "heavy = {'torch', 'numpy', 'hypothesis', 'nbclient', 'matplotlib', 'sqlalchemy', 'msgspec', 'rich'}\n"
        "print(*heavy & set(sys.modules))"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == ""
