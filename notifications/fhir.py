"""Texts and consent as FHIR resources."""

from __future__ import annotations

from exercises.fhir.basics import Part, coding, concept, moment, resource, to, words
from exercises.fhir.people import clinic_id, of_patient
from exercises.models import Patient, User
from hep.logging import hide_links
from notifications import consent
from notifications.models import ConsentEvent, InboundMessage, OutboundMessage, PhoneConsent

Status = OutboundMessage.Status
# Our states as FHIR names what became of a message; what is on its way or there is completed.
BECAME = {
    Status.WAITING: "preparation",
    Status.ATTEMPTING: "in-progress",
    Status.UNKNOWN: "unknown",
    Status.UNDELIVERED: "not-done",
    Status.FAILED: "not-done",
    Status.SKIPPED: "not-done",
}
BY_TEXT, IN_APP = "Text message", "Message in the app"
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
    events = list(consent.history(patient).order_by("created_at", "pk"))
    return [
        *(_sent(row, patient) for row in sent),
        *(_received(row, patient) for row in received),
        *(_consent(row, patient, is_newest=row is events[-1]) for row in events),
    ]


def _clinic(patient: Patient) -> Part:
    return to("Organization", clinic_id(patient.clinic_id))


def _sent(row: OutboundMessage, patient: Patient) -> Part:
    # Names of others who share the phone are not this patient's record.
    body = "" if row.names else words(hide_links(row.body))
    return resource(
        "Communication",
        f"text-{row.pk}",
        row.updated_at,
        {
            "status": BECAME.get(Status(row.status), "completed"),
            "medium": [concept("in_writing", BY_TEXT)],
            "subject": of_patient(patient),
            "sent": moment(row.attempted_at, patient.zone) if row.attempted_at else "",
            "recipient": [of_patient(patient)],
            "sender": _clinic(patient),
            "payload": [{"contentString": body}] if body else [],
        },
    )


def _received(row: InboundMessage, patient: Patient) -> Part:
    body = words(hide_links(row.body))
    return resource(
        "Communication",
        f"reply-{row.pk}",
        row.updated_at,
        {
            "status": "completed",
            "medium": [concept("in_writing", IN_APP if row.is_from_app else BY_TEXT)],
            "subject": of_patient(patient),
            "received": moment(row.received_at, patient.zone),
            "recipient": [_clinic(patient)],
            "sender": of_patient(patient),
            "payload": [{"contentString": body}] if body else [],
        },
    )


def _consent(row: ConsentEvent, patient: Patient, *, is_newest: bool) -> Part:
    """A change of consent. The newest holds, also where it denies; those before it do not."""
    is_granted = row.state == PhoneConsent.State.GRANTED
    code = "opt_in" if is_granted else "opt_out"
    return resource(
        "Consent",
        f"consent-{row.pk}",
        row.created_at,
        {
            "status": "active" if is_newest else "inactive",
            "scope": {"coding": [coding("patient_privacy")]},
            "category": [concept(code, "Texts of the home exercise program")],
            "patient": of_patient(patient),
            "dateTime": moment(row.created_at, patient.zone),
            "organization": [_clinic(patient)],
            "policyRule": {"text": POLICY},
            "provision": {"type": "permit" if is_granted else "deny"},
        },
    )
