"""A verdict in plain words, one line each, for whatever shows text and nothing else.

All that comes from a submission has escapes for what a terminal would obey.
"""

from grader.results import Outcome, Verdict
from grader.showing import one_line, value_text

SYMBOLS: dict[Outcome, str] = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "timeout": "…",
    "missing": "∅",
    "needs review": "?",
}


def verdict_lines(verdict: Verdict) -> list[str]:
    """Why a check did not pass: the reason, the smallest counterexample, the known mistake, the hint."""
    lines = [one_line(verdict.reason)] if verdict.reason else []
    lines += evidence_lines(verdict)
    if verdict.misconception:
        lines.append(f"A known mistake: it {verdict.misconception}.")
    if verdict.hint:
        lines.append(f"Hint: {one_line(verdict.hint)}")
    return lines


def evidence_lines(verdict: Verdict) -> list[str]:
    """The counterexample in at most three lines."""
    evidence = verdict.evidence
    if evidence is None or verdict.outcome not in ("failed", "error"):
        return []
    lines = []
    if evidence.arguments:
        given = ", ".join(f"{argument.name} = {value_text(argument.value, 60)}" for argument in evidence.arguments)
        lines.append(f"for {given}")
    if verdict.outcome == "failed" and evidence.observed is not None and evidence.expected is not None:
        lines.append(f"yours: {value_text(evidence.observed, 120)}")
        lines.append(f"expected: {value_text(evidence.expected, 120)}")
    return lines


def without_isolation(problem: str) -> str:
    """What an instructor is told whose machine can't isolate. problem: why it can't."""
    return (
        f"Submissions have to be isolated, and this machine can't do it: {problem}. `grader doctor` says what to "
        "install.\n--no-isolation lets them use your files and the network: only where you trust every one of them."
    )
