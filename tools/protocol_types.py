"""Writes static/session/protocol.d.ts, the page's types of every message, from app/protocol.py and what labs add to it.

Of each lab it has the settings, view and facts of `State` (`PlaneSettings`, …), the view as `show` changes it, and what
is answered about tables.

Run by `make protocol`; with --check it only checks whether the file is fresh.
"""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app.labs import LABS
from app.labs.contract import Lab
from app.protocol import CORE, Show, server_messages

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "static" / "session" / "protocol.d.ts"
GENERATOR = ROOT / "node_modules" / "json-schema-to-typescript" / "dist" / "src" / "cli.js"
BANNER = "// Written by `make protocol` from app/protocol.py and app/labs; change those instead."

Schema = dict[str, Any]

_PARTS = ("Settings", "View", "Facts")  # of `State` that each lab has of its own


class _Schema(GenerateJsonSchema):
    """Makes every field of the server's messages required, because they are always complete."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def schema() -> Schema:
    """Both unions of messages, and the labs' own parts of them, as one JSON schema."""
    labs = LABS.values()
    client = [each for each in CORE if each is not Show] + [each for lab in labs for each in (*lab.edits, *lab.looks)]
    inputs: list[tuple[str, Any, Any]] = [(each.__name__, "validation", TypeAdapter(each)) for each in client]
    references, definitions = TypeAdapter.json_schemas(
        [*inputs, ("server", "serialization", server_messages)], schema_generator=_Schema
    )
    defined: Schema = definitions["$defs"]
    shows = [_add_parts(lab, defined) for lab in labs]
    for model in defined.values():
        _tidy(model)
    defined["ClientMessage"] = {"oneOf": _refer(*(each.__name__ for each in client), *shows), "title": "ClientMessage"}
    defined["ServerMessage"] = {**references["server", "serialization"], "title": "ServerMessage"}
    parts = [f"{lab.title}{part}" for lab in labs for part in _PARTS]  # which no message refers to
    parts += [f"{lab.title}Preview" for lab in labs if lab.tables]
    return {"title": "Protocol", "oneOf": _refer("ClientMessage", "ServerMessage", *parts), "$defs": defined}


def _add_parts(lab: Lab, defined: Schema) -> str:
    """Settings, view and facts of a lab, and its `show`: returns the name of that."""
    for part, kind in zip(_PARTS, (lab.settings, lab.view, lab.facts), strict=True):
        found = TypeAdapter(kind).json_schema(mode="serialization", schema_generator=_Schema)
        defined.update(found.pop("$defs", {}))
        defined[f"{lab.title}{part}"] = {**found, "title": f"{lab.title}{part}"}
    if lab.tables:
        found = TypeAdapter(lab.tables().ANSWER).json_schema(mode="serialization", schema_generator=_Schema)
        defined.update(found.pop("$defs", {}))
        defined[f"{lab.title}Preview"] = {**found, "title": f"{lab.title}Preview"}
    name, show = f"{lab.title}Show", Show.model_json_schema(schema_generator=_Schema)
    seen = copy.deepcopy(defined[f"{lab.title}View"]["properties"])
    del seen["speed"]
    for each in seen.values():
        each.pop("title", None)
    parts = {each: {"anyOf": [kind, {"type": "null"}]} for each, kind in seen.items()}
    defined[name] = {**show, "properties": show["properties"] | parts, "additionalProperties": False, "title": name}
    return name


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
