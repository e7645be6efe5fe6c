"""A browser signs in to the API with a session."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from exercises.models import Patient, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
SESSION = "/api/v1/auth/session/"


@pytest.fixture
def browser_client(alice: User) -> APIClient:
    """A browser on a page of ours: cookies, and nothing is let off."""
    return APIClient(enforce_csrf_checks=True)


def begin(client: APIClient, **changed: str) -> Any:
    return client.post(SESSION, {"email": "alice@example.org", "password": PASSWORD} | changed)


def test_a_session_reads_and_needs_its_token_to_write(
    browser_client: APIClient, maria: Patient
) -> None:
    begun = begin(browser_client)
    assert begun.json()["email"] == "alice@example.org"
    address = f"/api/v1/patients/{maria.pk}/"
    assert browser_client.get(address).json()["first_name"] == "Maria"
    without = browser_client.patch(address, {"language": "es"})
    assert (without.status_code, without.json()["code"]) == (403, "permission_denied")
    token = browser_client.get(SESSION).json()["csrf_token"]
    done = browser_client.patch(address, {"language": "es"}, headers={"x-csrftoken": token})
    assert (done.status_code, done.json()["language"]) == (200, "es")


def test_it_ends_when_asked(browser_client: APIClient) -> None:
    token = begin(browser_client).json()["csrf_token"]
    assert browser_client.delete(SESSION).status_code == 403
    ended = browser_client.delete(SESSION, headers={"x-csrftoken": token})
    assert ended.status_code == 204
    assert browser_client.get(SESSION).status_code == 401
    assert browser_client.head(SESSION).status_code == 401
    assert browser_client.get("/api/v1/patients/").status_code == 401


@pytest.mark.parametrize("changed", [{"password": "wrong"}, {"email": "nobody@example.org"}])
def test_a_wrong_word_begins_nothing(browser_client: APIClient, changed: dict[str, str]) -> None:
    refused = begin(browser_client, **changed)
    assert (refused.status_code, refused.json()["title"]) == (401, "E-mail or password is wrong.")
    assert settings.SESSION_COOKIE_NAME not in refused.cookies


def test_the_form_of_another_site_begins_nothing(browser_client: APIClient) -> None:
    body = f"email=alice@example.org&password={PASSWORD}"
    refused = browser_client.post(SESSION, body, content_type="application/x-www-form-urlencoded")
    assert refused.status_code == 415
    assert settings.SESSION_COOKIE_NAME not in refused.cookies


def test_few_tries_and_any_number_of_looks(browser_client: APIClient) -> None:
    begin(browser_client)
    assert {browser_client.get(SESSION).status_code for _ in range(30)} == {200}
    statuses = [begin(browser_client, email=f"n{n}@example.org").status_code for n in range(12)]
    assert statuses[-1] == 429


def test_a_token_is_no_session(browser_client: APIClient, alice: User) -> None:
    token = browser_client.post(
        "/api/v1/auth/login/", {"email": "alice@example.org", "password": PASSWORD}
    ).json()["token"]
    app = APIClient(headers={"authorization": f"Token {token}"})
    assert app.get("/api/v1/patients/").status_code == 200
    assert app.get(SESSION).status_code == 401
