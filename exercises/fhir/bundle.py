"""A patient's whole record as one bundle; resources and references only of that patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from exercises.fhir.basics import Part, base, coding, moment, resource, to
from exercises.fhir.people import (
    clinic_id,
    of_patient,
    organization,
    patient_resource,
    practitioner,
)
from exercises.fhir.plans import care_plan, request_id, service_request
from exercises.fhir.records import barrier, check_in, measure, session, treatment
from exercises.models import (
    Barrier,
    CheckIn,
    CheckInEntry,
    Measure,
    Patient,
    Prescription,
    Program,
    ProgramVersion,
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
    plans, orders = _plans(programs, today=today)
    told = [
        *_check_ins(patient, user),
        *_sessions(patient, user, orders),
        *(
            measure(row, patient)
            for row in Measure.objects.visible_to(user)
            .filter(program__patient=patient)
            .select_related("recorded_by")
            .order_by("local_date", "pk")
        ),
        *(
            barrier(row, patient)
            for row in Barrier.objects.visible_to(user)
            .filter(program__patient=patient)
            .exclude(what="")
            .order_by("local_date", "pk")
        ),
        *(
            treatment(row, patient)
            for row in TreatmentSession.objects.visible_to(user)
            .filter(patient=patient)
            .select_related("treated_by")
            .order_by("local_date", "created_at", "pk")
        ),
    ]
    return [organization(patient.clinic, patient), patient_resource(patient), *plans, *told]


class Orders:
    """Which order a log is of: the exercise in the version that held that day."""

    def __init__(self) -> None:
        self._from: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
        self._ids: dict[tuple[UUID, int, str], str] = {}

    def add(self, row: Prescription, program: UUID) -> None:
        """Know an order; of two with one exercise, the first."""
        self._ids.setdefault((program, row.phase.version, row.exercise.slug), request_id(row.pk))

    def hold(self, program: UUID, version: ProgramVersion) -> None:
        """Know from which day a version holds."""
        self._from[program].append((version.from_date, version.number))

    def of(self, row: SessionLog) -> str:
        """The id of the order that `row` tells of; empty: of a whole day, or of none."""
        if row.exercise is None:
            return ""
        number = self.number_on(row.program_id, row.local_date)
        return self._ids.get((row.program_id, number, row.exercise.slug), "")

    def number_on(self, program: UUID, day: date) -> int:
        """The newest version that holds on `day`, else the first."""
        holding = [number for since, number in self._from[program] if since <= day]
        return max(holding, default=1)


def _plans(programs: Sequence[Program], *, today: date) -> tuple[list[Part], Orders]:
    """Care plans with their orders. Two queries."""
    orders = Orders()
    versions: dict[UUID, dict[int, ProgramVersion]] = defaultdict(dict)
    for version in (
        ProgramVersion.objects.filter(program__in=programs)
        .select_related("changed_by")
        .order_by("number")
    ):
        versions[version.program_id][version.number] = version
        orders.hold(version.program_id, version)
    rows: dict[UUID, list[Prescription]] = defaultdict(list)
    for row in (
        Prescription.objects.filter(phase__program__in=programs)
        .select_related("phase", "exercise")
        .order_by("phase__version", "phase__number", "position")
    ):
        rows[row.phase.program_id].append(row)
        orders.add(row, row.phase.program_id)
    parts: list[Part] = []
    for program in programs:
        current = orders.number_on(program.pk, today)
        known = versions[program.pk]
        requests = [
            service_request(
                row, program, known[row.phase.version], is_current=row.phase.version == current
            )
            for row in rows[program.pk]
            if row.phase.version in known
        ]
        changed = [version.created_at for version in known.values()]
        changed += [at for at in (program.created_at, program.ended_at, program.resumed_at) if at]
        people = {row.changed_by for row in known.values()} | {program.assigned_by}
        parts += [care_plan(program, requests, updated=max(changed)), *requests]
        parts += [practitioner(user) for user in people if user is not None]
    return _once(parts), orders


def _once(parts: Iterable[Part]) -> list[Part]:
    """Each resource once; whoever changed two programs is one person."""
    return list({(part["resourceType"], part["id"]): part for part in parts}.values())


def _check_ins(patient: Patient, user: User) -> list[Part]:
    entries: dict[UUID, list[CheckInEntry]] = defaultdict(list)
    for entry in CheckInEntry.objects.filter(check_in__program__patient=patient):
        entries[entry.check_in_id].append(entry)
    rows = CheckIn.objects.visible_to(user).filter(program__patient=patient)
    ordered = rows.order_by("local_date", "kind", "pk")
    return [check_in(row, patient, entries[row.pk]) for row in ordered]


def _sessions(patient: Patient, user: User, orders: Orders) -> list[Part]:
    rows = SessionLog.objects.visible_to(user).filter(program__patient=patient)
    edited = set(
        SessionLogEdit.objects.filter(log__program__patient=patient).values_list("log", flat=True)
    )
    ordered = rows.select_related("exercise").order_by("local_date", "created_at", "pk")
    return [session(row, patient, orders.of(row), was_edited=row.pk in edited) for row in ordered]


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
