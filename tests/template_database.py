"""A migrated database with the shared library, which each worker of a run copies.

It is kept beside the data of the tests, and made anew when a migration, a content file or a package
changes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hep.env import REPOSITORY

PREFIX = "hep_template_"


def name() -> str:
    """The name of the template for the migrations and the content as they are."""
    digest = hashlib.sha256((REPOSITORY / "requirements-dev.txt").read_bytes())
    content = [path for path in (REPOSITORY / "exercises/content").rglob("*") if path.is_file()]
    sources = [path for path in content if path.suffix in {".py", ".yaml", ".svg"}]
    for path in sorted([*REPOSITORY.glob("*/migrations/*.py"), *sources]):
        digest.update(path.read_bytes())
    return f"{PREFIX}{digest.hexdigest()[:16]}"


def make() -> None:
    """Make the template unless it is there; older ones go."""
    address = os.environ["DATABASE_URL"]
    wanted, half_done = name(), f"{PREFIX}half_done"
    with psycopg.connect(address, autocommit=True) as connection:
        found = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        known = {row[0] for row in connection.execute(found, [PREFIX]).fetchall()}
        for old in known - {wanted}:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        if wanted in known:
            return
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half_done)))
        there = urlunsplit(urlsplit(address)._replace(path=f"/{half_done}"))
        for command in (["migrate", "--verbosity", "0"], ["load_content"]):
            subprocess.run(  # noqa: S603  # our own commands
                [sys.executable, "manage.py", *command],
                cwd=REPOSITORY,
                env=os.environ | {"DATABASE_URL": there},
                check=True,
            )
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(half_done), sql.Identifier(wanted)))
