"""Analysts' judgements, and the team that a key belongs to."""

import sqlalchemy as sa
from alembic import op

from ewarn.database import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table; a key without a team stays a team of its own."""
    op.add_column("keys", sa.Column("team", sa.String(100), nullable=True))
    op.create_table(
        "judgements",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("key_id", sa.String(12), nullable=False),
        sa.Column("team", sa.String(100), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("area_level", sa.String(10), nullable=False),
        sa.Column("area_code", sa.String(40), nullable=False),
        sa.Column("target_month", sa.String(7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("arrow", sa.String(20), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("analyst_note", sa.String(2000), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("model_risk", sa.Double(), nullable=True),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("escalates_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
        sa.ForeignKeyConstraint(["key_id"], ["keys.id"], name="fk_judgements_key_id_keys"),
        sa.UniqueConstraint(
            *("key_id", "simulated", "area_level", "area_code", "target_month", "version"),
            name="uq_judgements_version",
        ),
    )
    op.create_index("ix_judgements_team", "judgements", ["team"])


def downgrade() -> None:
    """Remove both, and all that is in them."""
    op.drop_table("judgements")
    op.drop_column("keys", "team")
