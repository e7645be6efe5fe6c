"""Addresses of the pages about texts; they come before what may be a link."""

from __future__ import annotations

from django.urls import path

from notifications.page.messages import messages
from notifications.page.wishes import wishes

urlpatterns = [
    path("messages/", messages, name="page-messages"),
    path("settings/", wishes, name="page-settings"),
]
