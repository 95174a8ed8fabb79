"""Read binary messages as a page does, without the server's code."""

import json


def metadata(message: bytes) -> dict[str, str]:
    """What a message in the safetensors format says beside its arrays."""
    length = int.from_bytes(message[:8], "little")
    found: dict[str, str] = json.loads(message[8 : 8 + length])["__metadata__"]
    return found
