"""The OpenAPI document is one that people and generators can use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from hep.env import REPOSITORY
from hep.error_codes import FRAMEWORK, Code, table
from hep.schema import drop_unused, name_operations
from tests.npm import LINTERS, install, run
from tests.openapi import DOCUMENT, document

METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[dict[str, Any]]:
    paths = document()["paths"]
    return [row for methods in paths.values() for key, row in methods.items() if key in METHODS]


def test_every_operation_has_one_tag_of_the_list_a_name_of_its_own_and_a_summary() -> None:
    tags = document()["tags"]
    assert all(tag["description"] for tag in tags)
    assert {tag for row in operations() for tag in row["tags"]} == {tag["name"] for tag in tags}
    names = [row["operationId"] for row in operations()]
    assert len(names) == len(set(names)) > 60
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in names)
    assert all(row["summary"] and len(row["tags"]) == 1 for row in operations())


def test_an_operation_without_a_name_and_a_name_without_an_operation_fail_the_generator() -> None:
    with pytest.raises(KeyError, match="GET new/"):
        name_operations({"paths": {"/api/v1/new/": {"get": {}}}})
    with pytest.raises(ValueError, match="no such operations: POST auth/otp/"):
        name_operations({"paths": {}})


def test_a_component_that_only_unused_ones_point_to_goes_too() -> None:
    def pointer(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    schemas = {"Used": {"items": [pointer("Inner")]}, "Inner": {}, "Dead": pointer("Deader")}
    document = {"paths": pointer("Used"), "components": {"schemas": {**schemas, "Deader": {}}}}
    assert set(drop_unused(document)["components"]["schemas"]) == {"Used", "Inner"}


# Signing in or out again is the same again; each item of a batch has an id of its own.
SAME_AGAIN = ("/auth/", "/me/batch/")


def test_every_write_can_be_repeated_safely() -> None:
    schemas = document()["components"]["schemas"]
    unsafe = []
    for path, methods in document()["paths"].items():
        post = methods.get("post")
        if post is None or any(part in path for part in SAME_AGAIN):
            continue
        body = post.get("requestBody", {}).get("content", {}).get("application/json", {})
        name = body.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
        has_id = "id" in schemas.get(name, {}).get("properties", {})
        headers = {row["name"] for row in post.get("parameters", ()) if row["in"] == "header"}
        if not has_id and "Idempotency-Key" not in headers:
            unsafe.append(path)
    assert unsafe == []


def test_the_page_on_the_api_lists_every_code_as_the_enum_does() -> None:
    page = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", page, flags=re.MULTILINE)
    assert dict(rows) == table()
    schemas = document()["components"]["schemas"]
    assert schemas["ErrorCode"]["enum"] == list(table())


def test_no_code_is_listed_that_nothing_says() -> None:
    apps = ("exercises", "notifications", "hep")
    files = [file for app in apps for file in (REPOSITORY / app).rglob("*.py")]
    known = [file for file in files if file.name != "error_codes.py"]
    source = "\n".join(file.read_text(encoding="utf-8") for file in known)
    assert {code for code in get_args(Code) if f'"{code}"' not in source} == set()
    assert not set(get_args(Code)) & set(FRAMEWORK)


def test_a_stock_generator_of_python_clients_has_nothing_to_warn_of(tmp_path: Path) -> None:
    made = subprocess.run(  # noqa: S603  # a tool of our own environment
        [
            str(Path(sys.executable).parent / "openapi-python-client"),
            *("generate", "--path", str(DOCUMENT), "--output-path", str(tmp_path / "client")),
            *("--meta", "none", "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert (tmp_path / "client" / "api" / "my_day" / "tell_my_pain.py").exists()


@pytest.mark.timeout(600)
def test_the_recommended_rules_of_two_linters_hold(tmp_path: Path) -> None:
    """All but the slash at the end of addresses, which their configurations tell of."""
    install(tmp_path, LINTERS)
    shutil.copy(DOCUMENT, tmp_path)
    redocly = run(tmp_path, "npx", "--no-install", "redocly", "lint", DOCUMENT.name)
    assert redocly.returncode == 0, redocly.stdout + redocly.stderr
    assert "warning" not in redocly.stderr.lower(), redocly.stderr
    strict = ("--fail-severity=warn", DOCUMENT.name)
    spectral = run(tmp_path, "npx", "--no-install", "spectral", "lint", *strict)
    assert spectral.returncode == 0, spectral.stdout + spectral.stderr
