"""The one way lists are cut into pages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from hep.errors import InvalidInputError


class CursorPagination(pagination.CursorPagination):
    """Pages that stay right while rows arrive; `?page_size=` up to 200.

    A cursor is `order.place`: with another order the place would mean something else.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-pk")
    # Rows that are equal by what they are ordered by are counted, and many may be.
    offset_cutoff = 100_000

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        """The rows of a page. Raises InvalidInputError for what is no cursor of this list."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError) as error:
            raise self._no_cursor() from error

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page in the OpenAPI document; DRF's own is of OpenAPI 3.0."""
        page = super().get_paginated_response_schema(schema)
        example = "https://hep.example.org/api/v1/patients/?cursor=b3JkZXIucGxhY2U%3D"
        address = {"type": ["string", "null"], "format": "uri", "examples": [example, None]}
        page["properties"] |= {"next": address, "previous": address}
        return page

    def encode_cursor(self, cursor: Any) -> str:
        """The address of a page."""
        address: str = super().encode_cursor(cursor)
        (place,) = parse_qs(urlsplit(address).query)[self.cursor_query_param]
        told = f"{self.ordering[0]}.{place}"
        return str(replace_query_param(address, self.cursor_query_param, told))

    def decode_cursor(self, request: Request) -> Any:
        """The place in the list; None at its beginning. Raises InvalidInputError."""
        told = request.query_params.get(self.cursor_query_param)
        if not told:
            return None
        order, _, place = told.rpartition(".")
        if order != self.ordering[0]:
            raise self._no_cursor()
        asked: Any = SimpleNamespace(query_params={self.cursor_query_param: place})
        return super().decode_cursor(asked)

    @staticmethod
    def _no_cursor() -> InvalidInputError:
        message = "This is no cursor of this list in this order. Begin without one."
        return InvalidInputError("cursor", message, code="other_list")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """With the limits of a page."""
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        size = next(row for row in found if row["name"] == self.page_size_query_param)
        size["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return found

    def get_page_size(self, request: Request) -> int | None:
        """As asked for, at most 200. Raises InvalidInputError for what is no size."""
        asked = request.query_params.get(self.page_size_query_param)
        sizes = map(str, range(1, self.max_page_size + 1))
        if asked is not None and asked not in sizes:
            message = f"Use a number from 1 to {self.max_page_size}."
            raise InvalidInputError("page_size", message)
        return super().get_page_size(request)


def paged_by(*ordering: str) -> type[CursorPagination]:
    """The same pages for rows that are ordered by something else; the last field is unique."""
    return type("OrderedPagination", (CursorPagination,), {"ordering": ordering})
