"""The intake screen, adapting a template to a patient, and changing a program later."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection

from exercises.models import (
    Exercise,
    IntakeScreen,
    Patient,
    Program,
    ProgramTemplate,
    ProgramVersion,
    Review,
    User,
)
from exercises.reads.days import day_plans, plan_for_day
from exercises.reads.versions import program_phases, template_phases
from exercises.rules.phases import PhaseSpec, parse_phases, warnings_of
from exercises.rules.plan import DayPlan, item_of
from exercises.services import (
    IntakeSpec,
    ScheduleSpec,
    assign_program,
    change_program,
    end_program,
    fits_pattern,
)
from hep.errors import ConflictError, InvalidInputError
from tests import factories
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def assign(patient: Patient, **values: Any) -> Program:
    usual: dict[str, Any] = {
        "template": factories.template(),
        "start_date": TODAY,
        "side": "left",
        "schedules": (ScheduleSpec("check_in", (time(8, 30),)),),
        "assigned_by": None,
        "now": MORNING,
    }
    return assign_program(patient=patient, **(usual | values))


def names(plan: DayPlan) -> list[str]:
    return list(dict.fromkeys(planned.item.exercise for planned in plan.rounds))


def with_only(phases: tuple[PhaseSpec, ...], slug: str) -> tuple[PhaseSpec, ...]:
    """The same weeks with one exercise, daily."""
    item = {"exercise": slug, "sets": 2, "reps": 10}
    return parse_phases([phase.model_dump() | {"items": [item]} for phase in phases])


class TestIntake:
    """The screen before a program."""

    def test_what_was_found_is_kept(self, maria: Patient, alice: User) -> None:
        found = IntakeSpec(pattern=("first_steps", "medial_heel", "tender_heel"))
        program = assign(maria, intake=found, assigned_by=alice)
        kept = IntakeScreen.objects.get()
        assert (kept.program, kept.screen, kept.screened_by) == (
            program,
            "plantar-fasciitis",
            alice,
        )
        assert kept.pattern == ["first_steps", "medial_heel", "tender_heel"]
        assert fits_pattern(kept)

    def test_too_few_signs_ask_for_a_second_look(self, maria: Patient) -> None:
        assign(maria, intake=IntakeSpec(pattern=("first_steps", "long_standing")))
        assert not fits_pattern(IntakeScreen.objects.get())

    @pytest.mark.parametrize(
        ("known", "exercise"),
        [("feeling", "night-splint"), ("clot", "night-splint"), ("falls", "heel-raise"), ("minor", "ball-rolling")],
    )  # fmt: skip
    def test_what_is_known_of_a_patient_speaks_against_some_exercises(
        self, maria: Patient, known: str, exercise: str
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, intake=IntakeSpec(before=(known,)))
        assert (refused.value.field, refused.value.code) == (
            "intake.override_reason",
            "contraindicated",
        )
        assert exercise in refused.value.message
        spec = IntakeSpec(before=(known,), override_reason="Cleared by Dr. Lee")
        program = assign(maria, intake=spec)
        assert program.intake.before == [known]

    def test_what_speaks_against_nothing_in_the_program_is_kept(self, maria: Patient) -> None:
        program = assign(maria, intake=IntakeSpec(before=("hip", "blood_thinner")))
        assert program.intake.before == ["blood_thinner", "hip"]

    def test_the_record_speaks_without_a_tick(self, maria: Patient) -> None:
        """A year of birth says who is too young, also where nobody answered the screen."""
        Patient.objects.update(birth_year=TODAY.year - 15)
        maria.refresh_from_db()
        for intake in (None, IntakeSpec(pattern=("medial_heel",))):
            with pytest.raises(InvalidInputError) as refused:
                assign(maria, intake=intake)
            assert refused.value.code == "contraindicated"
            assert "Younger than 18" in refused.value.message
        program = assign(maria, intake=IntakeSpec(override_reason="Agreed with her doctor"))
        assert program.intake.before == ["minor"]

    def test_somebody_of_70_gets_what_fits(self, maria: Patient) -> None:
        Patient.objects.update(birth_year=TODAY.year - 70)
        maria.refresh_from_db()
        with pytest.raises(
            InvalidInputError, match=r"Take out heel-raise \(heel-raise-easier instead\)"
        ):
            assign(maria)
        program = assign(maria, intake=IntakeSpec(fit=True))
        items = {item.exercise for row in program_phases(program) for item in row.items}
        assert "heel-raise-easier" in items
        assert "heel-raise" not in items
        assert program.intake.before == ["falls"]

    def test_a_sign_may_speak_against_exercises_as_a_tick_does(self, maria: Patient) -> None:
        """Insertional pain stays on the floor; only the Achilles screen asks for it."""
        achilles = ProgramTemplate.objects.get(slug="achilles-tendinopathy", clinic=None)
        found = IntakeSpec(pattern=("insertion", "morning_stiffness"))
        with pytest.raises(InvalidInputError, match="heel-raise-straight"):
            assign(maria, template=achilles, intake=found)
        program = assign(maria, template=achilles, intake=replace(found, fit=True))
        assert program.intake.before == ["insertion"]
        assert fits_pattern(program.intake)

    @pytest.mark.parametrize("raises", [0, 11])
    def test_a_start_test_that_says_easier_is_kept_to(self, maria: Patient, raises: int) -> None:
        found = IntakeSpec(start_raises=raises)
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, intake=found)
        assert f"{raises} slow raises" in refused.value.message
        program = assign(maria, intake=replace(found, fit=True))
        assert program.intake.start_raises == raises
        first = {item.exercise for row in program_phases(program) for item in row.items}
        assert "heel-raise" not in first

    def test_twelve_slow_raises_are_enough(self, maria: Patient) -> None:
        assert assign(maria, intake=IntakeSpec(start_raises=12)).intake.start_raises == 12

    def test_a_red_flag_needs_a_reason_to_go_on(self, maria: Patient) -> None:
        flagged = IntakeSpec(red_flags=("nerve",), override_reason="  ")
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, intake=flagged)
        assert (refused.value.field, refused.value.code) == ("intake.override_reason", "red_flag")
        assert not Program.objects.exists()
        assign(maria, intake=IntakeSpec(red_flags=("nerve",), override_reason="Seen by Dr. Lee"))
        assert IntakeScreen.objects.get().override_reason == "Seen by Dr. Lee"

    @pytest.mark.parametrize(
        ("intake", "field"),
        [
            (IntakeSpec(pattern=("hiccups",)), "intake.pattern"),
            (IntakeSpec(red_flags=("locked_knee",), override_reason="x"), "intake.red_flags"),
        ],
    )
    def test_a_sign_of_another_screen_is_refused(
        self, maria: Patient, intake: IntakeSpec, field: str
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, intake=intake)
        assert refused.value.field == field


class TestAdapting:
    """Items of this patient's own."""

    def test_the_asked_phases_take_the_place_of_the_templates(self, maria: Patient) -> None:
        asked = with_only(template_phases(factories.template()), "short-foot")
        program = assign(maria, phases=asked)
        assert names(plan_for_day(program, TODAY).plan) == ["short-foot"]
        assert program_phases(program) == asked

    def test_an_unknown_exercise_is_named_at_its_place(self, maria: Patient) -> None:
        asked = with_only(template_phases(factories.template()), "headstand")
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, phases=asked)
        assert refused.value.code == "does_not_exist"
        assert refused.value.field == "phases.3.items.0.exercise"
        assert not Program.objects.exists()

    def test_a_clinics_own_exercise_comes_before_the_shared_one(
        self, maria: Patient, bob: User
    ) -> None:
        factories.template()
        own = Exercise.objects.create(clinic=maria.clinic, slug="short-foot", name="Our short foot")
        others = bob.providers.get().clinic
        Exercise.objects.create(clinic=others, slug="short-foot", name="Their short foot")
        program = assign(maria, phases=with_only(template_phases(factories.template()), own.slug))
        assert plan_for_day(program, TODAY).plan.rounds[0].item.name == "Our short foot"

    def test_a_template_that_is_half_done_is_refused(self, maria: Patient) -> None:
        template = factories.template()
        template.phases.get(number=2).items.all().delete()
        with pytest.raises(InvalidInputError) as refused:
            assign(maria)
        assert (refused.value.field, refused.value.code) == ("template", "incomplete")
        template.phases.get(number=1).items.update(sets=99)
        with pytest.raises(InvalidInputError):
            assign(maria)

    def test_another_clinics_template_is_refused(self, maria: Patient, bob: User) -> None:
        theirs = bob.providers.get().clinic
        template = ProgramTemplate.objects.create(clinic=theirs, slug="theirs", name="Theirs")
        with pytest.raises(InvalidInputError) as refused:
            assign(maria, template=template)
        assert refused.value.code == "does_not_exist"

    def test_reviews_that_are_past_are_not_planned(self, maria: Patient) -> None:
        assign(maria, start_date=TODAY - timedelta(weeks=5))
        assert [row.week for row in Review.objects.all()] == [6, 12, 26]

    def test_reviews_are_planned_from_the_start(self, maria: Patient) -> None:
        assign(maria)
        weeks = [(row.week, (row.due_on - TODAY).days // 7) for row in Review.objects.all()]
        assert weeks == [(2, 2), (4, 4), (6, 6), (12, 12), (26, 26)]


class TestChanging:
    """A new version from a day on."""

    def change(self, program: Program, slug: str = "short-foot", **values: Any) -> ProgramVersion:
        usual: dict[str, Any] = {"reason": "Too sore", "changed_by": None, "now": MORNING}
        phases = with_only(program_phases(program), slug)
        return change_program(program=program, phases=phases, **(usual | values))

    def test_days_before_the_change_stay_what_they_were(self, maria: Patient, alice: User) -> None:
        program = assign(maria)
        before = plan_for_day(program, TODAY).plan
        version = self.change(program, from_date=TOMORROW, changed_by=alice)
        assert (version.number, version.reason, version.changed_by) == (2, "Too sore", alice)
        assert plan_for_day(program, TODAY).plan == before
        assert names(plan_for_day(program, TOMORROW).plan) == ["short-foot"]
        both = day_plans({program.pk: [TODAY, TOMORROW]})
        assert both[program.pk, TODAY] == before
        assert names(both[program.pk, TOMORROW]) == ["short-foot"]

    def test_the_newest_change_that_holds_wins(self, maria: Patient) -> None:
        program = assign(maria)
        self.change(program, from_date=TODAY + timedelta(days=5))
        program.refresh_from_db()
        self.change(program, "towel-curls", from_date=TODAY)
        assert names(plan_for_day(program, TODAY + timedelta(days=6)).plan) == ["towel-curls"]

    @pytest.mark.parametrize(
        ("values", "field", "code"),
        [
            ({"reason": " "}, "reason", "required"),
            ({"from_date": TODAY - timedelta(days=1)}, "from_date", "past"),
            ({"version": 7}, "version", "changed_meanwhile"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, maria: Patient, values: dict[str, Any], field: str, code: str
    ) -> None:
        program = assign(maria)
        with pytest.raises(InvalidInputError) as refused:
            self.change(program, **values)
        assert (refused.value.field, refused.value.code) == (field, code)
        program.refresh_from_db()
        assert (program.version, program.versions.count()) == (1, 1)

    def test_what_was_prescribed_stays_the_same_exercise(self, maria: Patient) -> None:
        program = assign(maria)
        Exercise.objects.create(clinic=maria.clinic, slug="ball-rolling", name="Ours by now")
        change_program(
            program=program,
            phases=program_phases(program),
            reason="Other times",
            changed_by=None,
            now=MORNING,
        )
        items = {
            row.item.exercise: row.item.name for row in plan_for_day(program, TODAY).plan.rounds
        }
        assert items["ball-rolling"] == "Lacrosse-ball rolling"

    def test_a_text_that_is_due_this_second_is_not_stepped_over(self, maria: Patient) -> None:
        program = assign(maria)
        due = program.schedules.get().next_due_at
        assert due is not None
        self.change(program, now=due + timedelta(seconds=5))
        assert program.schedules.get().next_due_at == due

    def test_an_ended_program_does_not_change(self, maria: Patient) -> None:
        program = assign(maria)
        end_program(program=program)
        with pytest.raises(ConflictError, match="ended"):
            self.change(program)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_changes_made_from_the_same_version_one_is_told(self, maria: Patient) -> None:
        program = assign(maria)
        start = threading.Barrier(2)
        outcomes = []

        def change() -> None:
            start.wait(timeout=10)
            try:
                self.change(program, version=1)
                outcomes.append("changed")
            except ConflictError as error:
                outcomes.append(error.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=change) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert sorted(outcomes) == ["changed", "changed_meanwhile"]


ITEM = {"exercise": "short-foot"}
PHASE = {"number": 1, "name": "One", "first_week": 1, "last_week": 2, "items": [ITEM]}


@pytest.mark.parametrize(
    ("phases", "field"),
    [
        ([], "phases"),
        ("all of it", "phases"),
        ([PHASE | {"items": []}], "phases.0.items"),
        ([PHASE | {"items": [ITEM | {"sets": 0}]}], "phases.0.items.0.sets"),
        ([PHASE | {"items": [ITEM | {"hold_seconds": 600}]}], "phases.0.items.0.hold_seconds"),
        ([PHASE | {"items": [ITEM | {"hours": 25}]}], "phases.0.items.0.hours"),
        ([PHASE | {"last_week": 0}], "phases.0.last_week"),
        ([PHASE, PHASE | {"number": 2, "first_week": 2, "last_week": 4}], "phases"),
        ([PHASE, PHASE | {"number": 5, "first_week": 3, "last_week": 4}], "phases"),
    ],
)
def test_phases_without_sense_are_refused_at_their_place(phases: object, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_phases(phases)
    assert refused.value.field == field


def test_many_items_and_long_days_are_warned_of(db: None) -> None:
    items = [
        item_of(spec, name=spec.exercise, phase="One", weeks=(1, 2), minutes=15)
        for spec in parse_phases([PHASE | {"items": [{"exercise": f"e{n}"} for n in range(6)]}])[
            0
        ].items
    ]
    warnings = warnings_of(items, weeks=2)
    assert [warning.split(":")[0] for warning in warnings] == [
        "6 exercises on one day",
        "90 minutes on one day",
    ]


class TestWhatIsSpokenAgainst:
    """A change by hand is held to what assigning is held to."""

    @pytest.fixture
    def program(self, maria: Patient) -> Program:
        """Fitted to somebody who falls."""
        return assign(maria, intake=IntakeSpec(before=("falls",), fit=True))

    def with_raises(self, program: Program) -> tuple[PhaseSpec, ...]:
        first, *others = program_phases(program)
        item = first.items[0].model_copy(update={"exercise": "heel-raise-two-legs"})
        return (first.model_copy(update={"items": (*first.items, item)}), *others)

    def test_a_new_exercise_is_refused_at_its_place(self, program: Program) -> None:
        usual: dict[str, Any] = {"reason": "Stronger", "changed_by": None, "now": MORNING}
        asked = self.with_raises(program)
        with pytest.raises(InvalidInputError) as refused:
            change_program(program=program, phases=asked, **usual)
        place = len(asked[0].items) - 1
        assert refused.value.code == "contraindicated"
        assert refused.value.field == f"phases.0.items.{place}.exercise"
        assert program.versions.count() == 1
        change_program(program=program, phases=asked, in_spite_of_intake=True, **usual)
        # It stands there now, so another change need not say it again.
        change_program(program=program, phases=asked, **usual)
        assert program.versions.count() == 3

    def test_what_the_program_has_may_stay(self, program: Program) -> None:
        asked = with_only(program_phases(program), program_phases(program)[0].items[0].exercise)
        change_program(program=program, phases=asked, reason="Less", changed_by=None, now=MORNING)
        assert program.versions.count() == 2
