"""Processes, sockets, HTTP."""
