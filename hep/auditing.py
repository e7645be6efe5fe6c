"""Who did it, and who looked: what auditlog's middleware cannot know by itself.

Nobody has to remember to note a look (45 CFR 164.312(b)): a request carries a trace, and whatever
rows its answer is built from through `visible_to` leave their patients there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from auditlog.context import auditlog_value

# Imported while the models are still being loaded, by way of DRF's settings.
if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(slots=True)
class Trace:
    """What one request has seen: patients by id, and programs whose patients are to be found."""

    user: Any = None
    patients: set[UUID] = field(default_factory=set)
    programs: set[UUID] = field(default_factory=set)
    # Of programs that were read themselves, which costs no query.
    known: dict[UUID, UUID] = field(default_factory=dict)


def keep_changes(app: AppConfig, models: Iterable[str], left_out: Mapping[str, list[str]]) -> None:
    """Keep who changed what of the app's `models`, but for the fields of each that are left out.

    A test names every other model with the reason why not.
    """
    from auditlog.registry import auditlog  # noqa: PLC0415  # has models: apps must be ready

    for name in models:
        auditlog.register(app.get_model(name), exclude_fields=left_out.get(name, []))


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def traced() -> Iterator[Trace]:
    """A trace for what is read meanwhile."""
    trace = Trace()
    token = _trace.set(trace)
    try:
        yield trace
    finally:
        _trace.reset(token)


def acts_as(user: AbstractBaseUser) -> None:
    """Name the user of a token in what this request changes: the middleware ran before we knew."""
    context = auditlog_value.get(None)
    if context is not None:
        context["actor"] = user
    trace = _trace.get()
    if trace is not None:
        trace.user = user


def seen(rows: Iterable[Any]) -> None:
    """Leave the patients of `rows` (of one model) in the trace, if there is one.

    Only what a row already holds is looked at: no query is made for it here.
    """
    trace = _trace.get()
    if trace is None:
        return
    for row in rows:
        held = row.__dict__ if hasattr(row, "__dict__") else {}
        if row._meta.model_name == "patient":
            trace.patients.add(row.pk)
        elif held.get("patient_id") is not None:
            trace.patients.add(held["patient_id"])
            if row._meta.model_name == "program":
                trace.known[row.pk] = held["patient_id"]
        elif held.get("program_id") is not None:
            trace.programs.add(held["program_id"])
