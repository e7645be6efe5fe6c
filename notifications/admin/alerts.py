"""What an alert's page shows of the patient's texts."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from exercises.admin.panels import Panel, add_panel
from exercises.models import Alert
from notifications.models import PhoneConsent

NEWEST = 5


@admin.display(description="Newest texts from the patient")
def newest_texts(alert: Alert) -> SafeString:
    """Words and times, newest first; a link when the phone waits for a decision."""
    rows = alert.patient.inbound_messages.order_by("-received_at")[:NEWEST]
    lines = [
        (date_format(timezone.localtime(row.received_at), "j M H:i"), row.body) for row in rows
    ]
    texts = format_html_join("", "<p>{}: {}</p>", lines) if lines else "None"
    held = PhoneConsent.objects.filter(
        phone=str(alert.patient.phone),
        clinic=alert.patient.clinic_id,
        state=PhoneConsent.State.HELD,
    ).first()
    if held is None:
        return format_html("{}", texts)
    url = reverse("admin:notifications_phoneconsent_change", args=[held.pk])
    link = '{}<p><a class="plainly" href="{}">Decide whether texts go on</a></p>'
    return format_html(link, texts, url)


class TextsOfAlert(Panel):
    """What the patient wrote, and the way to a phone that is on hold."""

    fields = (newest_texts,)


add_panel(Alert, TextsOfAlert())
