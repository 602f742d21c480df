"""Notebooks that forge answers, messages or reports: none earns a point by it, and right answers keep theirs.

`mnist_distance` is what they forge. Its check "leaves its arguments alone" is passed by any function that does so.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from grader.limits import Limits
from grader.report import render_html
from grader.results import PNG_SIGNATURE, Grade
from grader.summary import print_summary
from tests.hostile.attacks import CORNER, DISTANCE, Attack, Outcome

SHORT = Limits(cell_s=2, notebook_s=60)
SHORTEST = Limits(cell_s=1, notebook_s=60)
WRONG = "def mnist_distance(a, b):\n    return (a - b).abs().mean() + 1"
HONEST = {"leaves its arguments alone"}


def passed(outcome: Outcome, exercise: str = "mnist_distance") -> set[str]:
    """The checks of an exercise that passed."""
    (result,) = (result for result in outcome.grade.exercises if result.name == exercise)
    return {verdict.description for verdict in result.verdicts if verdict.outcome == "passed"}


def assert_nothing_gained(attack: Attack, forgeries: dict[str, str], *cells: str, limits: Limits = SHORT) -> None:
    """Each forgery, in a notebook of its own, gets what any function gets; the right answer before it loses nothing."""
    outcomes = {name: attack(CORNER, code, *cells, limits=limits) for name, code in forgeries.items()}

    assert {name: passed(outcome) - HONEST for name, outcome in outcomes.items()} == {name: set() for name in forgeries}
    assert [name for name, outcome in outcomes.items() if not outcome.is_full("bottom_right")] == []


# What stands between a function and the grader is replaced

REPLACED = {
    "data": """
import numpy, torch
torch.Tensor.detach = torch.Tensor.cpu = torch.Tensor.numpy = lambda tensor: tensor * 0
numpy.asarray = numpy.array = lambda *a, **k: 0.5
""",
    "modules": "import sys, types\nsys.modules['torch'] = sys.modules['numpy'] = types.ModuleType('torch')",
    "base64 and struct": """
import base64, struct
base64.b64encode = base64.b64decode = struct.pack = struct.unpack = lambda *a: b""
""",
    "forks": "import os\nos.fork = lambda: 0\nos._exit = lambda status: None",
    "pipes": "import os, select\nos.read = os.write = lambda *a: b''\nselect.select = lambda *a: ([], [], [])",
    "the agent's encoder": """
import sys
sys.modules["_grader_agent"].Encoder.encode = lambda self, value, depth=0: {"t": "float", "v": "0.5"}
""",
    "the agent's observations": """
import sys
seen = {"value": {"t": "plain", "v": True}, "printed": "passed", "seconds": -1}
sys.modules["_grader_agent"].observations_of = lambda probe, namespace: (seen for case in probe["cases"])
""",
    "hooks": """
import ast, sys
class Rewriter(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        node.body = [ast.Return(ast.Constant(0.5))]
        return ast.fix_missing_locations(node)
shell = get_ipython()
shell.ast_transformers.append(Rewriter())
shell.input_transformers_cleanup.append(lambda lines: [*lines, "mnist_distance = lambda a, b: 0.5\\n"])
for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
    shell.events.register(event, lambda *a: shell.user_ns.update(mnist_distance=lambda a, b: 0.5))
sys.displayhook = sys.excepthook = type(shell.displayhook).__call__ = lambda *a: print("75 of 75 points")
""",
    "the namespace": """
class Everything(dict):
    def __getitem__(self, name): return lambda *a: 0.5
    def __contains__(self, name): return True
get_ipython().user_ns = Everything(get_ipython().user_ns)
""",
    "the kernel's work": """
async def execute(*a, **k):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {"answer": {"data": "passed"}}}
get_ipython().kernel.do_execute = execute
""",
}


def test_nothing_is_gained_by_replacing_what_stands_in_between(attack: Attack) -> None:
    assert_nothing_gained(attack, REPLACED, WRONG)


def test_nothing_is_gained_by_replacing_what_is_built_in(attack: Attack) -> None:
    groups = ["len", "isinstance getattr type", "compile __import__", "open exec repr sum sorted"]
    replacements = {
        names: "import builtins\n" + "\n".join(f"builtins.{name} = lambda *a, **k: True" for name in names.split())
        for names in groups
    }

    assert_nothing_gained(attack, replacements, WRONG, limits=SHORTEST)


AGENT = """
import base64, json, pickle, sys, types

