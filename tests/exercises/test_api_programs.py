"""The API of an assigned program: bad input is a 400 that names its field."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import (
    Clinic,
    IntakeScreen,
    Patient,
    Program,
    ProgramTemplate,
    Provider,
    SessionLog,
    User,
)
from exercises.reads.versions import program_phases
from exercises.services.library import copy_template
from tests import factories
from tests.conftest import api_of
from tests.exercises.test_api import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun today."""
    return factories.program(maria, now=timezone.now())


def url(program: Program, name: str) -> str:
    return f"/api/v1/programs/{program.pk}/{name}/"


def today(program: Program) -> Any:
    return timezone.now().astimezone(program.patient.zone).date()


def log(program: Program, **values: Any) -> dict[str, Any]:
    usual = {"id": str(uuid.uuid4()), "local_date": today(program).isoformat(), "outcome": "done"}
    return usual | {"exercise": "ball-rolling", "slot": "midday"} | values


class TestPlan:
    """The plan of a day."""

    def test_it_tells_doses_times_and_what_is_logged(
        self, api: APIClient, program: Program
    ) -> None:
        api.post(url(program, "sessions"), log(program))
        plan = api.get(url(program, "plan")).json()
        assert (plan["phase"], plan["minutes"], len(plan["rounds"])) == ("Calm", 35, 10)
        logged = [(row["item"]["exercise"], row["slot"]) for row in plan["rounds"] if row["logged"]]
        assert logged == [("ball-rolling", "midday")]
        assert plan["rounds"][-1]["item"]["hours"] == 2

    def test_any_date_may_be_asked(self, api: APIClient, program: Program) -> None:
        factories.moved_by_calendar(program)
        later = (program.start_date + timedelta(days=14)).isoformat()
        assert api.get(url(program, "plan"), {"date": later}).json()["phase"] == "Load"
        refused = api.get(url(program, "plan"), {"date": "tomorrow"})
        assert (refused.status_code, list(problems(refused))) == (400, ["date"])


class TestSessions:
    """Logs."""

    @pytest.mark.parametrize(
        ("days", "values", "field"),
        [
            (1, {}, "local_date"),
            (-1, {}, "local_date"),
            (0, {"exercise": "heel-raise"}, "exercise"),
            (0, {"slot": "bedtime"}, "slot"),
            (0, {"sets": 0}, "sets"),
            (0, {"pain_during": 11}, "pain_during"),
            (0, {"hours": "25"}, "hours"),
            (0, {"outcome": "perhaps"}, "outcome"),
            (0, {"id": "mine"}, "id"),
        ],
    )
    def test_bad_input_is_a_400_that_names_the_field(
        self, api: APIClient, program: Program, days: int, values: dict[str, Any], field: str
    ) -> None:
        day = (today(program) + timedelta(days=days)).isoformat()
        refused = api.post(url(program, "sessions"), log(program, local_date=day) | values)
        assert (refused.status_code, list(problems(refused))) == (400, [field])
        assert not SessionLog.objects.exists()

    def test_a_repeated_id_is_one_log(self, api: APIClient, program: Program) -> None:
        form = log(program, minutes=3, pain_during=2)
        answers = [api.post(url(program, "sessions"), form).json() for _ in range(2)]
        assert answers[0] == answers[1]
        rows = api.get(url(program, "sessions")).json()["results"]
        assert [(row["id"], row["minutes"], row["pain_during"]) for row in rows] == [
            (form["id"], 3, 2)
        ]


class TestAssigning:
    """Phases and the intake screen of an assignment."""

    def form(self, **values: Any) -> dict[str, Any]:
        factories.template()
        usual = {"template": "plantar-fasciitis", "side": "left", "schedules": []}
        return usual | {"start_date": factories.timezone_today()} | values

    def test_own_phases_and_a_screen(self, api: APIClient, maria: Patient) -> None:
        item = {"exercise": "short-foot", "sets": 2, "reps": 10, "slots": ["midday"]}
        phase = {"number": 1, "name": "One", "first_week": 1, "last_week": 4, "items": [item]}
        form = self.form(phases=[phase], intake={"pattern": ["first_steps"]})
        answer = api.post(f"/api/v1/patients/{maria.pk}/programs/", form)
        assert answer.status_code == 201
        program = Program.objects.get()
        assert [row.exercise for row in program_phases(program)[0].items] == ["short-foot"]
        assert IntakeScreen.objects.get().pattern == ["first_steps"]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"intake": {"red_flags": ["clot"]}}, "intake.override_reason"),
            ({"intake": {"red_flags": ["hiccups"]}}, "intake.red_flags"),
            ({"phases": []}, "phases"),
            (
                {"phases": [{"number": 1, "name": "One", "first_week": 1, "items": []}]},
                "phases.0.items",
            ),
        ],
    )
    def test_bad_input_is_a_400_and_leaves_nothing(
        self, api: APIClient, maria: Patient, values: dict[str, Any], field: str
    ) -> None:
        refused = api.post(f"/api/v1/patients/{maria.pk}/programs/", self.form(**values))
        assert (refused.status_code, list(problems(refused))) == (400, [field])
        assert not Program.objects.exists()


