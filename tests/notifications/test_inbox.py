"""Nothing in words is lost: the inbox of a clinic, from the text to the person who handled it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exercises.models import Alert, CheckIn, Clinic, Patient, User
from exercises.services.alerts import open_alert
from hep.errors import InvalidInputError
from notifications.incoming import inbound, inbox
from notifications.incoming.parsing import parse
from notifications.incoming.parsing.words import is_for_a_person
from notifications.messages import keep_message
from notifications.models import InboundMessage, InboxItem, OutboundMessage, PhoneConsent
from tests import factories
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db
# Tuesday 3 March 2026, 10:00 in New York; the clinic reads from 9 to 17.
TEN = datetime(2026, 3, 3, 15, tzinfo=UTC)
NIGHT = datetime(2026, 3, 4, 3, tzinfo=UTC)
LIST = reverse("admin:notifications_inboxitem_changelist")

FOR_A_PERSON = [
    "Can I swim with this?", "call me please", "4 and my calf feels odd", "DONE but the band broke",
    "I lost my ball", "STOP, I am going to another clinic", "my foot is numb", "should I ice it",
    "SKIP the dog ate my band", "not sure, it changes", "¿Puedo nadar?", "6 me preocupa mi rodilla",
    "HECHO pero se rompió la liga", "llámeme por favor", "it hurts", "who is this?", "I want these to stop",
]  # fmt: skip  # a table
DONE_WITH = [
    "4", "4/10", "about a 4 today", "DONE", "done!", "SKIP", "hoy no", "STOP", "please stop texting me",
    "HELP", "START", "hecho gracias", "ok", "thanks so much", "Maria 4", "Maria", "4 Sent from my iPhone",
    "Liked “Hi Maria, reply DONE or SKIP.”", "👍", "3.5", "3-4", "later 2 hours", "PAUSE 3 days", "RESUME",
    "no time", "uno", "tres, gracias", "Buenos días, 5",
]  # fmt: skip  # a table


@pytest.mark.parametrize(
    ("text", "expected"),
    [*((text, True) for text in FOR_A_PERSON), *((text, False) for text in DONE_WITH)],
)
def test_what_is_for_a_person(text: str, expected: bool) -> None:
    reply = parse(text, language="en")
    assert is_for_a_person(text, reply, names=("Maria",)) is expected


def text(body: str, patient: Patient, *, at: datetime = CHECK_IN_AT) -> InboundMessage:
    row = factories.received(body, patient, at=at)
    inbound.read_inbound(now=at)
    row.refresh_from_db()
    return row


def item_of(patient: Patient, body: str, *, at: datetime = TEN) -> InboxItem:
    return InboxItem.objects.get(inbound=text(body, patient, at=at))


def test_words_stand_unread_once_and_a_number_does_not(maria: Patient) -> None:
    factories.consent_of(maria)
    factories.asked(factories.program(maria))
    text("4", maria)
    assert not InboxItem.objects.exists()
    item = item_of(maria, "Can I swim with this?")
    assert (item.patient, item.why, item.read_at, item.handled_at) == (maria, "words", None, None)
    inbox.stand_unread(item.inbound, None, [maria], now=TEN)
    assert InboxItem.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "media", "why"),
    [
        ("my foot is numb", 0, "red_flag"),
        ("I want these to stop", 0, "opt_out"),
        ("", 1, "picture"),
    ],
)
def test_the_list_says_what_it_is(maria: Patient, body: str, media: int, why: str) -> None:
    row = factories.received(body, maria, at=TEN)
    InboundMessage.objects.filter(pk=row.pk).update(media_count=media)
    inbound.read_inbound(now=TEN)
    assert InboxItem.objects.get().why == why


def test_a_text_that_cannot_be_read_is_for_a_person(
    maria: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError

    monkeypatch.setattr(inbound, "handle", fail)
    row = text("4", maria)
    assert row.state == InboundMessage.State.PARKED
    assert InboxItem.objects.get().why == "unreadable"


def test_what_is_written_in_the_app_always_stands(maria: Patient) -> None:
    keep_message(patient=maria, message_id=uuid.uuid4(), body="ok", now=TEN)
    assert InboxItem.objects.get().patient == maria


def test_on_a_shared_phone_it_waits_for_the_name(maria: Patient) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    elsewhere = factories.PatientFactory.create(first_name="Zoe", phone=maria.phone)
    factories.texting(elsewhere.clinic)
    for patient in (maria, tom, elsewhere):
        factories.consent_of(patient)
        factories.asked(factories.program(patient))
    # The other clinic has the same number of ours, and texted before.
    OutboundMessage.objects.filter(patient=elsewhere).update(
        attempted_at=CHECK_IN_AT - timedelta(minutes=1)
    )
    row = text("it hurts more than yesterday", maria)
    item = InboxItem.objects.get(inbound=row)
    assert (item.patient_id, item.clinic_id) == (None, maria.clinic_id)
    text("Tom", maria, at=CHECK_IN_AT + timedelta(minutes=5))
    # Nothing of it is left with a clinic that it does not concern.
    assert list(InboxItem.objects.filter(inbound=row).values_list("patient", "clinic")) == [
        (tom.pk, tom.clinic_id)
    ]


def test_what_nobody_handles_within_the_clinics_hours_opens_an_alert_once(
    maria: Patient, alice: User
) -> None:
    item = item_of(maria, "call me please")
    # Eight open hours later: Wednesday at 10.
    assert item.answer_by == TEN + timedelta(days=1)
    assert inbox.alert_overdue(now=item.answer_by - timedelta(seconds=1)) == 0
    assert inbox.alert_overdue(now=item.answer_by) == 1
    assert inbox.alert_overdue(now=item.answer_by) == 0
    alert = Alert.objects.get()
    assert (alert.reason, alert.severity) == ("unanswered", "high")
    inbox.settle(InboxItem.objects.all(), by=alice, now=item.answer_by)
    alert.refresh_from_db()
    assert alert.acknowledged_by == alice


def test_a_weekend_does_not_count(maria: Patient) -> None:
    friday = datetime(2026, 3, 6, 21, tzinfo=UTC)  # 16:00
    assert item_of(maria, "call me please", at=friday).answer_by == datetime(
        2026, 3, 9, 20, tzinfo=UTC
    )  # Monday 16:00, after the clocks went forward


def test_one_poison_item_holds_up_none_behind_it(
    maria: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    first, second = item_of(maria, "call me please"), item_of(tom, "call me please")
    opened = open_alert

    def fail_for_maria(**kwargs: Any) -> Any:
        if kwargs["patient"] == maria:
            raise ValueError
        return opened(**kwargs)

    monkeypatch.setattr("notifications.incoming.inbox.open_alert", fail_for_maria)
    assert inbox.alert_overdue(now=second.answer_by) == 1
    first.refresh_from_db()
    assert first.alerted_at is None


def test_only_the_clinics_own_people_take_care(maria: Patient, alice: User, bob: User) -> None:
    item = item_of(maria, "Can I swim?")
    with pytest.raises(InvalidInputError, match="do not work"):
        inbox.assign(item, to=bob)
    inbox.assign(item, to=alice)
    item.refresh_from_db()
    assert item.assigned_to == alice


def page_of(item: InboxItem) -> str:
    return reverse("admin:notifications_inboxitem_change", args=[item.pk])


def test_a_provider_reads_assigns_answers_and_finds_it_again(
    admin_of_alice: Client, alice: User, maria: Patient
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim with this?")
    with time_machine.travel(NIGHT, tick=False):
        admin_of_alice.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        assert admin_of_alice.get(f"{LIST}unread/").json() == {"unread": 1}
        assert "Can I swim" in admin_of_alice.get(LIST).content.decode()
        assert "Can I swim" in admin_of_alice.get(page_of(item)).content.decode()
        assert admin_of_alice.get(f"{LIST}unread/").json() == {"unread": 0}
        admin_of_alice.post(page_of(item), {"do": "assign", "assigned_to": alice.pk})
        assert "Can I swim" in admin_of_alice.get(LIST, {"box": "mine"}).content.decode()
        form = {
            "do": "answer",
            "body": "Yes, that is fine.",
            "message_id": str(uuid.uuid4()),
            "seen": str(item.pk),
        }
        answer = admin_of_alice.post(page_of(item), form, follow=True).content.decode()
        assert "leaves at 08:00 on Maria&#x27;s clock" in answer
        assert "Can I swim" not in admin_of_alice.get(LIST).content.decode()
        looked_up = admin_of_alice.get(LIST, {"box": "all", "q": "swim"}).content.decode()
        assert "Yes, that is fine." in looked_up
        sent = OutboundMessage.objects.get(kind="message")
        record = reverse("admin:exercises_patient_record", args=[maria.pk])
        assert "Take it back" in admin_of_alice.get(record).content.decode()
        withdraw = reverse("admin:exercises_patient_withdraw", args=[maria.pk])
        admin_of_alice.post(withdraw, {"text": sent.pk})
    sent.refresh_from_db()
    assert (sent.status, sent.skip_reason) == ("skipped", "withdrawn")


@pytest.mark.parametrize("body", ["", "x" * 481, "Take Tylenol 500mg for your plantar fasciitis"])
def test_words_that_must_not_go_out_stay_on_the_page(
    admin_of_alice: Client, maria: Patient, body: str
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    form = {"do": "answer", "body": body, "message_id": str(uuid.uuid4())}
    answer = admin_of_alice.post(page_of(item), form)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not OutboundMessage.objects.filter(kind="message").exists()
    item.refresh_from_db()
    assert item.handled_at is None


def test_what_was_handled_by_mistake_comes_back(admin_of_alice: Client, maria: Patient) -> None:
    item = item_of(maria, "Can I swim?")
    admin_of_alice.post(page_of(item), {"do": "handle"})
    item.refresh_from_db()
    assert item.handled_at is not None
    admin_of_alice.post(page_of(item), {"do": "open_again"})
    item.refresh_from_db()
    assert item.handled_at is None


def test_flagged_are_those_with_a_red_flag_or_under_a_hold(
    admin_of_alice: Client, maria: Patient
) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    item_of(maria, "Can I swim?")
    assert "swim" not in admin_of_alice.get(LIST, {"box": "flagged"}).content.decode()
    item_of(tom, "my foot is numb")
    item_of(tom, "Can I still cycle?")
    found = admin_of_alice.get(LIST, {"box": "flagged"}).content.decode()
    assert ("swim" in found, "numb" in found, "cycle" in found) == (False, True, True)


def test_another_clinics_inbox_does_not_exist(maria: Patient, bob: User) -> None:
    item = item_of(maria, "Can I swim?")
    stranger = Client()
    stranger.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(f"{LIST}unread/").json() == {"unread": 0}
    assert "swim" not in stranger.get(LIST, {"box": "all"}).content.decode()
    missing = reverse("admin:notifications_inboxitem_change", args=[uuid.uuid4()])
    assert stranger.get(page_of(item)).status_code == stranger.get(missing).status_code
    stranger.post(page_of(item), {"do": "handle"})
    item.refresh_from_db()
    assert item.handled_at is None


def many(clinic: Clinic, patient: Patient, rows: int) -> None:
    texts = InboundMessage.objects.bulk_create(
        InboundMessage(
            message_sid=f"SM{number}x{rows}", from_phone=str(patient.phone), to_phone="+14155550100",
            body=f"Can I swim {number}?", received_at=TEN, state="handled", patient=patient,
        )
        for number in range(rows)
    )  # fmt: skip  # a row
    InboxItem.objects.bulk_create(
        InboxItem(
            inbound=row, clinic=clinic, patient=patient, why="words", arrived_at=TEN, answer_by=TEN
        )
        for row in texts
    )


def test_the_list_and_the_badge_cost_the_same_for_ten_and_ten_thousand(
    admin_of_alice: Client, maria: Patient
) -> None:
    counts = []
    for rows in (10, 10_000):
        many(maria.clinic, maria, rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in a database that lives
        admin_of_alice.get(LIST)
        for address in (LIST, f"{LIST}unread/"):
            with CaptureQueriesContext(connection) as queries:
                assert admin_of_alice.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def answers(patient: Patient) -> list[str]:
    rows = OutboundMessage.objects.filter(kind="reply", patient=patient).order_by("pk")
    return [f"{row.wording} {row.detail}".strip() for row in rows]


def test_what_a_patient_is_told_of_who_reads_is_true_by_the_clinics_hours(maria: Patient) -> None:
    factories.program(maria)
    friday = datetime(2026, 3, 6, 23, tzinfo=UTC)  # 18:00
    maria.clinic.holidays = [(friday + timedelta(days=3)).date()]
    maria.clinic.save()
    text("Can I swim?", maria, at=TEN)
    text("Or cycle?", maria, at=friday)
    assert answers(maria) == ["noted", "noted_closed Tue Mar 10"]


def test_a_second_note_is_not_met_with_silence_and_a_machine_is_left_alone(maria: Patient) -> None:
    factories.program(maria)
    for number, body in enumerate(
        ("Can I swim?", "Can I swim?", "Or cycle?", "Or run?", "Or row?")
    ):
        text(body, maria, at=TEN + timedelta(minutes=number))
    assert answers(maria) == ["noted"] * 3


@pytest.mark.parametrize(
    "body",
    [
        "This is not Maria, this is her husband. She has chest pain and cannot breathe",
        "STOP my foot is numb", "Stop. I went to the ER", "Stop please. Fever since yesterday",
        "I'm not Maria but her calf is swollen and red",
    ],
)  # fmt: skip  # a table
def test_a_red_flag_is_answered_and_alerted_beside_what_may_be_an_opt_out(
    maria: Patient, body: str
) -> None:
    """Both are heard: the alert and the safety answer, and no more texts until somebody looked."""
    factories.program(maria)
    text(body, maria, at=TEN)
    assert "red_flag" in set(Alert.objects.values_list("reason", flat=True))
    assert OutboundMessage.objects.get(kind="reply").wording.startswith("red_flag_")
    assert PhoneConsent.objects.get().state == "held"


def test_a_name_told_to_one_clinic_moves_no_words_of_another(maria: Patient, bob: User) -> None:
    """A clinic may write any phone into a record: another's words do not follow."""
    factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    hill = Clinic.objects.get(providers__user=bob)
    factories.texting(hill, phone="+14155550101")
    for name in ("Zoe", "Rosa"):
        factories.PatientFactory.create(clinic=hill, first_name=name, phone=maria.phone)
    first = text("it hurts more than yesterday", maria)
    assert first.patient is None
    row = factories.received("Zoe", maria, at=CHECK_IN_AT + timedelta(minutes=5))
    InboundMessage.objects.filter(pk=row.pk).update(to_phone="+14155550101")
    inbound.read_inbound(now=CHECK_IN_AT + timedelta(minutes=5))
    first.refresh_from_db()
    assert first.patient is None
    assert InboxItem.objects.get(inbound=first).clinic_id == maria.clinic_id


@pytest.mark.parametrize("never_left", [True, False])
def test_a_number_chooses_only_among_what_was_read(maria: Patient, never_left: bool) -> None:
    other = factories.PatientFactory.create(
        clinic=maria.clinic, first_name="Maria", last_name="Ruiz", phone=maria.phone
    )
    for patient in (maria, other):
        factories.consent_of(patient)
        factories.asked(factories.program(patient))
    text("4", maria)
    asked = OutboundMessage.objects.filter(wording="ask_who")
    assert asked.exists()
    if not never_left:
        asked.update(status="delivered", attempted_at=CHECK_IN_AT)
    text("2", maria, at=CHECK_IN_AT + timedelta(minutes=1))
    assert CheckIn.objects.exists() == (not never_left)


def test_who_is_not_maria_is_not_maria(maria: Patient) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", phone=maria.phone)
    text("This is not Maria, I have chest pain and can't breathe", maria)
    alerted = Alert.objects.filter(reason="red_flag").values_list("patient", flat=True)
    assert set(alerted) == {maria.pk, tom.pk}
