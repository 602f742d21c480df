"""Checks where the student works: `grader.check("name")` in JupyterLab, Notebook, VS Code or Colab.

Two processes share the work, as everywhere in this project. The notebook's kernel holds what the student wrote and
answers probes; the assessor, a process of its own, holds the course, asks, compares and lays the card out. What the
kernel imports of this package is therefore small, and nothing in it knows a right answer.
"""
