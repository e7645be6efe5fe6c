"""Wait on a condition instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def eventually(
    ask: Callable[[], Answer | None], *, seconds: float = 10.0, pause: float = 0.001
) -> Answer:
    """The first true answer of `ask`. Fails when there is none within `seconds`.

    `pause`: seconds before the second time; what costs much to ask is asked less often.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        time.sleep(pause)
        pause = max(pause, min(pause * 2, 0.05))
