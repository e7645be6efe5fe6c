"""The only file that knows Twilio's SDK and its error codes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from notifications.transports.base import (
    Accepted,
    Decision,
    KnownText,
    NotSentError,
    RefusedError,
    Text,
    UnknownOutcomeError,
)

# Twilio's error codes as documented under "Errors and warnings" (docs/messaging-rules.md).
DECISIONS: dict[int, Decision] = {
    **dict.fromkeys((21211, 21214, 21217, 21265, 21408), Decision.PERMANENT),
    **dict.fromkeys((21604, 21612, 21614, 21635), Decision.PERMANENT),
    **dict.fromkeys((30004, 30005, 30006), Decision.PERMANENT),
    30007: Decision.FILTERED,
    21610: Decision.OPTED_OUT,
    **dict.fromkeys((20003, 20005, 90010), Decision.STOP_SENDER),
    **dict.fromkeys((21606, 21659, 21661, 21703, 21704), Decision.STOP_SENDER),
    **dict.fromkeys((30002, 30032, 30033, 30034, 30035), Decision.STOP_SENDER),
    **dict.fromkeys((14107, 20429, 21611, 30001, 30022, 63018), Decision.SLOW_DOWN),
    30023: Decision.DAY_IS_FULL,
    **dict.fromkeys((30003, 30008), Decision.ONCE_MORE),
}
CONNECT_SECONDS = 5.0
MAX_CONNECTIONS = 100


class _TimedSession:
    """The pool as the SDK's async client sees it, with the time limit and login it should use.

    The SDK passes `timeout=None` with every request, which aiohttp reads as "no limit at all"
    (twilio-python issue 925), and its login in a form that aiohttp is retiring.
    """

    def __init__(self, session: aiohttp.ClientSession, timeout: aiohttp.ClientTimeout) -> None:
        self._session = session
        self._timeout = timeout

    async def request(self, **kwargs: Any) -> aiohttp.ClientResponse:
        """The request with our limit and header in place of the SDK's."""
        kwargs |= {"timeout": self._timeout, "auth": None}
        return await self._session.request(**kwargs)


class TwilioTransport:
    """The official SDK's async client over one pool of kept connections."""

    def __init__(
        self, *, account_sid: str, auth_token: str, api_base_url: str, timeout_seconds: float
    ) -> None:
        self._credentials = (account_sid, auth_token)
        self._api_base_url = api_base_url
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=CONNECT_SECONDS)
        self._session: aiohttp.ClientSession | None = None
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        """Open the pool."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
            headers={"Authorization": aiohttp.encode_basic_auth(*self._credentials)},
        )
        http_client = AsyncTwilioHttpClient(pool_connections=False)
        http_client.session = _TimedSession(self._session, self._timeout)
        client = Client(*self._credentials, http_client=http_client)
        client.api.base_url = self._api_base_url
        self._client = client
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    async def send(self, text: Text) -> Accepted:
        """Create the message at Twilio."""
        if text.messaging_service_sid:
            sender = {"messaging_service_sid": text.messaging_service_sid}
        else:
            sender = {"from_": text.from_phone}
        with _as_transport_errors():
            message = await self._open().messages.create_async(
                to=text.to_phone,
                body=text.body,
                status_callback=text.callback_url,
                validity_period=text.validity_seconds,
                **sender,
            )
        return Accepted(sid=str(message.sid), status=str(message.status))

    async def texts_to(self, phone: str, *, since: datetime) -> list[KnownText]:
        """Twilio's list of messages to `phone`, newest first."""
        with _as_transport_errors():
            rows = await self._open().messages.list_async(to=phone, date_sent_after=since)
            return [_known(row) for row in rows]

    async def status_of(self, sid: str) -> KnownText:
        """One message of Twilio's."""
        with _as_transport_errors():
            return _known(await self._open().messages(sid).fetch_async())

    def _open(self) -> Client:
        if self._client is None:
            raise NotSentError("the transport is not open")
        return self._client


def decision_of(code: int | None) -> Decision:
    """What an error code means, in an answer or in a status callback.

    Repeating what we do not understand is how patients get a text five times.
    """
    return DECISIONS.get(code or 0, Decision.UNLISTED)


@contextlib.contextmanager
def _as_transport_errors() -> Iterator[None]:
    """What the SDK and aiohttp raise, as one of our three errors, without the phone number."""
    try:
        yield
    except TwilioRestException as error:
        raise _refusal(error) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSentError(type(error).__name__) from None
    except (aiohttp.ClientError, TimeoutError, OSError, TwilioException, ValueError) as error:
        # ValueError: a 2xx whose body is not what it should be. It may have been processed.
        raise UnknownOutcomeError(type(error).__name__) from None


def _known(row: MessageInstance) -> KnownText:
    return KnownText(
        sid=str(row.sid),
        from_phone=str(row.from_),
        to_phone=str(row.to),
        body=str(row.body or ""),
        status=str(row.status),
        error_code=row.error_code,
        created_at=row.date_created,
        media_count=int(row.num_media or 0),
    )


def _refusal(error: TwilioRestException) -> RefusedError | UnknownOutcomeError:
    """Twilio's answer as a decision; 5xx tells nothing about whether the text was taken on.

    `from None` at the caller: the SDK's message repeats the phone number.
    """
    if error.status >= 500:
        return UnknownOutcomeError(f"HTTP {error.status}")
    if error.status == 429:
        return RefusedError(error.code, Decision.SLOW_DOWN, retry_after=1.0)
    if error.status == 401:
        return RefusedError(error.code, Decision.STOP_SENDER)
    return RefusedError(error.code, decision_of(error.code), retry_after=1.0)
