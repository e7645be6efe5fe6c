"""The patient's record to take along: a page in their language, and a file for computers (E10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import formats, translation

from exercises.fhir.bundle import bundle_of, record_of
from exercises.fhir.capability import FHIR_JSON
from exercises.models import DeviceToken
from exercises.page.visitor import Visitor, for_visitors, page_view, show
from exercises.reads.readable import Line, Section, Teller, record_in_words
from hep.logging import hide_links
from notifications import consent
from notifications.fhir import texts_of
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage

Status, How = OutboundMessage.Status, ConsentEvent.How
NOT_ARRIVED = {Status.UNDELIVERED, Status.FAILED, Status.SKIPPED}
# What somebody said or read; staff's decisions have words of ours.
SAID = {How.PAPER, How.SPOKEN, How.APP, How.WEB, How.SMS}


@page_view("GET")
@for_visitors(DeviceToken.Level.CONFIRMED)
def record(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All that is kept of the patient's programs, words, care and texts, to read or print."""
    patient = visitor.patient
    with translation.override(patient.language):
        teller = Teller(patient.language)
        sections = [
            *record_in_words(patient, visitor.user, teller),
            Section(teller.own["texts"], _texts(visitor, teller)),
            Section(teller.own["consent"], _consent(visitor, teller)),
        ]
        made_on = teller.day(visitor.today)
    return show(
        request, "record", language=patient.language, patient=patient, made_on=made_on,
        sections=[section for section in sections if section.lines], own=teller.own,
    )  # fmt: skip  # a call


def _texts(visitor: Visitor, teller: Teller) -> list[Line]:
    """What was written on both ends, the oldest first; what was never tried is the clinic's."""
    sent = OutboundMessage.objects.visible_to(visitor.user).filter(
        patient=visitor.patient, attempted_at__isnull=False
    )
    came = InboundMessage.objects.visible_to(visitor.user).filter(patient=visitor.patient)
    clinic, you = visitor.patient.clinic.short_name, teller.words["you"]
    own = teller.own
    rows = [
        *((row.attempted_at, f"{clinic}: {_sent(row, own)}") for row in sent if row.attempted_at),
        *((row.received_at, f"{you}: {hide_links(row.body)}") for row in came),
    ]
    zone = visitor.patient.zone
    lines = []
    for moment, said in sorted(rows):
        here = moment.astimezone(zone)
        when = f"{teller.day(here.date())}, {formats.date_format(here, 'g:i A')}"
        lines.append(Line(when, said))
    return lines


def _sent(row: OutboundMessage, own: Mapping[str, Any]) -> str:
    """Its words, without the names of others on the phone; and whether it got there."""
    body = own["hidden"] if row.names else hide_links(row.body)
    return f"{body} · {own['not_arrived']}" if row.status in NOT_ARRIVED else body


def _consent(visitor: Visitor, teller: Teller) -> list[Line]:
    lines = []
    for row in consent.history(visitor.patient).order_by("created_at", "pk"):
        day = row.created_at.astimezone(visitor.patient.zone).date()
        said = [teller.said("consents", row.state), teller.said("hows", row.how)]
        # Of others on the phone only that texts stopped; ours are no words of the patient's.
        own_words = row.patient_id == visitor.patient.pk and row.how in SAID
        said += (
            [f"“{row.words}”"] if own_words and row.words not in consent.STOPPED.values() else []
        )
        lines.append(Line(teller.day(day), " · ".join(said)))
    return lines


@page_view("GET")
@for_visitors(DeviceToken.Level.CONFIRMED)
def fhir(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The same for another clinic's computer: one FHIR R4 bundle (docs/fhir.md)."""
    patient, user = visitor.patient, visitor.user
    kept = record_of(patient, user=user, today=visitor.today)
    bundle = bundle_of(patient, kept, more=texts_of(patient, user), now=visitor.now)
    answer = JsonResponse(bundle, content_type=FHIR_JSON)
    answer["Content-Disposition"] = 'attachment; filename="my-record.json"'
    return answer
