"""The words of the patient's own page, by language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from hep.yaml_file import read_yaml

FILE = Path(__file__).parent / "page.yaml"


@cache
def page_words() -> dict[str, dict[str, Any]]:
    """Texts by language and key; `reasons` by why something was skipped."""
    words: dict[str, dict[str, Any]] = read_yaml(FILE)
    return words
