"""The gradebook: every grading that was ever made, and what counts of them by now."""
