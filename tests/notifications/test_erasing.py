"""A record made nameless, or erased: by two people, after a week, with nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from exercises.models import (
    Alert,
    CheckIn,
    Clinic,
    DeviceToken,
    Erasure,
    IdempotentRequest,
    IntakeScreen,
    Patient,
    Program,
    Provider,
    SignInCode,
    TreatmentSession,
    User,
)
from exercises.reads.pauses import pauses_of
from exercises.services import assign_program, pause_program, record_check_in
from exercises.services.people import save_patient
from hep.errors import ConflictError, InvalidInputError
from notifications.alerts import tell_providers
from notifications.consent import record_consent
from notifications.erased_phones import is_erased
from notifications.erasing.asking import DELAY, ask, confirm, effects, open_of, undo
from notifications.erasing.doing import AGAIN_AFTER, carry_out_due, rows_of
from notifications.erasing.fields import NOT_PERSONAL, OF_THE_PHONE, PERSONAL
from notifications.erasing.phones import forget_phones
from notifications.erasing.replaying import LIST, replay, write_list
from notifications.incoming import inbound, inbox
from notifications.messages import keep_message
from notifications.models import (
    ConsentEvent,
    ConsentOffer,
    InboundMessage,
    InboxItem,
    OutboundMessage,
    PhoneConsent,
)
from notifications.offers import offer
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.notifications.test_conversation import PHONE, at, patient_with, say
from tests.notifications.test_conversation import ask as asked
from tests.notifications.test_record import words

pytestmark = pytest.mark.django_db
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
MARK = "zqxmark"
ANONYMISE, ERASE = Erasure.Kind.ANONYMISE, Erasure.Kind.ERASE


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def carol(clinic: Clinic) -> User:
    """The clinic's admin."""
    admin: Provider = factories.ProviderFactory.create(
        clinic=clinic, user__email="carol@example.org", role=Provider.Role.CLINIC_ADMIN
    )
    return admin.user


@pytest.fixture
def dave(clinic: Clinic) -> User:
    """Another admin."""
    admin: Provider = factories.ProviderFactory.create(
        clinic=clinic, user__email="dave@example.org", role=Provider.Role.CLINIC_ADMIN
    )
    return admin.user


@pytest.fixture
def maria(clinic: Clinic) -> Patient:
    """With a program, a conversation, an alert, and an account."""
    maria = patient_with(clinic, "check_in", "exercise")
    asked(maria, "check_in", at(8, 30))
    say(maria, "6, my toes are numb", at(9))
    asked(maria, "exercise", at(17))
    User.objects.create(patient=maria)
    Alert.objects.update(acknowledged_at=CHECK_IN_AT, note="Called.")
    return maria


def removed(patient: Patient, kind: str, *, by: User, second: User) -> Erasure:
    erasure = ask(patient=patient, kind=kind, by=by, now=CHECK_IN_AT)
    confirm(erasure=erasure, by=second, now=CHECK_IN_AT)
    assert carry_out_due(now=CHECK_IN_AT + DELAY) == 1
    erasure.refresh_from_db()
    return erasure


def texts_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if holds_words(field)]


def holds_words(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, ArrayField):
        return holds_words(field.base_field)
    return isinstance(field, TEXT) and not field.choices


def ours() -> list[type[models.Model]]:
    return [
        row for row in apps.get_models() if row._meta.app_label in {"exercises", "notifications"}
    ]


def anywhere(mark: str) -> list[str]:
    """The tables in which some row holds `mark` in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {name} AS held WHERE held::text ILIKE %s",  # noqa: S608  # a table's name
                [f"%{mark}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_every_column_with_words_is_classified() -> None:
    for model in ours():
        label = model._meta.label
        if label in NOT_PERSONAL or label in OF_THE_PHONE:
            continue
        columns = PERSONAL.get(label)
        assert columns is not None, (
            f"say in notifications/erasing/fields.py what becomes of {label}"
        )
        if not columns.deleted:
            named = {*columns.blank, *columns.kept}
            missing = {field.name for field in texts_of(model)} - named
            assert not missing, f"say what becomes of {label}: {missing}"
    known = {model._meta.label for model in ours()}
    assert {*PERSONAL, *NOT_PERSONAL, *OF_THE_PHONE} <= known


def one_of(model: Any, patient: Patient, alice: User) -> models.Model:
    """A row of the patient's, as simple as the columns let it be."""
    made: models.Model = model()
    for field in model._meta.concrete_fields:
        if not (field.null or field.has_default() or field.primary_key or field.blank):
            setattr(made, field.name, simple(field, patient, alice))
    return made


