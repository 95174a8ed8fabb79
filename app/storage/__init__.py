"""Keeps checkpoints beyond the life of the server, and decides which process may continue a session."""
