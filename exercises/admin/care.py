"""In-clinic care and measures."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from exercises.admin.base import TenantAdmin, staff_user
from exercises.models import Measure, Patient, TreatmentSession, User
from exercises.services import TreatmentSpec, record_groc, record_psfs, record_treatment
from exercises.services.care import PSFS_ACTIVITIES
from exercises.services.roles import CLINICIANS, require_clinician
from hep.errors import InvalidInputError


class RecordForm(forms.ModelForm[Any]):
    """Keeps a record through its service, inside validation."""

    recorded_by: User

    def record(self, cleaned: dict[str, Any]) -> Any:
        """Call the service; the row it made."""
        raise NotImplementedError

    def patient(self, cleaned: dict[str, Any]) -> Patient:
        """Whom it is about."""
        patient: Patient = (
            cleaned["patient"] if "patient" in cleaned else cleaned["program"].patient
        )
        return patient

    def clean(self) -> dict[str, Any]:
        """What the service refuses shows at its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                require_clinician(self.recorded_by, self.patient(cleaned).clinic)
                self.instance = self.record(cleaned)
            except PermissionDenied as error:
                self.add_error(None, str(error))
            except InvalidInputError as error:
                field = error.field.split(".", maxsplit=1)[0]
                self.add_error(field if field in self.fields else None, error.message)
        return cleaned


class RecordAdmin(TenantAdmin):
    """Records that are added and not changed: a wrong one would falsify the history."""

    may_add: ClassVar = CLINICIANS
    record_form: ClassVar[type[RecordForm]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that records, knowing who does."""
        if obj is None:
            kwargs["form"] = self.record_form
        form = super().get_form(request, obj, change, **kwargs)
        form.recorded_by = staff_user(request)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Today, most of the time."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"local_date": timezone.localdate()} | initial

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the patient, where one came from."""
        about = obj.program if hasattr(obj, "program_id") else obj
        return redirect("admin:exercises_patient_record", about.patient_id)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the service has saved during validation."""


def _several(choices: Any, *, required: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices, required=required, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


class TreatmentForm(RecordForm):
    """A treatment."""

    modalities = _several(TreatmentSession.Modality.choices, required=True)
    sites = _several(TreatmentSession.Site.choices, required=False)

    class Meta:
        model = TreatmentSession
        fields = ("patient", "local_date", "adverse", "adverse_detail", "note")

    def record(self, cleaned: dict[str, Any]) -> TreatmentSession:
        """Keep it."""
        treatment = TreatmentSpec(
            modalities=tuple(cleaned["modalities"]),
            sites=tuple(cleaned["sites"]),
            adverse=cleaned["adverse"],
            adverse_detail=cleaned["adverse_detail"],
            note=cleaned["note"],
        )
        return record_treatment(
            patient=cleaned["patient"],
            local_date=cleaned["local_date"],
            treatment=treatment,
            treated_by=self.recorded_by,
            now=timezone.now(),
        )


@admin.register(TreatmentSession)
class TreatmentSessionAdmin(RecordAdmin):
    """What was done in the clinic."""

    record_form = TreatmentForm
    list_display = ("patient", "local_date", "what", "where", "adverse", "treated_by")
    list_filter = ("adverse",)
    list_select_related = ("patient", "treated_by")
    search_fields = ("patient__search_text",)
    fields = (
        "patient", "local_date", "modalities", "sites", "adverse", "adverse_detail", "note",
    )  # fmt: skip  # a list


ACTIVITIES = range(1, PSFS_ACTIVITIES[1] + 1)


class MeasureForm(RecordForm):
    """Either instrument on one page."""

    rating = forms.IntegerField(
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Global Rating of Change only: -7 (much worse) to 7 (much better).",
    )
    activities = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Measure
        fields = ("program", "instrument", "local_date")

    def record(self, cleaned: dict[str, Any]) -> Measure:
        """Keep it."""
        common = {
            "program": cleaned["program"],
            "local_date": cleaned["local_date"],
            "recorded_by": self.recorded_by,
            "now": timezone.now(),
        }
        if cleaned["instrument"] == Measure.Instrument.GROC:
            if cleaned.get("rating") is None:
                raise InvalidInputError("rating", "Ask for the rating.", code="required")
            return record_groc(rating=cleaned["rating"], **common)
        rows = [(cleaned.get(f"activity_{n}"), cleaned.get(f"score_{n}")) for n in ACTIVITIES]
        for number, (activity, score) in zip(ACTIVITIES, rows, strict=True):
            if activity and score is None:
                raise InvalidInputError(f"score_{number}", "A number from 0 to 10.")
        named: list[Any] = [{"activity": name, "score": score} for name, score in rows if name]
        return record_psfs(activities=named, **common)


for _number in ACTIVITIES:
    # Declared in a loop: five rows of the same two fields.
    MeasureForm.base_fields[f"activity_{_number}"] = forms.CharField(
        required=False, max_length=80, widget=UnfoldAdminTextInputWidget
    )
    MeasureForm.base_fields[f"score_{_number}"] = forms.IntegerField(
        required=False, min_value=0, max_value=10, widget=UnfoldAdminIntegerFieldWidget
    )
    MeasureForm.declared_fields |= {
        name: MeasureForm.base_fields[name] for name in (f"activity_{_number}", f"score_{_number}")
    }


@admin.register(Measure)
class MeasureAdmin(RecordAdmin):
    """Patient-Specific Functional Scale and Global Rating of Change."""

    record_form = MeasureForm
    list_display = ("patient", "local_date", "instrument", "value", "recorded_by")
    list_filter = ("instrument",)
    list_select_related = ("program__patient", "recorded_by")
    search_fields = ("program__patient__search_text",)

    def get_fields(self, request: HttpRequest, obj: Measure | None = None) -> list[str]:
        """What to ask, or what was told."""
        if obj is not None:
            return ["program", "instrument", "local_date", "value", "scores", "recorded_by"]
        asked = [name for n in ACTIVITIES for name in (f"activity_{n}", f"score_{n}")]
        return ["program", "instrument", "local_date", "rating", "activities", *asked]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Measure | None = None
    ) -> tuple[str, ...]:
        """The scores, put into words."""
        return ("scores",) if obj is not None else ()

    @admin.display(description="Patient", ordering="program__patient__last_name")
    def patient(self, measure: Measure) -> str:
        """Whose."""
        return str(measure.program.patient)

    @admin.display(description="Scores")
    def scores(self, measure: Measure) -> str:
        """By activity."""
        return ", ".join(f"{row['activity']}: {row['score']}" for row in measure.activities)
