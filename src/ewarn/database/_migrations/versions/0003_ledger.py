"""The ledger of issues: what was issued, what then happened, scores, and what is void."""

import sqlalchemy as sa
from alembic import op

from ewarn.database import Moment

revision = "0003"
down_revision = "0002"

_MEANS = ("crps", "crps_log1p", "brier_ge_1", "brier_ge_25", "brier_escalation")
_COUNTS = ("escalations", "top_20_hits", "top_20_false_alarms")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "issues",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("reference_month", sa.String(7), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("model_version", sa.String(50), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
    )
    op.create_table(
        "outcomes",
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("target_month", sa.String(7), nullable=False),
        sa.Column("told_by", sa.String(40), nullable=False),
        sa.Column("told_as_of", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("scored_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "lead", "number", name="pk_outcomes"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_outcomes_issue_id_issues"),
    )
    op.create_table(
        "scores",
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        *(
            sa.Column(f"{whose}{name}", sa.Double(), nullable=True)
            for whose in ("", "conflictology_")
            for name in _MEANS
        ),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _COUNTS),
        sa.Column("reliability", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("issue_id", "lead", "number", "stratum", name="pk_scores"),
        sa.ForeignKeyConstraint(
            ["issue_id", "lead", "number"],
            ["outcomes.issue_id", "outcomes.lead", "outcomes.number"],
            name="fk_scores_issue_id_lead_number_outcomes",
        ),
    )
    op.create_table(
        "voids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(40), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(40), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voids"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_voids_issue_id_issues"),
    )
    op.create_index("ix_voids_issue_id", "voids", ["issue_id"])


def downgrade() -> None:
    """Remove them, and all that is in them."""
    for name in ("voids", "scores", "outcomes", "issues"):
        op.drop_table(name)
