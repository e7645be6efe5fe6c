"""A program as a care plan, and each of its exercises as an order to the patient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exercises.fhir.basics import Part, concept, filled, moment, note, quantity, resource, to, words
from exercises.fhir.orders import STATUS, Order
from exercises.fhir.people import of_patient, of_provider
from exercises.models import Program
from exercises.rules.doses import ItemSpec, Slot

# The times of a day as FHIR names them (EventTiming).
WHEN = {Slot.FIRST_STEP: "WAKE", Slot.MIDDAY: "NOON", Slot.EVENING: "EVE", Slot.BEDTIME: "HS"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def care_plan(program: Program, requests: Sequence[Part], *, updated: datetime) -> Part:
    """The program with the orders of all its versions."""
    zone = program.patient.zone
    ended = program.ended_at
    return resource(
        "CarePlan",
        program.pk,
        updated,
        {
            "status": STATUS[Program.Status(program.status)],
            "intent": "plan",
            "category": [concept("assess_plan")],
            "title": words(program.name),
            "description": f"{words(program.name)}, {program.get_side_display().lower()} side",
            "subject": of_patient(program.patient),
            "period": filled(
                {
                    "start": program.start_date.isoformat(),
                    "end": moment(ended, zone) if ended else "",
                }
            ),
            "created": moment(program.created_at, zone),
            "author": of_provider(program.assigned_by),
            "activity": [{"reference": to("ServiceRequest", row["id"])} for row in requests],
        },
    )


def service_request(order: Order, program: Program) -> Part:
    """An exercise with its dose: `draft` while it waits for a decision, `completed` once its days
    or its version are over, `revoked` where it never came to be.
    """
    row = order.row
    spec = row.as_spec(row.exercise)
    return resource(
        "ServiceRequest",
        order.key,
        order.updated,
        {
            "status": order.status,
            "intent": "order",
            "category": [concept("exercise_therapy")],
            "code": {"text": words(row.exercise.name)},
            "quantityQuantity": _amount(spec),
            "subject": of_patient(program.patient),
            "occurrenceTiming": _timing(order),
            "authoredOn": moment(order.authored_at, program.patient.zone),
            "requester": of_provider(order.requester),
            "performer": [of_patient(program.patient)],
            "bodySite": [{"text": f"{program.get_side_display()} side"}],
            "note": note(row.note),
            "patientInstruction": dose_text(spec),
        },
    )


def _amount(spec: ItemSpec) -> Part:
    """What of the dose is one number in one unit."""
    if spec.hours:
        return quantity(spec.hours, "h", "h")
    if spec.minutes:
        return quantity(spec.minutes, "min", "min")
    if spec.reps:
        return quantity(spec.reps * (spec.sets or 1), "repetitions", "{repetition}")
    return {}


def _timing(order: Order) -> Part:
    """How often, when in the day, and from when to when, if that is known."""
    row = order.row
    bounds = {
        "start": order.start.isoformat() if order.start else "",
        "end": order.end.isoformat() if order.end else "",
    }
    return {
        "repeat": filled(
            {
                "boundsPeriod": filled(bounds),
                "frequency": len(row.slots) or row.times_per_day,
                "period": 1 if row.weekdays else row.every_n_days,
                "periodUnit": "d",
                "dayOfWeek": [DAYS[day] for day in row.weekdays],
                "when": [WHEN[Slot(slot)] for slot in row.slots],
            }
        )
    }


def dose_text(spec: ItemSpec) -> str:
    """The whole dose in words: nothing of it is only in a field that a reader may not show."""
    told = (
        (spec.sets, f"{spec.sets} sets" if spec.reps else f"{spec.sets} rounds"),
        (spec.reps, f"{spec.reps} repetitions"),
        (spec.hold_seconds, f"hold {spec.hold_seconds} seconds"),
        (spec.tempo, f"tempo {spec.tempo} (seconds up, held, down)"),
        (spec.minutes, f"{spec.minutes} minutes"),
        (spec.hours, f"{spec.hours} hours"),
        (spec.ramps, "hours rise: nights 1 to 3 for 2, then one more each night, up to 6"),
        (spec.load, f"load {spec.load}"),
        (spec.times_per_day > 1, f"{spec.times_per_day} times a day"),
        (spec.slots, f"at: {', '.join(Slot(slot).label.lower() for slot in spec.slots)}"),
        (spec.weekdays, f"on: {', '.join(DAYS[day] for day in spec.weekdays)}"),
        (spec.every_n_days > 1, f"every {spec.every_n_days} days"),
        (spec.note, words(spec.note)),
    )
    return "; ".join(text for is_there, text in told if is_there)
