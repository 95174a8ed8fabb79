"""Writes static/session/protocol.d.ts, the page's types of every message, from the models in app/protocol.py.

Run by `make protocol`; with --check it only checks whether the file is fresh.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app.protocol import client_messages, server_messages

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "static" / "session" / "protocol.d.ts"
GENERATOR = ROOT / "node_modules" / "json-schema-to-typescript" / "dist" / "src" / "cli.js"
BANNER = "// Written by `make protocol` from app/protocol.py; change that file instead."

Schema = dict[str, Any]


class _Schema(GenerateJsonSchema):
    """Makes every field of the server's messages required, because they are always complete."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def schema() -> Schema:
    """Both unions of messages as one JSON schema."""
    references, definitions = TypeAdapter.json_schemas(
        [("client", "validation", client_messages), ("server", "serialization", server_messages)],
        schema_generator=_Schema,
    )
    defined: Schema = definitions["$defs"]
    for model in defined.values():
        _tidy(model)
    defined["ClientMessage"] = {"title": "ClientMessage", **references["client", "validation"]}
    defined["ServerMessage"] = {"title": "ServerMessage", **references["server", "serialization"]}
    return {"title": "Messages", "oneOf": _refer("ClientMessage", "ServerMessage"), "$defs": defined}


def _refer(*names: str) -> list[Schema]:
    return [{"$ref": f"#/$defs/{name}"} for name in names]


def _tidy(model: Schema) -> None:
    """Keep one type per message (titles would make one per field), and make `type` required."""
    for name, field in model.get("properties", {}).items():
        field.pop("title", None)
        for kind in (field, *field.get("anyOf", []), field.get("items", {})):
            if "prefixItems" in kind:  # a tuple; the generator knows only the older keyword
                kind.update(items=kind.pop("prefixItems"))
        if "const" in field:
            model["required"] = sorted({name, *model.get("required", [])})


def declarations() -> str:
    """The text of the types."""
    node = Path(sys.executable).with_name("node")
    options = ["--bannerComment", BANNER, "--unreachableDefinitions"]
    generated = subprocess.run(
        [node, GENERATOR, *options],
        input=json.dumps(schema()),
        capture_output=True,
        text=True,
        check=True,
    )
    return generated.stdout


def main() -> int:
    """Write the file, or with --check compare it; returns the exit code."""
    fresh = declarations()
    if "--check" in sys.argv:
        stale = not TARGET.exists() or TARGET.read_text() != fresh
        sys.stderr.write("static/session/protocol.d.ts is stale: run make protocol\n" if stale else "")
        return int(stale)
    TARGET.write_text(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
