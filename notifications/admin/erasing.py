"""Taking a patient's name or record away: what it would do, who agreed, until when to undo it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from exercises.admin.base import staff_user
from exercises.admin.panels import PaneledAdmin
from exercises.models import Erasure, Patient
from hep.errors import ConflictError, InvalidInputError
from notifications.erasing.asking import DELAY, ask, confirm, effects, may, open_of, undo

REFUSED = "Your role may not do this, or a second person has to."


def erasing_page(page: PaneledAdmin, request: HttpRequest, patient: Patient) -> HttpResponse:
    """Look before anything is asked; then ask, confirm as a second person, or undo."""
    user = staff_user(request)
    if request.method == "POST":
        try:
            page.message_user(request, _act(request, patient))
        except (InvalidInputError, ConflictError) as error:
            page.message_user(request, error.message, messages.ERROR)
        except PermissionDenied:
            page.message_user(request, REFUSED, messages.ERROR)
        return redirect("admin:exercises_patient_erasing", patient.pk)
    now = timezone.now()
    row = open_of(patient)
    # A record without a name can still be erased.
    left = [Erasure.Kind.ERASE] if patient.removed_at else list(Erasure.Kind)
    kinds = [kind for kind in left if may(user, patient.clinic_id, kind)]
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": f"Remove {patient}",
        "opts": page.model._meta,
        "patient": patient,
        "row": row,
        "done": patient.erasures.exclude(done_at=None).first(),
        "is_mine": row is not None and row.asked_by_id == user.pk,
        "may_confirm": row is not None and row.kind in kinds,
        "kinds": [(kind, effects(patient, kind)) for kind in ([row.kind] if row else kinds)],
        "labels": Erasure.Kind,
        "days": DELAY.days,
        "is_waiting": row is not None and row.due_at is not None and row.due_at <= now,
    }
    return TemplateResponse(request, "admin/exercises/patient/erasing.html", context)


def _act(request: HttpRequest, patient: Patient) -> str:
    """Do what the form asks for; what to say of it."""
    user, now, row = staff_user(request), timezone.now(), open_of(patient)
    what = request.POST.get("do")
    if what == "ask":
        ask(patient=patient, kind=request.POST.get("kind", ""), by=user, now=now)
        return "Asked. Nothing happens before a second person has confirmed it."
    if row is None or what not in {"confirm", "undo"}:
        raise ConflictError("do", "This is over: look at the page again.", code="done")
    if what == "confirm":
        confirm(erasure=row, by=user, now=now)
        return f"Confirmed. It is done in {DELAY.days} days; until then anybody of you can undo it."
    undo(erasure=row, by=user, now=now)
    return "Undone. The record stays as it is."
