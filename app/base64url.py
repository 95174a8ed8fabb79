"""Bytes as links have them: base64 with the letters of addresses, without padding."""

import base64


def encoded(raw: bytes) -> str:
    """As a text."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """What `encoded` was given. Raises ValueError for any text that it does not write."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
