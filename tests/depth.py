"""How much the tests try: a sample on a laptop, all of it in `make coverage`, which sets HEP_FUZZ."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("HEP_FUZZ"))


def tries(sample: int, thorough: int) -> int:
    """How many examples of many to try."""
    return thorough if THOROUGH else sample
