"""One database with every migration applied, which each worker of a run copies instead of migrating.

It is kept beside the data of the tests and made anew when a migration or a package changes.
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
    """The name of the template for the migrations as they are."""
    digest = hashlib.sha256((REPOSITORY / "requirements-dev.txt").read_bytes())
    for path in sorted(REPOSITORY.glob("*/migrations/*.py")):
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
        subprocess.run(  # our own command
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=REPOSITORY,
            env={
                **os.environ,
                "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{half_done}")),
            },
            check=True,
        )
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(half_done), sql.Identifier(wanted)))