def simple(field: Any, patient: Patient, alice: User) -> object:
    """A value that the column takes."""
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        if related._meta.label in PERSONAL:
            return rows_of(related._meta.label, patient.pk).first()
        return {Clinic: patient.clinic, User: alice}.get(related) or related.objects.first()
    if field.choices:
        return next(iter(field.choices))[0]
    values: dict[Any, object] = {
        models.DateTimeField: CHECK_IN_AT,
        models.DateField: factories.TODAY,
        models.IntegerField: 1,
        models.DecimalField: 1,
        models.CharField: "-",
        models.TextField: "-",
    }
    return next((value for kind, value in values.items() if isinstance(field, kind)), [])


def mark_everything(patient: Patient, alice: User) -> set[str]:
    """Put a mark into every column of the patient's rows that holds words; answers the models."""
    # Parents first: the table has the leaves first.
    for label in reversed(PERSONAL):
        if not rows_of(label, patient.pk).exists():
            one_of(apps.get_model(label), patient, alice).save(force_insert=True)
    marked = set()
    for label, columns in PERSONAL.items():
        rows = rows_of(label, patient.pk)
        if not rows.exists():
            continue
        marked.add(label)
        for field in texts_of(rows.model):
            if field.name in columns.kept or columns.deleted:
                continue
            for row in rows:
                told: object = f"{MARK}{str(row.pk)[:6]}"[: field.max_length or 40]
                if isinstance(field, models.JSONField):
                    told = [{"note": MARK}]
                elif isinstance(field, ArrayField):
                    told = [MARK]
                # With its change in the log, as a form would write it.
                setattr(row, field.name, told)
                row.save()
    return marked


@pytest.mark.parametrize("kind", [ANONYMISE, ERASE])
def test_nothing_that_was_written_is_left_anywhere(
    alice: User, carol: User, dave: User, maria: Patient, kind: str
) -> None:
    phone = str(maria.phone)
    maria.last_name = f"{MARK}Lopez"
    maria.save()
    marked = mark_everything(maria, alice)
    left_out = {"exercises.PageLink", "notifications.ConsentOffer"}
    assert marked >= set(PERSONAL) - left_out
    AdminEntry.objects.create(
        user=alice, object_id=str(maria.pk), object_repr=f"{MARK} Lopez", action_flag=2,
        content_type=ContentType.objects.get_for_model(Patient), change_message=MARK,
    )  # fmt: skip  # a row
    IdempotentRequest.objects.create(
        user=alice, key="k", fingerprint="f", body={"id": str(maria.pk), "name": MARK}
    )
    assert {"exercises_patient", "auditlog_logentry", "django_admin_log"} <= set(anywhere(MARK))
    Patient.objects.filter(pk=maria.pk).update(phone=phone)

    removed(maria, kind, by=carol, second=dave)

    assert anywhere(MARK) == []
    assert anywhere(phone) == []
    assert not User.objects.filter(patient=maria.pk).exists()
    is_left = Patient.objects.filter(pk=maria.pk).exists()
    assert is_left == (kind == ANONYMISE)
    assert Program.objects.filter(patient=maria.pk).exists() == is_left
    # That it was decided, by whom and what kind, is all that tells of it.
    row = Erasure.objects.get()
    assert (row.erased_id, row.asked_by, row.confirmed_by) == (maria.pk, carol, dave)
    assert row.counts["exercises.Patient"] == 1


