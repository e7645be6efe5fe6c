"""Receiving: signed webhooks against a bare view that does one insert."""

from __future__ import annotations

import asyncio
import time

import aiohttp
from django.conf import settings
from twilio.request_validator import RequestValidator

from tests.benchmarks import rows
from tests.benchmarks.report import Figure
from tests.benchmarks.serving import AT_ONCE, serving

TEXTS = 2_000


def rate(module: str, path: str) -> float:
    """Texts taken a second."""
    with serving(module) as base:
        asyncio.run(_post_all(base + path, 200, "warm"))
        return asyncio.run(_post_all(base + path, TEXTS, "count"))


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
    return Figure("inbound_vs_insert_floor", mine / floor, ">= 0.6", mine, floor, "texts/s")
