"""Intake, changes, proposals, reviews, care and measures in the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exercises.models import (
    IntakeScreen,
    Measure,
    Patient,
    Program,
    ProgramTemplate,
    Proposal,
    Provider,
    Review,
    TreatmentSession,
    User,
)
from exercises.reads.days import plan_for_day
from exercises.reads.versions import program_phases
from exercises.services import TreatmentSpec, end_program, record_check_in, record_treatment
from tests import factories
from tests.exercises.test_admin import errors_of
from tests.exercises.test_admin_assign import doses

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun today."""
    return factories.program(maria, now=timezone.now())


def page(row: Model, name: str = "change") -> str:
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return url.replace("/change/", f"/{name}/")


class TestIntake:
    """The screen on the page that assigns."""

    def assign(self, admin: Client, patient: Patient, **values: Any) -> Any:
        form = {
            "patient": patient.pk,
            "template": factories.template().pk,
            "start_date": factories.timezone_today(),
            "side": "left",
            "check_in_time": "09:00",
        }
        return admin.post(reverse("admin:exercises_program_add"), form | values)

    def test_what_was_found_is_kept(self, admin_of_alice: Client, maria: Patient) -> None:
        answer = self.assign(admin_of_alice, maria, pattern=["first_steps", "medial_heel"])
        assert answer.status_code == 302
        assert IntakeScreen.objects.get().pattern == ["first_steps", "medial_heel"]

    def test_a_red_flag_asks_for_a_reason_at_its_field(
        self, admin_of_alice: Client, maria: Patient
    ) -> None:
        refused = self.assign(admin_of_alice, maria, red_flags=["clot"])
        assert "refer first, or write why this is right" in errors_of(refused)
        assert not Program.objects.exists()
        answer = self.assign(
            admin_of_alice, maria, red_flags=["clot"], override_reason="Ruled out today"
        )
        assert answer.status_code == 302
        assert IntakeScreen.objects.get().red_flags == ["clot"]


