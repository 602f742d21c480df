"""The engine of an exercise grader for Jupyter notebooks: the oracle stays outside, student code inside."""

__version__ = "0.1.0"
