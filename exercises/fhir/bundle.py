"""A patient's whole record as one bundle; resources and references only of that patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from exercises.fhir.basics import Part, base, coding, moment, resource, to
from exercises.fhir.orders import Orders
from exercises.fhir.people import (
    clinic_id,
    of_patient,
    organization,
    patient_resource,
    practitioner,
)
from exercises.fhir.plans import care_plan, service_request
from exercises.fhir.records import barrier, check_in, measure, session, treatment
from exercises.models import (
    Barrier,
    CheckIn,
    CheckInEntry,
    Measure,
    Patient,
    Program,
    SessionLog,
    SessionLogEdit,
    TreatmentSession,
    User,
)


def record_of(patient: Patient, *, user: User, today: date) -> list[Part]:
    """Everything of the record that `user` may see of `patient`, each kind the oldest first.

    A constant number of queries.
    """
    programs = list(
        Program.objects.visible_to(user)
        .filter(patient=patient)
        .select_related("assigned_by")
        .order_by("created_at")
    )
    for program in programs:
        program.patient = patient
    orders = Orders(programs, today=today)
    questions = {program.pk: str(program.get_question_display()) for program in programs}
    return [
        organization(patient.clinic, patient),
        patient_resource(patient),
        *_plans(programs, orders),
        *_check_ins(patient, user, questions),
        *_sessions(patient, user, orders),
        *_measures(patient, user),
        *_care(patient, user),
    ]


def _measures(patient: Patient, user: User) -> list[Part]:
    measures = Measure.objects.visible_to(user).filter(program__patient=patient)
    barriers = Barrier.objects.visible_to(user).filter(program__patient=patient).exclude(what="")
    return [
        *(
            measure(row, patient)
            for row in measures.select_related("recorded_by").order_by("local_date", "pk")
        ),
        *(barrier(row, patient) for row in barriers.order_by("local_date", "pk")),
    ]


def _care(patient: Patient, user: User) -> list[Part]:
    rows = TreatmentSession.objects.visible_to(user).filter(patient=patient)
    ordered = rows.select_related("treated_by").order_by("local_date", "created_at", "pk")
    return [treatment(row, patient) for row in ordered]


def _plans(programs: Sequence[Program], orders: Orders) -> list[Part]:
    """Care plans with their orders, and who made them."""
    parts: list[Part] = []
    for program in programs:
        requests = [service_request(order, program) for order in orders.of_program(program)]
        newest = max(orders.changed[program.pk])
        # A plan changes with what it lists.
        changed = [datetime.fromisoformat(row["meta"]["lastUpdated"]) for row in requests]
        parts += [care_plan(program, requests, updated=max([newest, *changed])), *requests]
        parts += [practitioner(user) for user in orders.people_of(program)]
    return _once(parts)


def _once(parts: Iterable[Part]) -> list[Part]:
    """Each resource once; whoever changed two programs is one person."""
    return list({(part["resourceType"], part["id"]): part for part in parts}.values())


def _check_ins(patient: Patient, user: User, questions: Mapping[UUID, str]) -> list[Part]:
    entries: dict[UUID, list[CheckInEntry]] = defaultdict(list)
    for entry in CheckInEntry.objects.filter(check_in__program__patient=patient):
        entries[entry.check_in_id].append(entry)
    rows = CheckIn.objects.visible_to(user).filter(program__patient=patient)
    ordered = rows.order_by("local_date", "kind", "pk")
    return [
        check_in(row, patient, entries[row.pk], question=questions[row.program_id])
        for row in ordered
    ]


def _sessions(patient: Patient, user: User, orders: Orders) -> list[Part]:
    rows = SessionLog.objects.visible_to(user).filter(program__patient=patient)
    edited = set(
        SessionLogEdit.objects.filter(log__program__patient=patient).values_list("log", flat=True)
    )
    ordered = rows.select_related("exercise").order_by("local_date", "created_at", "pk")
    return [
        session(row, patient, orders.of_log(row), was_edited=row.pk in edited) for row in ordered
    ]


def bundle_of(
    patient: Patient, parts: Sequence[Part], *, more: Sequence[Part], now: datetime
) -> Part:
    """A collection of `parts` and `more` with where they come from.

    Two of an unchanged patient differ in `timestamp` alone.
    """
    everything = _once([*parts, *more, *_people_named(parts)])
    everything.append(_provenance(patient, everything))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment(now),
        "entry": [
            {"fullUrl": f"{base()}/{part['resourceType']}/{part['id']}", "resource": part}
            for part in everything
        ],
    }


def _people_named(parts: Iterable[Part]) -> list[Part]:
    """Providers that a resource names and no program does."""
    wanted = {
        str(found["reference"]).rpartition("-")[2]
        for part in parts
        for found in _references(part)
        if str(found["reference"]).startswith("Practitioner/")
    }
    return [practitioner(user) for user in User.objects.filter(pk__in=wanted).order_by("pk")]


def _references(value: object) -> Iterable[Part]:
    if isinstance(value, dict):
        if "reference" in value and isinstance(value["reference"], str):
            yield value
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _provenance(patient: Patient, parts: Sequence[Part]) -> Part:
    """Who the record is from: the patient and the clinic told it, the clinic passes it on."""
    newest = max(part["meta"]["lastUpdated"] for part in parts)
    clinic = to("Organization", clinic_id(patient.clinic_id))
    return resource(
        "Provenance",
        f"provenance-{patient.pk}",
        datetime.fromisoformat(newest),
        {
            "target": [to(part["resourceType"], part["id"]) for part in parts],
            "recorded": newest,
            "agent": [
                {"type": {"coding": [coding("author")]}, "who": of_patient(patient)},
                {"type": {"coding": [coding("author")]}, "who": clinic},
                {"type": {"coding": [coding("transmitter")]}, "who": clinic},
            ],
        },
    )
