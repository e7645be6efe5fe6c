"""The shared library, cards and templates: data files, and loading them."""

from exercises.content.files import before_assigning, red_flags, review_options, screens
from exercises.content.loading import load_content

__all__ = ["before_assigning", "load_content", "red_flags", "review_options", "screens"]