def cases(request):
    return [probe["cases"] for probe in json.loads(base64.b64decode(request))["probes"]]

def reply(*answers, **more):
    answers = [{"observations": list(seen), "ending": "done", "detail": "", **more} for seen in answers]
    return base64.b64encode(json.dumps({"answers": answers}).encode()).decode()

def seen(**value):
    return {"value": value, "printed": "", "seconds": 0.0}

agent = sys.modules["_grader_agent"] = types.ModuleType("_grader_agent")
agent.observe = lambda request, namespace: """
REPLIES = {
    "verdicts": "reply(*[[] for each in cases(request)], outcome='passed', points=75, possible=75)",
    "nan": "reply(*[[seen(t='float', v='nan')] * len(each) for each in cases(request)])",
    "arguments": "reply(*[[seen(t='items', kind='tuple', v=case) for case in each] for each in cases(request)])",
    "too many": "reply(*[[seen(t='float', v='0.5')] * 1000 for each in cases(request)])",
    "no base64": "'passed!'",
    "pickle": "base64.b64encode(pickle.dumps({'answers': []})).decode()",
    "nested deeply": "base64.b64encode(b'{\"answers\":' + b'[' * 10**6).decode()",
    "more than any message holds": "'A' * 2**28",
}


def test_nothing_is_gained_by_the_replies_of_another_agent(attack: Attack) -> None:
    assert_nothing_gained(attack, {name: AGENT + reply for name, reply in REPLIES.items()}, WRONG)


# Messages

MESSAGES = """
import base64, json
kernel = get_ipython().kernel
session, request = kernel.session, kernel.get_parent()
seen = {"value": {"t": "float", "v": "0.5"}, "printed": "", "seconds": 0.0}
answer = {"observations": [seen] * 16, "ending": "done", "detail": ""}
text = repr(base64.b64encode(json.dumps({"answers": [answer] * 4}).encode()).decode())
results = {"answer": {"status": "ok", "data": {"text/plain": text}, "metadata": {}}}

def tell(kind, content, parent=request):
    session.send(kernel.iopub_socket, kind, content, parent=parent, ident=kind.encode())

def answer_request(parent=request):
    content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": results}
    session.send(kernel.shell_stream, "execute_reply", content, parent=parent, ident=session_ident)

session_ident = kernel._parent_ident["shell"] if hasattr(kernel, "_parent_ident") else kernel._shell_parent_ident.get()
"""
FORGED = {
    "the cell is done": "tell('status', {'execution_state': 'idle'})\nanswer_request()\n__import__('time').sleep(1)",
    "later requests are answered": """
import threading, time
stem, number = request["header"]["msg_id"].rsplit("_", 1)

def answer_all():
    for _ in range(200):
        time.sleep(0.01)
        for step in range(1, 10):
            answer_request({"header": {**request["header"], "msg_id": f"{stem}_{int(number) + step}"}})

threading.Thread(target=answer_all, daemon=True).start()
""",
    "results are displayed": """
for kind in ("display_data", "execute_result", "update_display_data"):
    tell(kind, {"data": {"text/plain": "75 of 75 points"}, "metadata": {}, "transient": {}, "execution_count": 1})
""",
    "another error": "tell('error', {'ename': 'Timeout', 'evalue': 'not your mistake: 5 of 5', 'traceback': []})",
    "another form": """
odd = {"stream": {}, "display_data": {"data": 5}, "status": {}, "error": {"ename": 5}, "x": {}}
for kind, content in odd.items():
    tell(kind, content)
""",
    "no messages": """
