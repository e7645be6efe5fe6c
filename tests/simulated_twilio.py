"""The simulator on a free port, in a thread, for tests that text."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import Any

import requests
from aiohttp import web

from notifications.simulator.app import build_app
from notifications.simulator.postman import Account


@dataclass
class SimulatedTwilio:
    """A running simulator as a test sees it."""

    url: str
    account: Account

    def put_faults(self, **faults: float) -> None:
        """Ask for faults."""
        requests.put(f"{self.url}/faults", json=faults, timeout=5).raise_for_status()

    def stats(self) -> dict[str, Any]:
        """Counts since the start."""
        answer: dict[str, Any] = requests.get(f"{self.url}/stats", timeout=5).json()
        return answer

    def conversation(self, phone: str) -> list[dict[str, Any]]:
        """The texts on a virtual phone, oldest first."""
        answer = requests.get(f"{self.url}/phones/{phone}/messages", timeout=5)
        bubbles: list[dict[str, Any]] = answer.json()
        return bubbles

    def texts_to(self, phone: str) -> list[str]:
        """The bodies that reached a virtual phone."""
        return [row["body"] for row in self.conversation(phone) if row["who"] == "clinic"]

    def text_from(self, phone: str, body: str) -> dict[str, Any]:
        """Send a text from a virtual phone."""
        answer = requests.post(
            f"{self.url}/phones/{phone}/messages", json={"body": body}, timeout=5
        )
        answer.raise_for_status()
        bubble: dict[str, Any] = answer.json()
        return bubble


class SimulatorThread:
    """Runs one simulator on its own event loop."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> SimulatedTwilio:
        """Serve on a free port."""
        self._thread.start()
        port = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(timeout=10)
        return SimulatedTwilio(f"http://127.0.0.1:{port}", self._account)

    async def _serve(self) -> int:
        self._runner = web.AppRunner(build_app(self._account), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port: int = self._runner.addresses[0][1]
        return port

    def stop(self) -> None:
        """Stop serving and end the thread."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
