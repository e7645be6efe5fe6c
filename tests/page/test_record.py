"""The record to take along, on the patient's own page: all of it, in their language (E10)."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exercises.content.page import page_words
from exercises.models import (
    Barrier,
    CheckIn,
    Measure,
    Patient,
    Program,
    SessionLog,
    SessionLogEdit,
    TreatmentSession,
)
from exercises.reads.versions import program_phases
from exercises.services import change_program, record_check_in, take_back
from notifications.models import ConsentEvent, OutboundMessage, PhoneConsent
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.factories import TODAY as DAY
from tests.page.visits import CONFIRM, linked, opened, words

pytestmark = pytest.mark.django_db
RECORD, FHIR = reverse("page-record"), reverse("page-fhir")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def program(maria: Patient) -> Program:
    program = factories.program(maria)
    Patient.objects.update(birth_year=1958)
    return program


@pytest.fixture
def page(program: Program) -> Client:
    browser = opened(linked(Patient.objects.get(), now=CHECK_IN_AT))
    assert browser.get(RECORD)["Location"] == browser.get(FHIR)["Location"] == CONFIRM
    browser.post(CONFIRM, {"do": "year", "birth_year": "1958"})
    return browser


def lived(program: Program) -> None:
    """One of everything that a record can have."""
    for score in (7, 4):
        record_check_in(
            program=program, local_date=DAY, score=score, source="sms", client_id=str(score),
            now=CHECK_IN_AT, note="after the stairs",
        )  # fmt: skip  # a call
    SessionLog.objects.create(
        program=program, kind="exercise", local_date=DAY, outcome="partly", source="app",
        client_id="a", sets=2, load="red", pain_during=3, note="a bit <stiff>",
    )  # fmt: skip  # a row
    SessionLog.objects.create(
        program=program, kind="splint", local_date=DAY, outcome="skipped", reason="time",
        source="web", client_id="b",
    )  # fmt: skip  # a row
    Barrier.objects.create(program=program, local_date=DAY, done=3, planned=7, what="boring")
    psfs = [{"activity": "Stairs", "score": 4}]
    Measure.objects.create(
        program=program, instrument="psfs", local_date=DAY, activities=psfs, value=4
    )
    Measure.objects.create(program=program, instrument="groc", local_date=DAY, value=3)
    Measure.objects.create(program=program, instrument="pass", local_date=DAY, value=0)
    TreatmentSession.objects.create(
        patient=program.patient, local_date=DAY, modalities=["dry_needling"], sites=["soleus"],
        adverse="minor", adverse_detail="A bruise.", note="Went well.",
    )  # fmt: skip  # a row
    factories.received("Can I swim?", program.patient)
    type(factories.received("x", program.patient)).objects.update(patient=program.patient)
    sent = factories.asked(program)
    type(sent).objects.filter(pk=sent.pk).update(body="How was it today?")


SAID = {
    "en": (
        "March 3, 2026", "Pain at your first steps, 0 (none) to 10 (worst)", "4 · by text · told before: 7 · after the stairs",
        "All exercises of the day · done in part · sets: 2 · load: red · pain meanwhile 3 · a bit <stiff> · in the app",
        "Night splint · not done · No time · on the web page", "days with exercises in 7 days: 3 of 7 · It is boring", "Stairs 4",
        "Better or worse, -7 to +7: +3", "Content with how it is: no",
        "dry needling · lower calf · soreness or a bruise after it · A bruise. · Went well.",
        "March 3, 2026, 8:30 AM", "You: Can I swim?", "Bay Foot: How was it today?",
        "You may be texted · on paper · “I agree to get texts.”", "weeks 1 to", "before your first step, at midday, in the evening · every day",
        "Nights 1 to 3: 2 hours.", "every 2 days",
    ),
    "es": (
        "3 de marzo de 2026", "antes dijo: 7", "por mensaje", "Férula nocturna · no hecho",
        "carga: roja", "punción seca · pantorrilla inferior", "Mejor o peor, de -7 a +7: +3", "Usted: Can I swim?",
        "Se le puede escribir · en papel", "semanas 1 a",
    ),
}  # fmt: skip  # a table


@pytest.mark.parametrize("language", sorted(SAID))
def test_all_of_it_stands_there_in_the_patients_language(
    page: Client, program: Program, language: str
) -> None:
    lived(program)
    Patient.objects.update(language=language)
    shown = html.unescape(words(page.get(RECORD)))
    assert {said for said in SAID[language] if said not in shown} == set()
    assert shown.count("<section") == 8


def shown_of(page: Client) -> str:
    return html.unescape(words(page.get(RECORD)))


def test_what_was_taken_back_or_came_late_is_told_as_it_was(page: Client, program: Program) -> None:
    for score in (7, 4):
        record_check_in(
            program=program, local_date=DAY, score=score, source="sms", client_id=str(score),
            now=CHECK_IN_AT,
        )  # fmt: skip  # a call
    take_back(client_id="4", patient=program.patient, now=CHECK_IN_AT)
    assert "7 · by text · taken back: 4" in shown_of(page)
    record_check_in(
        program=program, local_date=DAY, score=2, source="app", client_id="late", now=CHECK_IN_AT,
        said_at=CHECK_IN_AT - timedelta(hours=1),
    )  # fmt: skip  # a call
    assert "7 · by text · told before: 2 · taken back: 4" in shown_of(page)


def test_an_edited_session_tells_what_it_was(page: Client, program: Program) -> None:
    log = SessionLog.objects.create(
        program=program, kind="exercise", local_date=DAY, outcome="done", source="app",
        client_id="a", pain_during=2,
    )  # fmt: skip  # a row
    SessionLogEdit.objects.create(log=log, before={"outcome": "done", "pain_during": 9})
    assert "told before: done · pain meanwhile 9" in shown_of(page)
    SessionLog.objects.update(undone_at=CHECK_IN_AT, reason="of_later", outcome="skipped")
    assert "taken back: All exercises of the day · not done · of_later" in shown_of(page)


def test_of_others_on_the_phone_no_word_and_no_name(page: Client, program: Program) -> None:
    phone = PhoneConsent.objects.get()
    ConsentEvent.objects.create(
        consent=phone, patient=None, state="held", how="sms", words="Luis here, my sores",
        created_at=CHECK_IN_AT,
    )  # fmt: skip  # a row
    sent = factories.asked(program)
    rows = OutboundMessage.objects.filter(pk=sent.pk)
    rows.update(body="Who is this about? Luis / Maria.", names="Luis", status="undelivered")
    shown = shown_of(page)
    assert "Luis" not in shown
    assert "Texts wait until somebody has looked · by text" in shown
    assert "(It names somebody else on this phone.) · it did not reach the phone" in shown


def test_two_sides_and_an_ended_program_are_told_apart(page: Client, program: Program) -> None:
    Program.objects.update(status="ended", ended_at=CHECK_IN_AT)
    other = factories.program(program.patient)
    Program.objects.filter(pk=other.pk).update(side="right")
    for row, value in ((program, 3), (other, -3)):
        Measure.objects.create(program=row, instrument="groc", local_date=DAY, value=value)
    shown = shown_of(page)
    assert "Left side · Better or worse, -7 to +7: +3" in shown
    assert "Right side · Better or worse, -7 to +7: -3" in shown
    assert "It ended." in shown


def test_every_version_stands_from_its_day_on(page: Client, program: Program) -> None:
    phases = program_phases(program)
    item = phases[0].items[0].model_copy(update={"sets": 9})
    changed = phases[0].model_copy(update={"items": (item, *phases[0].items[1:])})
    later = CHECK_IN_AT + timedelta(days=7)
    with time_machine.travel(later, tick=False):
        change_program(
            program=program,
            phases=(changed, *phases[1:]),
            changed_by=None,
            version=1,
            reason="x",
            now=later,
        )
        shown = words(page.get(RECORD))
    assert "March 3, 2026" in shown
    assert "March 10, 2026 · version 2" in shown
    assert "9 sets" in shown


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("states", Program.Status), ("sources", CheckIn.Source), ("kinds", SessionLog.Kind),
        ("outcomes", SessionLog.Outcome), ("instruments", Measure.Instrument),
        ("modalities", TreatmentSession.Modality), ("sites", TreatmentSession.Site),
        ("consents", ConsentEvent._meta.get_field("state")), ("hows", ConsentEvent.How),
    ],
)  # fmt: skip  # cases
@pytest.mark.parametrize("language", sorted(page_words()))
def test_every_choice_has_words(key: str, choices: Any, language: str) -> None:
    values = {str(value) for value, _ in choices.choices}
    assert values <= set(page_words()[language]["record"][key])


def test_the_file_is_the_bundle_of_the_app(page: Client, program: Program) -> None:
    lived(program)
    answer = page.get(FHIR)
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Content-Disposition"] == 'attachment; filename="my-record.json"'
    assert answer["Cache-Control"] == "no-store"
    kinds = {entry["resource"]["resourceType"] for entry in answer.json()["entry"]}
    assert {"Patient", "Observation", "Communication", "Consent", "Procedure"} <= kinds


def test_nothing_of_anybody_else_on_the_phone(page: Client, program: Program) -> None:
    other = factories.PatientFactory.create(
        clinic=program.patient.clinic, first_name="Luis", phone=program.patient.phone
    )
    factories.received("Mine is worse", other)
    type(factories.received("y", other)).objects.filter(body="Mine is worse").update(patient=other)
    lived(factories.program(other))
    shown = words(page.get(RECORD))
    assert "Luis" not in shown
    assert "Mine is worse" not in shown
    assert "dry needling" not in shown


@pytest.mark.parametrize("more", [0, 20])
def test_three_years_cost_the_queries_of_a_day(
    page: Client, program: Program, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lived(program)
    for n in range(more):
        record_check_in(
            program=program, local_date=DAY - timedelta(days=n + 1), score=3, source="sms",
            client_id=f"d{n}", now=CHECK_IN_AT,
        )  # fmt: skip  # a call
    with django_assert_num_queries(20):
        page.get(RECORD)