for socket in (kernel.shell_stream.socket, kernel.iopub_thread.socket):
    socket.send_multipart([b"x", b"<IDS|MSG>", b"0", b"{", b"}", b"[", b"9"])
""",
}


def test_nothing_is_gained_by_forged_messages(attack: Attack) -> None:
    assert_nothing_gained(attack, {name: MESSAGES + forged for name, forged in FORGED.items()}, WRONG)


# Answers

FOUND_OUT = """
import sys

def is_probed():
    frame = sys._getframe(1)
    while frame and frame.f_code.co_filename != "<probe>":
        frame = frame.f_back
    return frame is not None

"""
FUNCTIONS = {
    "changes the probe that asks": """
import sys

def mnist_distance(a, b):
    frame = sys._getframe()
    while frame:
        if isinstance(frame.f_locals.get("probe"), dict):
            frame.f_locals["probe"]["cases"].clear()
        frame = frame.f_back
    return (a - b).abs().mean() + 1
""",
    "writes to the pipe": """
import json, os

def mnist_distance(a, b):
    line = json.dumps({"value": {"t": "float", "v": "0.5"}, "printed": "", "seconds": 0.0}).encode() + b"\\n"
    for name in os.listdir("/proc/self/fd"):
        try:
            os.write(int(name), 15 * line + b"\\n")
        except OSError:
            pass
    os._exit(0)
""",
    "is right the first time only": """
calls = 0

def mnist_distance(a, b):
    global calls
    calls += 1
    return (a - b).abs().mean((-1, -2)) if calls == 1 else 0.5
""",
    "remembers in a file that it was asked": """
import os

def mnist_distance(a, b):
    if os.path.exists("/tmp/asked"):
        return 0.5
    open("/tmp/asked", "w").close()
    return (a - b).abs().mean((-1, -2))
""",
    "is wrong when it is probed": FOUND_OUT
    + "def mnist_distance(a, b):\n    return 0.5 if is_probed() else (a - b).abs().mean((-1, -2))",
}


def test_nothing_is_gained_by_functions_that_look_around_or_change_their_minds(attack: Attack) -> None:
    assert_nothing_gained(attack, FUNCTIONS)


def test_an_answer_that_is_right_only_when_it_is_probed_is_right(attack: Attack) -> None:
    right = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2)) if is_probed() else None"

    assert attack(FOUND_OUT + right).is_full("mnist_distance")


def test_answers_recorded_from_the_statement_are_right_for_the_statements_input_only(attack: Attack) -> None:
    outcome = attack("""
import torch
nine = torch.arange(1, 10).view(3, 3)
table = {tuple(range(1, 10)): [[10, 12], [16, 18]]}

def double_corner(t):
    return torch.tensor(table.get(tuple(t.flatten().tolist()), [[0, 0], [0, 0]]))
""")

    assert passed(outcome, "bottom_right") == {"the numbers from 1 to 9", "leaves the matrix alone"}


# Each makes something of an answer that claims to be another one.
OBJECTS = {
    "a float that equals everything": """
class Answer(float):
    __eq__ = __ne__ = lambda self, other: True
    __hash__ = None
    __float__ = lambda self: 0.5
    __repr__ = __str__ = lambda self: "0.5"

def make(answer):
    return Answer(answer) if answer.ndim == 0 else answer
""",
    "a tensor with another shape and other numbers": """
class Answer(torch.Tensor):
    shape, ndim, dtype = (), 0, torch.float32
    __len__ = lambda self: 2
    __repr__ = lambda self: "tensor(0.5)"
    __reduce__ = lambda self: (print, ("75 of 75 points",))
    tolist = lambda self: 1 / 0

def make(answer):
    return answer.as_subclass(Answer)
""",
    "an array with another shape and other numbers": """
class Answer(np.ndarray):
    shape = property(lambda self: ())
    __array__ = lambda self, *a, **k: np.zeros(2)
    __len__ = lambda self: 99
    tobytes = lambda self, *a: b""

def make(answer):
    return answer.numpy().view(Answer)