class TestChanging:
    """The page that changes items."""

    def form(self, program: Program, **values: Any) -> dict[str, Any]:
        form: dict[str, Any] = {"version": program.version, "reason": "Too sore", "add_phase": 1}
        return form | doses(program_phases(program)) | values

    def test_looking_changes_nothing(self, admin_of_alice: Client, program: Program) -> None:
        form = self.form(program, **{"1-3-minutes": "2", "look": "1"})
        text = errors_of(admin_of_alice.post(page(program, "change-items"), form))
        assert "Calm, ball-rolling: minutes 3 → 2" in text
        program.refresh_from_db()
        assert program.version == 1

    def test_saving_changes_with_name_and_reason(
        self, admin_of_alice: Client, alice: User, program: Program
    ) -> None:
        values = {"1-3-remove": "on", "1-0-reps": "8", "add_exercise": "towel-curls", "save": "1"}
        answer = admin_of_alice.post(page(program, "change-items"), self.form(program, **values))
        assert answer.status_code == 302
        version = program.versions.get(number=2)
        assert (version.reason, version.changed_by) == ("Too sore", alice)
        today = version.from_date
        items = {row.item.exercise: row.item for row in plan_for_day(program, today).plan.rounds}
        assert "ball-rolling" not in items
        assert "towel-curls" in items
        assert items["plantar-fascia-stretch"].reps == 8

    def test_what_the_intake_speaks_against_needs_a_tick(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        IntakeScreen.objects.create(program=program, screen="plantar-fasciitis", before=["falls"])
        values = {"add_exercise": "heel-raise-two-legs", "save": "1"}
        url = page(program, "change-items")
        text = errors_of(admin_of_alice.post(url, self.form(program, **values)))
        assert "speaks against heel-raise-two-legs" in text
        assert "It is right in spite of what the intake found" in text
        assert Program.objects.get().version == 1
        answer = admin_of_alice.post(url, self.form(program, **values, in_spite_of_intake="on"))
        assert answer.status_code == 302
        assert Program.objects.get().version == 2

    def test_times_of_the_day_and_weekdays_change(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        values = {"1-0-slots": ["midday", "bedtime"], "1-0-weekdays": ["0", "3"], "look": "1"}
        url = page(program, "change-items")
        text = errors_of(admin_of_alice.post(url, self.form(program, **values)))
        assert "→ midday and bedtime" in text
        assert "weekdays none → Mon Thu" in text
        del values["look"]
        admin_of_alice.post(url, self.form(program, **values, save="1"))
        item = program_phases(Program.objects.get())[0].items[0]
        assert (item.slots, item.weekdays, item.times_per_day) == (("midday", "bedtime"), (0, 3), 2)
        shown = errors_of(admin_of_alice.get(url))
        assert "When: midday, bedtime, Mon, Thu" in shown

    def test_no_time_of_the_day_leaves_how_often(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        values = {"1-0-slots": [], "1-0-times_per_day": "3", "save": "1"}
        admin_of_alice.post(page(program, "change-items"), self.form(program, **values))
        item = program_phases(Program.objects.get())[0].items[0]
        assert (item.slots, item.times_per_day) == ((), 3)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"1-0-slots": ["noon"]}, "noon is not one of the available choices"),
            ({"1-0-times_per_day": ""}, "This field is required"),
            ({"1-0-reps": "99"}, "less than or equal to 50"),
            ({"1-0-remove": "on", "1-3-minutes": "0"}, "greater than or equal to 1"),
            ({"reason": ""}, "This field is required"),
            ({"version": 7}, "Somebody changed this program meanwhile"),
            ({f"4-{n}-remove": "on" for n in range(2)}, "at least 1 item"),
        ],
    )
    def test_what_cannot_be_is_shown_and_nothing_is_lost(
        self, admin_of_alice: Client, program: Program, values: dict[str, Any], message: str
    ) -> None:
        form = self.form(program, **(values | {"2-0-note": "My note", "save": "1"}))
        text = errors_of(admin_of_alice.post(page(program, "change-items"), form))
        assert message in text
        assert "My note" in text
        program.refresh_from_db()
        assert program.version == 1

    def test_an_ended_program_has_no_such_page(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        end_program(program=program)
        assert admin_of_alice.get(page(program, "change-items")).status_code == 403


class TestLifecycle:
    """Pausing, resuming and ending, each after a question."""

    def test_asking_does_nothing_and_yes_does_it(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        for name, status in (("pause", "paused"), ("resume", "active"), ("end", "ended")):
            before = program.status
            assert admin_of_alice.get(page(program, name)).status_code == 200
            program.refresh_from_db()
            assert program.status == before
            answer = admin_of_alice.post(page(program, name))
            assert answer["Location"] == page(program.patient, "record")
            program.refresh_from_db()
            assert program.status == status

    def test_a_pause_may_have_an_end(self, admin_of_alice: Client, program: Program) -> None:
        until = factories.local_today() + timedelta(days=5)
        admin_of_alice.post(page(program, "pause"), {"until": str(until)})
        program.refresh_from_db()
        assert program.resume_at is not None
        assert program.resume_at.astimezone(program.patient.zone).date() == until
        refused = admin_of_alice.post(page(program, "pause"), {"until": "2020-01-01"})
        assert "Choose a day from tomorrow to 180 days ahead." in errors_of(refused)

    @pytest.mark.parametrize("name", ["pause", "resume"])
    def test_what_has_ended_stays_so(
        self, admin_of_alice: Client, program: Program, name: str
    ) -> None:
        end_program(program=program)
        assert "This program has ended." in errors_of(admin_of_alice.post(page(program, name)))

    @pytest.mark.parametrize("name", ["pause", "resume", "end"])
    def test_an_assistant_may_not(
        self, admin_of_alice: Client, alice: User, program: Program, name: str
    ) -> None:
        Provider.objects.filter(user=alice).update(role="assistant")
        assert admin_of_alice.post(page(program, name)).status_code == 403
        program.refresh_from_db()
        assert program.status == "active"


class TestProposals:
    """Accepting and declining."""

    @pytest.fixture
    def proposal(self, program: Program) -> Proposal:
        """Ball rolling for 2 minutes instead of 3."""
        phases = [phase.model_dump(mode="json") for phase in program_phases(program)]
        phases[0]["items"][3]["minutes"] = 2
        return Proposal.objects.create(
            program=program, kind="regress", reasons=["Pain during was 6 and 7."], changes=phases,
            version=1, local_date=program.start_date,
        )  # fmt: skip  # a row

    def test_the_page_says_why_and_what(self, admin_of_alice: Client, proposal: Proposal) -> None:
        text = errors_of(admin_of_alice.get(page(proposal)))
        assert "Pain during was 6 and 7." in text
        assert "ball-rolling: minutes 3 → 2" in text

    def test_accepting_changes_the_program(
        self, admin_of_alice: Client, alice: User, proposal: Proposal
    ) -> None:
        assert admin_of_alice.post(page(proposal), {"decision": "accept"}).status_code == 302
        proposal.refresh_from_db()
        assert (proposal.status, proposal.decided_by) == ("accepted", alice)
        assert proposal.program.versions.count() == 2
        assert admin_of_alice.get(page(proposal)).status_code == 200

    def test_a_refused_accept_still_shows_as_open(
        self, admin_of_alice: Client, proposal: Proposal
    ) -> None:
        Proposal.objects.update(version=0)
        text = errors_of(admin_of_alice.post(page(proposal), {"decision": "accept"}))
        assert "Somebody changed this program meanwhile" in text
        proposal.refresh_from_db()
        assert (proposal.status, proposal.decided_by) == ("open", None)

    def test_declining_needs_a_word(self, admin_of_alice: Client, proposal: Proposal) -> None:
        refused = admin_of_alice.post(page(proposal), {"decision": "decline"})
        assert "Write a word on why not." in errors_of(refused)
        form = {"decision": "decline", "note": "Not now"}
        assert admin_of_alice.post(page(proposal), form).status_code == 302
        proposal.refresh_from_db()
        assert (proposal.status, proposal.program.versions.count()) == ("declined", 1)

    def test_an_assistant_looks_and_does_not_decide(
        self, admin_of_alice: Client, alice: User, proposal: Proposal
    ) -> None:
        Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
        assert admin_of_alice.get(page(proposal)).status_code == 200
        assert admin_of_alice.post(page(proposal), {"decision": "accept"}).status_code == 403
        proposal.refresh_from_db()
        assert proposal.status == "open"


class TestReviews:
    """The ladder."""

    def review(self, program: Program, week: int) -> Review:
        review: Review = program.reviews.get(week=week)
        return review

    def test_week_six_shows_the_options_with_their_evidence(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        text = errors_of(admin_of_alice.get(page(self.review(program, 6))))
        assert "Dry needling" in text
        assert "below the smallest change that matters" in text
        assert "figures not verified" in text
        assert "Shock wave" in text
        assert "Foot orthosis" not in text
        assert "Foot orthosis" in errors_of(admin_of_alice.get(page(self.review(program, 12))))
        assert "Core care goes on" in errors_of(admin_of_alice.get(page(self.review(program, 2))))

    def test_a_knee_has_its_own_ladder(self, admin_of_alice: Client, program: Program) -> None:
        knee = ProgramTemplate.objects.get(slug="patellofemoral-pain", clinic=None)
        Program.objects.filter(pk=program.pk).update(template=knee)
        text = errors_of(admin_of_alice.get(page(self.review(program, 6))))
        assert "Patellar taping" in text
        assert "Dry needling" not in text
        assert "Night splint" not in text

    def test_it_is_closed_with_words(
        self, admin_of_alice: Client, alice: User, program: Program
    ) -> None:
        review = self.review(program, 6)
        assert "Write a word" in errors_of(admin_of_alice.post(page(review), {}))
        form = {"options": ["taping"], "note": "Taped"}
        assert admin_of_alice.post(page(review), form).status_code == 302
        review.refresh_from_db()
        assert (review.options, review.done_by) == (["taping"], alice)
        assert admin_of_alice.get(page(review)).status_code == 200

    def test_the_list_shows_what_is_due(self, admin_of_alice: Client, program: Program) -> None:
        url = reverse("admin:exercises_review_changelist")
        today = factories.local_today()
        program.reviews.filter(week=2).update(due_on=today)
        assert admin_of_alice.get(url).context["cl"].result_count == 1
        assert admin_of_alice.get(f"{url}?state=all").context["cl"].result_count == 5


class TestCare:
    """Treatments and measures."""

    def test_a_treatment_is_recorded(
        self, admin_of_alice: Client, alice: User, maria: Patient
    ) -> None:
        url = reverse("admin:exercises_treatmentsession_add")
        form = {
            "patient": maria.pk, "local_date": factories.timezone_today(), "adverse": "minor",
            "modalities": ["dry_needling"], "sites": ["soleus"],
        }  # fmt: skip  # a row
        assert "Say what happened." in errors_of(admin_of_alice.post(url, form))
        assert not TreatmentSession.objects.exists()
        answer = admin_of_alice.post(url, form | {"adverse_detail": "Small bruise"})
        assert answer.status_code == 302
        row = TreatmentSession.objects.get()
        assert (row.treated_by, row.modalities, row.sites) == (alice, ["dry_needling"], ["soleus"])
        assert admin_of_alice.post(page(row), {"note": "Other"}).status_code == 403

    def test_both_measures_are_recorded(self, admin_of_alice: Client, program: Program) -> None:
        url = reverse("admin:exercises_measure_add")
        form: dict[str, Any] = {"program": program.pk, "local_date": factories.timezone_today()}
        groc = form | {"instrument": "groc"}
        assert "Ask for the rating." in errors_of(admin_of_alice.post(url, groc))
        assert admin_of_alice.post(url, groc | {"rating": "5"}).status_code == 302
        psfs = form | {"instrument": "psfs"}
        psfs |= {f"activity_{n}": f"Activity {n}" for n in (1, 2, 3)}
        assert "A number from 0 to 10." in errors_of(admin_of_alice.post(url, psfs))
        scored = psfs | {f"score_{n}": "4" for n in (1, 2)}
        assert admin_of_alice.post(url, scored | {"score_3": "7"}).status_code == 302
        kept = {row.instrument: float(row.value) for row in Measure.objects.all()}
        assert kept == {"groc": 5, "psfs": 5}
        first = Measure.objects.get(instrument="psfs")
        assert "Activity 3: 7" in errors_of(admin_of_alice.get(page(first)))

    def test_an_assistant_of_the_patients_clinic_decides_nothing_there(
        self, admin_of_alice: Client, alice: User, maria: Patient, program: Program
    ) -> None:
        """Alice treats patients elsewhere; at Maria's clinic she assists."""
        factories.ProviderFactory.create(user=alice)
        Provider.objects.filter(user=alice, clinic=maria.clinic).update(role="assistant")
        proposal = Proposal.objects.create(
            program=program, kind="stop", reasons=["x"], version=1, local_date=program.start_date
        )
        assert admin_of_alice.post(page(proposal), {"decision": "accept"}).status_code == 403
        review = program.reviews.get(week=2)
        assert admin_of_alice.post(page(review), {"note": "Fine"}).status_code == 403
        form = {
            "patient": maria.pk, "local_date": factories.timezone_today(), "adverse": "none",
            "modalities": ["dry_needling"],
        }  # fmt: skip  # a row
        refused = admin_of_alice.post(reverse("admin:exercises_treatmentsession_add"), form)
        assert "Assistants make no clinical changes" in errors_of(refused)
        assert not TreatmentSession.objects.exists()
        program.refresh_from_db()
        assert program.status == "active"


class TestCourse:
    """The page with everything."""

    @pytest.fixture
    def lived(self, maria: Patient) -> Program:
        """Two weeks of scores and a treatment."""
        began = timezone.now() - timedelta(days=14)
        program = factories.program(maria, now=began)
        for day in range(14):
            record_check_in(
                program=program, local_date=program.start_date + timedelta(days=day),
                score=7 if day < 7 else 4, source="app", client_id=str(day), now=began,
            )  # fmt: skip  # a row
        record_treatment(
            patient=maria, local_date=program.start_date + timedelta(days=3),
            treatment=TreatmentSpec(("kinesiotape",)), treated_by=None, now=timezone.now(),
        )  # fmt: skip  # a row
        return program

    def test_it_shows_pain_with_treatments(self, admin_of_alice: Client, lived: Program) -> None:
        answer = admin_of_alice.get(page(lived.patient, "record"))
        text = errors_of(answer)
        assert "7 at first, change -3" in text
        assert "a response" in text
        assert "Kinesiotape" in text
        chart = answer.context["chart"]
        assert "Smallest change that matters" in chart
        assert '"Treatment"' in chart

    def test_too_little_is_said_to_be_too_little(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        text = errors_of(admin_of_alice.get(page(program.patient, "record")))
        assert "no baseline yet" in text
        assert "Only 0 of 3 sessions" in text

    @pytest.mark.parametrize("treatments", [1, 12])
    def test_it_costs_the_same_queries(
        self,
        admin_of_alice: Client,
        lived: Program,
        treatments: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for day in range(treatments):
            record_treatment(
                patient=lived.patient, local_date=lived.start_date + timedelta(days=day),
                treatment=TreatmentSpec(("ultrasound",)), treated_by=None, now=timezone.now(),
            )  # fmt: skip  # a row
        admin_of_alice.get(page(lived.patient, "record"))
        with django_assert_num_queries(45):
            admin_of_alice.get(page(lived.patient, "record"))
