"""Actions on many rows that ask first, on a page of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

# Longer lists of names are cut in a message.
NAMED = 10


def ask(
    page: Any,
    request: HttpRequest,
    queryset: QuerySet[Any],
    form: forms.Form,
    *,
    title: str,
    button: str,
    template: str = "admin/bulk.html",
    **more: Any,
) -> TemplateResponse:
    """The page that asks; its form comes back to the same action with "apply"."""
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.model._meta,
        "form": form,
        "button": button,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": request.POST["action"],
        "select_across": request.POST.get("select_across", "0"),
        "count": queryset.count(),
        **more,
    }
    return TemplateResponse(request, template, context)


def ticked(request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Of an action's rows those whose box was ticked, also when it came with "select all": nobody
    has read what no page showed.
    """
    return queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))


def tell(page: Any, request: HttpRequest, done: str, skipped: Collection[str]) -> None:
    """Say what was done, and who was skipped and why."""
    page.message_user(request, done)
    if skipped:
        named = list(skipped)[:NAMED]
        more = f" and {len(skipped) - NAMED} more" if len(skipped) > NAMED else ""
        page.message_user(request, f"Skipped: {'; '.join(named)}{more}.", messages.WARNING)
