"""The log of digests sent by mail."""

import sqlalchemy as sa
from alembic import op

from ewarn.database import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "digests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("watchlist_id", sa.String(12), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(300), nullable=True),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("attempted_at", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint(
            *("issue_id", "watchlist_id", "recipient", "language"),
            name="uq_digests_issue_id_watchlist_id_recipient_language",
        ),
    )
    op.create_index("ix_digests_issue_id", "digests", ["issue_id"])


def downgrade() -> None:
    """Remove it, and all that is in it."""
    op.drop_table("digests")
