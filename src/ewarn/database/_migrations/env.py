"""Alembic's entry: runs migrations on the connection it is handed, in its transaction."""

from alembic import context

_handed = context.config.attributes
context.configure(connection=_handed["connection"], version_table=_handed["version_table"])
with context.begin_transaction():
    context.run_migrations()
