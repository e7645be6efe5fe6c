"""Hand-written SQL that takes arrays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def array_cursor() -> Any:
    """A cursor of the present connection that hands values to the server as values.

    Django's own writes them into the text of the statement, which costs more than the statement
    once they are arrays of a thousand. Use it as a context manager, like `connection.cursor()`.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # The stubs take it for something else than psycopg's cursor.
    cursor: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


def plain_array(values: Iterable[float | date | None]) -> str:
    """Numbers, dates and instants as an array literal for a statement that casts it.

    Several times as quick as the driver's own. Never for text, which would need quoting.
    """
    return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}"
