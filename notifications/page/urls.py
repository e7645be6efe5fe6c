"""Addresses of the pages about texts; they come before what may be a link."""

from __future__ import annotations

from django.urls import path

from notifications.page.messages import messages
from notifications.page.record import fhir, record
from notifications.page.wishes import wishes

urlpatterns = [
    path("messages/", messages, name="page-messages"),
    path("record/", record, name="page-record"),
    path("record/fhir/", fhir, name="page-fhir"),
    path("settings/", wishes, name="page-settings"),
]
