"""The list of answers that a person has to mark."""

from collections.abc import Sequence

from grader.exports.cells import Cell, csv_bytes, rounded
from grader.quiz.marked import Marked, said_text

HEADINGS = ("question", "asked", "said", "model answer", "why", "confidence", "points", "possible")


def review_list(marked: Marked) -> bytes:
    """The answers that need a person as CSV that spreadsheets open, for the one who marks them."""
    rows: list[Sequence[Cell]] = [HEADINGS]
    for answer in marked.to_review:
        why = " ".join(f"{finding.about}: {finding.explanation}" for finding in answer.mark.findings)
        facts = (answer.mark.question, answer.prompt, said_text(answer.said), answer.solution, why)
        rows.append(
            (*facts, rounded(answer.mark.confidence), rounded(answer.mark.points), rounded(answer.mark.possible))
        )
    return csv_bytes(rows, for_spreadsheet=True)
