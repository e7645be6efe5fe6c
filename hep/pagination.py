"""The one way lists are cut into pages."""

from __future__ import annotations

from rest_framework import pagination


class CursorPagination(pagination.CursorPagination):
    """Pages that stay right while rows arrive; `?page_size=` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-pk")


def paged_by(*ordering: str) -> type[CursorPagination]:
    """The same pages for rows that are ordered by something else; the last field is unique."""
    return type("OrderedPagination", (CursorPagination,), {"ordering": ordering})
