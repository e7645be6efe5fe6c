"""A gunicorn process of our own for a benchmark, and the requests a second it answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import requests

from hep.env import REPOSITORY
from tests.flows.running_demo import free_port

AT_ONCE = 16
OPTIONS = "--workers 1 --threads 4 --log-level error"


@contextmanager
def serving(module: str) -> Iterator[str]:
    """The address of one gunicorn process with four threads."""
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
        yield base
    finally:
        server.terminate()
        server.wait(timeout=10)


async def get_all(url: str, count: int, headers: Mapping[str, str]) -> float:
    """Answers a second to `count` GET requests, 16 at once."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(headers=headers) as session:

        async def get() -> None:
            async with gate, session.get(url) as answer:
                assert answer.status == 200, answer.status
                await answer.read()

        started = time.perf_counter()
        await asyncio.gather(*(get() for _ in range(count)))
        return count / (time.perf_counter() - started)
