"""Sealing the log of looks, so that a row which is changed or gone shows.

A seal holds the digest of the rows since the last one, chained to it: whoever takes a row away,
with whatever rights, would have to make every later seal anew. A copy of the newest digest that is
kept elsewhere shows that too.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction

from exercises.models import Look, LookSeal
from hep.once import one_at_a_time

# A look is written within its request; what is younger may still be on its way.
SETTLED = timedelta(minutes=10)
AT_ONCE = 100_000
# The rows as PostgreSQL prints them, in their order, as one digest and their number.
ROWS = """
    SELECT count(*), encode(sha256(convert_to(
        coalesce(string_agg(row_to_json(look)::text, E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
    FROM exercises_look AS look WHERE id > %s AND id <= %s
"""


@transaction.atomic
def seal_looks(*, now: datetime) -> int:
    """Seal the looks that have settled; returns how many, at most 100,000 at a time."""
    one_at_a_time("seal looks")
    last = LookSeal.objects.order_by("-pk").first()
    since = last.until if last else 0
    waiting = Look.objects.filter(pk__gt=since).order_by("pk")
    unsettled = waiting.filter(at__gt=now - SETTLED).first()
    settled = waiting.filter(pk__lt=unsettled.pk) if unsettled else waiting
    keys = list(settled.values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    count, digest = _rows(since, keys[-1])
    before = last.digest if last else ""
    LookSeal.objects.create(
        sealed_at=now, since=since, until=keys[-1], count=count, digest=_chained(before, digest)
    )
    return count


def broken_seal() -> LookSeal | None:
    """The first seal whose rows, or whose place in the chain, are not what they were."""
    before, since = "", 0
    for seal in LookSeal.objects.order_by("pk").iterator():
        count, digest = _rows(seal.since, seal.until)
        told = (seal.since, seal.count, seal.digest)
        if told != (since, count, _chained(before, digest)):
            return seal
        before, since = seal.digest, seal.until
    return None


def _rows(since: int, until: int) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [since, until])
        count, digest = cursor.fetchone()
    return count, digest


def _chained(before: str, digest: str) -> str:
    return hashlib.sha256(f"{before} {digest}".encode()).hexdigest()