@pytest.mark.parametrize("kind", [ANONYMISE, ERASE])
def test_what_rules_of_the_database_ask_words_for_goes_as_well(
    carol: User, dave: User, maria: Patient, kind: str
) -> None:
    """An event of harm in words, an intake over a red flag with its reason, a question to two."""
    TreatmentSession.objects.create(
        patient=maria,
        local_date=factories.TODAY,
        adverse="serious",
        adverse_detail="Maria fell",
        modalities=["dry_needling"],
    )
    IntakeScreen.objects.create(
        program=maria.programs.get(), screen="heel", red_flags=["fever"],
        override_reason="Maria's GP knows",
    )  # fmt: skip  # a row
    ana = factories.PatientFactory.create(
        clinic=maria.clinic, first_name="Ana", phone=str(maria.phone)
    )
    factories.program(ana)
    say(maria, "done", at(10))
    OutboundMessage.objects.filter(wording="ask_who").update(patient=ana)
    InboundMessage.objects.filter(body="done").update(patient=maria)
    removed(maria, kind, by=carol, second=dave)
    assert anywhere("Maria") == []


def test_an_earlier_number_goes_as_well(alice: User, carol: User, maria: Patient) -> None:
    before = str(maria.phone)
    say(maria, "stop texting me please", at(10))
    Patient.objects.filter(pk=maria.pk).update(phone="+14155550187")
    removed(maria, ANONYMISE, by=alice, second=carol)
    assert anywhere(before) == anywhere("4155550187") == []
    assert is_erased(before)
    assert is_erased("+14155550187")


def test_what_was_written_in_the_app_goes_as_well(alice: User, carol: User, maria: Patient) -> None:
    keep_message(patient=maria, body="stop texting me, zqx", message_id=uuid4(), now=at(10))
    assert ConsentEvent.objects.filter(words__contains="zqx").exists()
    removed(maria, ANONYMISE, by=alice, second=carol)
    assert anywhere("zqx") == []


def test_the_words_that_a_text_agreed_to_stay_as_proof(
    alice: User, carol: User, clinic: Clinic
) -> None:
    nora = factories.PatientFactory.create(clinic=clinic, first_name="Nora", phone=PHONE)
    offer(patient=nora, by=alice, now=at(9))
    say(nora, "Hi, this is Nora. Join", at(9, 5))
    shown = ConsentOffer.objects.get().words
    removed(nora, ANONYMISE, by=alice, second=carol)
    assert ConsentEvent.objects.get(state="granted").words == shown
    assert anywhere("Nora") == []


def test_pauses_are_still_known(alice: User, carol: User, maria: Patient) -> None:
    """They stand in the log of changes alone."""
    program = maria.programs.get()
    pause_program(program=program)
    before = [row.since for row in pauses_of([program])[program.pk]]
    assert before
    removed(maria, ANONYMISE, by=alice, second=carol)
    assert [row.since for row in pauses_of([program])[program.pk]] == before


