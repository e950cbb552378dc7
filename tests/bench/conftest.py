"""Keeps the collection of doctests away from modules that import libraries which may not be installed."""

collect_ignore_glob = ["libraries/with_*.py"]
