"""Receiving: signed webhooks against a bare view that does one insert."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time

import aiohttp
import requests
from django.conf import settings
from twilio.request_validator import RequestValidator

from hep.env import REPOSITORY
from tests.benchmarks import rows
from tests.benchmarks.report import Figure
from tests.flows.running_demo import free_port

TEXTS = 2_000
AT_ONCE = 16
OPTIONS = "--workers 1 --threads 4 --log-level error"


def rate(module: str, path: str) -> float:
    """Texts taken a second by one gunicorn process with four threads."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}", *OPTIONS.split()],
        cwd=REPOSITORY,
        env={**os.environ, "PUBLIC_BASE_URL": base, "DATABASE_POOL_SIZE": "4"},
    )
    try:
        while True:
            try:
                requests.get(f"{base}/healthz", timeout=1)
                break
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
        asyncio.run(_post_all(base + path, 200, "warm"))
        return asyncio.run(_post_all(base + path, TEXTS, "count"))
    finally:
        server.terminate()
        server.wait(timeout=10)


async def _post_all(url: str, count: int, label: str) -> float:
    validator = RequestValidator(settings.TWILIO_AUTH_TOKENS[0])
    forms = []
    for number in range(count):
        form = {
            "MessageSid": f"SM{label}{number}{time.time_ns()}"[:34],
            "From": "+14155550111",
            "To": "+14155550100",
            "Body": "6",
            "NumMedia": "0",
        }
        forms.append((form, validator.compute_signature(url, form)))
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:

        async def post(form: dict[str, str], signature: str) -> None:
            headers = {"X-Twilio-Signature": signature}
            async with gate, session.post(url, data=form, headers=headers) as answer:
                assert answer.status == 200, answer.status
                await answer.read()

        started = time.perf_counter()
        await asyncio.gather(*(post(*row) for row in forms))
        return count / (time.perf_counter() - started)


def inbound() -> Figure:
    """Signed inbound texts a second against bare inserts a second, the better of two each."""
    rows.empty()
    pairs = [
        (rate("hep.wsgi", "/webhooks/twilio/inbound/"), rate("tests.benchmarks.bare", "/"))
        for _ in range(2)
    ]
    mine, floor = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    return Figure("inbound_vs_insert_floor", mine / floor, ">= 0.5", mine, floor, "texts/s")
