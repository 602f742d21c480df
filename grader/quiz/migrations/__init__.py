"""The practice's migrations, for Alembic, whose entry is the gradebook's."""
