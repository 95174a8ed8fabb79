"""The server's processes, sockets and HTTP."""