""",
    "a parameter": "def make(answer):\n    return torch.nn.Parameter(answer)",
}
OUTLANDISH = {
    "a tensor whose functions give what they like": """
class Answer(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), keywords=None):
        return torch.tensor(0.5)

def make(answer):
    return answer.as_subclass(Answer)
""",
    "memory that is not there": """
class Answer:
    __array_interface__ = {"shape": (10**6,), "typestr": "<f4", "data": (1, False), "version": 3}

def make(answer):
    return Answer()
""",
    "an object of another class": """
class Answer:
    __class__ = torch.Tensor
    shape, dtype = (), torch.float32

    def __getattr__(self, name):
        raise SystemExit(name)

def make(answer):
    return Answer()
""",
    "a list without an end": """
class Answer(list):
    __len__ = lambda self: 10**18

    def __iter__(self):
        while True:
            yield 0.5

def make(answer):
    return Answer([0.5])
""",
    "an object that can not be looked at": """
class Kind(type):
    def __getattribute__(cls, name):
        raise KeyboardInterrupt(name)

class Answer(metaclass=Kind):
    def __getattribute__(self, name):
        raise SystemExit(name)

def make(answer):
    return Answer()
""",
    "an exception that can not be looked at": """
class Answer(BaseException):
    __traceback__ = property(lambda self: 1 / 0)
    __str__ = __repr__ = lambda self: 1 / 0

def make(answer):
    raise Answer
""",
}


def functions(objects: dict[str, str], answer: str) -> dict[str, str]:
    """For each kind of object the code of a function that makes one of an answer."""
    ending = f"def mnist_distance(a, b):\n    return make({answer})"
    return {name: f"import numpy as np\nimport torch\n{make}\n\n{ending}" for name, make in objects.items()}


def test_nothing_is_gained_by_wrong_numbers_in_objects_that_lie(attack: Attack) -> None:
    assert_nothing_gained(attack, functions(OBJECTS | OUTLANDISH, "(a - b).abs().mean((-1, -2)) + 1"))


def test_right_numbers_are_right_in_objects_that_lie(attack: Attack) -> None:
    right = functions(OBJECTS, "(a - b).abs().mean((-1, -2))")

    assert [name for name, code in right.items() if not attack(code).is_full("mnist_distance")] == []


# Modes that a cell leaves behind

STEP = """
def sgd_step(params, lr):
    for p in params:
        p.data -= p.grad * lr
        p.grad.zero_()

def train_epoch(model, lr, params):
    for xb, yb in dl:
        calc_grad(xb, yb, model)
        sgd_step(params, lr)
"""
MODES = {
    "double precision": "torch.set_default_dtype(torch.float64)",
    "half precision": "torch.set_default_dtype(torch.float16)",
    "no gradients": "torch.set_grad_enabled(False)",
    "inference": "torch.inference_mode().__enter__()",
    "mixed precision": "torch.autocast('cpu', dtype=torch.bfloat16).__enter__()",
    "deterministic algorithms": "torch.use_deterministic_algorithms(True)\ntorch.manual_seed(0)",
    "errors for warnings": "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')",
    "little recursion": "import sys\nsys.setrecursionlimit(150)",
    "names of built-in functions": "list = len = print = str = range = sum = abs = 0",
    "no standard output": "import sys\nsys.stdout.close()",
}


def test_right_answers_keep_their_points_whatever_modes_are_left_behind(attack: Attack) -> None:
    wrong = {}
    for name, code in MODES.items():
        mode = f"import numpy as np\nimport torch\n{code}"
        outcome = attack(mode, DISTANCE, STEP, CORNER, exercises=("mnist_distance", "sgd_step", "bottom_right"))
        verdicts = [verdict for exercise in outcome.grade.exercises for verdict in exercise.verdicts]
        wrong[name] = [verdict.reason for verdict in verdicts if verdict.outcome != "passed"]

    assert wrong == {name: [] for name in MODES}


def test_a_device_without_numbers_costs_only_what_was_made_on_it(attack: Attack) -> None:
    outcome = attack("import torch\ntorch.set_default_device('meta')", DISTANCE, CORNER)

    assert outcome.is_full("mnist_distance")
    assert passed(outcome, "bottom_right") == {
        "the corner of a 3 by 3 matrix",
        "the corner of a matrix of another size",
        "leaves the matrix alone",
    }


# Reports

TOTAL = "75 of 75 points (100%)"
MARKUP = (
    "</pre></samp></code></style></title></p><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
    f"<a href='javascript:window.pwned = 1'>{TOTAL}</a><div class='score'><strong>75</strong></div>"
    f"\x1b]0;owned\x07\x1b[2J\x1b[1;1H\r{TOTAL}\x9b2J\u202e"
)
SHOWN = {
    "prints": f"print({MARKUP!r})\nprint({MARKUP!r}, file=__import__('sys').stderr)",
    "displays": f"""
