"""Emptying the database after a test that committed.

Django truncates every table, which costs a third of a second, and leaves the tests behind it to write
the shared library anew. Here the tables that the template fills stay as it filled them, and only
the rows of the others go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

# Where a copy of the rows of the template lies.
COPY = "kept"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def by_rows(case: TransactionTestCase) -> None:
    """Take away what the test committed; `case` is not asked."""
    kept = _kept()
    with in_any_order() as cursor:
        cursor.execute(_deletes(tuple(name for name in tables() if name not in kept)))
        changed = [name for name, before in kept.items() if _print_of(cursor, name) != before]
        for name in changed:
            names = {"table": sql.Identifier(name), "copy": sql.Identifier(COPY, name)}
            cursor.execute(sql.SQL("DELETE FROM {table}").format(**names))
            cursor.execute(sql.SQL("INSERT INTO {table} SELECT * FROM {copy}").format(**names))
            kept[name] = _print_of(cursor, name)


@contextmanager
def in_any_order() -> Iterator[Any]:
    """A cursor for which no table comes before another, and the log that can only be added to may
    be emptied.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


def remember() -> None:
    """Keep a copy of every row that is there: the template's."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(COPY)))
        for name in _kept():
            names = {"table": sql.Identifier(name), "copy": sql.Identifier(COPY, name)}
            cursor.execute(sql.SQL("CREATE TABLE {copy} AS TABLE {table}").format(**names))


@cache
def tables() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return tuple(name for (name,) in cursor.fetchall())


@cache
def _kept() -> dict[str, Any]:
    """The tables that have rows from the beginning, each with the print of them."""
    with connection.cursor() as cursor:
        prints = {name: _print_of(cursor, name) for name in tables()}
    return {name: found for name, found in prints.items() if found[0]}


def _print_of(cursor: Any, name: str) -> Any:
    """Another one after any committed change: a written row has another transaction."""
    asked = "SELECT count(*), sum(xmin::text::bigint), sum(cmin::text::bigint) FROM {}"
    cursor.execute(sql.SQL(asked).format(sql.Identifier(name)))
    return cursor.fetchone()


@cache
def _deletes(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(n)) for n in names)
