"""Copying a row of the library to a clinic, on a page that asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget

from exercises.admin.base import row_or_404, staff_user
from exercises.models import Clinic
from exercises.services.roles import CLINICIANS


class CopyForm(forms.Form):
    """To which clinic."""

    clinic = forms.ModelChoiceField(
        Clinic.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, clinics: QuerySet[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]  # of a choice field


def copy_page(
    page: Any, request: HttpRequest, object_id: str, copy: Callable[[Any, Clinic], Model]
) -> HttpResponse:
    """Ask where to, `copy` the row, then to the page of the copy. Raises Http404."""
    row = row_or_404(page.get_queryset(request), object_id)
    change = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    clinics = _clinics(request)
    if not clinics:
        message = "You make no clinical changes in any clinic."
        page.message_user(request, message, messages.ERROR)
        return redirect(change, row.pk)
    form = CopyForm(request.POST if request.method == "POST" else None, clinics=clinics)
    if form.is_valid():
        clinic = form.cleaned_data["clinic"]
        copied = copy(row, clinic)
        page.message_user(request, f"This copy belongs to {clinic}. Change what you like.")
        return redirect(change, copied.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Copy: {row}",
        "question": f"A copy of “{row}” is the clinic's own to adapt. The original stays as it is.",
        "opts": page.model._meta,
        "form": form,
        "button": "Copy",
    }
    return TemplateResponse(request, "admin/ask.html", context)


def _clinics(request: HttpRequest) -> QuerySet[Clinic]:
    """Where the user makes clinical changes."""
    user = staff_user(request)
    clinics = Clinic.objects.visible_to(user)
    if user.is_superuser:
        return clinics
    return clinics.filter(providers__user=user, providers__role__in=CLINICIANS)
