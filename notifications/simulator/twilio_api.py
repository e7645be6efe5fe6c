"""The Twilio side: the Messages resource of the 2010-04-01 REST API."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from django.utils import timezone

from notifications.simulator.faults import strikes
from notifications.simulator.postman import Postman
from notifications.simulator.store import SimulatedMessage, Store

E164 = re.compile(r"\+[1-9]\d{7,14}")
BASE = "/2010-04-01/Accounts/{account_sid}/Messages"
LONGEST_BODY = 1600
# Twilio's magic test numbers, with the error each one gives.
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
WORDS = {
    20001: "A parameter is out of range.",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "The 'To' number is not a valid phone number.",
    21212: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.",
    21408: "Permission to send an SMS has not been enabled for the region of the 'To' number.",
    21602: "Message body is required.",
    21603: "A 'From' or 'MessagingServiceSid' is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number is not a valid, SMS-capable number.",
    21609: "The 'StatusCallback' URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number cannot currently be reached using the 'From' phone number.",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21659: "The 'From' number is not a number of this account.",
}


def twilio_error(status: int, code: int) -> web.Response:
    """An error in Twilio's JSON form."""
    body = {
        "code": code,
        "message": WORDS.get(code, HTTPStatus(status).phrase),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)


class TwilioApi:
    """Handlers of the Messages resource."""

    def __init__(self, store: Store, postman: Postman) -> None:
        self._store = store
        self._postman = postman

    def routes(self) -> list[web.RouteDef]:
        """Where Twilio has them."""
        return [
            web.post(f"{BASE}.json", self.create),
            web.get(f"{BASE}.json", self.list_messages),
            web.get(f"{BASE}/{{sid}}.json", self.fetch),
            web.post(f"{BASE}/{{sid}}.json", self.update),
        ]

    def _refused(self, request: web.Request) -> web.Response | None:
        """401 or 404 as Twilio answers a stranger."""
        account = self._postman.account
        expected = base64.b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Basic {expected}".encode()):
            return twilio_error(401, 20003)
        if request.match_info["account_sid"] != account.sid:
            return twilio_error(404, 20404)
        return None

    async def _hang(self) -> None:
        if self._postman.faults.hang_lookups:
            await asyncio.sleep(60)

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Take a message on, refuse it as Twilio would, or fail as the faults ask."""
        self._store.requests += 1
        faults = self._postman.faults
        if faults.latency_ms:
            await asyncio.sleep(faults.latency_ms / 1000)
        if (refusal := self._refused(request)) is not None:
            return refusal
        if strikes(faults.error_rate):
            return twilio_error(faults.status, faults.error_code)
        form = {key: str(value) for key, value in (await request.post()).items()}
        if (code := self._problem(form)) is not None:
            return twilio_error(400, code)
        message = self._message(form)
        self._store.add(message)
        self._store.count_accepted(message)
        answer = message.as_twilio()
        self._postman.start(self._postman.deliver(message))
        if strikes(faults.accept_then_drop) and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer, status=201)

    def _problem(self, form: dict[str, str]) -> int | None:
        """The error code Twilio would give for this form, or None."""
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        service = form.get("MessagingServiceSid", "")
        callback = form.get("StatusCallback", "")
        validity = form.get("ValidityPeriod", "36000")
        numbers = self._postman.account.numbers
        checks = (
            (not to, 21604),
            (to in MAGIC_TO, MAGIC_TO.get(to, 0)),
            (not E164.fullmatch(to), 21211),
            (not sender and not service, 21603),
            (sender in MAGIC_FROM, MAGIC_FROM.get(sender, 0)),
            (bool(sender) and not E164.fullmatch(sender), 21212),
            (bool(sender and numbers) and sender not in numbers, 21659),
            (not body, 21602),
            (len(body) > LONGEST_BODY, 21617),
            (bool(callback) and urlsplit(callback).scheme not in {"http", "https"}, 21609),
            (not validity.isdecimal() or not 1 <= int(validity) <= 36_000, 20001),
            ((to, self._number_of(sender)) in self._store.opted_out, 21610),
        )
        return next((code for holds, code in checks if holds), None)

    def _number_of(self, sender: str) -> str:
        """The number a text comes from: the given one, or the first of the service's pool."""
        numbers = self._postman.account.numbers
        return sender or (numbers[0] if numbers else "+15005550006")

    def _message(self, form: dict[str, str]) -> SimulatedMessage:
        service = form.get("MessagingServiceSid", "")
        return SimulatedMessage(
            account_sid=self._postman.account.sid,
            direction="outbound-api",
            from_number=self._number_of(form.get("From", "")),
            to_number=form["To"],
            body=form["Body"],
            status="accepted" if service else "queued",
            messaging_service_sid=service,
            status_callback=form.get("StatusCallback", ""),
            validity_seconds=int(form.get("ValidityPeriod", "36000")),
        )

    async def list_messages(self, request: web.Request) -> web.Response:
        """Newest first, filtered by To, From and DateSent, in pages."""
        await self._hang()
        if (refusal := self._refused(request)) is not None:
            return refusal
        query = request.query
        try:
            size = max(1, min(1000, int(query.get("PageSize", "50"))))
            page = max(0, int(query.get("Page", "0")))
            found = [row for row in reversed(self._store.messages.values()) if _matches(row, query)]
        except ValueError:
            return twilio_error(400, 20001)
        start = page * size
        rows = found[start : start + size]

        def address(number: int) -> str:
            kept = {key: value for key, value in query.items() if key != "PageToken"}
            return f"{request.path}?{urlencode({**kept, 'Page': number, 'PageSize': size})}"

        body = {
            "messages": [row.as_twilio() for row in rows],
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + len(rows) - 1 if rows else start,
            "uri": address(page),
            "first_page_uri": address(0),
            "previous_page_uri": address(page - 1) if page else None,
            "next_page_uri": address(page + 1) if start + size < len(found) else None,
        }
        return web.json_response(body)

    async def fetch(self, request: web.Request) -> web.Response:
        """One message."""
        await self._hang()
        if (refusal := self._refused(request)) is not None:
            return refusal
        message = self._store.messages.get(request.match_info["sid"])
        if message is None:
            return twilio_error(404, 20404)
        return web.json_response(message.as_twilio())

    async def update(self, request: web.Request) -> web.Response:
        """Redact the body with Body="", the only change Twilio allows on a sent message."""
        if (refusal := self._refused(request)) is not None:
            return refusal
        message = self._store.messages.get(request.match_info["sid"])
        if message is None:
            return twilio_error(404, 20404)
        form = await request.post()
        if form.get("Body", None) != "":
            return twilio_error(400, 20001)
        message.body = ""
        message.updated = timezone.now()
        self._postman.tell(message.phone)
        return web.json_response(message.as_twilio())


def _matches(message: SimulatedMessage, query: object) -> bool:
    """Whether a message passes the list's filters. Raises ValueError for a bad date."""
    given = dict(query.items())  # type: ignore[attr-defined]  # aiohttp's multidict
    sent = message.sent or message.created
    return (
        given.get("To", message.to_number) == message.to_number
        and given.get("From", message.from_number) == message.from_number
        and ("DateSent" not in given or sent.date() == _moment(given["DateSent"]).date())
        and ("DateSent>" not in given or sent >= _moment(given["DateSent>"]))
        and ("DateSent<" not in given or sent <= _moment(given["DateSent<"]))
    )


def _moment(text: str) -> datetime:
    """Twilio takes a date or an ISO instant, in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
