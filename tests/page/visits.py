"""A patient's browser in tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from exercises.models import PageLink, Patient
from exercises.services.links import link_for

TODAY = reverse("page-today")
CONFIRM = reverse("page-confirm")
PROGRESS = reverse("page-progress")


def linked(patient: Patient, *, now: datetime) -> PageLink:
    """A link that the patient asked for."""
    return link_for(patient=patient, made_for=PageLink.MadeFor.PATIENT, now=now)


def address(link: PageLink) -> str:
    """Where it leads on this server."""
    return f"/p/{link.token}"


def opened(link: PageLink) -> Client:
    """A browser in which somebody has tapped the button of the link."""
    browser = Client()
    answer = browser.post(address(link))
    assert (answer.status_code, answer["Location"]) == (303, TODAY)
    return browser


def words(answer: Any) -> str:
    """The page's own text, as a reader sees it."""
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()
