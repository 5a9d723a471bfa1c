"""Watch lists, their alerts, and the webhooks and messages that carry them."""

import sqlalchemy as sa
from alembic import op

from ewarn.database import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "watchlists",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("key_id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("budget", sa.Double(), nullable=True),
        sa.Column("past", sa.JSON(), nullable=True),
        sa.Column("extremes", sa.JSON(), nullable=False),
        sa.Column("ends_below", sa.Double(), nullable=False),
        sa.Column("cooldown", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watchlists"),
        sa.ForeignKeyConstraint(["key_id"], ["keys.id"], name="fk_watchlists_key_id_keys"),
        sa.UniqueConstraint("key_id", "name", name="uq_watchlists_key_id_name"),
    )
    op.create_table(
        "evaluations",
        sa.Column("watchlist_id", sa.String(12), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("evaluated_at", Moment(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("watchlist_id", "issue_id", name="pk_evaluations"),
        _of_list("evaluations"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("watchlist_id", sa.String(12), nullable=False),
        sa.Column("unit", sa.String(100), nullable=False),
        sa.Column("target_month", sa.String(7), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(40), nullable=True),
        sa.Column("ended_why", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        _of_list("alerts"),
        sa.UniqueConstraint(
            *("watchlist_id", "unit", "target_month", "issue_id"),
            name="uq_alerts_watchlist_id_unit_target_month_issue_id",
        ),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("watchlist_id", sa.String(12), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        _of_list("subscriptions"),
    )
    op.create_index("ix_subscriptions_watchlist_id", "subscriptions", ["watchlist_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("subscription_id", sa.String(12), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Moment(), nullable=True),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("dead_at", Moment(), nullable=True),
        sa.Column("result", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name="fk_deliveries_subscription_id_subscriptions",
        ),
        sa.UniqueConstraint(
            "subscription_id", "issue_id", name="uq_deliveries_subscription_id_issue_id"
        ),
    )
    op.create_index("ix_deliveries_next_attempt_at", "deliveries", ["next_attempt_at"])


def downgrade() -> None:
    """Remove them, and all that is in them."""
    for name in ("deliveries", "subscriptions", "alerts", "evaluations", "watchlists"):
        op.drop_table(name)


def _of_list(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_watchlist_id_watchlists"
    return sa.ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], name=name)
