"""Exercises and templates, read-only: they come from the content files."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from exercises.admin.base import ReadOnlyInline, TenantAdmin
from exercises.models import Exercise, ExerciseText, ProgramTemplate, TemplatePhase


class ExerciseTextInline(ReadOnlyInline):
    """The exercise in the patients' languages."""

    model = ExerciseText
    fields = ("language", "name", "steps", "stop_if")
    readonly_fields = fields


@admin.register(Exercise)
class ExerciseAdmin(TenantAdmin):
    """The library."""

    list_display = ("name", "minutes", "citation", "verified", "clinic")
    list_filter = ("verified",)
    list_select_related = ("clinic",)
    search_fields = ("name", "slug")
    inlines: ClassVar = [ExerciseTextInline]


class PhaseInline(ReadOnlyInline):
    """The phases of a template."""

    model = TemplatePhase
    fields = ("number", "name", "first_week", "last_week", "exercises")
    readonly_fields = fields

    @admin.display(description="Exercises")
    def exercises(self, phase: TemplatePhase) -> str:
        """Their names in order."""
        return ", ".join(item.exercise.name for item in phase.items.select_related("exercise"))


@admin.register(ProgramTemplate)
class ProgramTemplateAdmin(TenantAdmin):
    """Programs to assign."""

    list_display = ("name", "slug", "clinic")
    list_select_related = ("clinic",)
    search_fields = ("name", "slug")
    inlines: ClassVar = [PhaseInline]
