"""The committed API document, read once."""

from __future__ import annotations

from functools import cache
from typing import Any

from hep.env import REPOSITORY
from hep.yaml_file import read_yaml

DOCUMENT = REPOSITORY / "docs" / "openapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The whole document; nobody changes it."""
    found: dict[str, Any] = read_yaml(DOCUMENT)
    return found
