"""What a page and a session must know of each lab."""