def test_a_digest_outlives_every_key(
    settings: Settings, alice: User, carol: User, maria: Patient
) -> None:
    phone = str(maria.phone)
    removed(maria, ANONYMISE, by=alice, second=carol)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-0123456789-abcdefghijklmnopqrstuvwxyz-abcdef"
    call_command("reseal", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert is_erased(phone)


def test_figures_stay_without_a_name(alice: User, carol: User, maria: Patient) -> None:
    before = list(CheckIn.objects.values_list("score", "local_date"))
    assert before
    removed(maria, ANONYMISE, by=alice, second=carol)
    assert list(CheckIn.objects.values_list("score", "local_date")) == before
    maria.refresh_from_db()
    assert (maria.first_name, maria.last_name, maria.birth_year) == ("Removed", "", None)
    assert maria.programs.get().status == Program.Status.ENDED


class TestTwoPeople:
    """Who may, in which order, and until when."""

    def test_one_alone_may_not(self, alice: User, carol: User, maria: Patient) -> None:
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        with pytest.raises(PermissionDenied):
            confirm(erasure=erasure, by=alice, now=CHECK_IN_AT)
        assert carry_out_due(now=CHECK_IN_AT + timedelta(days=400)) == 0
        confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)
        with pytest.raises(ConflictError):
            confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)

    def test_a_clinician_may_not_have_everything_erased(
        self, alice: User, carol: User, bob: User, maria: Patient
    ) -> None:
        for who in (alice, bob):
            with pytest.raises(PermissionDenied):
                ask(patient=maria, kind=ERASE, by=who, now=CHECK_IN_AT)
        erasure = ask(patient=maria, kind=ERASE, by=carol, now=CHECK_IN_AT)
        with pytest.raises(PermissionDenied):
            confirm(erasure=erasure, by=alice, now=CHECK_IN_AT)

    def test_a_week_to_change_ones_mind(self, alice: User, carol: User, maria: Patient) -> None:
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        with pytest.raises(ConflictError):
            ask(patient=maria, kind=ANONYMISE, by=carol, now=CHECK_IN_AT)
        confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)
        assert carry_out_due(now=CHECK_IN_AT + DELAY - timedelta(seconds=1)) == 0
        undo(erasure=erasure, by=alice, now=CHECK_IN_AT)
        assert carry_out_due(now=CHECK_IN_AT + DELAY) == 0
        maria.refresh_from_db()
        assert maria.first_name == "Maria"
        assert open_of(maria) is None
        with pytest.raises(ConflictError):
            confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)

    def test_the_database_refuses_one_person_too(self, alice: User, maria: Patient) -> None:
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        with pytest.raises(DatabaseError), transaction.atomic():
            Erasure.objects.filter(pk=erasure.pk).update(confirmed_by=alice)

    def test_nonsense_is_named(self, alice: User, maria: Patient) -> None:
        with pytest.raises(InvalidInputError) as refused:
            ask(patient=maria, kind="all", by=alice, now=CHECK_IN_AT)
        assert refused.value.field == "kind"

    def test_what_it_would_do_is_told_before(self, alice: User, maria: Patient) -> None:
        told = {row.what: row for row in effects(maria, ANONYMISE)}
        assert told["patients"].stays
        assert told["check-ins"].count == CheckIn.objects.count()
        assert not {row.what: row for row in effects(maria, ERASE)}["check-ins"].stays
        assert Patient.objects.get(pk=maria.pk).first_name == "Maria"


