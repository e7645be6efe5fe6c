"""Templates: the shared ones, and what clinics build."""

from __future__ import annotations

import calendar
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from exercises.admin.base import narrow
from exercises.admin.copying import copy_page
from exercises.admin.library import LinesField
from exercises.admin.owned import OwnedAdmin, OwnedForm, OwnedStacked, OwnedTabular
from exercises.models import InfoCard, InfoCardText, ProgramTemplate, TemplateItem, TemplatePhase
from exercises.reads.versions import template_items
from exercises.rules.doses import Slot
from exercises.rules.phases import busiest_day, parse_phases, warnings_of
from exercises.services.library import copy_template
from hep.errors import InvalidInputError

WEEKDAYS = [(str(number), name) for number, name in enumerate(calendar.day_abbr)]
SHOWN_WEEKS = 13
# One plain item, so that weeks can be checked before there are items.
ANY_ITEM = {"exercise": "any"}
WEEKS = ("number", "name", "first_week", "last_week")


class PhaseFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """The phases of a template, checked together."""

    def clean(self) -> None:
        """Refuse weeks that overlap or leave a gap."""
        super().clean()
        if any(form.errors for form in self.forms):
            return
        told = [form.cleaned_data for form in self.forms]
        kept = [row for row in told if row and not row.get("DELETE")]
        rows = [{name: row[name] for name in WEEKS} | {"items": [ANY_ITEM]} for row in kept]
        if rows:
            try:
                parse_phases(sorted(rows, key=lambda row: int(row["number"])))
            except InvalidInputError as error:
                raise forms.ValidationError(error.message, code=error.code) from error


class PhaseInline(OwnedTabular):
    """The phases of a template."""

    model = TemplatePhase
    formset = PhaseFormSet
    fields = ("number", "name", "first_week", "last_week", "forward_when", "exercises")
    readonly_fields = ("exercises",)
    show_change_link = True

    @admin.display(description="Exercises")
    def exercises(self, phase: TemplatePhase) -> str:
        """Their names in order."""
        if phase._state.adding:
            return "Save, then open the phase"
        return ", ".join(item.exercise.name for item in phase.items.select_related("exercise"))


class TemplateForm(OwnedForm):
    """What a template is."""

    parts: ClassVar = ("cards",)

    class Meta:
        model = ProgramTemplate
        fields = (
            "clinic", "name", "description", "screen", "question", "cards", "evidence", "citation",
            "verified",
        )  # fmt: skip  # a list


@admin.register(ProgramTemplate)
class ProgramTemplateAdmin(OwnedAdmin):
    """Programs to assign."""

    form = TemplateForm
    list_display = ("name", "slug", "clinic")
    list_select_related = ("clinic",)
    search_fields = ("name", "slug")
    inlines: ClassVar = [PhaseInline]
    readonly_fields = ("asks",)
    actions_detail: ClassVar = ["copy_to_clinic"]

    def get_fields(self, request: HttpRequest, obj: ProgramTemplate | None = None) -> list[str]:
        """What it asks of a patient first, once there is something."""
        fields = list(TemplateForm.Meta.fields)
        return fields if obj is None else ["asks", *fields]

    @admin.display(description="Asks of a patient")
    def asks(self, template: ProgramTemplate) -> str:
        """The busiest day of the first weeks."""
        items = template_items(template)
        if not items:
            return "Nothing yet: it cannot be assigned without exercises."
        count, minutes = busiest_day(items, weeks=SHOWN_WEEKS)
        lines = [f"At most {count} exercises and {minutes} minutes a day."]
        return " ".join([*lines, *warnings_of(items, weeks=SHOWN_WEEKS)])

    @action(description="Copy to my clinic", url_path="copy", icon="content_copy")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def copy_to_clinic(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A copy to adapt."""
        return copy_page(
            self, request, object_id, lambda row, clinic: copy_template(template=row, clinic=clinic)
        )


class ItemForm(forms.ModelForm[TemplateItem]):
    """An exercise with its dose."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None: every n days.",
    )
    slots = forms.MultipleChoiceField(
        choices=[(slot.value, slot.label) for slot in Slot],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="One round each. None: any time.",
    )

    class Meta:
        model = TemplateItem
        fields = (
            "position", "exercise", "sets", "reps", "hold_seconds", "tempo", "minutes", "load",
            "hours", "ramps", "times_per_day", "every_n_days", "weekdays", "slots", "first_week",
            "last_week", "note",
        )  # fmt: skip  # a list

    def clean(self) -> dict[str, Any]:
        """Slots say how often a day; own weeks lie within the phase."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("slots"):
            cleaned["times_per_day"] = len(cleaned["slots"])
        exercise = cleaned.get("exercise")
        if exercise and exercise.clinic_id not in {None, self.instance.phase.template.clinic_id}:
            self.add_error("exercise", "Choose something shared or of this clinic.")
        self._check_weeks(cleaned)
        return cleaned

    def _check_weeks(self, cleaned: dict[str, Any]) -> None:
        phase = self.instance.phase
        first = cleaned.get("first_week") or phase.first_week
        last = cleaned.get("last_week") or phase.last_week
        if first < phase.first_week or (last is not None and last < first):
            self.add_error("first_week", "These weeks are not within the phase's.")
        if phase.last_week is not None and last is not None and last > phase.last_week:
            self.add_error("last_week", "These weeks are not within the phase's.")


class ItemInline(OwnedStacked):
    """The items of a phase."""

    model = TemplateItem
    form = ItemForm
    verbose_name = "item"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Exercises that exist for the user."""
        manager = db_field.remote_field.model._default_manager
        kwargs["queryset"] = narrow(manager.all(), request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(TemplatePhase)
class TemplatePhaseAdmin(OwnedAdmin):
    """A phase with its items; reached from its template."""

    list_display = ("template", "number", "name", "first_week", "last_week")
    list_select_related = ("template",)
    search_fields = ("template__name", "name")
    fields = ("template", "number", "name", "first_week", "last_week", "forward_when")
    readonly_fields = ("template", "number", "first_week", "last_week")
    inlines: ClassVar = [ItemInline]
    may_add: ClassVar = frozenset()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Phases are added on their template's page."""
        return {}

    def save_model(self, request: HttpRequest, obj: TemplatePhase, form: Any, change: bool) -> None:
        """A phase has no slug."""
        obj.save()


class CardTextForm(forms.ModelForm[InfoCardText]):
    """A card in one language."""

    paragraphs = LinesField(least=1, longest=300)

    class Meta:
        model = InfoCardText
        fields = ("language", "title", "paragraphs")


class CardTextInline(OwnedStacked):
    """A card in the patients' languages."""

    model = InfoCardText
    form = CardTextForm


@admin.register(InfoCard)
class InfoCardAdmin(OwnedAdmin):
    """Information cards."""

    form = OwnedForm
    list_display = ("slug", "week", "citation", "verified", "clinic")
    list_select_related = ("clinic",)
    search_fields = ("slug",)
    fields = ("clinic", "slug", "week", "evidence", "citation", "verified")
    inlines: ClassVar = [CardTextInline]
