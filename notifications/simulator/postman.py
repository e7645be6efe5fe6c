"""Signed webhooks back to the service: status callbacks and received texts."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
from twilio.request_validator import RequestValidator

from notifications.simulator.faults import Faults, strikes
from notifications.simulator.store import SimulatedMessage, Store

logger = logging.getLogger(__name__)

# As Twilio: 5 s to connect, 15 s in all.
TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
AT_ONCE = 20


@dataclass(frozen=True)
class Account:
    """The one account of the simulator; `numbers` empty: any number may send."""

    sid: str
    auth_token: str
    inbound_url: str
    numbers: tuple[str, ...] = ()


class Postman:
    """Walks messages through their statuses and posts what Twilio would post."""

    def __init__(self, account: Account, store: Store) -> None:
        self.account = account
        self.faults = Faults()
        self._store = store
        self._validator = RequestValidator(account.auth_token)
        self._running: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._watchers: set[asyncio.Queue[str]] = set()
        self._session: aiohttp.ClientSession | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background, keeping it alive until it ends."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def under_way(self) -> int:
        """Messages whose webhooks are not all answered yet."""
        return len(self._running)

    async def close(self) -> None:
        """Drop what is still on its way."""
        for task in self._running:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    def watch(self) -> asyncio.Queue[str]:
        """A queue that gets the number of each phone that changed."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._watchers.add(queue)
        return queue

    def unwatch(self, queue: asyncio.Queue[str]) -> None:
        """Stop telling `queue`."""
        self._watchers.discard(queue)

    def tell(self, number: str) -> None:
        """Tell every open page that this phone changed."""
        for queue in self._watchers:
            queue.put_nowait(number)

    async def deliver(self, message: SimulatedMessage) -> None:
        """Walk an accepted message to `delivered`, with a callback for each step but the first."""
        words = ["queued", "sending", "sent", "delivered"]
        steps = words[words.index(message.status) + 1 :] if message.status in words else words
        posted = list(steps)
        if self.faults.shuffle_callbacks:
            random.shuffle(posted)
        message.status = steps[-1]
        message.sent = message.updated = message.created
        self.tell(message.phone)
        if not message.status_callback:
            return
        for word in posted:
            if strikes(self.faults.drop_callbacks):
                continue
            for _ in range(2 if strikes(self.faults.duplicate_callbacks) else 1):
                await self._post(message.status_callback, self._callback_form(message, word))

    async def bring(self, message: SimulatedMessage, opt_out_type: str = "") -> None:
        """Post a received text to the inbound webhook."""
        form = {
            "AccountSid": message.account_sid,
            "ApiVersion": "2010-04-01",
            "Body": message.body,
            "From": message.from_number,
            "MessageSid": message.sid,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "To": message.to_number,
        }
        if opt_out_type:
            form["OptOutType"] = opt_out_type
        for _ in range(2 if strikes(self.faults.duplicate_inbound) else 1):
            await self._post(self.account.inbound_url, form)

    @staticmethod
    def _callback_form(message: SimulatedMessage, word: str) -> dict[str, str]:
        return {
            "AccountSid": message.account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.from_number,
            "MessageSid": message.sid,
            "MessageStatus": word,
            "SmsSid": message.sid,
            "SmsStatus": word,
            "To": message.to_number,
        }

    async def _post(self, url: str, form: dict[str, str]) -> None:
        """One webhook; a receiver that does not answer loses it, as with Twilio."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, form),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        }
        async with self._gate:
            try:
                async with self._session.post(url, data=form, headers=headers) as response:
                    if response.status >= 400:
                        logger.warning("a webhook was answered with %s", response.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                logger.warning("a webhook was not answered: %s", type(error).__name__)
