"""The HTML pages, of a submission, a training, a class, those alike, a quiz: each a single file, with nothing to load.

Whatever comes from a submission is escaped, or sanitised where it is Markdown; and the document's content
security policy would let the browser run and fetch nothing even if some of it got through. The pages of a
class, of a quiz and of a notebook that is watched have a script: one of ours, whose hash is in the policy.
"""

import base64
import hashlib
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import jinja2
import msgspec
import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from PIL import Image

from grader import __version__
from grader.device_memory import use_in_words
from grader.limits import amount_of, described
from grader.markup import code_html, markdown_html, ticks_html, without_terminal_codes
from grader.overview_views import LEVELS as OVERVIEW_LEVELS
from grader.overview_views import laid_out as overview_view
from grader.overview_views import percent_of
from grader.places import content_folder
from grader.quiz.lettering import lettered
from grader.quiz.marked import Marked, quote, said_text
from grader.quiz.marks import MET, NOT_MET, UNSURE, WRONG
from grader.quiz.page import QuizView
from grader.results import PNG_SIGNATURE, Evidence, ExerciseResult, Grade
from grader.showing import counted, percent, points_text, seconds_text, share_text
from grader.similarity import Alike
from grader.similarity_views import laid_out as similarity_view
from grader.standing import Standing
from grader.training import Training
from grader.training_views import LEVELS
from grader.training_views import laid_out as training_view
from grader.views import View, difference_text, view
from grader.watching import State, sentence_of
from grader.wording import SYMBOLS

LIMIT_PIXELS = 40_000_000  # a small file can hold a picture that fills a browser's memory

WORDS = {
    "passed": "Passed",
    "failed": "Failed",
    "error": "Error",
    "timeout": "Timed out",
    "missing": "Missing",
    "needs review": "Needs review",
}

# Control characters, what is no character, and what would show the text around it in another order.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
# For each state of a finding the class that gives it its colour, its symbol and its word.
MARK_STATES = {
    MET: ("passed", "✓", "Right"),
    NOT_MET: ("missing", "∅", "Missing"),
    WRONG: ("failed", "✗", "Wrong"),
    UNSURE: ("needs-review", "?", "Needs review"),
}


WATCHED_STYLES, WATCHED_SCRIPTS = ("report.css", "watch.css"), ("watch.js",)


class EvidenceView(msgspec.Struct, frozen=True):
    """Evidence laid out: the inputs by name, both sides, and in words how arrays differ."""

    inputs: tuple[tuple[str, View], ...]
    observed: View | None
    expected: View | None
    difference: str


def render_html(grade: Grade) -> str:
    """The grade's report: one HTML document that needs nothing else."""
    return _rendered("grade.html.j2", ("report.css",), **_context_of(grade))


def render_watched(state: State, notebook: str) -> str:
    """The page of a notebook that is watched: the report of its last grade, and above it how things stand.

    notebook: the file's name. The page asks the server that it comes from for news, at "events" beside itself.
    """
    return _rendered(
        "watched.html.j2",
        WATCHED_STYLES,
        WATCHED_SCRIPTS,
        is_served=True,
        state=state,
        sentence=sentence_of(state),
        notebook=notebook,
        version=__version__,
        **(_context_of(state.grade) if state.grade else {"grade": None}),
    )


def watched_policy() -> str:
    """The security policy of all pages that `render_watched` gives, for their server to say as well."""
    return _policy(_joined(WATCHED_STYLES), _joined(WATCHED_SCRIPTS), is_served=True)


def _context_of(grade: Grade) -> dict[str, Any]:
    """What the template of a report needs to know."""
    return {
        "grade": grade,
        "positions": {cell.position for cell in grade.notebook},
        "limits": list(described(grade.limits, grade.is_isolated).items()),
        "waiting": sum(v.outcome == "needs review" for exercise in grade.exercises for v in exercise.verdicts),
    }


def render_training(training: Training, course: str, started: str, target: float = 0.0) -> str:
    """A training's report, alike. started: in ISO 8601; target: the accuracy that was aimed at, 0 for none."""
    return _rendered(
        "training.html.j2",
        ("report.css", "training.css"),
        training=training,
        shown=training_view(training, target),
        course=course,
        started=started,
        version=__version__,
        levels=LEVELS,
    )


def render_class(
    standings: Sequence[Standing],
    made: str,
    links: Mapping[str, str] | None = None,
    course: str = "",
    policy: Sequence[str] = (),
) -> str:
    """The overview of a class: how everybody stands in one assignment, and what that tells of the exercises.

    made: when, in ISO 8601. links: to the reports of students, by their ids, as addresses relative to the page.
    course: its title. policy: its rules in sentences.
    """
    shown = overview_view(standings, links or {})
    return _rendered(
        "class.html.j2",
        ("report.css", "training.css", "class.css"),
        ("class.js",),
        shown=shown,
        overview=shown.overview,
        course=course,
        policy=policy,
        made=made,
        version=__version__,
        levels=OVERVIEW_LEVELS,
        data=Markup(shown.data.decode()),  # noqa: S704  numbers only
    )


def render_similarity(
    pairs: Sequence[Alike], names: Mapping[str, str], compared: int, title: str, course: str, started: str
) -> str:
    """The page of submissions that are alike. names: the students' own, by what the pairs call them, where known."""
    return _rendered(
        "similar.html.j2",
        ("report.css", "similar.css"),
        shown=similarity_view(pairs, names),
        compared=compared,
        title=title,
        course=course,
        started=started,
        version=__version__,
    )


