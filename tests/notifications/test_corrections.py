"""A provider says how a text should have been read: a labelled line, without who wrote it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from exercises.models import CheckIn, Patient
from notifications.incoming import inbound
from notifications.incoming.corrections import MEANINGS
from notifications.models import InboxItem
from tests import factories
from tests.factories import CHECK_IN_AT

pytestmark = pytest.mark.django_db
TEN = CHECK_IN_AT + timedelta(minutes=90)
LIST = reverse("admin:notifications_inboxitem_changelist")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(TEN, tick=False):
        yield


def item_of(patient: Patient, body: str) -> InboxItem:
    row = factories.received(body, patient, at=TEN)
    inbound.read_inbound(now=TEN)
    return InboxItem.objects.get(inbound=row)


def correct(browser: Client, item: InboxItem, meaning: str) -> str:
    url = reverse("admin:notifications_inboxitem_change", args=[item.pk])
    return browser.post(url, {"do": "correct", "should_be": meaning}, follow=True).content.decode()


def lines(**options: Any) -> list[dict[str, str]]:
    told = StringIO()
    call_command("labelled_replies", stdout=told, **options)
    return [json.loads(line) for line in told.getvalue().splitlines()]


def test_it_becomes_a_line_without_the_name(admin_of_alice: Client, maria: Patient) -> None:
    Patient.objects.update(last_name="Lopez")
    item = item_of(
        maria, "Maria Lopez here, it was like a four I guess, call 415-555-0143 or m@example.org"
    )
    page = correct(admin_of_alice, item, "score:4")
    assert "Kept. It changes nothing of the record." in page
    assert 'value="score:4" selected' in page
    (line,) = lines()
    assert (line["expected"], line["language"], line["topic"]) == ("score:4", "en", "corrected")
    for telling in ("maria", "lopez", "0143", "example.org"):
        assert telling not in line["text"].lower()
    assert "four i guess" in line["text"]
    assert not CheckIn.objects.exists()


def test_it_can_be_taken_back(admin_of_alice: Client, maria: Patient) -> None:
    item = item_of(maria, "can I swim")
    correct(admin_of_alice, item, "done")
    correct(admin_of_alice, item, "")
    assert lines() == []
    item.refresh_from_db()
    assert (item.should_be, item.corrected_by) == ("", None)


@pytest.mark.parametrize("meaning", ["score:11", "nonsense", "x" * 400, "score:4\x00"])
def test_what_is_no_reading_is_refused(
    admin_of_alice: Client, maria: Patient, meaning: str
) -> None:
    item = item_of(maria, "can I swim")
    assert "Choose one of the readings." in correct(admin_of_alice, item, meaning)
    assert lines() == []


def test_another_clinics_text_is_not_there(admin_of_alice: Client) -> None:
    item = item_of(factories.PatientFactory.create(), "can I swim")
    url = reverse("admin:notifications_inboxitem_change", args=[item.pk])
    assert admin_of_alice.post(url, {"do": "correct", "should_be": "done"}).status_code == 404
    assert lines() == []


def test_older_ones_are_left_out(admin_of_alice: Client, maria: Patient) -> None:
    correct(admin_of_alice, item_of(maria, "can I swim"), "note")
    with time_machine.travel(TEN + timedelta(days=100), tick=False):
        assert lines() == []
        assert len(lines(days=200)) == 1


def test_every_meaning_fits_its_column() -> None:
    longest = InboxItem._meta.get_field("should_be").max_length
    assert max(map(len, MEANINGS)) <= (longest or 0)


def test_the_week_of_what_was_asked_again(admin_of_alice: Client, maria: Patient) -> None:
    factories.program(maria)
    item = item_of(maria, "can I swim")
    other = item_of(maria, "tell me about the pool")
    InboxItem.objects.filter(pk=item.pk).update(why="asked_again", handled_at=TEN)
    page = admin_of_alice.get(LIST, {"box": "asked_again"}).content.decode()
    assert item.inbound.body in page
    assert other.inbound.body not in page
    with time_machine.travel(TEN + timedelta(days=8), tick=False):
        again = admin_of_alice.get(LIST, {"box": "asked_again"})
        assert again.status_code in {200, 302}
        assert item.inbound.body not in again.content.decode()
