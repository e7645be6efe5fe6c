"""Two people with one page of the admin open: nobody undoes the other's change unknowingly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from exercises.admin.seen import FIELD
from exercises.models import Clinic, Exercise, Patient, Provider, User
from exercises.services.library import copy_exercise, copy_template
from notifications.models import ClinicTexting, ClinicWording
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(alice: User, admin_of_alice: Client) -> Client:
    Provider.objects.filter(user=alice).update(role=Provider.Role.CLINIC_ADMIN)
    return admin_of_alice


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(admin: Client, row: Model) -> dict[str, Any]:
    """What a browser would send back from the page of `row`, unchanged."""
    context = admin.get(page_of(row)).context
    main = context["adminform"].form
    formsets = [row.formset for row in context["inline_admin_formsets"]]
    forms = [main, *(formset.management_form for formset in formsets)]
    forms += [form for formset in formsets for form in formset.forms]
    sent: dict[str, Any] = {FIELD: main.seen}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = value if isinstance(value, list) else str(value)
    return sent


def own_template(clinic: Clinic) -> Any:
    return copy_template(template=factories.template(), clinic=clinic)


def test_the_later_one_is_told_and_nothing_of_theirs_is_saved(
    admin: Client, maria: Patient
) -> None:
    older = opened(admin, maria)
    newer = opened(admin, maria) | {"phone": "+14155550177"}
    assert admin.post(page_of(maria), newer).status_code == 302
    refused = admin.post(page_of(maria), older | {"last_name": "Garcia"})
    assert refused.status_code == 200
    told = refused.content.decode()
    assert "Somebody saved this page after you opened it" in told
    assert escape("Phone: +14155550177") in told
    maria.refresh_from_db()
    assert (str(maria.phone), maria.last_name) == ("+14155550177", "Lopez")
    # Having been told, one may insist.
    again = older | {"last_name": "Garcia", FIELD: refused.context["adminform"].form.seen}
    assert admin.post(page_of(maria), again).status_code == 302


def test_a_page_that_nobody_touched_meanwhile_is_saved(admin: Client, maria: Patient) -> None:
    for name in ("Garcia", "Gomez"):
        sent = opened(admin, maria) | {"last_name": name}
        assert admin.post(page_of(maria), sent).status_code == 302
        maria.refresh_from_db()
        assert maria.last_name == name


class TestEveryPage:
    """The same page from two tabs, the older one saved last."""

    def _twice(self, admin: Client, row: Model, field: str, one: Any, other: Any) -> None:
        older, newer = opened(admin, row), opened(admin, row)
        first = admin.post(page_of(row), newer | {field: one})
        assert first.status_code == 302, first.context["adminform"].form.errors
        late = admin.post(page_of(row), older | {field: other})
        assert late.status_code == 200
        assert "Somebody saved this page after you opened it" in late.content.decode()

    def test_of_a_clinic(self, admin: Client, clinic: Clinic) -> None:
        self._twice(admin, clinic, "alert_rise", 3, 4)

    def test_of_an_exercise(self, admin: Client, clinic: Clinic) -> None:
        factories.template()
        shared = Exercise.objects.get(slug="ball-rolling", clinic=None)
        own = copy_exercise(exercise=shared, clinic=clinic)
        self._twice(admin, own, "minutes", 4, 6)

    def test_of_the_words_of_an_exercise(self, admin: Client, clinic: Clinic) -> None:
        factories.template()
        shared = Exercise.objects.get(slug="ball-rolling", clinic=None)
        own = copy_exercise(exercise=shared, clinic=clinic)
        self._twice(admin, own, "texts-0-name", "One", "Other")

    def test_of_a_template(self, admin: Client, clinic: Clinic) -> None:
        self._twice(admin, own_template(clinic), "name", "One", "Other")

    def test_of_the_phases_of_a_template(self, admin: Client, clinic: Clinic, alice: User) -> None:
        self._twice(admin, own_template(clinic), "phases-0-name", "One", "Other")

    def test_of_how_a_clinic_texts(self, admin: Client, clinic: Clinic) -> None:
        texting = ClinicTexting.objects.get(clinic=clinic)
        self._twice(admin, texting, "answer_within", 3, 4)

    def test_of_a_wording(self, admin: Client, clinic: Clinic) -> None:
        words = "{first_name}, pain 0-10 on your first steps?"
        row = ClinicWording.objects.create(
            clinic=clinic, key="check_in", language="en", words=words
        )
        self._twice(admin, row, "words", words + " Thanks.", words + " Thank you.")


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_once_one_is_first(admin: Client, maria: Patient) -> None:
    sent = opened(admin, maria)

    def save(number: int) -> int:
        try:
            tab = Client()
            tab.cookies = admin.cookies
            return tab.post(page_of(maria), sent | {"last_name": f"Name {number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(save, range(8)))
    assert answers == [200] * 7 + [302]
