"""What can be done on the start page itself: answer, close, settle, without leaving it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from exercises.admin.alerts import FOR_CLINICIANS
from exercises.admin.base import row_or_404, staff_user
from exercises.models import Alert, Patient
from exercises.services.alerts import acknowledge
from hep.errors import InvalidInputError
from notifications.admin.writing import MessageForm
from notifications.incoming import inbox
from notifications.models import InboxItem


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at a row and refused; nothing of it is lost."""

    key: str
    form: MessageForm
    note: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class InPlace:
    """A row of the page with its box to write in; `typed` when it comes back refused, `words` what
    the patient wrote, where an alert is about that.
    """

    row: Any
    form: MessageForm
    typed: Typed | None
    words: str = ""


class RefusedError(Exception):
    """Nothing was done; the page says why at the row."""

    def __init__(self, typed: Typed) -> None:
        super().__init__(typed.error)
        self.typed = typed


def message_to_do(item: InboxItem, typed: Typed | None) -> InPlace:
    """A row of the inbox, with what was typed at it if that was refused."""
    return _in_place(item, typed, seen=[item])


def alert_to_do(alert: Alert, typed: Typed | None, inbox: Iterable[InboxItem]) -> InPlace:
    """An alert, with the words of a red flag as they stand in the `inbox`."""
    written = [row for row in inbox if row.patient_id == alert.patient_id]
    about = [row for row in written if row.why == InboxItem.Why.RED_FLAG]
    is_flag = alert.reason == Alert.Reason.RED_FLAG
    words = about[-1].inbound.body if is_flag and about else ""
    return _in_place(alert, typed, seen=about if is_flag else [], words=words)


def _in_place(
    row: Any, typed: Typed | None, *, seen: Sequence[InboxItem], words: str = ""
) -> InPlace:
    if typed is not None and typed.key == str(row.pk):
        return InPlace(row, typed.form, typed, words)
    return InPlace(row, MessageForm.under(seen), None, words)


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do what a row's button says, and come back to the page."""
    do = ACTS.get(request.POST.get("do", ""))
    if do is None:
        return redirect("admin:index")
    try:
        with transaction.atomic():
            words = do(request)
    except RefusedError as refused:
        return admin.site.index(request, {"typed": refused.typed})
    messages.success(request, words)
    return redirect("admin:index")


def _row(request: HttpRequest, model: Any) -> Any:
    """A row that its own page shows to whoever asks. Raises Http404 and PermissionDenied."""
    page = admin.site.get_model_admin(model)
    key = request.POST.get("key", "")
    row = row_or_404(page.get_queryset(request).select_related("patient__clinic"), key)
    if not page.has_view_permission(request, row):
        raise PermissionDenied
    return row


def _text(request: HttpRequest, key: str, patient: Patient | None, *, note: str = "") -> None:
    form = MessageForm(request.POST)
    if form.send(patient, by=staff_user(request), now=timezone.now()) is None:
        raise RefusedError(Typed(key, form, note))


def _close(request: HttpRequest) -> str:
    """Close an alert; what is texted with it is the note, unless there is another."""
    alert: Alert = _row(request, Alert)
    if not admin.site.get_model_admin(Alert).has_change_permission(request, alert):
        raise PermissionDenied
    body, note = (request.POST.get(name, "").strip() for name in ("body", "note"))
    if body:
        _text(request, str(alert.pk), alert.patient, note=note)
    typed = MessageForm(request.POST)
    try:
        acknowledge(
            alert=alert,
            by=staff_user(request),
            note=note or (f"Texted: {body}" if body else ""),
            now=timezone.now(),
        )
    except InvalidInputError as error:
        raise RefusedError(Typed(str(alert.pk), typed, note, error.message)) from error
    except PermissionDenied as error:
        raise RefusedError(Typed(str(alert.pk), typed, note, FOR_CLINICIANS)) from error
    return f"Closed: {alert.patient}, {alert.get_reason_display()}."


def _answer(request: HttpRequest) -> str:
    item: InboxItem = _row(request, InboxItem)
    _text(request, str(item.pk), item.patient)
    return f"Your answer to {item.patient} is on its way, or leaves at an hour that suits them."


def _handle(request: HttpRequest) -> str:
    item: InboxItem = _row(request, InboxItem)
    rows = InboxItem.objects.filter(pk=item.pk)
    inbox.settle(rows, by=staff_user(request), now=timezone.now())
    return "Handled."


ACTS: dict[str, Callable[[HttpRequest], str]] = {
    "close": _close, "answer": _answer, "handle": _handle,
}  # fmt: skip  # a table

urlpatterns = [path("in-place/", admin.site.admin_view(act), name="in-place")]
