"""A clinic's own words, with a preview of the phone while one types."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from exercises.admin.base import ClinicsOwn, manages
from exercises.models import Clinic, Provider
from exercises.models.people import Language
from notifications.models import ClinicWording
from notifications.wording import FIXED, LANGUAGES, Values, keys, render, wordings
from notifications.wording.gsm7 import segments
from notifications.wording.lint import problems

# Who stands in the preview.
EXAMPLE = Values(
    first_name="Maria",
    clinic="Bay Foot",
    names="Ellen / Tom",
    detail="3:10 p.m.",
    phone="+14155550199",
    count=4,
    minutes=20,
    limit=2,
)


class WordingForm(forms.ModelForm[ClinicWording]):
    """Which text, in which language, and the words."""

    key = forms.ChoiceField(
        label="Text",
        widget=UnfoldAdminSelectWidget,
        choices=[(key, key.replace("_", " ").capitalize()) for key in keys() if key not in FIXED],
    )
    words = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, "data-wording": "words"}),
        help_text="Placeholders: {first_name}, {clinic}, {names}, {detail}, {phone}, {count}, "
        "{minutes}, {limit}.",
    )

    class Meta:
        model = ClinicWording
        fields = ("clinic", "key", "language", "words")

    manages: Any = None

    def clean_clinic(self) -> Clinic:
        """A clinic that one manages: one may see others."""
        clinic: Clinic = self.cleaned_data["clinic"]
        if not self.manages(clinic.pk):
            raise forms.ValidationError("Only its clinic admins change a clinic's wordings.")
        return clinic


@admin.register(ClinicWording)
class ClinicWordingAdmin(ClinicsOwn):
    """What a clinic says instead of our wording."""

    form = WordingForm
    change_form_template = "admin/notifications/clinicwording/change_form.html"
    list_display = ("key", "language", "words", "clinic")
    list_filter = ("language",)
    list_select_related = ("clinic",)
    may_view: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN, Provider.Role.PROVIDER})
    may_add: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN})

    class Media:
        js: ClassVar = ["notifications/preview.js"]
        css: ClassVar = {"all": ["notifications/texts.css"]}

    def get_urls(self) -> list[URLPattern]:
        """With the preview's address."""
        preview = path(
            "preview/",
            self.admin_site.admin_view(require_POST(self.preview)),
            name="notifications_clinicwording_preview",
        )
        urls: list[URLPattern] = super().get_urls()
        return [preview, *urls]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting one's own words brings ours back."""
        return self.has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, knowing whose clinics count."""
        form = super().get_form(request, *args, **kwargs)
        form.manages = staticmethod(lambda clinic: manages(request, clinic))
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start from our words for the check-in."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        clinic = Clinic.objects.visible_to(request.user).first()
        usual = {"clinic": clinic.pk if clinic else None, "key": "check_in"}
        return usual | {"words": wordings("en")["check_in"]} | initial

    def preview(self, request: HttpRequest) -> JsonResponse:
        """The text as a phone shows it, its segments, what the lint says, and our own wording."""
        key, words = request.POST.get("key", ""), request.POST.get("words", "")
        language = request.POST.get("language", Language.ENGLISH)
        if key not in keys() or language not in LANGUAGES:
            return JsonResponse({"problems": ["There is no such text."]}, status=400)
        found = problems(key, words)
        try:
            text = render(key, language=language, values=EXAMPLE, own=words)
        except (KeyError, IndexError, ValueError):
            text = words
        return JsonResponse(
            {
                "text": text,
                "segments": segments(text),
                "characters": len(text),
                "problems": found,
                "ours": wordings(language)[key],
            }
        )
