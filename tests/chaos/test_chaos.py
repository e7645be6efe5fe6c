"""A quick form of `make chaos`: the same stage, a minute instead of ten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hep.env import REPOSITORY


@pytest.mark.timeout(420)
@pytest.mark.long
def test_a_minute_of_chaos_keeps_every_promise(tmp_path: Path) -> None:
    out = tmp_path / "chaos.json"
    words = "--patients 30 --seconds 30 --kills 12 --day-seconds 7"
    run = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "tests.chaos.run", *words.split(), "--out", str(out)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert out.exists(), run.stderr
    result = json.loads(out.read_text())
    assert result["texts_sent_twice"] == 0
    assert result["occurrences_without_final_state"] == 0
    assert result["stale_texts_sent"] == 0
    assert result["missing_occurrences"] == 0
    assert result["occurrences"] >= 30 * 4
    assert result["kills"] >= 12
