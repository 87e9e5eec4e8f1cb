"""Alembic's revisions of a project on a server, one for each version of data/schema.py.

An empty schema is made from data/schema.py as it stands and marked as of the newest revision, so a
revision holds what an older project lacks and no more.
"""
