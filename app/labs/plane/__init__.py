"""The plane, as pages and sessions use it."""
