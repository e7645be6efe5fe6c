"""The page that brings patients in from a CSV file: check first, then import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from exercises.admin.base import staff_user
from exercises.models import Clinic, User
from exercises.services.importing import (
    COLUMNS,
    ImportResult,
    import_patients,
    read_patients,
    words_of,
)
from hep.errors import InvalidInputError


class ImportForm(forms.Form):
    """The file, whose words travel in the page between the check and the import."""

    clinic = forms.ModelChoiceField(Clinic.objects.none(), widget=UnfoldAdminSelectWidget)
    file = forms.FileField(required=False, widget=UnfoldAdminFileFieldWidget)
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clinics = Clinic.objects.visible_to(user)
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]  # a choice field
        self.fields["clinic"].initial = clinics.single()

    def clean(self) -> dict[str, Any]:
        """The words of the file: a new one comes before the one that was checked."""
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("file")
        if upload and upload.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # The page carries its words to the import, and a page may carry so much.
            self.add_error("file", "A file may hold 1 MB. Split it.")
        elif upload:
            try:
                cleaned["text"] = words_of(upload.read())
            except InvalidInputError as error:
                self.add_error("file", error.message)
        elif not cleaned.get("text"):
            self.add_error("file", "Choose a file.")
        return cleaned


def import_page(page: Any, request: HttpRequest) -> HttpResponse:
    """Show what the file holds; with "import" bring the good rows in."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, user=staff_user(request))
    imported = "import" in request.POST
    found = _bring_in(form, import_patients if imported else read_patients)
    if found is not None and imported and not found.bad:
        page.message_user(
            request, f"{len(found.new)} patients came in; {found.known} were there already."
        )
        return redirect("admin:exercises_patient_changelist")
    context = {
        **page.admin_site.each_context(request),
        "title": "Import patients",
        "opts": page.model._meta,
        "form": form,
        "found": found,
        "imported": imported,
        "text": form.cleaned_data["text"] if found else "",
        "columns": COLUMNS,
    }
    return TemplateResponse(request, "admin/exercises/patient/import.html", context)


def _bring_in(form: ImportForm, read: Callable[..., ImportResult]) -> ImportResult | None:
    """What `read` finds in the form's file; None when something was refused."""
    if not form.is_valid():
        return None
    try:
        return read(form.cleaned_data["text"], clinic=form.cleaned_data["clinic"])
    except InvalidInputError as error:
        form.add_error("file", error.message)
        return None
