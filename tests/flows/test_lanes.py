"""What is urgent never waits behind what is long, with the real processes of every lane."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wave import NUISANCES, Wave

pytestmark = [pytest.mark.timeout(240), pytest.mark.long]


def test_a_red_flag_is_answered_while_everything_else_hangs(tmp_path: Path) -> None:
    """Before there were lanes one waited 25 s behind a wave; `make bench` measures the seconds.

    Without lanes, or with a mail or a look-up at a time in the way, this would take minutes: the
    limit here is wide, because no test of ours times anything.
    """
    with Wave(tmp_path, patients=300) as wave:
        for nuisance in NUISANCES:
            wave.plant(nuisance)
        # The queue is under way, and long after the last answer it still is.
        waits = [wave.seconds_to_an_answer() for _ in range(4)]
        assert wave.waiting() > 150
        assert max(waits) < 10
