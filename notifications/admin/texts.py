"""Texts out and in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from exercises.admin.base import ReadOnlyInline
from exercises.admin.exporting import ExportingAdmin
from notifications.models import InboundMessage, OutboundMessage, SendAttempt


class AttemptInline(ReadOnlyInline):
    """Requests made for a message."""

    model = SendAttempt
    fields = ("started_at", "finished_at", "outcome", "error_code")
    readonly_fields = fields


@admin.register(OutboundMessage)
class OutboundMessageAdmin(ExportingAdmin):
    """Texts out: each ends in a state a provider can see."""

    list_display = ("due_at", "patient", "kind", "status", "skip_reason", "error_code")
    list_filter = ("status", "kind", "skip_reason")
    list_select_related = ("patient",)
    search_fields = ("patient__search_text",)
    date_hierarchy = "due_at"
    inlines: ClassVar = [AttemptInline]


@admin.register(InboundMessage)
class InboundMessageAdmin(ExportingAdmin):
    """Texts in."""

    list_display = ("received_at", "patient", "body", "reading", "state")
    list_filter = ("state", "reading")
    list_select_related = ("patient",)
    search_fields = ("patient__search_text",)
