"""From a prepared batch to the transport, and the results back into the outbox.

 1. `preparing` claims a batch, looks again, and commits an attempt for each text.
 2. Here, outside any transaction: many requests at once over kept connections.
 3. Here: write results in batches, checking the lease.

The three overlap: while requests are under way the next batch is prepared, and the results of the
last one are written, each in its own thread with its own database connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connections

from notifications import outbox
from notifications.models import OutboundMessage, SendAttempt
from notifications.models.histograms import observe
from notifications.outbox import AttemptResult
from notifications.outgoing import preparing, senders
from notifications.outgoing.pacing import Pacer
from notifications.outgoing.preparing import Departure
from notifications.transports import open_transport
from notifications.transports.base import (
    Accepted,
    Decision,
    NotSentError,
    RefusedError,
    Transport,
    TransportError,
)

logger = logging.getLogger(__name__)

BATCH = 200
# Requests under way at once, and as many more prepared, so that none waits for the database.
CONCURRENT_REQUESTS = 100
PREPARED_AHEAD = 200
RESULTS_AT_ONCE = 100
# A run goes on while it has texts on their way, so that a paced line never runs dry, but takes
# new ones for this long only: a task must not last for hours.
CLAIMING_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.5
# Among the histograms: seconds from due to accepted.
LAG = "lag"
TOO_LATE_SECONDS = 0.1
# Refusals of the sender: no text of its line need be tried now.
HELD_BY_SENDER = (Decision.SLOW_DOWN, Decision.DAY_IS_FULL, Decision.STOP_SENDER)
RETRY_AFTER_NO_CONNECTION = timedelta(seconds=15)

Outcome = SendAttempt.Outcome
Status = OutboundMessage.Status
Clock = Callable[[], datetime]
Answer = TypeVar("Answer")


def send_waiting(*, clock: Clock, limit: int = 100_000) -> int:
    """Send what waits, up to `limit` messages; returns how many were claimed, skipped included.

    `clock` tells the present instant: a run takes longer than one `now` holds.
    """

    async def run() -> int:
        return await _Run(clock, limit).run()

    return asyncio.run(run())


class _Run:
    """One run over the outbox: prepare, send and write down, overlapping."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self._clock = clock
        self._left = limit
        self._claimed = 0
        self._gate = asyncio.Semaphore(CONCURRENT_REQUESTS)
        self._results: list[AttemptResult] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._landed = asyncio.Event()
        self._closing_at = time.monotonic() + CLAIMING_SECONDS
        self._look_at = 0.0  # when to look into the outbox again
        self._writer: asyncio.Task[None] = asyncio.create_task(self._write())
        self._pacer = Pacer()
        # By sender: whom a moment on the line may be given to.
        self._in_line: dict[int, list[Departure]] = defaultdict(list)
        # Until when a refusal has closed a sender whose texts were prepared already.
        self._closed: dict[int, float] = {}
        # One thread each, so that preparing does not wait for writing.
        self._preparing = ThreadPoolExecutor(1, "prepare")
        self._writing = ThreadPoolExecutor(1, "write")

    async def run(self) -> int:
        """Until the outbox is empty or the limit is reached; returns how many were claimed."""
        try:
            async with open_transport() as transport:
                await self._pump(transport)
        finally:
            self._pacer.close()
            for executor in (self._preparing, self._writing):
                await self._in(executor, connections.close_all)
                executor.shutdown()
        return self._claimed

    async def _pump(self, transport: Transport) -> None:
        """Keep requests under way while there is something to send."""
        while await self._top_up(transport):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), LOOK_AGAIN_SECONDS)
            self._landed.clear()
            if self._writer.done() and len(self._results) >= RESULTS_AT_ONCE:
                self._writer.result()
                self._writer = asyncio.create_task(self._write())
        await self._writer
        await self._write()

    async def _top_up(self, transport: Transport) -> bool:
        """Start more requests where there is room; False when the run is over."""
        now = time.monotonic()
        room = min(BATCH, PREPARED_AHEAD + CONCURRENT_REQUESTS - len(self._flying), self._left)
        is_open = self._left > 0 and now < self._closing_at
        # A run that is closing takes no more, but for the answer to a red flag.
        if now >= self._look_at and (not is_open or room >= min(BATCH // 2, self._left)):
            departures = await self._prepare(room, only_safety=not is_open)
            if departures is None:
                self._look_at = now + LOOK_AGAIN_SECONDS
            for departure in departures or ():
                self._start(transport, departure)
        return bool(self._flying) or (is_open and now >= self._look_at)

    def _start(self, transport: Transport, departure: Departure) -> None:
        self._in_line[departure.line.sender_id].append(departure)
        task = asyncio.create_task(self._send(transport, departure))
        self._flying.add(task)
        task.add_done_callback(self._land)

    def _land(self, task: asyncio.Task[None]) -> None:
        """Wake the pump: one event for all tasks, since waiting on each costs their number."""
        self._flying.discard(task)
        self._landed.set()

    async def _prepare(self, room: int, *, only_safety: bool) -> list[Departure] | None:
        """The next departures, or None when nothing waits."""
        now = self._clock()
        claimed, departures = await self._in(
            self._preparing,
            lambda: preparing.prepare(
                now=now, limit=room, pacer=self._pacer, only_safety=only_safety
            ),
        )
        self._claimed += claimed
        self._left -= claimed
        return departures if claimed else None

    async def _send(self, transport: Transport, departure: Departure) -> None:
        await self._wait_for_moment(departure)
        departure = await self._most_urgent(departure)
        async with self._gate:
            if time.monotonic() < self._closed.get(departure.line.sender_id, 0.0):
                result = not_sent(departure, retry_at=self._clock() + senders.PAUSE)
            else:
                result = await attempt(transport, departure, clock=self._clock)
        if result.decision in HELD_BY_SENDER:
            pause = senders.PAUSE.total_seconds()
            self._closed[departure.line.sender_id] = time.monotonic() + pause
        logger.info("%s attempt=%s", result.outcome, result.attempt_id)
        self._results.append(result)

    async def _wait_for_moment(self, departure: Departure) -> None:
        """Until its moment on the line; who missed it takes a new one, or a burst would follow."""
        leave_at = departure.leave_at

        def again() -> list[float]:
            return self._pacer.reserve(departure.line, [departure.size])

        while True:
            await asyncio.sleep(leave_at - time.monotonic())
            late = time.monotonic() - leave_at
            if departure.line.segments_per_second is None or late < TOO_LATE_SECONDS:
                return
            waits = await self._in(self._preparing, again)
            leave_at = time.monotonic() + waits[0]

    async def _most_urgent(self, moment: Departure) -> Departure:
        """Who leaves at the moment that was taken for `moment`: the most urgent one on its line.

        Each departure has taken one moment, so each leaves once. A moment holds as many segments as
        it was taken for; who needs more takes another, or the line would be faster than its rate.
        """
        line = self._in_line[moment.line.sender_id]
        fitting = [departure for departure in line if departure.size <= moment.size]
        going = min(fitting or line, key=lambda departure: (departure.priority, departure.leave_at))
        line.remove(going)
        if not fitting:
            waits = await self._in(
                self._preparing, lambda: self._pacer.reserve(going.line, [going.size])
            )
            await asyncio.sleep(waits[0])
        return going

    async def _write(self) -> None:
        results, self._results = self._results, []
        if results:
            await self._in(self._writing, lambda: write_down(results, now=self._clock()))

    @staticmethod
    async def _in(executor: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(executor, work)


def write_down(results: Sequence[AttemptResult], *, now: datetime) -> None:
    """Settle the texts, then heed what the refusals mean beyond them."""
    observe(LAG, outbox.finish_attempts(results, now=now))
    senders.apply_refusals(results, now=now)


async def attempt(transport: Transport, departure: Departure, *, clock: Clock) -> AttemptResult:
    """One request and what became of it. Never raises: a result that is lost is a text unknown."""
    if clock() >= departure.leave_before:
        return not_sent(departure, retry_at=clock())
    try:
        accepted = await transport.send(departure.text)
    except TransportError as error:
        return result_of(error, departure, now=clock())
    except Exception as error:  # noqa: BLE001  # a defect in one request must not lose the others
        logger.error("a request failed in an unforeseen way: %s", type(error).__name__)  # noqa: TRY400  # the traceback may quote the text
        return AttemptResult(departure.attempt_id, departure.token, Outcome.UNKNOWN, Status.UNKNOWN)
    return _accepted(accepted, departure)


def _accepted(accepted: Accepted, departure: Departure) -> AttemptResult:
    return AttemptResult(
        departure.attempt_id,
        departure.token,
        Outcome.ACCEPTED,
        Status.ACCEPTED,
        sid=accepted.sid,
    )


def not_sent(departure: Departure, *, retry_at: datetime) -> AttemptResult:
    """The request never left: the text waits again."""
    key = (departure.attempt_id, departure.token)
    return AttemptResult(*key, Outcome.NOT_SENT, Status.WAITING, retry_at=retry_at)


def result_of(error: TransportError, departure: Departure, *, now: datetime) -> AttemptResult:
    """The decision an error carries, as the result of its attempt."""
    key = (departure.attempt_id, departure.token)
    if isinstance(error, NotSentError):
        return not_sent(departure, retry_at=now + RETRY_AFTER_NO_CONNECTION)
    if not isinstance(error, RefusedError):
        return AttemptResult(*key, Outcome.UNKNOWN, Status.UNKNOWN)
    later = {
        # Nothing was processed in these cases: the text waits, and the sender's state holds it.
        **dict.fromkeys(HELD_BY_SENDER, timedelta(0)),
        Decision.SLOW_DOWN: timedelta(seconds=error.retry_after),
        Decision.ONCE_MORE: outbox.RETRY_AFTER if departure.may_retry else None,
    }.get(error.decision)
    return AttemptResult(
        *key,
        Outcome.REFUSED,
        Status.FAILED if later is None else Status.WAITING,
        error_code=error.code,
        retry_at=None if later is None else now + later,
        decision=error.decision,
        spends_retry=later is not None and error.decision is Decision.ONCE_MORE,
    )
