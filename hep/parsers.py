"""JSON that comes in, refused at the edge when no view could answer for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser

# The deepest body of the API has 6.
DEEPEST = 20
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
HALF_A_LETTER = ErrorDetail(
    "This text holds half of a letter.", code="surrogate_characters_not_allowed"
)


class Json(JSONParser):
    """DRF's, for strangers: no nesting that ends the stack, no text that cannot be written.

    A lone surrogate is valid JSON and no letter: neither the database nor the answer that would
    quote it can hold it, whatever field it stands in.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body. Raises ParseError (too deep, no JSON) and ValidationError, naming the field."""
        raw = stream.read()
        try:
            data = super().parse(BytesIO(raw), media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
        if _too_deep(data):
            raise ParseError
        # Only an escape can spell one, and hardly any body has such an escape.
        if SURROGATE.search(raw) and (path := _half_a_letter(data, "")) is not None:
            raise ValidationError({path: [HALF_A_LETTER]})
        return data


def _too_deep(data: Any) -> bool:
    layer = [data] if isinstance(data, (dict, list)) else []
    for _ in range(DEEPEST):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(outer: Any) -> list[Any]:
    values = outer.values() if isinstance(outer, dict) else outer
    return [value for value in values if isinstance(value, (dict, list))]


def _half_a_letter(value: Any, path: str) -> str | None:
    """The path of the first text or key that cannot be written, such as `schedules.0.kind`."""
    if isinstance(value, str):
        return None if _is_text(value) else path
    steps: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        if any(not _is_text(key) for key in value):
            return path
        steps = list(value.items())
    elif isinstance(value, list):
        steps = [(str(place), inner) for place, inner in enumerate(value)]
    found = (_half_a_letter(inner, ".".join(filter(None, (path, step)))) for step, inner in steps)
    return next((path for path in found if path is not None), None)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
