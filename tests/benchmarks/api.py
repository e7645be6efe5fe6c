"""The API against a bare Django view that asks the database one question."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import CheckIn, DeviceToken, Program, User
from tests import factories
from tests.benchmarks import rows
from tests.benchmarks.report import Figure
from tests.benchmarks.serving import get_all, serving

REQUESTS = 1_000
# Below the limit for one user in a minute, warming up included.
WARM = 100


def everything() -> list[Figure]:
    """Queries of today for 10 and 1,000 rows; today and a list beside the bare view."""
    rows.empty()
    program = factories.program(now=timezone.now())
    account = User.objects.create(patient=program.patient, email=None)
    few, many = (_queries(program, account, count) for count in (10, 1000))
    rates = {}
    for name, path in (("today", "me/today/"), ("check_ins", "me/check-ins/")):
        # A limit that the one before has used up would be met otherwise.
        cache.clear()
        DeviceToken.objects.all().delete()
        _, token = DeviceToken.objects.create(user=account)
        connection.close()
        rates[name] = _rate("hep.wsgi", f"/api/v1/{path}", token)
    floor = _rate("tests.benchmarks.bare", f"/check-ins/{program.pk}", "")
    return [
        Figure("api_today_queries", many, "constant", many, few, "queries"),
        Figure("api_today_vs_bare_view", rates["today"] / floor, ">= 0.4", rates["today"], floor, "requests/s"),
        Figure("api_list_vs_bare_view", rates["check_ins"] / floor, ">= 0.4", rates["check_ins"], floor, "requests/s"),
    ]  # fmt: skip  # one figure a line


def _rate(module: str, path: str, token: str) -> float:
    headers = {"Authorization": f"Token {token}"} if token else {}
    with serving(module) as base:
        asyncio.run(get_all(base + path, WARM, headers))
        return asyncio.run(get_all(base + path, REQUESTS, headers))


def _queries(program: Program, account: User, count: int) -> int:
    today = timezone.localdate()
    CheckIn.objects.all().delete()
    CheckIn.objects.bulk_create(
        CheckIn(program=program, local_date=today - timedelta(days=back), score=3, source="app")
        for back in range(count)
    )
    app = APIClient()
    app.force_authenticate(User.objects.select_related("patient__clinic").get(pk=account.pk))
    app.get("/api/v1/me/today/", headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as captured:
        assert app.get("/api/v1/me/today/", headers={"host": "localhost"}).status_code == 200
    return len(captured)