class TestNothingInFlight:
    """Texts that wait, that are on their way, that come later."""

    def test_what_waits_is_ended(self, alice: User, carol: User, maria: Patient) -> None:
        text = asked(maria, "check_in", at(8, 30, day=1))
        OutboundMessage.objects.filter(pk=text.pk).update(status="waiting", attempted_at=None)
        removed(maria, ANONYMISE, by=alice, second=carol)
        text.refresh_from_db()
        assert (text.status, text.to_phone, text.body) == ("skipped", "", "")

    def test_it_waits_for_what_is_at_the_carriers_door(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        text = asked(maria, "check_in", at(8, 30, day=1))
        OutboundMessage.objects.filter(pk=text.pk).update(status="unknown")
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)
        assert carry_out_due(now=CHECK_IN_AT + DELAY) == 0
        OutboundMessage.objects.filter(pk=text.pk).update(status="sent")
        assert carry_out_due(now=CHECK_IN_AT + DELAY + AGAIN_AFTER) == 1

    @pytest.mark.parametrize("body", ["STOP", "I want to kill myself", "thanks"])
    def test_it_waits_for_what_nobody_has_read(
        self, alice: User, carol: User, maria: Patient, body: str
    ) -> None:
        """It may be a STOP, or a cry for help."""
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)
        row = factories.received(body, maria, at=CHECK_IN_AT + DELAY)
        assert carry_out_due(now=CHECK_IN_AT + DELAY) == 0
        row.refresh_from_db()
        assert row.body == body
        inbound.read_inbound(now=CHECK_IN_AT + DELAY)
        is_danger = "kill" in body
        assert carry_out_due(now=CHECK_IN_AT + DELAY + AGAIN_AFTER) == (not is_danger)
        assert Alert.objects.filter(acknowledged_at=None).exists() == is_danger

    def test_an_open_sign_of_danger_is_closed_first(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        say(maria, "chest pain", at(10))
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        with pytest.raises(ConflictError):
            confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)

    def test_nobody_is_asked_about_it_afterwards(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        say(maria, "call me please", at(10))
        removed(maria, ANONYMISE, by=alice, second=carol)
        assert not InboxItem.objects.filter(handled_at=None).exists()
        inbox.alert_overdue(now=CHECK_IN_AT + DELAY * 2)
        tell_providers(now=CHECK_IN_AT + DELAY * 2)
        assert not Alert.objects.filter(acknowledged_at=None).exists()
        assert mail.outbox == []

    def test_nothing_is_written_to_a_record_without_a_name(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        """One program of theirs once stopped the texts of every clinic."""
        stale = Patient.objects.get(pk=maria.pk)
        removed(maria, ANONYMISE, by=alice, second=carol)
        maria.refresh_from_db()
        assert len(str(maria.phone)) <= 20
        with pytest.raises(ConflictError):
            save_patient(patient=stale, save=stale.save, now=CHECK_IN_AT)
        with pytest.raises(ConflictError):
            record_consent(
                patient=stale, how="paper", words="Yes.", recorded_by=alice, now=CHECK_IN_AT
            )
        with pytest.raises(ConflictError):
            assign_program(
                patient=stale, template=factories.template(), start_date=factories.TODAY, side="left",
                schedules=[], assigned_by=alice, now=CHECK_IN_AT,
            )  # fmt: skip  # a call
        assert Patient.objects.get(pk=maria.pk).first_name == "Removed"

    @pytest.mark.parametrize("body", ["6", "thank you for everything", "STOP"])
    def test_what_comes_later_is_kept_without_words_and_makes_nobody(
        self, alice: User, carol: User, maria: Patient, body: str
    ) -> None:
        phone = str(maria.phone)
        removed(maria, ANONYMISE, by=alice, second=carol)
        stranger = Patient(clinic=maria.clinic, phone=phone)
        row = factories.received(body, stranger, at=CHECK_IN_AT + DELAY * 2)
        inbound.read_inbound(now=CHECK_IN_AT + DELAY * 2)
        row.refresh_from_db()
        assert (row.body, row.from_phone, row.patient, row.state) == ("", "", None, "handled")
        assert not InboxItem.objects.filter(inbound=row).exists()
        assert Patient.objects.count() == 1
        states = set(PhoneConsent.objects.values_list("state", flat=True))
        assert states == {"revoked" if body == "STOP" else "granted"}

    def test_words_of_life_and_death_are_read_all_the_same(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        phone = str(maria.phone)
        removed(maria, ANONYMISE, by=alice, second=carol)
        row = factories.received(
            "I want to kill myself",
            Patient(clinic=maria.clinic, phone=phone),
            at=CHECK_IN_AT + DELAY * 2,
        )
        inbound.read_inbound(now=CHECK_IN_AT + DELAY * 2)
        assert InboxItem.objects.filter(inbound=row).exists()


class TestThePhone:
    """A STOP outlives the record; who shares the phone loses nothing."""

    def test_a_stop_is_known_again_when_the_phone_comes_back(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        phone = str(maria.phone)
        say(maria, "stop texting me", at(10))
        removed(
            maria, ERASE, by=carol, second=User.objects.create_superuser(email="op@example.org")
        )
        assert is_erased(phone)
        again = factories.PatientFactory.create(clinic=maria.clinic, phone=phone)
        # Imported, not asked: no text may go.
        assert not PhoneConsent.objects.filter(phone=phone).exists()
        record_consent(
            patient=again, how="paper", words="Yes.", recorded_by=alice, now=CHECK_IN_AT + DELAY * 2
        )
        known = PhoneConsent.objects.get(phone=phone)
        assert known.events.filter(state="revoked").exists()
        assert not is_erased(phone)

    def test_who_shares_the_phone_loses_nothing(
        self, alice: User, carol: User, maria: Patient
    ) -> None:
        phone = str(maria.phone)
        ana = factories.PatientFactory.create(clinic=maria.clinic, first_name="Ana", phone=phone)
        factories.consent_of(ana)
        factories.program(ana)
        record_check_in(
            program=ana.programs.get(), local_date=factories.TODAY, kind="first_step", score=4,
            source="sms", client_id="ana", note="hers", now=CHECK_IN_AT,
        )  # fmt: skip  # a row
        SignInCode.objects.create(
            phone=phone, clinic=maria.clinic, created_at=CHECK_IN_AT, expires_at=CHECK_IN_AT
        )
        removed(
            maria, ERASE, by=carol, second=User.objects.create_superuser(email="op@example.org")
        )
        ana.refresh_from_db()
        assert (ana.first_name, str(ana.phone)) == ("Ana", phone)
        assert ana.programs.get().check_ins.get().score == 4
        consent = PhoneConsent.objects.get(phone=phone)
        assert (consent.state, list(consent.people.all())) == ("granted", [ana])
        assert SignInCode.objects.filter(phone=phone).exists()
        assert OutboundMessage.objects.filter(patient=maria.pk).count() == 0

    def test_devices_and_links_end(self, alice: User, carol: User, maria: Patient) -> None:
        account = User.objects.get(patient=maria)
        DeviceToken.objects.create(user=account)
        removed(maria, ANONYMISE, by=alice, second=carol)
        assert not DeviceToken.objects.exists()


def test_the_log_of_changes_can_be_emptied_only_so(alice: User, maria: Patient) -> None:
    """No entry gets another content, not even while records are forgotten."""
    entry = LogEntry.objects.log_create(
        maria, action=LogEntry.Action.UPDATE, changes={"phone": ["a", "b"]}
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hep.forgetting = 'on'")
    for forged in (
        {"changes": {"phone": ["a", "c"]}},
        {"object_repr": "Somebody else"},
        {"actor_id": alice.pk, "object_repr": ""},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            LogEntry.objects.filter(pk=entry.pk).update(**forged)


def test_one_that_fails_holds_up_no_other(
    alice: User, carol: User, clinic: Clinic, maria: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = factories.PatientFactory.create(clinic=clinic, first_name="Ana")
    for patient in (maria, ana):
        confirm(
            erasure=ask(patient=patient, kind=ANONYMISE, by=alice, now=CHECK_IN_AT),
            by=carol,
            now=CHECK_IN_AT,
        )
    real = forget_phones

    def broken(patient: Patient) -> None:
        if patient.pk == maria.pk:
            raise ValueError("something")
        real(patient)

    monkeypatch.setattr("notifications.erasing.doing.forget_phones", broken)
    assert carry_out_due(now=CHECK_IN_AT + DELAY) == 1
    maria.refresh_from_db()
    assert maria.first_name == "Maria"
    assert Erasure.objects.get(done_at=None).tries == 1
    assert Alert.objects.filter(patient=maria).exclude(detail="").exists()
    assert InboundMessage.objects.filter(patient=maria).exclude(body="").exists()
    assert ConsentEvent.objects.filter(patient=maria).exists()


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestThePage:
    """In the admin, by two people."""

    def page(self, patient: Patient) -> str:
        return reverse("admin:exercises_patient_erasing", args=[patient.pk])

    def test_asked_confirmed_and_done(self, alice: User, carol: User, maria: Patient) -> None:
        asking, confirming = browser_of(alice), browser_of(carol)
        shown = words(asking.get(self.page(maria)))
        assert "stay, without words" in shown
        assert "Erase everything" not in shown  # a clinician may not
        assert "Erase everything" in words(confirming.get(self.page(maria)))
        told = asking.post(self.page(maria), {"do": "ask", "kind": ANONYMISE}, follow=True)
        assert "somebody else confirms" in words(told)
        told = asking.post(self.page(maria), {"do": "confirm"}, follow=True)
        assert "a second person has to" in words(told)
        told = confirming.post(self.page(maria), {"do": "confirm"}, follow=True)
        assert "Done on" in words(told)
        assert carry_out_due(now=CHECK_IN_AT + DELAY) == 1
        assert "The name was taken away" in words(asking.get(self.page(maria)))
        # Every page of a record without a name still opens.
        for name in ("record", "change", "texts_ahead"):
            address = reverse(f"admin:exercises_patient_{name}", args=[maria.pk])
            assert asking.get(address).status_code == 200, name
        lists = reverse("admin:exercises_patient_changelist")
        assert "Removed" in words(asking.get(lists))

    def test_undone(self, alice: User, carol: User, maria: Patient) -> None:
        page = browser_of(alice)
        page.post(self.page(maria), {"do": "ask", "kind": ANONYMISE})
        told = page.post(self.page(maria), {"do": "undo"}, follow=True)
        assert "Undone" in words(told)
        told = page.post(self.page(maria), {"do": "undo"}, follow=True)
        assert "look at the page again" in words(told)
        for nonsense in ({"do": "ask", "kind": "all"}, {"do": "what"}, {}):
            told = page.post(self.page(maria), nonsense, follow=True)
            assert told.status_code == 200
        assert open_of(maria) is None

    def test_a_stranger_sees_nothing(self, bob: User, maria: Patient) -> None:
        assert browser_of(bob).get(self.page(maria)).status_code == 404
        assert (
            browser_of(bob).post(self.page(maria), {"do": "ask", "kind": ANONYMISE}).status_code
            == 404
        )


class TestAfterARestore:
    """The list beside the backups: ids and nothing else."""

    def restored(self, maria: Patient, folder: Path, *, by: User, second: User, kind: str) -> None:
        """Erased, listed, and there again as in an older backup."""
        with transaction.atomic():
            removed(maria, kind, by=by, second=second)
            write_list(folder)
            transaction.set_rollback(True)
        assert Patient.objects.get(pk=maria.pk).first_name == "Maria"
        assert not Erasure.objects.exists()

    @pytest.mark.parametrize("kind", [ANONYMISE, ERASE])
    def test_who_was_erased_since_is_erased_again(
        self, carol: User, dave: User, maria: Patient, tmp_path: Path, kind: str
    ) -> None:
        self.restored(maria, tmp_path, by=carol, second=dave, kind=kind)
        listed = (tmp_path / LIST).read_text()
        assert listed == f"{maria.pk} {kind}\n"
        assert replay(tmp_path, now=CHECK_IN_AT) == (1, 0)
        assert anywhere("Maria") == anywhere(str(maria.phone)) == []
        assert replay(tmp_path, now=CHECK_IN_AT) == (0, 0)

    def test_what_was_undecided_in_the_backup_gives_way(
        self, alice: User, carol: User, dave: User, maria: Patient, tmp_path: Path
    ) -> None:
        self.restored(maria, tmp_path, by=carol, second=dave, kind=ERASE)
        ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        assert replay(tmp_path, now=CHECK_IN_AT) == (1, 0)
        assert not Patient.objects.filter(pk=maria.pk).exists()

    def test_what_may_have_been_undone_since_needs_a_second_yes_anew(
        self, alice: User, carol: User, maria: Patient, tmp_path: Path
    ) -> None:
        erasure = ask(patient=maria, kind=ANONYMISE, by=alice, now=CHECK_IN_AT)
        confirm(erasure=erasure, by=carol, now=CHECK_IN_AT)
        assert replay(tmp_path, now=CHECK_IN_AT + DELAY * 2) == (0, 1)
        assert carry_out_due(now=CHECK_IN_AT + DELAY * 2) == 0
        maria.refresh_from_db()
        assert maria.first_name == "Maria"

    def test_erased_after_being_nameless_is_erased(
        self, carol: User, dave: User, maria: Patient, tmp_path: Path
    ) -> None:
        removed(maria, ANONYMISE, by=carol, second=dave)
        (tmp_path / LIST).write_text(f"{maria.pk} anonymise\n{maria.pk} erase\n")
        assert replay(tmp_path, now=CHECK_IN_AT) == (1, 0)
        assert not Patient.objects.filter(pk=maria.pk).exists()

    def test_nobody_is_ever_taken_off_the_list(self, maria: Patient, tmp_path: Path) -> None:
        before = f"{uuid4()} erase\n"
        (tmp_path / LIST).write_text(before)
        assert write_list(tmp_path) == 1
        assert (tmp_path / LIST).read_text() == before

    def test_a_line_that_is_none_hides_none_behind_it(self, maria: Patient, tmp_path: Path) -> None:
        (tmp_path / LIST).write_text(f"nonsense\n\n{maria.pk} all\n{maria.pk} erase\n")
        assert replay(tmp_path, now=CHECK_IN_AT) == (1, 0)
