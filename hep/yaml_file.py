"""Reading a YAML file, by the C library where it is there: ten times as fast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What the file says, as plain data. Raises yaml.YAMLError naming the line."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """Likewise of a text."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506  # both are safe loaders
