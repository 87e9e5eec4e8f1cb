"""Human-edited rows that projects are built from, one folder a theatre."""
