"""Version 4: a method for changes that come without one; files keep a journal of edits besides."""

from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Give the method its default."""
    op.alter_column("control_changes", "method", server_default="drawn")
