"""Carrying it out: in one transaction, nothing in flight, nothing left behind."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry as Change
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, F, Func, JSONField, Model, QuerySet, Value
from django.db.models.functions import Cast

from exercises.models import Alert, Erasure, IdempotentRequest, Patient, Program, User
from exercises.services import end_program
from notifications import outbox
from notifications.erasing.fields import PERSONAL
from notifications.erasing.phones import forget_phones, is_unread, phones_of
from notifications.models import InboundMessage, InboxItem, OutboundMessage

logger = logging.getLogger(__name__)

AT_ONCE = 20
AGAIN_AFTER = timedelta(hours=1)


def rows_of(label: str, patient: UUID) -> QuerySet[Model]:
    """The rows of one model that are this patient's."""
    model: type[Model] = apps.get_model(label)
    return model._default_manager.filter(**{PERSONAL[label].path: patient})


def carry_out_due(*, now: datetime) -> int:
    """Carry out what is due, each for itself; returns how many."""
    due = Erasure.objects.filter(due_at__lte=now, done_at=None, undone_at=None)
    pks = list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(carry_out(pk, now=now) for pk in pks)


def carry_out(pk: int, *, now: datetime) -> bool:
    """Whether this one is done now. One that cannot be done is tried again in an hour, behind
    others, and counted where it is shown.
    """
    try:
        done = _carry_out(pk, now=now)
    except Exception:
        logger.exception("erasure=%s was not carried out", pk)
        done = False
    if not done:
        open_one = Erasure.objects.filter(pk=pk, done_at=None, undone_at=None)
        open_one.update(tries=F("tries") + 1, due_at=now + AGAIN_AFTER)
    return done


@transaction.atomic
def _carry_out(pk: int, *, now: datetime) -> bool:
    row = (
        Erasure.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, done_at=None, undone_at=None)
        .first()
    )
    if row is None:
        return False
    patient = Patient.objects.select_for_update(of=("self",)).filter(pk=row.erased_id).first()
    if patient is not None:
        if _is_in_the_way(patient):
            return False
        for program in patient.programs.exclude(status=Program.Status.ENDED):
            end_program(program=program, now=now)
        with disable_auditlog():
            row.counts = _forget(patient, now=now)
            if row.kind == Erasure.Kind.ERASE:
                _delete_all(patient)
    row.patient = patient if row.kind == Erasure.Kind.ANONYMISE else None
    row.done_at = now
    row.save(update_fields=["patient", "counts", "done_at"])
    logger.info("erasure=%s done", row.pk)
    return True


def _is_in_the_way(patient: Patient) -> bool:
    """Whether something of theirs has to be settled first: a text at the carrier's door, one that
    nobody has read (it may be a STOP, or a cry for help), a sign that no clinician has closed.
    """
    no_text = outbox.skip_patient(patient, OutboundMessage.SkipReason.NOT_ACTIVE)
    return not no_text or is_unread(phones_of(patient)) or holds(patient)


def holds(patient: Patient) -> bool:
    """Whether a sign of danger is open."""
    return patient.alerts.filter(acknowledged_at=None, reason__in=sorted(Alert.HOLDS)).exists()


def _forget(patient: Patient, *, now: datetime) -> dict[str, int]:
    # While the phones still stand in the rows by which they are found.
    forget_phones(patient)
    _forget_changes(patient)
    _delete_accounts(patient)
    _close(patient, now=now)
    counts: dict[str, int] = {}
    for label, columns in PERSONAL.items():
        rows = rows_of(label, patient.pk)
        if columns.deleted:
            counts[label] = rows.delete()[0]
        elif columns.blank:
            counts[label] = rows.update(**columns.blank)
    Patient.objects.filter(pk=patient.pk).update(removed_at=now)
    return counts


def _close(patient: Patient, *, now: datetime) -> None:
    """Nobody is asked about what nobody can read any more."""
    patient.alerts.filter(acknowledged_at=None).update(acknowledged_at=now, deadline=None)
    InboxItem.objects.filter(patient=patient, handled_at=None).update(handled_at=now)


class Without(Func):
    """A JSON object without some of its keys."""

    template = "(%(expressions)s)::jsonb"
    arg_joiner = " - "
    output_field = JSONField()


def _forget_changes(patient: Patient) -> None:
    """Take the words out of the logs of changes; that there was a change, and its figures, stay."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hep.forgetting = 'on'")
    for model, words, ids in _with_ids(patient):
        kind = ContentType.objects.get_for_model(model)
        keys = Func(Value("{" + ",".join(words) + "}"), template="%(expressions)s::text[]")
        Change.objects.filter(content_type=kind, object_pk__in=ids).update(
            object_repr="",
            changes=Without(F("changes"), keys),
            changes_text="",
            serialized_data=None,
            additional_data=None,
        )
        AdminEntry.objects.filter(content_type=kind, object_id__in=ids).update(
            object_repr="", change_message=""
        )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hep.forgetting = 'off'")


def _with_ids(patient: Patient) -> Iterable[tuple[type[Model], list[str], list[str]]]:
    """Each model with its columns of words and the patient's ids."""
    for label, columns in PERSONAL.items():
        rows = rows_of(label, patient.pk)
        yield rows.model, list(columns.blank), [str(pk) for pk in rows.values_list("pk", flat=True)]
    accounts = User.objects.filter(patient=patient).values_list("pk", flat=True)
    yield User, ["name", "email"], [str(pk) for pk in accounts]


def _delete_accounts(patient: Patient) -> None:
    """The patient's own account with its devices, and answers kept for repeats that name them."""
    User.objects.filter(patient=patient).delete()
    kept = IdempotentRequest.objects.annotate(told=Cast("body", CharField()))
    ids = [patient.pk, *patient.programs.values_list("pk", flat=True)]
    for one in ids:
        kept.filter(told__contains=str(one)).delete()


def _delete_all(patient: Patient) -> None:
    """Leaves first, as `PERSONAL` has them. Consent's events stay, of nobody."""
    # What was written to somebody else on the phone leans on texts that go.
    texts = InboundMessage.objects.filter(patient=patient)
    OutboundMessage.objects.filter(answers__in=texts).update(answers=None)
    OutboundMessage.objects.filter(postponed_by__in=texts).update(postponed_by=None)
    InboxItem.objects.filter(inbound__in=texts).delete()
    for label in PERSONAL:
        if label != "notifications.ConsentEvent":
            rows_of(label, patient.pk).delete()
