"""The phone side: a live page and its JSON."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from notifications.simulator.postman import Postman
from notifications.simulator.store import SimulatedMessage, Store

PAGE = Path(__file__).parent / "page"
HEARTBEAT_SECONDS = 15.0
# Texts are shown as text; data: is the empty icon.
POLICY = "default-src 'self'; img-src data:; frame-ancestors 'none'"
# Twilio's default keywords, and what it answers by itself.
STOP = frozenset(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"])
START = frozenset(["START", "YES", "UNSTOP"])
HELP = frozenset(["HELP", "INFO"])
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


class PhoneText(BaseModel):
    """What a phone sends; `to` may be left out when it was texted before."""

    body: str = Field(max_length=20_000)
    to: str = ""


class Phones:
    """Handlers of the phone page."""

    def __init__(self, store: Store, postman: Postman) -> None:
        self._store = store
        self._postman = postman

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        """The page, its files and its JSON."""
        return [
            web.get("/", self.page),
            web.get("/phones", self.list_phones),
            web.get("/phones/{number}/messages", self.messages),
            web.post("/phones/{number}/messages", self.send),
            web.get("/events", self.events),
            web.static("/page", PAGE),
        ]

    async def page(self, request: web.Request) -> web.FileResponse:
        """The virtual phones."""
        return web.FileResponse(
            PAGE / "index.html",
            headers={"Content-Security-Policy": POLICY},
        )

    async def list_phones(self, request: web.Request) -> web.Response:
        """Every phone, the newest conversation first."""
        return web.json_response(list(self._store.phones()))

    async def messages(self, request: web.Request) -> web.Response:
        """The conversation of one phone, oldest first; empty for a phone nobody has texted."""
        conversation = self._store.conversation(request.match_info["number"])
        return web.json_response([message.as_bubble() for message in conversation])

    async def send(self, request: web.Request) -> web.Response:
        """Text the clinic from this phone; keywords get Twilio's own answer."""
        try:
            text = PhoneText.model_validate(await request.json())
        except (ValidationError, ValueError):
            return web.json_response({"error": 'send JSON such as {"body": "6"}'}, status=400)
        number = request.match_info["number"]
        clinic = text.to or self._clinic_of(number)
        message = SimulatedMessage(
            account_sid=self._postman.account.sid,
            direction="inbound",
            from_number=number,
            to_number=clinic,
            body=text.body,
            status="received",
        )
        self._store.add(message)
        self._postman.tell(number)
        self._keyword(message)
        self._postman.start(self._postman.bring(message))
        return web.json_response(message.as_bubble(), status=201)

    def _clinic_of(self, number: str) -> str:
        """Who texted this phone last, else the account's first number."""
        for message in reversed(self._store.conversation(number)):
            return message.to_number if message.direction == "inbound" else message.from_number
        numbers = self._postman.account.numbers
        return numbers[0] if numbers else "+15005550006"

    def _keyword(self, message: SimulatedMessage) -> None:
        """STOP, START and HELP as Twilio handles them, before the service hears of it."""
        word = message.body.strip().upper()
        pair = (message.from_number, message.to_number)
        if word in STOP:
            known = pair in self._store.opted_out
            self._store.opted_out.add(pair)
            if not known:
                self._answer(message, STOPPED)
        elif word in START and pair in self._store.opted_out:
            self._store.opted_out.discard(pair)
            self._answer(message, STARTED)
        elif word in HELP:
            self._answer(message, HELPED)

    def _answer(self, message: SimulatedMessage, body: str) -> None:
        self._store.add(
            SimulatedMessage(
                account_sid=message.account_sid,
                direction="outbound-reply",
                from_number=message.to_number,
                to_number=message.from_number,
                body=body,
                status="delivered",
            )
        )
        self._postman.tell(message.phone)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the number of each phone that changed."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        queue = self._postman.watch()
        with contextlib.suppress(ConnectionResetError):
            try:
                while True:
                    try:
                        number = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                        await response.write(f"data: {number}\n\n".encode())
                    except TimeoutError:
                        await response.write(b": still here\n\n")
            finally:
                self._postman.unwatch(queue)
        return response
