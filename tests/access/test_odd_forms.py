"""Every form of the admin, every field, with what people and scanners send: no fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db.models import Model
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from exercises.models import Clinic, Provider, User
from exercises.services.library import copy_template
from tests import factories
from tests.access.test_registry import REGISTRY, label, rows
from tests.access.test_tenancy import marias_rows
from tests.depth import THOROUGH

__all__ = ["marias_rows", "rows"]
# Some hundred requests each, a third of them with a page that has many forms.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
ODD: dict[str, str] = {
    "nothing": "",
    "blanks": "   ",
    "ten thousand letters": "x" * 10_000,
    "a NUL": "a\x00b",
    "a line break": "a\r\nb",
    "a right-to-left mark": "a\u202eb",
    "a huge number": "9" * 400,
    "a negative number": "-1",
    "a number that is none": "NaN",
    "no such row": "99999999",
    "brackets": "[" * 3_000,
    "a template": "{{ 1 }}{% now %}{first_name:>99999999}",
    "a date far away": "99999-99-99",
    "SQL": "'; DROP TABLE x; --",
    "an emoji": "\U0001f600" * 50,
    "half a pair": "\\ud800",
}


# More in `make coverage` than in `make test`, which is to stay quick; every field is among those sent at once.
MOST_FIELDS = 1
THE_WORST = ["a NUL", "a huge number", "brackets", "no such row", "nothing"]
KINDS = sorted(ODD) if THOROUGH else THE_WORST
# The kinds take turns: in depth each page gets every fifth of them, else one of the worst.
SHARE = len(THE_WORST)


@pytest.fixture
def operator(clinic: Clinic) -> Client:
    """Somebody who may see and change everything there is a page for."""
    user: User = factories.UserFactory.create(is_superuser=True, is_staff=True)
    Provider.objects.create(user=user, clinic=clinic, role=Provider.Role.CLINIC_ADMIN)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def forms_on(answer: Any) -> list[BaseForm]:
    context = answer.context or {}
    if "adminform" not in context:
        return []
    formsets = [row.formset for row in context["inline_admin_formsets"]]
    return [
        context["adminform"].form,
        *(formset.management_form for formset in formsets),
        *(form for formset in formsets for form in formset.forms),
    ]


def filled(forms: list[BaseForm]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = value if isinstance(value, list) else str(value)
    return sent


def pages(rows: dict[str, Model]) -> Iterator[tuple[str, str]]:
    """The addresses of forms: to add a row, and to change one that is there."""
    for model in REGISTRY:
        yield f"add {label(model)}", page(model, "add")
        row = rows.get(label(model))
        if row is not None:
            yield f"change {label(model)}", page(model, "change", row.pk)


@pytest.mark.parametrize("what", KINDS)
def test_an_odd_value_in_any_field_of_any_page_is_answered(
    operator: Client, rows: dict[str, Model], what: str, subtests: pytest.Subtests
) -> None:
    assert len(admin.site._registry) > 25
    tried = 0
    turn = KINDS.index(what)
    for name, address in [row for n, row in enumerate(pages(rows)) if (n + turn) % SHARE == 0]:
        forms = forms_on(operator.get(address))
        sound = filled(forms)
        fields = [bound.html_name for form in forms for bound in form]
        if not fields:
            continue
        tried += 1
        with subtests.test(name):
            # All at once, and the first few one by one beside sound values.
            answers = {"all": operator.post(address, dict.fromkeys(fields, ODD[what]))}
            for field in fields[:MOST_FIELDS]:
                answers[field] = operator.post(address, sound | {field: ODD[what]})
            bad = {
                field: row.status_code for field, row in answers.items() if row.status_code >= 500
            }
            assert not bad
    assert tried >= 15 // SHARE


@pytest.mark.parametrize("what", KINDS)
def test_an_odd_search_filter_or_key_is_answered(
    operator: Client, rows: dict[str, Model], what: str, subtests: pytest.Subtests
) -> None:
    turn = KINDS.index(what)
    for model in [row for n, row in enumerate(REGISTRY) if (n + turn) % SHARE == 0]:
        with subtests.test(label(model)):
            for query in ({"q": ODD[what]}, {"o": ODD[what]}, {"p": ODD[what]}, {"e": ODD[what]}):
                answer = operator.get(page(model, "changelist"), query)
                assert answer.status_code < 500, query
            form = {"action": ODD[what], "_selected_action": [ODD[what]], "index": "0"}
            assert operator.post(page(model, "changelist"), form).status_code < 500
            key = quote(ODD[what][:200].strip() or "x", safe="")
            address = f"{page(model, 'changelist')}{key}/change/"
            assert operator.get(address).status_code < 500


def test_counts_of_rows_that_somebody_made_up_change_no_row(
    operator: Client, clinic: Clinic
) -> None:
    template = copy_template(template=factories.template(), clinic=clinic)
    address = page(type(template), "change", template.pk)
    before = list(template.phases.values())
    for count in ("-1", "0", "99999", "x", ""):
        sent = filled(forms_on(operator.get(address))) | {"phases-INITIAL_FORMS": count}
        assert operator.post(address, sent | {"name": "Other"}).status_code < 500
        assert list(template.phases.values()) == before
