"""Tables of other programs: bytes of a file or pasted text, in whatever dialect, to columns. Knows no lab."""
