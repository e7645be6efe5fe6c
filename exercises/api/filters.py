"""What lists can be filtered by.

Ids are filtered as plain values: whether another clinic has such a row is not told.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import ChoiceFilter, UUIDFilter

from exercises.models import (
    Alert,
    CheckIn,
    Exercise,
    Measure,
    Patient,
    Program,
    Proposal,
    Review,
    SessionLog,
    TreatmentSession,
)
from exercises.reads.caseload import IS_SILENT
from hep.filters import (
    DatedFilters,
    DayFilter,
    Filters,
    InstantFilter,
    TextFilter,
    WholeFilter,
    YesNoFilter,
)


class PatientFilter(Filters):
    """By clinic, language, zone, whether a program has a status, and whether one went quiet."""

    clinic = WholeFilter(field_name="clinic_id")
    program_status = ChoiceFilter(
        field_name="programs__status", choices=Program.Status.choices, distinct=True
    )
    silent = YesNoFilter(method="is_silent", label="Went quiet: as the alerts about silence say.")

    class Meta:
        model = Patient
        fields = ("language", "time_zone")

    def is_silent(self, patients: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """With, or without, a running program that has an open alert about silence."""
        quiet = Program.objects.filter(IS_SILENT, status=Program.Status.ACTIVE).values("patient")
        return patients.filter(pk__in=quiet) if value else patients.exclude(pk__in=quiet)


class ProgramFilter(Filters):
    """By state and the day it began."""

    since = DayFilter(field_name="start_date", lookup_expr="gte", label="Began then or later.")
    until = DayFilter(field_name="start_date", lookup_expr="lte", label="Began then or before.")

    class Meta:
        model = Program
        fields = ("status", "side")


class AlertFilter(Filters):
    """Of one patient or program, of one kind, open or closed, by when they were opened."""

    patient = UUIDFilter(field_name="patient_id")
    program = UUIDFilter(field_name="program_id")
    open = YesNoFilter(field_name="acknowledged_at", lookup_expr="isnull")
    opened_since = InstantFilter(field_name="opened_at", lookup_expr="gte")

    class Meta:
        model = Alert
        fields = ("severity", "reason")


class OfProgramFilters(Filters):
    """Rows of one patient or of one program."""

    patient = UUIDFilter(field_name="program__patient_id")
    program = UUIDFilter(field_name="program_id")


class ProposalFilter(OfProgramFilters):
    """Of one kind, in one state."""

    class Meta:
        model = Proposal
        fields = ("status", "kind")


class ReviewFilter(OfProgramFilters):
    """Done or not, by when they are due."""

    open = YesNoFilter(field_name="done_at", lookup_expr="isnull")
    due_until = DayFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Review
        fields = ("week",)


class CheckInFilter(DatedFilters):
    """By kind, where it came from, and day."""

    class Meta:
        model = CheckIn
        fields = ("kind", "source", "local_date")


class SessionFilter(DatedFilters):
    """By kind, exercise, what came of it, and day."""

    exercise = TextFilter(field_name="exercise__slug", label="Its slug.")

    class Meta:
        model = SessionLog
        fields = ("kind", "outcome", "local_date")


class TreatmentFilter(DatedFilters):
    """By adverse event and day."""

    class Meta:
        model = TreatmentSession
        fields = ("adverse", "local_date")


class MeasureFilter(DatedFilters):
    """By instrument and day."""

    class Meta:
        model = Measure
        fields = ("instrument",)


class ExerciseFilter(Filters):
    """By what it needs."""

    equipment = TextFilter(field_name="equipment__slug", label="The slug of what it needs.")

    class Meta:
        model = Exercise
        fields = ()
