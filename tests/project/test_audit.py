"""`make audit`: what could not be looked up is never called free of faults."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit"
SKIPPED = "ERROR:pip_audit._cli:celery: Dependency not found on PyPI and could not be audited"
UNREACHED = "requests.exceptions.ConnectionError: Failed to resolve 'api.example.org'"


@pytest.mark.parametrize(
    ("printed", "ended", "code", "told"),
    [
        ("No known vulnerabilities found", 0, 0, "No known fault"),
        ("Found 1 known vulnerability in 1 package\ncelery 5.7.0 PYSEC-1", 1, 1, "PYSEC-1"),
        (SKIPPED, 1, 2, "Nothing was checked"),
        (UNREACHED, 1, 2, "Nothing was checked"),
    ],
)
def test_what_is_told_of_the_parts(
    tmp_path: Path, printed: str, ended: int, code: int, told: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\nexit {ended}\n")
    python.chmod(0o755)
    done = subprocess.run(  # noqa: S603  # our own script
        [AUDIT, python], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert told in done.stdout
