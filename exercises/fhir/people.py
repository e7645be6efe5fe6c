"""Clinic, providers and the patient."""

from __future__ import annotations

from exercises.fhir.basics import Part, base, filled, resource, to, words
from exercises.models import Clinic, Patient, User

UNNAMED = "Name not recorded"


def clinic_id(clinic: int) -> str:
    """The lasting id of a clinic."""
    return f"clinic-{clinic}"


def provider_id(user: int) -> str:
    """The lasting id of somebody of the clinic."""
    return f"provider-{user}"


def organization(clinic: Clinic, patient: Patient) -> Part:
    """The clinic. Its row has no time of change, so the patient's is told."""
    phone = str(clinic.phone)
    return resource(
        "Organization",
        clinic_id(clinic.pk),
        patient.created_at,
        {
            "identifier": [{"system": f"{base()}/sid/clinic", "value": str(clinic.pk)}],
            "active": True,
            "name": words(clinic.name),
            "telecom": [{"system": "phone", "value": phone}] if phone else [],
        },
    )


def practitioner(user: User) -> Part:
    """Somebody of the clinic, by name. No address: that is theirs, not the record's."""
    return resource(
        "Practitioner",
        provider_id(user.pk),
        user.date_joined,
        {
            "identifier": [{"system": f"{base()}/sid/provider", "value": str(user.pk)}],
            "name": [{"text": words(user.name) or UNNAMED}],
        },
    )


def patient_resource(patient: Patient) -> Part:
    """The patient. Gender is not recorded, and of the birth only the year."""
    family, given = words(patient.last_name), words(patient.first_name)
    return resource(
        "Patient",
        patient.pk,
        patient.updated_at,
        {
            "identifier": [{"system": f"{base()}/sid/patient", "value": str(patient.pk)}],
            "name": [
                filled(
                    {
                        "text": words(str(patient)) or UNNAMED,
                        "family": family,
                        "given": [given] if given else [],
                    }
                )
            ],
            "telecom": [{"system": "phone", "value": str(patient.phone), "use": "mobile"}],
            "gender": "unknown",
            "birthDate": str(patient.birth_year) if patient.birth_year else "",
            "communication": [
                {
                    "language": {
                        "coding": [{"system": "urn:ietf:bcp:47", "code": patient.language}]
                    },
                    "preferred": True,
                }
            ],
            "managingOrganization": to("Organization", clinic_id(patient.clinic_id)),
        },
    )


def of_patient(patient: Patient) -> Part:
    """A reference to the patient."""
    return to("Patient", patient.pk)


def of_provider(user: User | None) -> Part:
    """A reference to somebody of the clinic; empty where nobody is known."""
    return to("Practitioner", provider_id(user.pk), words(user.name)) if user else {}
