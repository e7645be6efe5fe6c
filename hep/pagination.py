"""The one way lists are cut into pages."""

from __future__ import annotations

from typing import Any

from rest_framework import pagination
from rest_framework.request import Request

from hep.errors import InvalidInputError


class CursorPagination(pagination.CursorPagination):
    """Pages that stay right while rows arrive; `?page_size=` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-pk")

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
