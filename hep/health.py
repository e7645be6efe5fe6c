"""`/healthz` for the process, `/readyz` for what it needs, `/metrics` for the operator.

Apps add their own checks and figures with `readiness_check` and `metrics_source`; `hep` imports no
app.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readiness:
    """One thing the service needs: is it there, and if not, what to tell the operator."""

    ok: bool
    detail: str = "ok"


Source = Callable[[], Iterable[Metric]]
_readiness: dict[str, Callable[[], Readiness]] = {}
# Read from the rows at each look, so any number of processes tell the same.
_metrics = CollectorRegistry()


def readiness_check(name: str) -> Callable[[Callable[[], Readiness]], Callable[[], Readiness]]:
    """Register a function whose answer `/readyz` shows under `name`."""

    def keep(check: Callable[[], Readiness]) -> Callable[[], Readiness]:
        _readiness[name] = check
        return check

    return keep


class _Collector(Collector):
    """A source of figures as prometheus-client asks for one."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def collect(self) -> Iterable[Metric]:
        """The figures now."""
        return self._source()


def metrics_source(source: Source) -> Source:
    """Register a function whose figures `/metrics` prints; no label ever names a patient."""
    _metrics.register(_Collector(source))
    return source


@readiness_check("database")
def _database() -> Readiness:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Readiness(ok=True)


@readiness_check("broker")
def _broker() -> Readiness:
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2
    ) as client:
        client.ping()
    return Readiness(ok=True)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; a restart is the only cure it asks for."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything the service needs is there, else 503 with what is missing."""
    results = {name: _ask(check) for name, check in _readiness.items()}
    ready = all(result.ok for result in results.values())
    body = {"ready": ready, "checks": {name: result.detail for name, result in results.items()}}
    return JsonResponse(body, status=200 if ready else 503)


def _ask(check: Callable[[], Readiness]) -> Readiness:
    try:
        return check()
    except (DatabaseError, redis.RedisError) as error:
        logger.warning("readiness check failed: %s", type(error).__name__)
        return Readiness(ok=False, detail="unreachable")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every registered figure in Prometheus' text format, for who has METRICS_TOKEN.

    Without a token there is no such page, but for development.
    """
    if not settings.METRICS_TOKEN and not settings.DEBUG:
        raise Http404
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), expected.encode()):
        answer = HttpResponse("Send METRICS_TOKEN as a bearer token.", status=401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return HttpResponse(generate_latest(_metrics), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class HealthMiddleware:
    """`/healthz`, `/readyz` and `/metrics` by whatever name the caller knows us: a container's own
    check and Prometheus ask an address that no patient uses, and without TLS.
    """

    PAGES: ClassVar[dict[str, Callable[[HttpRequest], HttpResponse]]] = {
        "/healthz": healthz,
        "/readyz": readyz,
        "/metrics": metrics,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before anything that looks at the host or the scheme."""
        page = self.PAGES.get(request.path, self.get_response)
        try:
            return page(request)
        except Http404:
            # Told as any page that is not there: by the rest of the stack.
            return self.get_response(request)
