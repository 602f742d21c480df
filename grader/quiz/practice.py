"""The practice: every answer that somebody gave, in a small database of their own.

Rows are only ever added, each in a transaction of its own: an answer that was marked is kept, whatever happens to the
program afterwards, and several may write at once.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, Table, Text, insert, select

from grader.book.database import Store, opened, reading, writing
from grader.book.entries import clean
from grader.errors import UserError
from grader.quiz.schedule import Review

OPTION = "--practice"

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("possible", Float, nullable=False),
    Column("is_own_mark", Boolean(create_constraint=False), nullable=False),
    Index(None, "made", "id"),
)
PRACTICE = Store(
    noun="file of practised answers",
    option=OPTION,
    origin="`grader quiz` makes one",
    metadata=metadata,
    revision="0001",
    version_table="practice_version",
    versions=Path(__file__).parent / "migrations" / "versions",
)


class Practice:
    """What was practised, in an SQLite file. Every method raises UserError when it can't be used."""

    def __init__(self, file: Path) -> None:
        """file: is made, with its folder, if there is none."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{file}: can't be made ({error.strerror}). Give {OPTION} a file in a folder of your own."
            ) from error
        self._engine, self.name = opened(file, store=PRACTICE)

    def close(self) -> None:
        """Closes the database; what was written is kept without it, too."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def record(self, review: Review) -> None:
        """Keeps a review: when this returns, it is on the disk."""
        row = {
            "made": review.made.astimezone(UTC).isoformat(timespec="microseconds"),
            "question": clean(review.question),
            "said": clean(review.said),
            "points": review.points,
            "possible": review.possible,
            "is_own_mark": review.is_own_mark,
        }
        with writing(self._engine, self.name, PRACTICE) as connection:
            connection.execute(insert(reviews), [row])

    def reviews(self) -> list[Review]:
        """All reviews, the earliest first."""
        with reading(self._engine, self.name, PRACTICE) as connection:
            rows = connection.execute(select(reviews).order_by(reviews.c.made, reviews.c.id)).all()
        return [
            Review(
                made=datetime.fromisoformat(row.made),
                question=row.question,
                said=row.said,
                points=row.points,
                possible=row.possible,
                is_own_mark=row.is_own_mark,
            )
            for row in rows
        ]
