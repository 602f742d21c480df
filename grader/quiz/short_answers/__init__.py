"""The marking of short answers, clause by clause and key point by key point."""

from grader.quiz.short_answers.marking import mark_short_answer

__all__ = ["mark_short_answer"]
