"""The shared library, cards and templates: data files, and loading them."""

from exercises.content.files import review_options
from exercises.content.loading import load_content
from exercises.content.screening import (
    asked_before,
    before_assigning,
    red_flags,
    screens,
    start_test,
)

__all__ = [
    "asked_before",
    "before_assigning",
    "load_content",
    "red_flags",
    "review_options",
    "screens",
    "start_test",
]
