"""After a restore: nothing that left since the backup leaves again, and a STOP that came is heard.

A backup knows nothing of what came after it: texts that left wait in it, occurrences that were
texted are due, answers are not there. The carrier's own list has both directions, so, with sending
stopped, in this order:

 1. what is due is written, and everything that would leave becomes *unknown*: perhaps it did;
 2. each is looked for on the carrier's list since the backup; what is there has left, what is not
    waits again and goes by the usual rules, or is too late by them;
 3. texts that came are taken in from the list and read, in their order: scores, STOPs, signs;
 4. our answers to them are looked for as in 2, since most have left already.

A person looks at what was found and lets the texts go (docs/operations.md#after-a-restore).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from notifications import outbox
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage, SendAttempt, TextingSwitch
from notifications.outgoing import due, reconcile
from notifications.outgoing.send_facts import BatchFacts

Status = OutboundMessage.Status
Outcome = SendAttempt.Outcome
PAGE = 500
RESTORED = "Restored from the backup of"
# Stands in the switch's reason until every number was asked about.
UNFINISHED = "after_restore has not finished"


class NotYetError(Exception):
    """What was asked for has to wait; says for what."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the carrier's list found; `open` texts are still looked for, and of `silent`
    numbers of ours it is not known what came to them.
    """

    came: int
    read: int
    doubted: int
    left: int
    never_left: int
    open: int
    silent: int


def hold(*, backup_at: datetime) -> None:
    """Stop every text of every clinic until `release`."""
    switch = TextingSwitch.objects.first() or TextingSwitch()
    earlier = _earlier(switch)
    switch.is_on = False
    switch.reason = f"{earlier}{_restored(backup_at)}: {UNFINISHED}"
    switch.save()


def catch_up(*, backup_at: datetime, now: datetime) -> Found:
    """Bring the record in line with what happened since `backup_at`; again does no harm.

    Raises NotYetError while texts may leave.
    """
    if not TextingSwitch.objects.filter(is_on=False).exists():
        raise NotYetError("Texts are not stopped: hold them first.")
    outbox.expire_leases(now=now + outbox.LEASE)
    while due.write_due(now=now):
        pass
    doubted = _doubt_all(backup_at=backup_at, now=now)
    _settle(now=now)
    came, silent = reconcile.take_in_since(backup_at)
    read = 0
    while found := inbound.read_inbound(now=now):
        read += found
    doubted += _doubt_all(backup_at=backup_at, now=now)
    _settle(now=now)
    if not silent:
        for switch in TextingSwitch.objects.filter(reason__endswith=UNFINISHED):
            switch.reason = f"{switch.reason.removesuffix(UNFINISHED)}release_texts"
            switch.save()
    looked_for = SendAttempt.objects.filter(started_at=backup_at, finished_at__lte=now)
    return Found(
        came=came,
        read=read,
        doubted=doubted,
        left=looked_for.filter(outcome=Outcome.ACCEPTED).count(),
        never_left=looked_for.filter(outcome=Outcome.NOT_SENT).count(),
        open=_open_ones().count(),
        silent=silent,
    )


def release() -> None:
    """Let texts go again, unless they were off for another reason before the backup.

    Raises NotYetError while one is still looked for or unread, or a STOP may be where nobody could
    look.
    """
    if TextingSwitch.objects.filter(is_on=False, reason__endswith=UNFINISHED).exists():
        raise NotYetError("It is not known what came since the backup: run after_restore again.")
    if waiting := _open_ones().count():
        raise NotYetError(f"{waiting} texts are still looked for on the carrier's list.")
    if unread := InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED).count():
        raise NotYetError(f"{unread} texts that came are not read yet.")
    for switch in TextingSwitch.objects.filter(is_on=False):
        earlier = _earlier(switch).removesuffix("; ")
        switch.is_on, switch.reason = not earlier, earlier
        switch.save()


def _restored(backup_at: datetime) -> str:
    return f"{RESTORED} {backup_at:%Y-%m-%d %H:%M} UTC"


def _earlier(switch: TextingSwitch) -> str:
    """Why texts were off when the backup was made, with "; " behind it; empty: they were on."""
    if switch.is_on:
        return ""
    reason, was_restored, _ = switch.reason.partition(RESTORED)
    if was_restored:
        return reason
    return f"{(reason or 'Off before the backup')[:80]}; "


def _open_ones() -> QuerySet[OutboundMessage]:
    """Texts that are looked for and were not found yet."""
    return OutboundMessage.objects.filter(
        status=Status.UNKNOWN, attempts__outcome=Outcome.RESTORED
    ).distinct()


def _doubt_all(*, backup_at: datetime, now: datetime) -> int:
    """Everything that would leave now may have left before; returns how many."""
    doubted, after = 0, 0
    while page := _page(after, backup_at=backup_at, now=now):
        doubted += len(page)
        after = page[-1].pk
    return doubted


@transaction.atomic
def _page(after: int, *, backup_at: datetime, now: datetime) -> Sequence[OutboundMessage]:
    waiting = OutboundMessage.objects.filter(status=Status.WAITING, due_at__lte=now, pk__gt=after)
    # What was not found in this restore is no longer in doubt.
    looked_for = SendAttempt.objects.filter(started_at=backup_at).values("message")
    rows = list(waiting.exclude(pk__in=looked_for).select_for_update().order_by("pk")[:PAGE])
    if rows:
        batch = BatchFacts(rows, now=now)
        bodies = {row.pk: outbox.kept_words(row.kind, batch.body_of(row)) for row in rows}
        outbox.doubt(bodies, since=backup_at, now=now)
    return rows


def _settle(*, now: datetime) -> None:
    """Look each up until none can be told any more."""
    while _open_ones().filter(not_before__lte=now).exists():
        reconcile.settle_unknown(now=now)
