"""The marking of short answers: read into clauses, compared with the phrasings of key points, guarded and calibrated."""

from grader.quiz.short_answers.marking import mark_short_answer

__all__ = ["mark_short_answer"]
