"""The gradebook's tables. Rows are only ever added: what counts is found out from them, and nothing gets lost.

REVISION is the newest migration in grader/book/migrations/versions/; a test holds tables and migrations together.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0001"
VERSION_TABLE = "gradebook_version"

# Named, so that a migration can change them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Who is on the roster, or was. The latest row of a student counts.
students = Table(
    "students",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("is_enrolled", Boolean(create_constraint=False), nullable=False),
    Index(None, "student", "id"),
)

# What was found of whom, when it was another than before. The latest row of a student and an assignment counts.
hand_ins = Table(
    "hand_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("submission", Text, nullable=False),
    Column("handed_in", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Index(None, "assignment", "student", "id"),
)

conditions = Table(
    "conditions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("course_version", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("limits", Text, nullable=False),
    Column("settings", Text, nullable=False),
    UniqueConstraint("digest"),
)

# Narrow, so that what counts is found without reading grades. `round` tells gradings apart that would be the same:
# those of a run that was to do all again, and those that settled nothing.
gradings = Table(
    "gradings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("conditions_id", Integer, ForeignKey("conditions.id"), nullable=False),
    Column("round", Text, nullable=False),
    Column("is_settled", Boolean(create_constraint=False), nullable=False),
    Column("packages", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("points", Float),
    Column("possible", Float, nullable=False),
    Column("problem", Text, nullable=False),
    CheckConstraint("(points IS NULL) = (problem <> '')", name="points_or_problem"),
    UniqueConstraint("assignment", "student", "sha256", "conditions_id", "round"),
)

# The whole grade comes last: what reads the outline stops before it.
grades = Table(
    "grades",
    metadata,
    Column("grading_id", Integer, ForeignKey("gradings.id"), primary_key=True, autoincrement=False),
    Column("outline", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# The latest row of a student and an assignment counts; without points, it takes back the one before.
overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("points", Float),
    Column("comment", Text, nullable=False),
    Column("author", Text, nullable=False),
    Index(None, "assignment", "student", "id"),
)