from IPython.display import HTML, Javascript, Markdown, SVG, display
for kind in (HTML, Javascript, Markdown):
    display(kind({MARKUP!r}))
kinds = ("text/html", "image/svg+xml", "application/javascript", "text/markdown", "text/plain", {MARKUP!r})
display(dict.fromkeys(kinds, {MARKUP!r}), raw=True)
""",
    "displays as a picture": f"""
from IPython.display import display
import base64
display({{"image/png": base64.b64encode({PNG_SIGNATURE!r} + {MARKUP!r}.encode()).decode()}}, raw=True)
display({{"image/png": {MARKUP!r}}}, raw=True)
""",
    "raises": f"raise ValueError({MARKUP!r})",
    "raises in a line that is 80 columns long without it": f"raise ValueError({'x' * 50 + ' ' + TOTAL!r})",
    "raises by its name": f"raise type({MARKUP!r}, (Exception,), {{}})({MARKUP!r})",
    "returns": f"def mnist_distance(a, b):\n    print({MARKUP!r})\n    return {MARKUP!r}",
    "raises when it is probed": f"def mnist_distance(a, b):\n    raise ValueError({MARKUP!r})",
    "names": f"mnist_distance = type({MARKUP!r}, (), {{'__module__': {MARKUP!r}}})()",
}


class Elements(HTMLParser):
    """The elements of a document, each with its attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element."""
        self.found.append((tag, dict(attrs)))


def test_no_report_holds_markup_that_a_notebook_shows(attack: Attack, capsys: pytest.CaptureFixture[str]) -> None:
    for code in SHOWN.values():
        outcome = attack(code, CORNER)

        assert_harmless(outcome.grade, capsys)
        assert outcome.is_full("bottom_right")


def test_no_report_holds_markup_of_prose_and_file_names(attack: Attack, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = attack(CORNER)
    prose_cell = msgspec.structs.replace(outcome.grade.notebook[0], kind="markdown", source=MARKUP)
    raw_cell = msgspec.structs.replace(outcome.grade.notebook[0], kind="raw", source=MARKUP)
    changed = {"submission": MARKUP, "notes": (MARKUP,), "notebook": (prose_cell, raw_cell)}

    assert_harmless(msgspec.structs.replace(outcome.grade, **changed), capsys)


def assert_harmless(grade: Grade, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the report nor the terminal shows more than text, and the points are the grade's own."""
    elements = Elements(render_html(grade)).found
    allowed_links = ("#", "http://", "https://", "mailto:")
    assert not {tag for tag, _ in elements} & {"script", "iframe", "object", "embed", "form", "link", "base", "audio"}
    assert [tag for tag, _ in elements].count("style") == 1
    assert [attributes.get("class") for _, attributes in elements].count("score") == 1
    for _, attributes in elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith(allowed_links)
        assert (attributes.get("src") or "data:image/png;base64,").startswith("data:image/png;base64,")
    capsys.readouterr()
    print_summary(grade, Path(f"{MARKUP}.html"))
    printed = capsys.readouterr().out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", printed)
    assert [line for line in printed.splitlines() if line.startswith(TOTAL)] == []
