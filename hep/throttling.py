"""How many requests a caller may make, counted in Redis by fixed windows."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from hep.caller import caller_network
from hep.names import account_name

# DRF imports this module by its settings while its views are still being loaded.
if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)
EVERYTHING = "all"


class Throttle(SimpleRateThrottle):
    """By the signed-in user, else by address; a view's `throttle_scope` has a tighter rate.

    One count a window instead of a list of times: one word to Redis. When Redis is away
    nobody is kept out: what must hold then (tries of a code, wrong passwords) is counted in
    PostgreSQL.
    """

    scope = EVERYTHING

    def __init__(self) -> None:
        """The rate is known once the view is."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; False when the window is full."""
        self.scope = getattr(view, "throttle_scope", EVERYTHING)
        return self.allow(self.scope, self._who(request))

    def allow(self, scope: str, who: str) -> bool:
        """Count one more of `scope` by `who`, for a page that is no view of the API's too."""
        most, seconds = self.parse_rate(str(api_settings.DEFAULT_THROTTLE_RATES[scope]))
        now = time.time()
        self.left = (seconds or 0) - now % (seconds or 1)
        key = f"throttle:{scope}:{who}:{int(now // (seconds or 1))}"
        try:
            return _count(key, seconds or 1) <= (most or 0)
        except RedisError as error:
            logger.warning("nothing counts requests: %s", type(error).__name__)
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.left

    def _who(self, request: Request) -> str:
        if request.user and request.user.is_authenticated:
            return f"user-{request.user.pk}"
        return str(caller_network(request._request))


def _count(key: str, seconds: int) -> int:
    """How often `key` was counted by now: one word to Redis where the cache takes three."""
    connection: Any = cache
    named = connection.make_key(key)
    with connection._cache.get_client(write=True).pipeline(transaction=False) as pipeline:
        pipeline.incr(named)
        pipeline.expire(named, seconds)
        count, _ = pipeline.execute()
    return int(count)


def sign_in_name(request: Any, credentials: dict[str, Any] | None) -> str:
    """Whose failed sign-ins are counted together: in the form in which the account is found.

    Django tells a failure with `username`, axes asks with the name of the account's own field.
    """
    given = credentials or request.POST
    return account_name(given.get("username") or given.get("email"))
