"""What the generated OpenAPI document says of every operation: its errors, and an example."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEXT = {"type": "string"}
FIELD_PROBLEM = {
    "type": "object",
    "description": "One thing to mend; `field` is a path such as `schedules.0.local_time`.",
    "properties": {"field": TEXT, "code": TEXT, "detail": TEXT},
    "required": ["field", "code", "detail"],
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `title` is for people and may change.",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "errors": {"type": "array", "items": FIELD_PROBLEM},
    },
    "required": ["type", "title", "status", "code", "errors"],
}
WHY = {
    "400": "Something has to be mended; `errors` names the fields.",
    "401": "Nobody is signed in, or the token is over.",
    "403": "A role may see this and not do it.",
    "404": "It does not exist for whoever asks.",
    "409": "The record has moved on, or the id is taken.",
    "412": "The record is not what `If-Match` says any more.",
    "413": "The body is larger than 1 MB.",
    "415": "The body is no JSON.",
    "429": "Too many requests; `Retry-After` tells the seconds to wait.",
}
OF_CHANGES = {"409", "412", "413", "415"}


def add_errors(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every operation with every error it may answer; a hook of drf-spectacular's."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, description in WHY.items():
                if method == "get" and status in OF_CHANGES:
                    continue
                answer = {"description": description, "content": content}
                operation["responses"].setdefault(status, {}).update(answer)
    return result


@cache
def examples() -> dict[str, Any]:
    """What one may send, by operation such as `POST /api/v1/patients/`."""
    text = (Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8")
    known: dict[str, Any] = yaml.safe_load(text)
    return known


def add_examples(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every body with an example; one without fails the generator, so that none is forgotten."""
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                example = examples()[f"{method.upper()} {path}"]
                operation["requestBody"]["content"]["application/json"]["example"] = example
    return result
