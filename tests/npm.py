"""Packages of the npm registry for tests: the generated client's, axe-core, linters of the schema."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hep.env import REPOSITORY

CLIENT = REPOSITORY / "tests" / "client"
LINTERS = CLIENT / "linters"


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`."""
    return subprocess.run(  # noqa: S603  # our own commands
        command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def install(folder: Path, source: Path = CLIENT) -> Path:
    """`folder` with the files of `source` and its packages; skips where they cannot be had."""
    if shutil.which("npm") is None:
        # `make test` installs npm where root may; without it there is nothing to try.
        pytest.skip("This needs npm. On Debian: apt-get install nodejs npm")
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    installed = run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    if installed.returncode:
        # A machine without a way to a registry cannot have them; all other tests still run.
        pytest.skip(f"npm could not install the packages: {installed.stderr[-300:]}")
    return folder
