"""By what the list of patients can be narrowed down."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from exercises.admin.base import staff_user
from exercises.models import Program, ProgramPhase, Provider
from exercises.reads.caseload import IS_SILENT
from exercises.reads.patients import NO_PROGRAM


class AnnotationFilter(admin.SimpleListFilter):
    """By something that the list works out; a value that is no choice filters nothing."""

    annotation: ClassVar[str]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with the value chosen."""
        value = self.value()
        chosen = value in {str(key) for key, _ in self.lookup_choices}
        return queryset.filter(**{self.annotation: value}) if chosen else queryset


class StateFilter(AnnotationFilter):
    """By the state of the newest program that has not ended."""

    title = "program"
    parameter_name = "state"
    annotation = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Running, paused, none."""
        return [("active", "Active"), ("paused", "Paused"), (NO_PROGRAM, "None")]


class PhaseFilter(AnnotationFilter):
    """By the phase that this week lies in."""

    title = "phase"
    parameter_name = "phase"
    annotation = "phase_name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The phases of the programs one sees."""
        programs = Program.objects.visible_to(staff_user(request))
        running = programs.exclude(status=Program.Status.ENDED)
        phases = ProgramPhase.objects.filter(program__in=running).order_by("name")
        return [(name, name) for name in phases.values_list("name", flat=True).distinct()]


class ProviderFilter(AnnotationFilter):
    """By who assigned the program."""

    title = "provider"
    parameter_name = "provider"
    annotation = "treated_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The team."""
        team = Provider.objects.visible_to(staff_user(request)).select_related("user")
        return sorted({(row.user.email or "", str(row.user)) for row in team})


class SilentFilter(admin.SimpleListFilter):
    """Running programs with an open alert about silence."""

    title = "silent"
    parameter_name = "silent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """As the start page counts."""
        return [("yes", "Gone quiet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Patients who went quiet."""
        if self.value() != "yes":
            return queryset
        programs = Program.objects.filter(IS_SILENT, status=Program.Status.ACTIVE)
        return queryset.filter(pk__in=programs.values("patient"))
