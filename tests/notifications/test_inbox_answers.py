"""What an answer handles: what its writer has read, once, and nobody else's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from exercises.models import Alert, Patient, User
from hep.errors import InvalidInputError
from notifications.incoming import inbound, inbox
from notifications.incoming.inbox import put_back_unanswered
from notifications.messages import answer_patient, take_back
from notifications.models import InboxItem, OutboundMessage
from tests import factories
from tests.factories import CHECK_IN_AT, MORNING

pytestmark = pytest.mark.django_db
TEN = CHECK_IN_AT + timedelta(minutes=90)
LIST = reverse("admin:notifications_inboxitem_changelist")


def item_of(patient: Patient, body: str, *, at: datetime = TEN) -> InboxItem:
    row = factories.received(body, patient, at=at)
    inbound.read_inbound(now=at)
    return InboxItem.objects.get(inbound=row)


def answer(
    patient: Patient,
    *,
    by: User,
    seen: Sequence[InboxItem],
    message_id: uuid.UUID | None = None,
    now: datetime = TEN,
) -> OutboundMessage:
    return answer_patient(
        patient, words="Yes.", message_id=message_id or uuid.uuid4(),
        seen=[item.pk for item in seen], by=by, now=now,
    )  # fmt: skip  # a call


@pytest.fixture
def colleague(maria: Patient) -> User:
    provider = factories.ProviderFactory.create(clinic=maria.clinic)
    return provider.user


def test_an_answer_handles_what_the_patient_wrote_and_nobody_elses(
    maria: Patient, alice: User
) -> None:
    tom = factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom")
    for patient in (maria, tom):
        factories.consent_of(patient)
    first, second = item_of(maria, "Can I swim?"), item_of(maria, "Or cycle?")
    other = item_of(tom, "Can I run?")
    sent = answer(maria, by=alice, seen=[first, second, other])
    for item in (first, second, other):
        item.refresh_from_db()
    assert [item.answer for item in (first, second)] == [sent, sent]
    assert first.handled_by == alice
    assert other.handled_at is None


@pytest.mark.parametrize("status", ["skipped", "failed", "undelivered"])
def test_an_answer_that_never_arrived_leaves_its_words_to_be_handled(
    maria: Patient, alice: User, status: str
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    sent = answer(maria, by=alice, seen=[item])
    OutboundMessage.objects.filter(pk=sent.pk).update(status=status)
    item.refresh_from_db()
    assert item.handled_at
    put_back_unanswered(now=TEN + timedelta(hours=1))
    after = InboxItem.objects.get(pk=item.pk)
    assert after.handled_at is None
    assert after.answer is None


def test_an_answer_that_is_taken_back_puts_its_words_back(maria: Patient, alice: User) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    sent = answer(maria, by=alice, seen=[item])
    assert take_back(sent, now=TEN)
    item.refresh_from_db()
    assert item.handled_at is None


def test_the_same_answer_sent_again_handles_nothing_that_came_since(
    maria: Patient, alice: User
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    message_id = uuid.uuid4()
    later = TEN + timedelta(hours=1)
    answer(maria, by=alice, seen=[item], message_id=message_id)
    since = item_of(maria, "my foot is numb and I fell", at=TEN + timedelta(minutes=30))
    answer(maria, by=alice, seen=[item, since], message_id=message_id, now=later)
    since.refresh_from_db()
    assert since.handled_at is None


def test_what_came_after_the_page_was_opened_is_still_to_be_handled(
    admin_of_alice: Client, maria: Patient
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    address = reverse("admin:notifications_inboxitem_change", args=[item.pk])
    box = admin_of_alice.get(address).context["message"]
    since = item_of(maria, "And please call me", at=TEN + timedelta(minutes=1))
    form = {
        "do": "answer",
        "body": "Yes.",
        "message_id": str(uuid.uuid4()),
        "seen": box["seen"].value(),
    }
    admin_of_alice.post(address, form)
    for row in (item, since):
        row.refresh_from_db()
    assert item.handled_at is not None
    assert since.handled_at is None


def test_keys_that_are_none_are_refused(admin_of_alice: Client, maria: Patient) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    address = reverse("admin:notifications_inboxitem_change", args=[item.pk])
    form = {"do": "answer", "body": "Yes.", "message_id": str(uuid.uuid4()), "seen": "1,2"}
    page = admin_of_alice.post(address, form)
    assert "Load the page again." in page.content.decode()
    assert not OutboundMessage.objects.filter(kind="message").exists()


def test_a_colleagues_answer_in_between_is_to_be_read_first(
    maria: Patient, alice: User, colleague: User
) -> None:
    factories.consent_of(maria)
    item = item_of(maria, "Can I swim?")
    answer(maria, by=colleague, seen=[item])
    with pytest.raises(InvalidInputError, match="has answered since"):
        answer(maria, by=alice, seen=[item])
    # Whoever has read it may add to it: the page shows nothing open then.
    answer(maria, by=alice, seen=[])
    # One's own second answer adds to the first.
    answer(maria, by=colleague, seen=[item])
    assert OutboundMessage.objects.filter(kind="message").count() == 3


def act(admin: Client, action: str, *items: InboxItem) -> Any:
    form = {"action": action, ACTION_CHECKBOX_NAME: [item.pk for item in items]}
    return admin.post(LIST, form | {"select_across": "1"}, follow=True)


def test_only_what_was_ticked_is_handled(admin_of_alice: Client, maria: Patient) -> None:
    ticked, other = item_of(maria, "Can I swim?"), item_of(maria, "my foot is numb")
    act(admin_of_alice, "handle", ticked)
    other.refresh_from_db()
    ticked.refresh_from_db()
    assert ticked.handled_at is not None
    assert other.handled_at is None


def test_nobody_takes_from_a_colleague(
    admin_of_alice: Client, maria: Patient, alice: User, colleague: User
) -> None:
    theirs, free = item_of(maria, "Can I swim?"), item_of(maria, "Can I run?")
    inbox.assign(theirs, to=colleague)
    page = act(admin_of_alice, "take", theirs, free).content.decode()
    assert "1 are yours." in page
    assert "A colleague takes care of it." in page
    taken = dict(InboxItem.objects.values_list("pk", "assigned_to"))
    assert taken == {theirs.pk: colleague.pk, free.pk: alice.pk}


class TestAnUnclearItem:
    """Nobody knows yet who of the phone wrote."""

    @pytest.fixture
    def tom(self, maria: Patient) -> Patient:
        row = factories.PatientFactory.create(
            clinic=maria.clinic, first_name="Tom", phone=maria.phone
        )
        for patient in (maria, row):
            factories.consent_of(patient)
        return row

    def test_one_of_two_handled_leaves_the_alert_of_the_other(
        self, maria: Patient, tom: Patient, alice: User
    ) -> None:
        first, second = item_of(maria, "call me please"), item_of(maria, "it is about the band")
        assert (first.patient, second.patient) == (None, None)
        inbox.alert_overdue(now=second.answer_by)
        inbox.settle(InboxItem.objects.filter(pk=first.pk), by=alice, now=second.answer_by)
        assert Alert.objects.filter(reason="unanswered", acknowledged_at=None).count() == 2
        inbox.settle(InboxItem.objects.filter(pk=second.pk), by=alice, now=second.answer_by)
        assert not Alert.objects.filter(reason="unanswered", acknowledged_at=None).exists()

    def test_it_is_told_also_when_the_phones_have_changed_since(
        self, maria: Patient, tom: Patient
    ) -> None:
        factories.asked(factories.program(tom), at=MORNING)
        item = item_of(maria, "call me please")
        Patient.objects.filter(pk=maria.pk).update(phone="+14155550161")
        Patient.objects.filter(pk=tom.pk).update(phone="+14155550162")
        inbox.alert_overdue(now=item.answer_by)
        told = Alert.objects.filter(reason="unanswered").values_list("patient", flat=True)
        assert tom.pk in set(told)


class TestAStranger:
    """A phone that no patient has: perhaps a patient's new one."""

    PHONE = "+12055550171"

    def write(self, body: str, *, at: datetime = TEN) -> None:
        row = factories.received(body, factories.PatientFactory.build(phone=self.PHONE), at=at)
        inbound.read_inbound(now=at)
        row.refresh_from_db()
        assert row.state == "handled"

    def test_words_stand_where_the_number_belongs_and_nobody_is_answered(
        self, admin_of_alice: Client, maria: Patient
    ) -> None:
        self.write("It is Maria, I have a new phone")
        item = InboxItem.objects.get()
        assert (item.clinic, item.patient) == (maria.clinic, None)
        assert not OutboundMessage.objects.exists()
        address = reverse("admin:notifications_inboxitem_change", args=[item.pk])
        assert (
            f"No patient has this phone:</b> {self.PHONE}"
            in admin_of_alice.get(address).content.decode()
        )
        # Nobody is there to alert about; it stays on the list.
        assert inbox.alert_overdue(now=item.answer_by) == 1
        assert not Alert.objects.exists()

    @pytest.mark.parametrize("body", ["6", "DONE", "STOP", "ok"])
    def test_what_is_no_words_stands_nowhere(self, maria: Patient, body: str) -> None:
        self.write(body)
        assert not InboxItem.objects.exists()

    def test_of_a_number_that_two_clinics_have_nobody_can_tell(self, maria: Patient) -> None:
        factories.texting(factories.ClinicFactory.create())
        self.write("It is Maria, I have a new phone")
        assert not InboxItem.objects.exists()

    def test_one_phone_cannot_fill_the_inbox(self, maria: Patient) -> None:
        for number in range(8):
            self.write(f"call me please {number}", at=TEN + timedelta(minutes=number))
        assert InboxItem.objects.count() == 5
