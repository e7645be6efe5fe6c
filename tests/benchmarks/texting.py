"""Sending: against bare HTTP, the limit of the connections, and a task per message."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import aiohttp
import requests
from django.conf import settings

from hep.env import REPOSITORY
from notifications.outgoing.due import write_due
from tests.benchmarks import rows
from tests.benchmarks.report import Figure

MESSAGES = 4_000
LATENCY_MS = 150
CONNECTIONS = 100
RATE = 50.0
RIVAL = "-m celery --quiet --app tests.benchmarks.rival worker --concurrency 2 --queues rival"


class Simulator:
    """The simulator in its own process, without callbacks: nobody listens for them here."""

    def __enter__(self) -> Simulator:
        self.url: str = settings.TWILIO_API_BASE_URL
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "simulator"], cwd=REPOSITORY
        )  # our own command
        while True:
            try:
                self.faults()
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def faults(self, **faults: float) -> None:
        """Set faults beside the dropped callbacks."""
        faults = {"drop_callbacks": 1, **faults}
        requests.put(f"{self.url}/faults", json=faults, timeout=5).raise_for_status()

    def accepted(self) -> int:
        """Texts accepted since the start."""
        count: int = requests.get(f"{self.url}/stats", timeout=5).json()["accepted"]
        return count


def waiting(count: int, *, segments_per_second: float | None = None) -> None:
    """`count` texts in the outbox."""
    rows.empty()
    clinic_id = rows.clinic(segments_per_second=segments_per_second)
    rows.schedules(count, clinic_id=clinic_id)
    while write_due(now=rows.NOW):
        pass
    rows.tidy()


def our_rate(count: int, *, processes: int) -> float:
    """Texts accepted a second by so many worker processes, from the first to the last."""
    run_senders(processes)
    seconds = rows.number(
        "SELECT extract(epoch FROM max(finished_at) - min(started_at)) FROM"
        " notifications_sendattempt WHERE outcome = 'accepted'"
    )
    done = rows.number("SELECT count(*) FROM notifications_sendattempt WHERE outcome = 'accepted'")
    assert done == count, done
    return done / seconds


def run_senders(processes: int) -> None:
    """Sender processes until the outbox is empty."""
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.sender"], cwd=REPOSITORY
        )  # our own command
        for _ in range(processes)
    ]
    for sender in senders:
        assert sender.wait() == 0


def bare_rate(count: int) -> float:
    """The same forms posted by a bare aiohttp client over as many connections."""

    async def post_all() -> float:
        auth = aiohttp.encode_basic_auth(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS[0]
        )
        gate = asyncio.Semaphore(CONNECTIONS)
        path = f"/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Messages.json"
        async with aiohttp.ClientSession(headers={"Authorization": auth}) as session:

            async def post(number: int) -> None:
                form = {
                    "To": f"+1{2000000000 + number}",
                    "From": "+14155550100",
                    "Body": "Hi Maria, Bay Foot here. First steps today: pain 0 (none) to 10 (worst)?",
                    "StatusCallback": f"http://localhost:8000/webhooks/twilio/status/?attempt={number}",
                    "ValidityPeriod": "10000",
                }
                async with (
                    gate,
                    session.post(settings.TWILIO_API_BASE_URL + path, data=form) as answer,
                ):
                    assert answer.status == 201
                    await answer.json()

            started = time.perf_counter()
            await asyncio.gather(*(post(number) for number in range(count)))
            return count / (time.perf_counter() - started)

    return asyncio.run(post_all())


def against_http() -> Figure:
    """No latency, two worker processes, against the bare client."""
    with Simulator():
        bare_rate(500)
        floor = max(bare_rate(MESSAGES) for _ in range(2))
        waiting(MESSAGES)
        mine = our_rate(MESSAGES, processes=2)
    return Figure("send_vs_http_floor", mine / floor, ">= 0.45", mine, floor, "texts/s")


def against_limit() -> tuple[Figure, float]:
    """150 ms latency and 100 connections; also returns our rate, for the next comparison."""
    limit = CONNECTIONS / (LATENCY_MS / 1000)
    with Simulator() as simulator:
        simulator.faults(latency_ms=LATENCY_MS)
        waiting(MESSAGES)
        mine = our_rate(MESSAGES, processes=1)
    return (
        Figure("send_vs_concurrency_limit", mine / limit, ">= 0.9", mine, limit, "texts/s"),
        mine,
    )


def against_task_per_message(mine: float) -> Figure:
    """The common pattern at the same latency: a task a reminder, the synchronous SDK, two cores."""
    count = 200
    environment = {**os.environ, "BENCH_COUNT": str(count), "PYTHONWARNINGS": "ignore"}
    with Simulator() as simulator:
        simulator.faults(latency_ms=LATENCY_MS)
        before = simulator.accepted()
        worker = subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, *RIVAL.split()],
            cwd=REPOSITORY,
            env=environment,
        )
        subprocess.run(  # our own command
            [sys.executable, "-m", "tests.benchmarks.rival"],
            cwd=REPOSITORY,
            env=environment,
            check=True,
        )
        while simulator.accepted() == before:
            time.sleep(0.01)
        started, first = time.perf_counter(), simulator.accepted()
        while (now := simulator.accepted()) - before < count:
            time.sleep(0.05)
        floor = (now - first) / (time.perf_counter() - started)
        worker.terminate()
        worker.wait(timeout=20)
    return Figure(
        "send_vs_task_per_message",
        mine / floor,
        ">= 10",
        mine,
        floor,
        "texts/s",
        note=f"both at {LATENCY_MS} ms; the rival with a worker of two processes",
    )


def pacing() -> Figure:
    """The share of a sender's rate that is used while there is a queue."""
    count = int(RATE * 15)
    with Simulator() as simulator:
        waiting(count, segments_per_second=RATE)
        run_senders(2)
        stats = requests.get(f"{simulator.url}/stats", timeout=5).json()
    mine = stats["accepted_per_second"]
    return Figure(
        "pacing_utilisation",
        mine / RATE,
        ">= 0.97",
        mine,
        RATE,
        "segments/s",
        note=f"busiest second: {stats['accepted_in_busiest_second']}",
        broken=stats["accepted_in_busiest_second"] > RATE,
    )


def lag() -> Figure:
    """Ten thousand due in the same second: how late is the 99th of a hundred accepted?"""
    count = 10_000
    due_at = datetime.now(UTC).replace(microsecond=0)
    rows.empty()
    clinic_id = rows.clinic()
    rows.schedules(count, clinic_id=clinic_id)
    with Simulator():
        rows.due_again(due_at=due_at)
        rows.execute("UPDATE exercises_patient SET texts_from = '00:00', texts_until = '23:59:59'")
        due_at = datetime.now(UTC)
        rows.execute("UPDATE exercises_schedule SET next_due_at = %s", due_at)
        senders = [
            subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "-m", "tests.benchmarks.sender", "--due", str(count)],
                cwd=REPOSITORY,
            )
            for _ in range(2)
        ]
        for sender in senders:
            assert sender.wait() == 0
    p99 = rows.number(
        "SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM a.finished_at - m.due_at))"
        " FROM notifications_sendattempt a JOIN notifications_outboundmessage m ON m.id = a.message_id"
    )
    return Figure("lag_p99_seconds_10k", p99, "reported", p99, None, "s")


def at_150_ms() -> Sequence[Figure]:
    """One process against the limit of its connections, and against a task per message."""
    limit, rate = against_limit()
    return [limit, against_task_per_message(rate)]
