"""Texts and consent as FHIR resources."""

from __future__ import annotations

from exercises.fhir.basics import Part, coding, concept, filled, moment, resource, to, words
from exercises.fhir.people import clinic_id, of_patient
from exercises.models import Patient, User
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, PhoneConsent

# Our states as FHIR names what became of a message.
NOT_DONE = frozenset({OutboundMessage.Status.UNDELIVERED, OutboundMessage.Status.FAILED})
BY_TEXT = "Text message"
# What a consent rests on, where no law is named by its address.
POLICY = "47 CFR 64.1200 (telephone consumer protection)"


def texts_of(patient: Patient, user: User) -> list[Part]:
    """What was texted both ways, and written in the app. Three queries."""
    sent = (
        OutboundMessage.objects.visible_to(user)
        .filter(patient=patient, attempted_at__isnull=False)
        .order_by("attempted_at", "pk")
    )
    received = (
        InboundMessage.objects.visible_to(user)
        .filter(patient=patient)
        .order_by("received_at", "pk")
    )
    events = (
        ConsentEvent.objects.visible_to(user)
        .filter(patient=patient)
        .select_related("consent")
        .order_by("created_at", "pk")
    )
    return [
        *(_sent(row, patient) for row in sent),
        *(_received(row, patient) for row in received),
        *(_consent(row, patient) for row in events),
    ]


def _clinic(patient: Patient) -> Part:
    return to("Organization", clinic_id(patient.clinic_id))


def _sent(row: OutboundMessage, patient: Patient) -> Part:
    body = words(row.body)
    return resource(
        "Communication",
        f"text-{row.pk}",
        row.updated_at,
        {
            "status": "not-done" if row.status in NOT_DONE else "completed",
            "medium": [concept("by_text", BY_TEXT)],
            "subject": of_patient(patient),
            "sent": moment(row.attempted_at, patient.zone) if row.attempted_at else "",
            "recipient": [of_patient(patient)],
            "sender": _clinic(patient),
            "payload": [{"contentString": body}] if body else [],
        },
    )


def _received(row: InboundMessage, patient: Patient) -> Part:
    body = words(row.body)
    return resource(
        "Communication",
        f"reply-{row.pk}",
        row.updated_at,
        {
            "status": "completed",
            "medium": [concept("by_text", BY_TEXT)],
            "subject": of_patient(patient),
            "received": moment(row.received_at, patient.zone),
            "recipient": [_clinic(patient)],
            "sender": of_patient(patient),
            "payload": [{"contentString": body}] if body else [],
        },
    )


def _consent(row: ConsentEvent, patient: Patient) -> Part:
    """A change of consent: an opt-out is a consent that denies."""
    is_granted = row.state == PhoneConsent.State.GRANTED
    return resource(
        "Consent",
        f"consent-{row.pk}",
        row.created_at,
        {
            "status": "active" if is_granted else "inactive",
            "scope": {"coding": [coding("patient_privacy")]},
            "category": [concept("opt_in", "Texts of the home exercise program")],
            "patient": of_patient(patient),
            "dateTime": moment(row.created_at, patient.zone),
            "organization": [_clinic(patient)],
            "policyRule": {"text": POLICY},
            "provision": filled({"type": "permit" if is_granted else "deny"}),
        },
    )
