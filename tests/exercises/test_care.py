"""Reviews, treatments in the clinic, and measures."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from exercises.models import Alert, Measure, Patient, Program, Review, TreatmentSession, User
from exercises.services import (
    TreatmentSpec,
    complete_review,
    record_check_in,
    record_groc,
    record_psfs,
    record_treatment,
    reviews_due,
    watch_due,
)
from hep.errors import ConflictError, InvalidInputError
from tests import factories
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program."""
    return factories.program(maria)


class TestReviews:
    """Weeks 2, 4, 6, 12 and 26."""

    def scores(self, program: Program, first: int, last: int) -> None:
        for day in range(43):
            record_check_in(
                program=program,
                local_date=TODAY + timedelta(days=day),
                score=first if day < 35 else last,
                source="app",
                client_id=str(day),
                now=MORNING + timedelta(days=day),
            )

    def look(self, program: Program, days: int) -> set[str]:
        """The daily look on that day; which reasons are open."""
        now = MORNING + timedelta(days=days)
        Program.objects.update(watch_at=now, heard_at=now)
        watch_due(now=now)
        return set(Alert.objects.filter(acknowledged_at=None).values_list("reason", flat=True))

    def test_a_review_is_closed_with_what_was_found_and_chosen(
        self, program: Program, alice: User
    ) -> None:
        [due] = reviews_due(program, on=TODAY + timedelta(days=14))
        done = complete_review(
            review=due, by=alice, note="Fine", options=["taping", "taping"], now=MORNING
        )
        assert (done.week, done.done_by, done.options) == (2, alice, ["taping"])
        assert reviews_due(program, on=TODAY + timedelta(days=14)) == []
        with pytest.raises(ConflictError):
            complete_review(review=due, by=alice, note="Again", options=[], now=MORNING)

    @pytest.mark.parametrize(
        ("note", "options", "field"), [(" ", [], "note"), ("ok", ["surgery"], "options")]
    )
    def test_a_review_without_words_or_with_an_unknown_option_stays_open(
        self, program: Program, alice: User, note: str, options: list[str], field: str
    ) -> None:
        review = program.reviews.get(week=6)
        with pytest.raises(InvalidInputError) as refused:
            complete_review(review=review, by=alice, note=note, options=options, now=MORNING)
        assert refused.value.field == field
        assert Review.objects.filter(done_at=None).count() == 5

    def test_no_change_at_week_six_is_told_once(self, program: Program) -> None:
        self.scores(program, 7, 6)
        program.reviews.filter(week__lt=6).update(done_at=MORNING)
        assert "no_change" not in self.look(program, 41)
        assert "no_change" in self.look(program, 42)
        alert = Alert.objects.get(reason="no_change")
        assert (alert.severity, alert.detail) == ("low", "Week 6: -1 points from 7")
        Alert.objects.update(acknowledged_at=MORNING)
        assert "no_change" not in self.look(program, 43)

    def test_a_responder_is_no_alert(self, program: Program) -> None:
        self.scores(program, 7, 4)
        program.reviews.filter(week__lt=6).update(done_at=MORNING)
        assert "no_change" not in self.look(program, 42)

    def test_without_scores_nobody_is_called_a_non_responder(self, program: Program) -> None:
        assert "no_change" not in self.look(program, 42)

    def test_a_missed_review_is_told_after_a_week(self, program: Program) -> None:
        assert "review_missed" not in self.look(program, 20)
        assert "review_missed" in self.look(program, 21)
        assert Alert.objects.get(reason="review_missed").severity == "high"


def treat(patient: Patient, *, day: date = TODAY, **values: Any) -> TreatmentSession:
    usual: dict[str, Any] = {"modalities": ("dry_needling",), "sites": ("soleus",)}
    treatment_id = values.pop("treatment_id", None)
    return record_treatment(
        patient=patient,
        local_date=day,
        treatment=TreatmentSpec(**(usual | values)),
        treated_by=None,
        now=MORNING,
        treatment_id=treatment_id,
    )


