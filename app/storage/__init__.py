"""Checkpoints beyond the life of the server, and who may go on with one."""
