"""The log of looks and of changes can only be added to, and a gap or a change in it shows."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from exercises.models import Look, LookSeal, Patient, User
from exercises.services.looks import broken_seal, seal_looks
from tests import factories
from tests.conftest import api_of

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)
# Rows that no log of changes has to follow, each with its reason.
NOT_AUDITED = {
    "exercises": {
        # Rows that are only ever added, beside one that is audited.
        "CheckInEntry", "SessionLogEdit", "Prescription", "ProgramPhase", "Look", "LookSeal",
        # Follow from the program and the patient's hours, and are written by the thousand.
        "Schedule",
        # Ways in: they hold digests of secrets, and who came in by them stands in the log of looks.
        "Authenticator", "DeviceToken", "DigestKey", "IdempotentRequest", "Invitation", "PageLink", "PasswordAsk", "SignInCode",
        # The same for every clinic, from the release's own files.
        "Equipment",
    },
    "notifications": {
        # Texts and what became of them are a log themselves, and consent has its own.
        "AlertEmail", "ConsentEvent", "ConsentOffer", "DeliveryEvent", "InboundMessage", "InboxItem",
        "OutboundMessage", "PhoneConsent", "SendAttempt",
        # Figures of the machine.
        "Heartbeat", "Histogram",
    },
}  # fmt: skip  # a table


def looked(alice: User, patient: Patient, times: int) -> None:
    for _ in range(times):
        api_of(alice).get(f"/api/v1/patients/{patient.pk}/")


def checked() -> str:
    told = StringIO()
    call_command("check_looks", stdout=told)
    return told.getvalue()


def by_force(statement: str) -> None:
    """As the owner of the tables may, who can switch a trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exercises_look DISABLE TRIGGER append_only")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE exercises_look ENABLE TRIGGER append_only")


def test_what_is_whole_is_called_whole(alice: User, maria: Patient) -> None:
    assert checked() == "Nothing is sealed yet.\n"
    looked(alice, maria, 3)
    assert seal_looks(now=timezone.now()) == 0, "what is just written may not be all yet"
    assert seal_looks(now=timezone.now() + LATER) == 3
    looked(alice, maria, 2)
    assert seal_looks(now=timezone.now() + LATER) == 2
    assert seal_looks(now=timezone.now() + LATER) == 0
    newest = LookSeal.objects.latest("pk")
    assert checked() == f"2 seals up to look {newest.until} are whole: {newest.digest}\n"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM exercises_look WHERE id = (SELECT max(id) FROM exercises_look)",
        "DELETE FROM exercises_look WHERE id = (SELECT min(id) FROM exercises_look)",
        'UPDATE exercises_look SET "user" = 0',
        "UPDATE exercises_look SET patients = '{}'",
        "UPDATE exercises_look SET at = at + interval '1 second'",
    ],
)
def test_what_was_taken_out_or_changed_is_noticed(
    alice: User, maria: Patient, statement: str
) -> None:
    looked(alice, maria, 3)
    seal_looks(now=timezone.now() + LATER)
    by_force(statement)
    assert broken_seal() == LookSeal.objects.get()
    with pytest.raises(CommandError, match="is broken: the looks"):
        checked()


def test_a_seal_that_was_taken_out_or_made_anew_is_noticed(alice: User, maria: Patient) -> None:
    for _ in range(3):
        looked(alice, maria, 1)
        seal_looks(now=timezone.now() + LATER)
    second = LookSeal.objects.order_by("pk")[1]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exercises_lookseal DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM exercises_lookseal WHERE id = %s", [second.pk])
    assert broken_seal() == LookSeal.objects.latest("pk")


@pytest.mark.parametrize("act", ["change", "delete"])
@pytest.mark.parametrize("model", [Look, LookSeal, LogEntry])
def test_the_applications_role_can_only_add(
    alice: User, maria: Patient, model: type[Look], act: str
) -> None:
    looked(alice, maria, 1)
    seal_looks(now=timezone.now() + LATER)
    rows = model._default_manager.all()
    assert rows.exists()
    text = {"Look": "path", "LookSeal": "digest", "LogEntry": "object_repr"}[model.__name__]
    with pytest.raises(ProgrammingError, match="only added"), transaction.atomic():
        rows.update(**{text: "x"}) if act == "change" else rows.delete()


def test_an_account_may_go_and_leaves_its_name_in_the_log(maria: Patient) -> None:
    user = factories.UserFactory.create(email="gone@example.org")
    entry = LogEntry.objects.log_create(
        maria, force_log=True, action=1, actor=user, actor_email=user.email
    )
    assert entry is not None
    user.delete()
    entry.refresh_from_db()
    assert (entry.actor_id, entry.actor_email) == (None, "gone@example.org")


@pytest.mark.parametrize("label", sorted(NOT_AUDITED))
def test_every_model_is_audited_or_exempt(label: str) -> None:
    from auditlog.registry import auditlog  # noqa: PLC0415  # has models

    models = apps.get_app_config(label).get_models()
    left_out = {row.__name__ for row in models if not auditlog.contains(row)}
    assert left_out == NOT_AUDITED[label]
