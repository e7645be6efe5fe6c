"""Packages of the npm registry for tests: the generated client's, and axe-core."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hep.env import REPOSITORY

CLIENT = REPOSITORY / "tests" / "client"
FILES = ("app.ts", "package.json", "package-lock.json", "tsconfig.json")


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`."""
    return subprocess.run(  # noqa: S603  # our own commands
        command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def install(folder: Path) -> Path:
    """`folder` with the client and its packages; skips the test where they cannot be had."""
    if shutil.which("npm") is None:
        # `make test` installs npm where root may; without it there is nothing to try.
        pytest.skip(reason="This needs npm. On Debian: apt-get install nodejs npm")
    for name in FILES:
        shutil.copy(CLIENT / name, folder / name)
    installed = run(folder, "npm", "ci", "--no-audit", "--no-fund")
    if installed.returncode:
        # A machine without a way to a registry cannot have them; all other tests still run.
        pytest.skip(reason=f"npm could not install the packages: {installed.stderr[-300:]}")
    return folder
