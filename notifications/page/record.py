"""The patient's record to take along: a page in their language, and a file for computers (E10)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import formats, translation

from exercises.fhir.bundle import bundle_of, record_of
from exercises.fhir.capability import FHIR_JSON
from exercises.models import DeviceToken
from exercises.page.visitor import Visitor, for_visitors, page_view, show
from exercises.reads.readable import Line, Section, Teller, record_in_words
from notifications import consent
from notifications.fhir import texts_of
from notifications.models import InboundMessage, OutboundMessage


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
    rows = [
        *((row.attempted_at, clinic, row.body) for row in sent if row.attempted_at),
        *((row.received_at, you, row.body) for row in came),
    ]
    zone = visitor.patient.zone
    lines = []
    for moment, who, body in sorted(rows):
        here = moment.astimezone(zone)
        when = f"{teller.day(here.date())}, {formats.date_format(here, 'g:i A')}"
        lines.append(Line(when, f"{who}: {body}"))
    return lines


def _consent(visitor: Visitor, teller: Teller) -> list[Line]:
    lines = []
    for row in consent.history(visitor.patient).order_by("created_at", "pk"):
        day = row.created_at.astimezone(visitor.patient.zone).date()
        said = [teller.said("consents", row.state), teller.said("hows", row.how), f"“{row.words}”"]
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
