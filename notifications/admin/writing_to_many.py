"""One text to the patients that were ticked in their list."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextareaWidget

from exercises.admin.base import staff_user
from exercises.admin.bulk import ask, tell
from exercises.admin.patients import PatientAdmin
from exercises.models import Patient
from notifications.messages_to_many import look_at_many
from notifications.messages_to_many import write_to_many as text_each

# More than this is a campaign, which home programs are not for.
MOST_AT_ONCE = 100


class MessageManyForm(forms.Form):
    """A text to many; the id keeps a second click from writing twice."""

    body = forms.CharField(
        label="Text",
        max_length=480,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Nothing of health. Each gets it with the clinic's name, at an hour that suits.",
    )
    batch_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


@admin.action(description="Write to them")
def write_to_many(
    page: PatientAdmin, request: HttpRequest, queryset: QuerySet[Patient]
) -> HttpResponse | None:
    """One text to each, looked at before it is sent; at most so many at a time."""
    if queryset.count() > MOST_AT_ONCE:
        message = f"At most {MOST_AT_ONCE} patients at a time."
        page.message_user(request, message, messages.ERROR)
        return None
    patients = list(queryset.select_related("clinic"))
    looked = "apply" in request.POST or "look" in request.POST
    form = MessageManyForm(request.POST if looked else None)
    found = look_at_many(patients, form.cleaned_data["body"]) if form.is_valid() else None
    if found is None or not found.texts or "apply" not in request.POST:
        return ask(
            page, request, queryset, form, title="Write to patients", button="Send",
            template="admin/exercises/patient/write_to_many.html", found=found,
            media=page.media,
        )  # fmt: skip  # a call
    sent, late = text_each(
        found, batch_id=form.cleaned_data["batch_id"], words=form.cleaned_data["body"],
        by=staff_user(request), now=timezone.now(),
    )  # fmt: skip  # a call
    skipped = [f"{patient} ({why})" for patient, why in (*found.skipped, *late)]
    tell(page, request, f"{sent} texts are on their way.", skipped)
    return None
