"""Alerts: who needs somebody, and closing them with a note."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from exercises.admin.base import STAFF, AboutPatient, staff_user
from exercises.admin.exporting import ExportingAdmin
from exercises.admin.panels import PaneledAdmin
from exercises.models import Alert
from exercises.reads.caseload import SEVERITY_RANK
from exercises.services.alerts import acknowledge
from hep.errors import InvalidInputError

COLOURS = {
    Alert.Severity.CRITICAL: "danger",
    Alert.Severity.HIGH: "warning",
    Alert.Severity.LOW: "info",
}
FIELDS = (
    *("patient", "program", "reason", "severity", "urgency"),
    *("detail", "times", "opened_at", "last_at"),
)


class OpenFilter(admin.SimpleListFilter):
    """Open ones first thing; closed ones on request."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What else there is to see."""
        return [("closed", "Closed"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """Open instead of Django's "All" as the first choice."""
        first, *others = super().choices(changelist)
        yield first | {"display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        """By acknowledgement."""
        if self.value() == "all":
            return queryset
        return queryset.filter(acknowledged_at__isnull=self.value() != "closed")


# The patient's exercises wait for it.
FOR_CLINICIANS = "A clinician has to close this one: the patient's exercise texts wait until then."


class AlertForm(forms.ModelForm[Alert]):
    """The note that closes an alert."""

    note = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="What you found or did. Saving closes the alert.",
    )

    class Meta:
        model = Alert
        fields = ("note",)

    closed_by: Any = None

    def clean(self) -> dict[str, Any]:
        """Close inside validation, so that a refusal shows at the note."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                acknowledge(
                    alert=self.instance,
                    by=self.closed_by,
                    note=cleaned.get("note", ""),
                    now=timezone.now(),
                )
            except InvalidInputError as error:
                self.add_error("note", error.message)
            except PermissionDenied:
                self.add_error("note", FOR_CLINICIANS)
        return cleaned


@admin.register(Alert)
class AlertAdmin(PaneledAdmin, ExportingAdmin, AboutPatient):
    """Open alerts, the worst first."""

    list_display = ("level", "patient", "reason", "urgency", "times", "opened_at", "deadline")
    list_filter = (OpenFilter, "severity", "reason")
    list_select_related = ("patient",)
    search_fields = ("patient__search_text",)
    may_change: ClassVar = STAFF

    @display(description="Severity", ordering=SEVERITY_RANK, label=COLOURS)  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def level(self, alert: Alert) -> tuple[str, str]:
        """As a coloured label."""
        return alert.severity, alert.get_severity_display()

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """The worst first, then the oldest."""
        return (SEVERITY_RANK.asc(), "opened_at")

    def get_fields(self, request: HttpRequest, obj: Alert | None = None) -> tuple[Any, ...]:
        """What happened, then the note."""
        closed = ("acknowledged_at", "acknowledged_by") if obj and obj.acknowledged_at else ()
        return (*FIELDS, "deadline", "escalated_at", *closed, *self.panel_fields(), "note")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Alert | None = None
    ) -> tuple[Any, ...]:
        """Everything but the note, and that too once it is closed."""
        fields = self.get_fields(request, obj)
        return fields if obj and obj.acknowledged_at else fields[:-1]

    def get_form(
        self, request: HttpRequest, obj: Alert | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that closes, knowing who does."""
        if obj is not None and obj.acknowledged_at is None:
            kwargs["form"] = AlertForm
        form = super().get_form(request, obj, change, **kwargs)
        form.closed_by = staff_user(request)
        return form

    def save_model(self, request: HttpRequest, obj: Alert, form: Any, change: bool) -> None:
        """Nothing: the service has closed it during validation."""


def open_alerts_badge(request: HttpRequest) -> str:
    """How many alerts are open, for the menu; nothing where there is none."""
    open_ones = Alert.objects.visible_to(staff_user(request)).filter(acknowledged_at=None)
    return str(open_ones.count() or "")
