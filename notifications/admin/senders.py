"""Who texts, and the switches."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from exercises.admin.base import ClinicsOwn, TenantAdmin, staff_user
from exercises.admin.people import OperatorAdmin
from exercises.models import Provider
from notifications.models import ClinicTexting, Sender, TextingSwitch
from notifications.outgoing import forecast, senders


@admin.register(Sender)
class SenderAdmin(TenantAdmin):
    """Numbers that texts are sent from; the operator adds them."""

    list_display = ("name", "phone", "segments_per_second", "stopped_at", "stopped_code")
    readonly_fields = ("stopped_at", "stopped_code", "paused_until", "next_wave")
    actions: ClassVar = ["restart"]

    @admin.display(description="Next wave")
    def next_wave(self, sender: Sender) -> str:
        """How many texts come next, and when the last of them will have left."""
        wave = forecast.next_wave(sender, now=timezone.now()) if sender.pk else None
        if wave is None:
            return "Nothing within 12 hours"
        return (
            f"{wave.texts} texts from {wave.starts_at:%d %b %H:%M}; "
            f"the last leaves at {wave.lands_at:%H:%M:%S} UTC"
        )

    @admin.action(description="Restart stopped senders")
    def restart(self, request: HttpRequest, queryset: QuerySet[Sender]) -> None:
        """After the cause is mended, let them send again."""
        count = senders.restart(queryset)
        self.message_user(request, f"{count} restarted; {queryset.count() - count} were running.")

    may_view: ClassVar = frozenset({Provider.Role.CLINIC_ADMIN})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser


@admin.register(ClinicTexting)
class ClinicTextingAdmin(ClinicsOwn):
    """How a clinic texts, and its switch."""

    list_display = ("clinic", "sender", "enabled")
    list_select_related = ("clinic", "sender")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, who holds the account."""
        return staff_user(request).is_superuser


@admin.register(TextingSwitch)
class TextingSwitchAdmin(OperatorAdmin):
    """The switch for all clinics: one row, the operator's."""

    list_display = ("__str__", "reason", "changed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Once: a second row would be a second switch."""
        return bool(super().has_add_permission(request)) and not TextingSwitch.objects.exists()
