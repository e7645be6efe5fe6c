"""Carrying it out: in one transaction, nothing in flight, nothing left behind."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry as Change
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast

from exercises.models import Erasure, IdempotentRequest, Patient, Program, SignInCode, User
from exercises.services import end_program
from notifications import outbox
from notifications.erased_phones import digests
from notifications.erasing.fields import PERSONAL
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, PhoneConsent

logger = logging.getLogger(__name__)

AT_ONCE = 20


def rows_of(label: str, patient: UUID) -> QuerySet[Model]:
    """The rows of one model that are this patient's."""
    model: type[Model] = apps.get_model(label)
    return model._default_manager.filter(**{PERSONAL[label].path: patient})


def carry_out_due(*, now: datetime) -> int:
    """Carry out what is due, each for itself; returns how many."""
    due = Erasure.objects.filter(due_at__lte=now, done_at=None, undone_at=None)
    done = 0
    for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            done += _carry_out(pk, now=now)
        except Exception:
            # One that cannot be done must not hold up the others; it is tried again.
            logger.exception("erasure=%s was not carried out", pk)
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
        if not outbox.skip_patient(patient, OutboundMessage.SkipReason.NOT_ACTIVE):
            # One of their texts is at the carrier's door: its outcome is settled first.
            return False
        with disable_auditlog():
            row.counts = _forget(patient, everything=row.kind == Erasure.Kind.ERASE, now=now)
    row.patient = patient if row.kind == Erasure.Kind.ANONYMISE else None
    row.done_at = now
    row.save(update_fields=["patient", "counts", "done_at"])
    logger.info("erasure=%s done", row.pk)
    return True


def _forget(patient: Patient, *, everything: bool, now: datetime) -> dict[str, int]:
    for program in patient.programs.exclude(status=Program.Status.ENDED):
        end_program(program=program, now=now)
    _forget_changes(patient)
    _forget_phone(patient)
    _delete_accounts(patient)
    counts: dict[str, int] = {}
    for label, columns in PERSONAL.items():
        rows = rows_of(label, patient.pk)
        if columns.deleted:
            counts[label] = rows.delete()[0]
        elif columns.blank:
            counts[label] = rows.update(**columns.blank)
    ConsentEvent.objects.filter(patient=patient, how=ConsentEvent.How.SMS).update(words="")
    if everything:
        _delete_all(patient)
    return counts


def _forget_changes(patient: Patient) -> None:
    """Empty what the logs of changes say of these rows; that there was a change, stays."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hep.forgetting = 'on'")
    accounts = User.objects.filter(patient=patient)
    for model, ids in _with_ids(patient, accounts):
        kind = ContentType.objects.get_for_model(model)
        Change.objects.filter(content_type=kind, object_pk__in=ids).update(
            object_repr="",
            changes={},
            changes_text="",
            serialized_data=None,
            additional_data=None,
        )
        AdminEntry.objects.filter(content_type=kind, object_id__in=ids).update(
            object_repr="", change_message=""
        )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hep.forgetting = 'off'")


def _with_ids(
    patient: Patient, accounts: QuerySet[User]
) -> Iterable[tuple[type[Model], list[str]]]:
    for label in PERSONAL:
        rows = rows_of(label, patient.pk)
        yield rows.model, [str(pk) for pk in rows.values_list("pk", flat=True)]
    yield User, [str(pk) for pk in accounts.values_list("pk", flat=True)]


def _forget_phone(patient: Patient) -> None:
    """What stands under the phone itself, unless somebody else has it, who must lose nothing."""
    phone = str(patient.phone)
    sharing = Patient.objects.filter(phone=phone).exclude(pk=patient.pk)
    PhoneConsent.people.through.objects.filter(patient=patient.pk).delete()
    if not sharing.exists():
        _forget_texts_of_nobody(phone)
    there = set(sharing.values_list("clinic_id", flat=True))
    SignInCode.objects.filter(phone=phone).exclude(clinic__in=there).delete()
    for row in PhoneConsent.objects.filter(phone=phone).exclude(clinic__in=there):
        earlier = PhoneConsent.objects.filter(phone__in=digests(phone), clinic=row.clinic_id)
        ConsentEvent.objects.filter(consent__in=earlier).update(consent=row)
        earlier.delete()
        PhoneConsent.objects.filter(pk=row.pk).update(phone=digests(phone)[0])


def _forget_texts_of_nobody(phone: str) -> None:
    """Texts from and to the phone that belong to no one patient: codes, and what nobody claimed."""
    InboundMessage.objects.filter(from_phone=phone, patient=None).update(from_phone="", body="")
    OutboundMessage.objects.filter(to_phone=phone, patient=None).update(
        to_phone="", names="", detail="", body=""
    )
    ConsentEvent.objects.filter(consent__phone=phone, how=ConsentEvent.How.SMS).update(words="")


def _delete_accounts(patient: Patient) -> None:
    """The patient's own account with its devices, and answers kept for repeats that name them."""
    User.objects.filter(patient=patient).delete()
    kept = IdempotentRequest.objects.annotate(told=Cast("body", CharField()))
    ids = [patient.pk, *patient.programs.values_list("pk", flat=True)]
    for one in ids:
        kept.filter(told__contains=str(one)).delete()


def _delete_all(patient: Patient) -> None:
    """Leaves first, as `PERSONAL` has them. Consent's events stay, of nobody."""
    for label in PERSONAL:
        if label != "notifications.ConsentEvent":
            rows_of(label, patient.pk).delete()
