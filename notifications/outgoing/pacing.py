"""Segments per second of a sender, shared by all workers through Redis.

Each text reserves the next free moment on its sender's line; the line is one number in Redis, moved
by a script that runs whole. Redis may forget it (promise 5): the line then starts afresh, at most
HORIZON early. A sender without a rate is not paced.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

# How far ahead moments are given away. Short, so that a reply never waits behind more than this
# many seconds of reminders; longer than a tick, so that the line never runs dry.
HORIZON = 4.0
# The share of the allowed rate that is planned for: the rest absorbs the jitter of requests, so
# that no second ever holds more than the rate.
PLANNED_SHARE = 0.985
# Between reserving a moment and using it lie a commit and the start of a request. Every text of a
# paced line leaves this much after its moment, so that none is late and catches up in a burst.
LEAD = 0.3
KEY = "hep:pacing:{}"
# KEYS: one line. ARGV: seconds a segment takes, then the segments of each text. Returns the wait
# of each text in microseconds. The time is Redis' own, so workers' clocks do not matter.
RESERVE = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local waits = {}
for i = 2, #ARGV do
  waits[i - 1] = free - now
  free = free + ARGV[1] * ARGV[i] * 1000000
end
redis.call('SET', KEYS[1], string.format('%.0f', free), 'EX', 120)
return waits
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A sender's line: its id and its allowed segments per second (None: not paced)."""

    sender_id: int
    segments_per_second: float | None


class Pacer:
    """The lines of all senders, over one connection."""

    def __init__(self) -> None:
        self._redis = redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2
        )
        self._reserve = self._redis.register_script(RESERVE)

    def close(self) -> None:
        """Close the connection."""
        self._redis.close()

    def rooms(self, lines: Sequence[Line], *, limit: int) -> dict[int, int]:
        """How many one-segment texts each line can take within HORIZON, at most `limit`."""
        paced = [line for line in lines if line.segments_per_second]
        backlog = self._backlogs([line.sender_id for line in paced])
        rooms = {line.sender_id: limit for line in lines if not line.segments_per_second}
        for line in paced:
            seconds = HORIZON - backlog[line.sender_id]
            planned = seconds * (line.segments_per_second or 0) * PLANNED_SHARE
            # A slow line still moves one at a time.
            rooms[line.sender_id] = max(int(planned), int(backlog[line.sender_id] <= 0), 0)
        return {sender_id: min(room, limit) for sender_id, room in rooms.items()}

    def _backlogs(self, sender_ids: Sequence[int]) -> dict[int, float]:
        """Seconds each line is booked ahead; nothing when Redis is away."""
        if not sender_ids:
            return {}
        try:
            values = self._redis.mget([KEY.format(sender_id) for sender_id in sender_ids])
            seconds, microseconds = self._redis.time()
        except redis.RedisError:
            logger.warning("pacing without Redis: one text at a time")
            return dict.fromkeys(sender_ids, HORIZON - 0.001)
        now = seconds * 1_000_000 + microseconds
        return {
            sender_id: max(0.0, (float(value or 0) - now) / 1_000_000)
            for sender_id, value in zip(sender_ids, values, strict=True)
        }

    def reserve(self, line: Line, segments: Sequence[int]) -> list[float]:
        """The seconds each text has to wait, in order; its moments are taken from the line."""
        if not line.segments_per_second:
            return [0.0] * len(segments)
        spacing = 1 / (line.segments_per_second * PLANNED_SHARE)
        try:
            waits = self._reserve(keys=[KEY.format(line.sender_id)], args=[spacing, *segments])
        except redis.RedisError:
            return [LEAD + spacing * sum(segments[:place]) for place in range(len(segments))]
        return [LEAD + wait / 1_000_000 for wait in waits]
