"""Twilio's webhooks."""

from django.urls import path, re_path

from notifications import webhooks

urlpatterns = [
    path("inbound/", webhooks.inbound, name="twilio-inbound"),
    path("status/", webhooks.status, name="twilio-status"),
    # As an operator may have typed it into Twilio's console: a redirect would lose the form.
    re_path(r"^inbound$", webhooks.inbound),
    re_path(r"^status$", webhooks.status),
]
