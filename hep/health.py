"""`/healthz` for the process, `/readyz` for what it needs, `/metrics` for the operator.

Apps add their own checks and figures with `readiness_check` and `metric`; `hep` imports no app.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readiness:
    """One thing the service needs: is it there, and if not, what to tell the operator."""

    ok: bool
    detail: str = "ok"


@dataclass(frozen=True)
class Metric:
    """A figure in Prometheus' text format; `labels` never hold a patient."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


_readiness: dict[str, Callable[[], Readiness]] = {}
_metrics: list[Callable[[], list[Metric]]] = []


def readiness_check(name: str) -> Callable[[Callable[[], Readiness]], Callable[[], Readiness]]:
    """Register a function whose answer `/readyz` shows under `name`."""

    def keep(check: Callable[[], Readiness]) -> Callable[[], Readiness]:
        _readiness[name] = check
        return check

    return keep


def metrics_source(source: Callable[[], list[Metric]]) -> Callable[[], list[Metric]]:
    """Register a function whose figures `/metrics` prints."""
    _metrics.append(source)
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
    """Every registered figure, one line each."""
    lines = []
    for source in _metrics:
        for figure in source():
            labels = ",".join(f'{key}="{value}"' for key, value in figure.labels)
            lines.append(f"{figure.name}{{{labels}}} {figure.value:g}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