def render_quiz(quiz: QuizView) -> str:
    """A quiz to practise with, or an exam, as grader/quiz/page.py lays them out."""
    return _rendered(
        "quiz.html.j2",
        ("report.css", "training.css", "quiz.css"),
        ("quiz_marking.js", "quiz.js"),
        view=quiz,
        version=__version__,
        data=Markup(quiz.data),  # noqa: S704  no text in it can end its element
    )


def render_marks(marked: Marked) -> str:
    """A file of answers to the quiz, marked."""
    return _rendered(
        "quiz_marks.html.j2",
        ("report.css", "quiz_marks.css"),
        marked=marked,
        states=MARK_STATES,
        said_text=said_text,
        quote=quote,
    )


def render_checked(
    results: Sequence[ExerciseResult],
    first: tuple[str, int] | None,
    helped: Sequence[str],
    notes: Mapping[str, str],
) -> str:
    """A card for a notebook: what was checked.

    first: the exercise and the place in it of the check that is explained, if one failed. helped: exercises with hints.
    notes: a further sentence on an exercise, or "".
    """
    return _card("checked", results, first, helped, notes)


def render_progress(rows: Sequence[tuple[str, float | None, float]], total: str) -> str:
    """A card for a notebook: exercises by name, with the points that were reached, if it was tried, and possible."""
    return _card("progress", rows, total)


def render_hints(name: str, hints: Sequence[str], taken: int, after: str, note: str) -> str:
    """A card for a notebook: the hints that were taken of an exercise, what to say below them, and a further note."""
    return _card("hints", name, hints, taken, after, note)


def _card(macro: str, *arguments: object) -> str:
    """One of the cards, with its style."""
    css = Markup(_joined(("card.css",)))  # noqa: S704  our own file
    cards = _environment().get_template("card.html.j2").make_module({"css": css})
    return clean_text(str(getattr(cards, macro)(*arguments)).strip())


def _rendered(
    template: str, styles: Sequence[str], scripts: Sequence[str] = (), *, is_served: bool = False, **context: object
) -> str:
    """A document with its styles and scripts in it, and with their hashes in its security policy."""
    css, script = _joined(styles), _joined(scripts)
    document = (
        _environment()
        .get_template(template)
        .render(
            css=Markup(css),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own file
            security=Markup(_policy(css, script, is_served=is_served)),  # noqa: S704  nothing of it comes from elsewhere
            **context,
        )
    )
    return clean_text(document)


def clean_text(document: str) -> str:
    """A document without what is no text, or would hide some of it."""
    return NO_TEXT.sub("\ufffd", document.encode("utf-8", "replace").decode())


def _joined(names: Sequence[str]) -> str:
    """The texts of files in reports/, one behind the other."""
    return "\n".join((content_folder() / "reports" / name).read_text("utf-8") for name in names)


def _policy(css: str, script: str, *, is_served: bool) -> str:
    """What lets the browser run nothing but a script of ours, and fetch nothing; a served page from its server only."""
    allowed = {
        "default-src": "'none'",
        "style-src": f"'sha256-{_hash(css)}'",
        "script-src": f"'sha256-{_hash(script)}'" if script else "",
        "connect-src": "'self'" if is_served else "",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {source}" for what, source in allowed.items() if source)


def _hash(text: str) -> str:
    """A style's or a script's hash, as security policies name it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(content_folder() / "reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(symbols=SYMBOLS, words=WORDS, counted=counted)
    environment.filters.update(
        code=code_html,
        markdown=markdown_html,
        ticks=ticks_html,
        plain=without_terminal_codes,
        points=points_text,
        percent=percent,
        percentage=percent_of,
        moment=moment_text,
        duration=duration_text,
        png=png_address,
        pixels=pixels_address,
        laid_out=evidence_view,
        gpu=use_in_words,
        lettered=lettered,
        listed=listed,
        seconds=seconds_text,
        share=share_text,
        size=partial(amount_of, "size_bytes"),
    )
    environment.tests.update(passed=is_passed)
    return environment


# What templates ask about results


def is_passed(exercise: ExerciseResult) -> bool:
    """Whether every check of an exercise passed."""
    return all(verdict.outcome == "passed" for verdict in exercise.verdicts)


def moment_text(started: str) -> str:
    """An ISO 8601 time as readers write it, in UTC; any other text as it is."""
    try:
        moment = datetime.fromisoformat(started)
        return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError):
        return started


def duration_text(seconds: float) -> str:
    """Seconds, no more exactly than a reader cares for."""
    if seconds < 0.1:
        return "less than 0.1 s"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def evidence_view(evidence: Evidence) -> EvidenceView:
    """Evidence laid out, with what differs between the two sides marked."""
    observed, expected = evidence.observed, evidence.expected
    return EvidenceView(
        inputs=tuple((argument.name, view(argument.value)) for argument in evidence.arguments),
        observed=None if observed is None else view(observed, expected),
        expected=None if expected is None else view(expected, observed),
        difference="" if observed is None or expected is None else difference_text(observed, expected),
    )


def listed(items: Sequence[object]) -> Iterator[tuple[str, object]]:
    """Items, each with what goes before it in a sentence: nothing, a comma, or "and"."""
    for place, item in enumerate(items):
        yield ("" if place == 0 else " and " if place == len(items) - 1 else ", "), item


# Pictures


def png_address(png: bytes) -> str:
    """A PNG picture as a data URL; empty if it is no PNG, or too large for a browser."""
    if len(png) < 33 or not png.startswith(PNG_SIGNATURE) or png[12:16] != b"IHDR":
        return ""
    width, height = struct.unpack(">II", png[16:24])
    if not 0 < width * height <= LIMIT_PIXELS:
        return ""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def pixels_address(pixels: npt.NDArray[np.uint8]) -> str:
    """Grey pixels (height, width) as the data URL of a PNG picture, one pixel an element."""
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG")
    return png_address(stream.getvalue())
