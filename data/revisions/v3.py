"""Version 3: the first that was on a server; there is none older to bring up."""

revision = "3"
down_revision = None


def upgrade() -> None:
    """Leave everything as it is."""
