"""How much may be sent to whom, and what may be kept of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from exercises.models import Patient
from hep.middleware import KB, LARGEST_UPLOAD, SMALL

pytestmark = pytest.mark.django_db
# Nobody has signed in to send these.
ANONYMOUS = [
    "/webhooks/twilio/inbound/", "/webhooks/twilio/status/", "/admin/login/", "/admin/password/",
    "/admin/exercises/patient/import/", "/pictures/x", "/nowhere/", "/",
]  # fmt: skip


def send(client: Client, path: str, size: int | str) -> Any:
    """A request that says it has so many bytes: it is judged before they are read."""
    return client.generic(
        "POST", path, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(size)
    )


@pytest.mark.parametrize("path", ANONYMOUS)
@pytest.mark.parametrize("size", [SMALL + 1, 300 * KB * KB, 10**30, "9" * 5_000])
def test_a_stranger_sends_little(path: str, size: int | str) -> None:
    answer = send(Client(), path, size)
    assert answer.status_code == 413
    assert b"at most 64 kB" in answer.content


@pytest.mark.parametrize("size", [KB * KB + 1, 10**12])
def test_an_app_sends_a_megabyte(app: APIClient, size: int) -> None:
    answer = app.generic(
        "POST", "/api/v1/me/batch/", "", content_type="application/json", CONTENT_LENGTH=str(size)
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_staff_send_tables_and_pictures(admin_of_alice: Client) -> None:
    path = "/admin/exercises/patient/import/"
    table = b"first_name\n" + b"x" * 200 * KB
    from_file = admin_of_alice.post(path, {"file": _file(table)})
    assert from_file.status_code == 200
    assert send(admin_of_alice, path, LARGEST_UPLOAD + 1).status_code == 413


@pytest.mark.parametrize(
    "path", ["me/", "me/today/", "me/export/", "me/changes/", "me/messages/", "me/check-ins/"]
)
def test_no_browser_keeps_what_is_one_persons(app: APIClient, path: str) -> None:
    assert app.get(f"/api/v1/{path}")["Cache-Control"] == "no-store"


def test_no_browser_keeps_a_token_or_a_refusal(maria: Patient) -> None:
    form = {"email": "nobody@example.org", "password": "x"}
    for path in ("auth/login/", "auth/otp/"):
        assert APIClient().post(f"/api/v1/{path}", form)["Cache-Control"] == "no-store"


def test_the_schema_is_the_same_for_everybody() -> None:
    assert APIClient().get("/api/schema/")["Cache-Control"] == "private, no-cache"


def _file(data: bytes) -> Any:
    return SimpleUploadedFile("patients.csv", data, content_type="text/csv")
