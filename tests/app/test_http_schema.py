"""What the routes say of themselves is true, for whatever schemathesis thinks of: methods, paths, headers, cookies.

The server shows no such description: FastAPI's pages for it would load scripts from elsewhere.
"""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.config import Config
from app.serving.application import Server as Routes
from app.serving.application import create_app
from tests.servers import Server


def parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}


def description() -> dict[str, Any]:
    """FastAPI's, with the mounted files, of which it does not know, and with what anybody may send beside."""
    described: dict[str, Any] = create_app(Routes(Config(no_store=True))).app.openapi()
    answers = {status: {"description": status} for status in ("200", "206", "304", "400", "404", "416")}
    described["paths"]["/static/{file}"] = {"get": {"parameters": [parameter("file", "path")], "responses": answers}}
    for operation in (each for operations in described["paths"].values() for each in operations.values()):
        operation.setdefault("parameters", []).extend(
            [
                parameter("anything", "query"),
                parameter("anything", "cookie"),
                parameter("If-None-Match", "header"),
                parameter("Range", "header"),
            ]
        )
    return described


schema = schemathesis.openapi.from_dict(description())


@schema.parametrize()
@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: Any, server: Server) -> None:
    unsaid = [positive_data_acceptance] if case.method == "POST" else []  # no schema can say which text is a table
    answer = case.call_and_validate(base_url=server.address, excluded_checks=unsaid)
    assert answer.headers["x-content-type-options"] == ["nosniff"]
