"""What of FHIR this service speaks: what stands here works, and nothing else."""

from __future__ import annotations

from typing import Any

from exercises.fhir.basics import Part, base

# The day this statement last changed, not the day it is asked for.
SINCE = "2026-11-28"
KINDS = (
    "Organization", "Practitioner", "Patient", "CarePlan", "ServiceRequest", "Observation",
    "Procedure", "Communication", "Consent", "Provenance",
)  # fmt: skip  # a list
FHIR_JSON = "application/fhir+json"


def capability_statement() -> Part:
    """The CapabilityStatement. Every resource leaves in a patient's bundle; none is read alone,
    searched or written.
    """
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": SINCE,
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "implementation": {
            "description": "Home exercise programs: a patient's record as one bundle",
            "url": base(),
        },
        "rest": [
            {
                "mode": "server",
                "documentation": (
                    "GET /api/v1/patients/{id}/fhir/ (a provider) and GET /api/v1/me/fhir/ (the "
                    "patient) answer a Bundle of type collection. Sign-in as for the rest of the "
                    "API. No search, no read of a single resource, no write."
                ),
                "resource": [{"type": kind, "profile": _definition(kind)} for kind in KINDS],
            }
        ],
    }


def _definition(kind: str) -> str:
    return f"http://hl7.org/fhir/StructureDefinition/{kind}"


def outcome(code: str, said: str) -> dict[str, Any]:
    """An OperationOutcome that says what is wrong with a request."""
    issue = {"severity": "error", "code": code, "diagnostics": said}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
