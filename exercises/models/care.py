"""What happens in the clinic beside the home program: reviews, treatments and measures."""

from __future__ import annotations

import uuid
from typing import ClassVar, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from exercises.models.people import Patient, User
from exercises.models.programs import Program
from exercises.models.visibility import MeasureQuerySet, ReviewQuerySet, TreatmentSessionQuerySet
from hep.lines import LineField


class Review(models.Model):
    """A point at which a clinician looks at the course: weeks 2, 4, 6, 12 and 26."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reviews")
    week = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    options = ArrayField(
        LineField(max_length=30), default=list, blank=True, help_text="What was chosen."
    )
    note = models.TextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            # Serves assigning twice: a program is reviewed once a point.
            models.UniqueConstraint(fields=["program", "week"], name="review_once_a_week"),
        ]
        indexes: ClassVar = [
            # Serves the list of reviews that wait.
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="review_waiting"),
        ]

    def __str__(self) -> str:
        return f"Week {self.week}: {self.program}"


class TreatmentSession(models.Model):
    """Care in the clinic, shown on the pain chart."""

    class Modality(models.TextChoices):
        """What was done: docs/clinical-rules.md#library."""

        DRY_NEEDLING = "dry_needling", "Dry needling"
        ACUPUNCTURE = "acupuncture", "Acupuncture"
        ADJUSTMENT = "adjustment", "Adjustment"
        MOBILISATION = "mobilisation", "Joint mobilisation"
        SOFT_TISSUE = "soft_tissue", "Soft-tissue mobilisation"
        INSTRUMENT_ASSISTED = "instrument_assisted", "Instrument-assisted release"
        ULTRASOUND = "ultrasound", "Therapeutic ultrasound"
        ELECTRICAL_STIMULATION = "electrical_stimulation", "Electrical stimulation"
        KINESIOTAPE = "kinesiotape", "Kinesiotape"
        EXERCISE_INSTRUCTION = "exercise_instruction", "Exercise instruction"

    class Site(models.TextChoices):
        """Where."""

        PLANTAR_FASCIA = "plantar_fascia", "Plantar fascia"
        GASTROCNEMIUS = "gastrocnemius", "Gastrocnemius"
        SOLEUS = "soleus", "Soleus"

    class Adverse(models.TextChoices):
        """Whether it did harm."""

        NONE = "none", "None"
        MINOR = "minor", "Minor (soreness, bruise)"
        SERIOUS = "serious", "Serious"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="treatments")
    local_date = models.DateField(help_text="The day it was done.")
    modalities = ArrayField(LineField(max_length=30, choices=Modality))
    sites = ArrayField(LineField(max_length=30, choices=Site), default=list, blank=True)
    adverse = LineField(max_length=10, choices=Adverse, default=Adverse.NONE)
    adverse_detail = LineField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    treated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TreatmentSessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-local_date", "-created_at", "pk"]
        constraints: ClassVar = [
            # Serves whoever looks for harm later: an event is never without its words.
            models.CheckConstraint(
                condition=Q(adverse="none") | ~Q(adverse_detail=""), name="treatment_adverse_worded"
            ),
        ]
        indexes: ClassVar = [
            # Serves the patient's chart.
            models.Index(fields=["patient", "-local_date"], name="treatment_patient_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.what}"

    @property
    def what(self) -> str:
        """What was done, in the provider's words."""
        return ", ".join(str(TreatmentSession.Modality(name).label) for name in self.modalities)

    @property
    def where(self) -> str:
        """Where, in the provider's words."""
        return ", ".join(str(TreatmentSession.Site(name).label) for name in self.sites)


class ActivityScore(TypedDict):
    """An activity of the Patient-Specific Functional Scale: 0 unable, 10 as before."""

    activity: str
    score: int


class Measure(models.Model):
    """A measure at a review. Only instruments that may ship: docs/clinical-rules.md#measures."""

    class Instrument(models.TextChoices):
        """PSFS: 3 to 5 activities, 0 to 10 each. GROC: -7 to +7. The others: 1 is yes, 0 is no."""

        PSFS = "psfs", "Patient-Specific Functional Scale"
        GROC = "groc", "Global Rating of Change"
        PASS = "pass", "Patient Acceptable Symptom State"
        SIGNS = "signs", "Warning signs"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="measures")
    instrument = LineField(max_length=8, choices=Instrument)
    local_date = models.DateField()
    activities = models.JSONField(default=list, help_text="PSFS only: [{activity, score}].")
    value = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        help_text="PSFS: the mean of its scores. GROC: the rating. The others: 1 yes, 0 no.",
    )
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["local_date", "pk"]
        constraints: ClassVar = [
            # Serves a second save of the same form: the newer values count, no second row.
            models.UniqueConstraint(
                fields=["program", "instrument", "local_date"], name="measure_once_a_day"
            ),
        ]

    # Instruments with two answers.
    YES_OR_NO: ClassVar = {Instrument.PASS, Instrument.SIGNS}

    def __str__(self) -> str:
        return f"{self.local_date} {self.get_instrument_display()}: {self.answer}"

    @property
    def answer(self) -> str:
        """In words."""
        if self.instrument in self.YES_OR_NO:
            return "yes" if self.value else "no"
        return f"{float(self.value):g}"
