"""The errors that services and rules raise; `hep.problems` turns them into answers."""

from __future__ import annotations

from hep.error_codes import Code


class InvalidInputError(Exception):
    """Somebody sent something that cannot be done; `field` names what to mend.

    The API answers 400 with it, the admin shows it at the same field in the same words.
    """

    def __init__(self, field: str, message: str, *, code: Code = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.code = code


class ConflictError(InvalidInputError):
    """What was sent is sound, but the record has moved on or the id is taken: 409."""
