"""The plane, seen from page and session."""