class TestTreatments:
    """In-clinic care."""

    def test_it_is_kept_in_the_order_of_the_list(self, maria: Patient) -> None:
        row = treat(maria, modalities=("kinesiotape", "dry_needling", "kinesiotape"))
        assert (row.modalities, row.sites) == (["dry_needling", "kinesiotape"], ["soleus"])

    def test_a_repeated_id_is_one_treatment(self, maria: Patient) -> None:
        key = uuid.uuid4()
        assert treat(maria, treatment_id=key) == treat(maria, treatment_id=key)
        with pytest.raises(ConflictError):
            treat(factories.PatientFactory.create(), treatment_id=key)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"modalities": ()}, "modalities"),
            ({"modalities": ("leeches",)}, "modalities"),
            ({"sites": ("elbow",)}, "sites"),
            ({"adverse": "awful"}, "adverse"),
            ({"adverse": "minor"}, "adverse_detail"),
            ({"day": TODAY + timedelta(days=1)}, "local_date"),
            ({"day": TODAY - timedelta(days=366)}, "local_date"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, maria: Patient, values: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            treat(maria, **values)
        assert refused.value.field == field
        assert not TreatmentSession.objects.exists()

    def test_a_serious_event_opens_an_alert(self, maria: Patient) -> None:
        treat(maria, adverse="minor", adverse_detail="Bruise")
        assert not Alert.objects.exists()
        treat(maria, adverse="serious", adverse_detail="Fainted")
        assert Alert.objects.get().reason == "harm"


def activities(*scores: int, names: str = "abcde") -> list[Any]:
    return [{"activity": names[i], "score": score} for i, score in enumerate(scores)]


class TestMeasures:
    """PSFS and GROC."""

    def psfs(self, program: Program, rows: list[Any], day: date = TODAY) -> Measure:
        return record_psfs(
            program=program, local_date=day, activities=rows, recorded_by=None, now=MORNING
        )

    def test_the_psfs_is_the_mean_of_its_activities(self, program: Program) -> None:
        assert float(self.psfs(program, activities(3, 4, 6)).value) == 4.33

    @pytest.mark.parametrize(
        ("rows", "field"),
        [
            (activities(3, 4), "activities"),
            (activities(1, 2, 3, 4, 5, names="aabcd"), "activities"),
            (activities(1, 2, 3, names=" bc"), "activities"),
            (activities(1, 2, 11), "activities.2.score"),
            (activities(1, -1, 1), "activities.1.score"),
        ],
    )
    def test_a_psfs_without_sense_is_refused(
        self, program: Program, rows: list[Any], field: str
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            self.psfs(program, rows)
        assert refused.value.field == field

    def test_later_ones_ask_about_the_same_activities(self, program: Program) -> None:
        self.psfs(program, activities(3, 4, 6), TODAY - timedelta(days=30))
        with pytest.raises(InvalidInputError, match="same activities"):
            self.psfs(program, activities(3, 4, 6, names="xyz"))
        self.psfs(program, activities(5, 6, 7))
        self.psfs(program, activities(6, 6, 6))
        assert [float(row.value) for row in program.measures.all()] == [4.33, 6]

    def test_a_slip_of_the_first_one_is_corrected_the_same_day(self, program: Program) -> None:
        self.psfs(program, activities(3, 4, 6))
        self.psfs(program, activities(3, 4, 6, names="xyz"))
        assert program.measures.get().activities[0]["activity"] == "x"

    @pytest.mark.parametrize("rating", [-8, 8])
    def test_a_groc_off_the_scale_is_refused(self, program: Program, rating: int) -> None:
        with pytest.raises(InvalidInputError) as refused:
            record_groc(
                program=program, local_date=TODAY, rating=rating, recorded_by=None, now=MORNING
            )
        assert refused.value.field == "rating"

    @pytest.mark.parametrize("rating", [-7, 0, 7])
    def test_a_groc_is_kept(self, program: Program, rating: int) -> None:
        row = record_groc(
            program=program, local_date=TODAY, rating=rating, recorded_by=None, now=MORNING
        )
        assert float(row.value) == rating
