"""What a patient told and what was done in the clinic, as observations and procedures."""

from __future__ import annotations

from datetime import datetime

from exercises.fhir.basics import (
    Part,
    concept,
    moment,
    note,
    quantity,
    resource,
    system_of,
    to,
    words,
)
from exercises.fhir.people import of_patient, of_provider
from exercises.models import (
    Barrier,
    CheckIn,
    CheckInEntry,
    Measure,
    Patient,
    SessionLog,
    TreatmentSession,
)

# The average has a code; what a program asks for in the morning has none.
PAIN = {CheckIn.Kind.FIRST_STEP: "first_step", CheckIn.Kind.AVERAGE: "pain"}
WITHDRAWN, CORRECTED, FINAL = "entered-in-error", "amended", "final"


def check_in(row: CheckIn, patient: Patient, entries: list[CheckInEntry], *, question: str) -> Part:
    """The pain of a day, by what the program asks. Where the patient gave another number before or
    took one back, it is amended, and the others stand in notes.
    """
    given = [entry for entry in entries if entry.undone_at is None]
    changed = len({entry.score for entry in entries}) > 1
    status = WITHDRAWN if row.taken_back_at else CORRECTED if changed else FINAL
    told = entries[-1].created_at if entries else row.created_at
    earlier = [
        f"{'Taken back' if entry.undone_at else 'Earlier'}: {entry.score}"
        for entry in entries
        if entry.score != row.score
    ]
    said = [entry.note for entry in given if entry.note]
    asked = question if row.kind == CheckIn.Kind.FIRST_STEP else row.get_kind_display()
    return _observation(
        str(row.pk), patient, row.updated_at,
        status=status,
        category="survey",
        code=concept(PAIN[CheckIn.Kind(row.kind)], asked),
        on=row.local_date.isoformat(),
        issued=told,
        more={
            "valueInteger": row.score,
            "note": [part for text in [*said, *earlier] for part in note(text)],
            "method": {"text": row.get_source_display()},
        },
    )  # fmt: skip  # a call


def session(row: SessionLog, patient: Patient, request: str, *, was_edited: bool) -> Part:
    """What was done of a day, or why not; `request` is the order it is of, empty: the whole day."""
    status = WITHDRAWN if row.undone_at else CORRECTED if was_edited else FINAL
    parts: list[tuple[str, Part]] = []
    if row.sets is not None:
        parts.append(("sets", {"valueInteger": row.sets}))
    if row.reps is not None:
        parts.append(("repetitions", {"valueInteger": row.reps}))
    if row.minutes is not None:
        parts.append(("duration", {"valueQuantity": quantity(row.minutes, "min", "min")}))
    if row.hours is not None:
        parts.append(("splint_hours", {"valueQuantity": quantity(float(row.hours), "h", "h")}))
    if row.pain_during is not None:
        parts.append(("pain", {"valueInteger": row.pain_during}))
    what = row.exercise.name if row.exercise else row.get_kind_display()
    said = [
        row.get_reason_display() if row.reason else "",
        row.note,
        f"Load: {row.load}" if row.load else "",
    ]
    return _observation(
        str(row.pk), patient, row.updated_at,
        status=status,
        category="activity",
        code=concept("session", words(what)),
        on=row.local_date.isoformat(),
        issued=row.created_at,
        more={
            "basedOn": [to("ServiceRequest", request)] if request else [],
            "valueCodeableConcept": _own(f"session-{row.outcome}", row.get_outcome_display()),
            "component": [{"code": concept(key), **value} for key, value in parts],
            "note": [part for text in said for part in note(text)],
            "method": {"text": row.get_source_display()},
        },
    )  # fmt: skip  # a call


def measure(row: Measure, patient: Patient) -> Part:
    """An instrument's answer; of the PSFS each activity is a component."""
    value: Part = {"valueQuantity": {"value": float(row.value)}}
    if row.instrument in Measure.YES_OR_NO:
        value = {"valueBoolean": bool(row.value)}
    elif row.instrument == Measure.Instrument.GROC:
        value = {"valueInteger": int(row.value)}
    activities = [
        {"code": {"text": words(told["activity"]) or "Activity"}, "valueInteger": told["score"]}
        for told in row.activities
    ]
    return _observation(
        f"measure-{row.pk}", patient, row.created_at,
        status=FINAL,
        category="survey",
        code=concept(row.instrument, row.get_instrument_display()),
        on=row.local_date.isoformat(),
        issued=row.created_at,
        more=value | {"component": activities, "performer": _performer(row, patient)},
    )  # fmt: skip  # a call


def barrier(row: Barrier, patient: Patient) -> Part:
    """What got in the way of a week."""
    return _observation(
        f"barrier-{row.pk}", patient, row.updated_at,
        status=FINAL,
        category="survey",
        code=concept("barrier"),
        on=row.local_date.isoformat(),
        issued=row.created_at,
        more={
            "valueCodeableConcept": _own(f"barrier-{row.what}", row.get_what_display()),
            "note": note(f"{row.done} of {row.planned} days done in the 7 days before"),
            "method": {"text": row.get_source_display()},
        },
    )  # fmt: skip  # a call


def treatment(row: TreatmentSession, patient: Patient) -> Part:
    """Care in the clinic. Words of ours: codes of procedures are another's property."""
    harm = (
        ""
        if row.adverse == row.Adverse.NONE
        else f"{row.get_adverse_display()}: {row.adverse_detail}"
    )
    by = of_provider(row.treated_by)
    return resource(
        "Procedure",
        row.pk,
        row.created_at,
        {
            "status": "completed",
            "code": {"text": row.what},
            "subject": of_patient(patient),
            "performedDateTime": row.local_date.isoformat(),
            "performer": [{"actor": by}] if by else [],
            "bodySite": [{"text": row.where}] if row.where else [],
            "complication": [{"text": words(harm)}] if harm else [],
            "note": note(row.note),
        },
    )


def _own(code: str, text: str) -> Part:
    """An answer of our own list: a code of it and its words."""
    return {"coding": [{"system": system_of("ours"), "code": code, "display": text}], "text": text}


def _performer(row: Measure, patient: Patient) -> list[Part]:
    return [of_provider(row.recorded_by) or of_patient(patient)]


def _observation(
    key: str,
    patient: Patient,
    updated: datetime,
    *,
    status: str,
    category: str,
    code: Part,
    on: str,
    issued: datetime,
    more: Part,
) -> Part:
    parts = {
        "status": status,
        "category": [concept(category)],
        "code": code,
        "subject": of_patient(patient),
        "effectiveDateTime": on,
        "issued": moment(issued, patient.zone),
        "performer": [of_patient(patient)],
    }
    return resource("Observation", key, updated, parts | more)
