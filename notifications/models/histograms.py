"""Seconds that things took, counted by size: what `/metrics` shows as histograms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from hep.lines import LineField

# Upper ends in seconds; one more count holds what took longer.
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


class Histogram(models.Model):
    """How often something took how long, since the beginning; counts only grow."""

    name = LineField(max_length=40, primary_key=True)
    counts = ArrayField(models.BigIntegerField(), help_text="One for each of BUCKETS, one above.")
    total = models.FloatField(default=0.0, help_text="Seconds of all together.")

    def __str__(self) -> str:
        return self.name


@transaction.atomic
def observe(name: str, seconds: Iterable[float]) -> None:
    """Count each of `seconds` under `name`. Two statements, none for nothing."""
    seen = list(seconds)
    if not seen:
        return
    empty = [0] * (len(BUCKETS) + 1)
    row, _ = Histogram.objects.select_for_update().get_or_create(
        name=name, defaults={"counts": empty}
    )
    for value in seen:
        row.counts[bisect_left(BUCKETS, value)] += 1
    row.total += sum(seen)
    row.save()
