"""How a gradebook of an older version becomes one of this version (Alembic).

A new one: change grader/tables.py, add a file to versions/ with the next revision, and set tables.REVISION to it.
"""
