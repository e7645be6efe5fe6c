"""Columns of one line: a name, a reason, a code. A line break in one would break a mail's subject,
a text or a log line of everybody's (docs/known-failures.md).
"""

from __future__ import annotations

import unicodedata
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

# Control characters, line and paragraph separators, and marks that turn the line around.
FORBIDDEN = frozenset({"Cc", "Zl", "Zp", "Cs"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate_one_line(value: object) -> None:
    """Raise ValidationError for a control character, a line break or half a character."""
    for letter in str(value):
        if unicodedata.category(letter) in FORBIDDEN or letter in TURNING:
            message = "Write it in one line, without control characters."
            raise ValidationError(message, code="one_line")


Given_contra = TypeVar("Given_contra", contravariant=True)  # what a row takes
Got_co = TypeVar("Got_co", covariant=True)  # and gives


class LineField(models.CharField[Given_contra, Got_co]):
    """Django's `CharField` that takes one line; to the database and to migrations it is that."""

    default_validators = [*models.CharField.default_validators, validate_one_line]  # noqa: RUF012  # as Django has it

    def deconstruct(self) -> Any:
        """As the field it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