class TestVersions:
    """Changing."""

    def change(self, program: Program, **values: Any) -> dict[str, Any]:
        phases = [phase.model_dump(mode="json") for phase in program_phases(program)]
        return {"phases": phases, "reason": "Too sore", "version": 1} | values

    def test_a_change_is_listed_with_who_and_why(
        self, api: APIClient, alice: User, program: Program
    ) -> None:
        answer = api.post(url(program, "versions"), self.change(program))
        assert answer.status_code == 201
        rows = api.get(url(program, "versions")).json()["results"]
        assert [(row["number"], row["reason"], row["changed_by"]) for row in rows] == [
            (2, "Too sore", str(alice)),
            (1, "Assigned", None),
        ]

    def test_a_change_from_an_older_version_is_a_conflict(
        self, api: APIClient, program: Program
    ) -> None:
        refused = api.post(url(program, "versions"), self.change(program, version=7))
        assert (refused.status_code, problems(refused)) == (409, {"version": "changed_meanwhile"})

    @pytest.mark.parametrize(
        ("place", "value", "field"),
        [
            (("items", 0, "sets"), 0, "phases.0.items.0.sets"),
            (("items", 0, "hold_seconds"), 600, "phases.0.items.0.hold_seconds"),
            (("items", 4, "hours"), 25, "phases.0.items.4.hours"),
            (("items", 0, "exercise"), "headstand", "phases.0.items.0.exercise"),
            (("last_week",), 3, "phases"),
        ],
    )
    def test_a_dose_without_sense_is_named_at_its_place(
        self, api: APIClient, program: Program, place: tuple[Any, ...], value: Any, field: str
    ) -> None:
        form = self.change(program)
        part: Any = form["phases"][0]
        for step in place[:-1]:
            part = part[step]
        part[place[-1]] = value
        refused = api.post(url(program, "versions"), form)
        assert (refused.status_code, list(problems(refused))) == (400, [field])
        assert program.versions.count() == 1

    def test_assistants_change_nothing(self, api: APIClient, alice: User, program: Program) -> None:
        Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
        assert api.post(url(program, "versions"), self.change(program)).status_code == 403


@pytest.mark.parametrize("name", ["plan", "sessions", "versions"])
def test_another_clinics_program_does_not_exist(name: str, program: Program, bob: User) -> None:
    assert api_of(bob).get(url(program, name)).status_code == 404
    assert api_of(bob).post(url(program, name), {}).status_code in {404, 405}


@pytest.mark.parametrize("rows", [2, 30])
def test_a_plan_costs_the_same_for_few_rows_and_many(
    api: APIClient,
    program: Program,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        api.post(url(program, "sessions"), log(program))
        phases = [phase.model_dump(mode="json") for phase in program_phases(program)][:1]
        api.post(url(program, "versions"), {"phases": phases, "reason": "Again"})
    with django_assert_num_queries(5):
        assert api.get(url(program, "plan")).status_code == 200


def test_a_copied_template_has_its_own_name_and_neither_name_is_doubtful(
    api: APIClient, maria: Patient, clinic: Clinic
) -> None:
    """Assigning by the shared name failed with 500 once a clinic had a copy of it."""
    shared = factories.template()
    copy = copy_template(template=shared, clinic=clinic)
    assert copy.slug != shared.slug
    # As copies were before: one name twice.
    copies = [copy, copy_template(template=shared, clinic=factories.ClinicFactory.create())]
    ProgramTemplate.objects.filter(pk__in=[row.pk for row in copies]).update(slug=shared.slug)
    answer = api.post(
        f"/api/v1/patients/{maria.pk}/programs/",
        {
            "template": shared.slug,
            "start_date": factories.timezone_today(),
            "side": "left",
            "schedules": [],
        },
    )
    assert answer.status_code == 201, answer.content
    assert Program.objects.get().template == copy
