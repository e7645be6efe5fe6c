"""Twilio's webhooks."""

from django.urls import path

from notifications import webhooks

urlpatterns = [
    path("inbound/", webhooks.inbound, name="twilio-inbound"),
    path("status/", webhooks.status, name="twilio-status"),
]
