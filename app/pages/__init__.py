"""The page: its template and what it is told."""
