"""Alembic's entry: runs the migrations on the connection, and in the transaction, of the one who calls for them."""

from alembic import context

from grader.book.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
