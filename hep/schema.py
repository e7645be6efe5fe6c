"""What the generated OpenAPI document says of every operation: its name, its errors, an example."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hep.error_codes import table
from hep.yaml_file import read_yaml

API = "/api/v1/"
TEXT = {"type": "string"}
CODE = {"$ref": "#/components/schemas/ErrorCode"}
FIELD_PROBLEM = {
    "type": "object",
    "description": "One thing to mend; `field` is a path such as `schedules.0.local_time`.",
    "properties": {"field": TEXT, "code": CODE, "detail": TEXT},
    "required": ["field", "code", "detail"],
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `title` is for people and may change.",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": CODE,
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
    codes = {"type": "string", "enum": list(table()), "description": "docs/api.md has a table."}
    result["components"]["schemas"] |= {"ErrorCode": codes, "Problem": PROBLEM}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, description in WHY.items():
                if method == "get" and status in OF_CHANGES:
                    continue
                told = operation["responses"].setdefault(status, {})
                # A route may answer an error in a second form, as FHIR has its own.
                forms = told.get("content", {}) | content
                told.update(description=description, content=forms)
    return result


@cache
def _data(name: str) -> Any:
    """One of the data files beside this module."""
    return read_yaml(Path(__file__).parent / name)


def name_operations(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every operation with its tag, name and summary of operations.yaml, in its order.

    Raises KeyError for an operation without a name and ValueError for a name without an operation.
    """
    groups = _data("operations.yaml")
    result["tags"] = [{"name": row["tag"], "description": row["description"]} for row in groups]
    named = {key: (row["tag"], *two) for row in groups for key, two in row["operations"].items()}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            tag, name, summary = named.pop(f"{method.upper()} {path.removeprefix(API)}")
            operation.update(tags=[tag], operationId=name, summary=summary)
            operation.setdefault("security", [])  # open to everybody, said in so many words
    if named:
        raise ValueError(f"no such operations: {', '.join(named)}")
    return result


def examples() -> dict[str, Any]:
    """What one may send, by operation such as `POST /api/v1/patients/`."""
    known: dict[str, Any] = _data("examples.yaml")
    return known


def add_examples(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every body with an example; one without fails the generator, so that none is forgotten."""
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                example = examples()[f"{method.upper()} {path}"]
                operation["requestBody"]["content"]["application/json"]["example"] = example
    return result


def drop_unused(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """No component that nothing points to: it would be a type nobody can get."""
    schemas = result["components"]["schemas"]
    while unused := schemas.keys() - set(_pointed_to(result)):
        for name in unused:
            del schemas[name]
    return result


def _pointed_to(node: object) -> Iterator[str]:
    """The names of the schemas that a part of the document points to."""
    if isinstance(node, dict):
        if isinstance(pointer := node.get("$ref"), str):
            yield pointer.rpartition("/")[2]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _pointed_to(inner)
