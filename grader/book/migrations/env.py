"""Alembic's entry: runs the migrations on the connection, and in the transaction, of the one who calls for them."""

from alembic import context

store = context.config.attributes["store"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=store.metadata,
    version_table=store.version_table,
)
with context.begin_transaction():
    context.run_migrations()
