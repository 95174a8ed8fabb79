"""A page's session, from message to frame, and all sessions of a process."""
