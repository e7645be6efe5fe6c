"""The whole admin, page by page and action by action, as another clinic's provider sees it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from exercises.models import Clinic, Patient, Provider, User
from tests.access.test_tenancy import admin_of, marias_rows

__all__ = ["marias_rows"]
pytestmark = pytest.mark.django_db
REGISTRY = sorted(admin.site._registry, key=lambda model: model._meta.label)
# What only the operator sees; a provider is refused before any row is looked at.
OPERATORS = {
    "auditlog.LogEntry",
    "axes.AccessAttempt",
    "axes.AccessLog",
    "axes.AccessFailureLog",
    "exercises.User",
    "notifications.TextingSwitch",
}
# Shared by all clinics: Maria's clinic has rows of its own in this test.
OWN_LIBRARY = ("exercises.Exercise", "exercises.InfoCard", "exercises.ProgramTemplate")
# The roles of Bob in his own clinic; neither opens Maria's, and an assistant may do less.
ROLES = ("provider", "clinic_admin")


def label(model: type[Model]) -> str:
    return model._meta.label


@pytest.fixture
def rows(marias_rows: dict[type[Model], Model], clinic: Clinic) -> dict[str, Model]:
    """A row of Maria's clinic for each registered model that a provider sees."""
    found = {label(model): row for model, row in marias_rows.items()}
    for model in REGISTRY:
        if label(model) in OWN_LIBRARY:
            found[label(model)] = model._default_manager.create(
                clinic=clinic, slug="ours-alone", **({} if "Card" in label(model) else {"name": "Ours alone"})
            )  # fmt: skip  # a row
    template: Any = found["exercises.ProgramTemplate"]
    found["exercises.TemplatePhase"] = template.phases.create(number=1, name="Ours", first_week=1)
    return found


@pytest.fixture(params=ROLES)
def stranger(request: pytest.FixtureRequest, bob: User) -> Client:
    """Bob's browser, in each of the roles he may have at home."""
    Provider.objects.filter(user=bob).update(role=request.param)
    return admin_of(bob)


def page(model: type[Model], name: str, *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


def everything() -> dict[str, Any]:
    """A print of all rows of every registered model but sessions and logs, to be compared."""
    seen = [model for model in REGISTRY if label(model) not in OPERATORS]
    tables = {model._meta.db_table for model in seen}
    tables |= {field.m2m_db_table() for model in seen for field in model._meta.local_many_to_many}
    asked = " UNION ALL ".join(
        f"SELECT '{table}', count(*), sum(hashtextextended(t::text, 0)) FROM {table} t"  # noqa: S608  # names of ours
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table: print_of for table, *print_of in cursor.fetchall()}


def test_every_registered_model_is_looked_at(rows: dict[str, Model]) -> None:
    assert {label(model) for model in REGISTRY} == set(rows) & {
        label(model) for model in REGISTRY
    } | OPERATORS


def test_a_stranger_sees_nothing_and_changes_nothing(
    stranger: Client, rows: dict[str, Model], subtests: pytest.Subtests
) -> None:
    assert len(REGISTRY) > 25
    for model in REGISTRY:
        with subtests.test(label(model)):
            _sees_and_changes_nothing(model, stranger, rows)


def _sees_and_changes_nothing(model: type[Model], stranger: Client, rows: dict[str, Model]) -> None:
    before = everything()
    row = rows.get(label(model))
    listed = stranger.get(page(model, "changelist"))
    assert listed.status_code == 403 or str(getattr(row, "pk", "")) not in pks(listed)
    if label(model) in OPERATORS:
        assert listed.status_code == 403
        return
    assert row is not None
    added = stranger.get(page(model, "add"))
    # Choices of forms are rows too.
    assert added.status_code in {200, 403}
    for own in rows.values():
        if isinstance(own, Patient | Clinic):
            assert str(own) not in added.content.decode() or own.pk == home(stranger)
    for name in ("change", "history", "delete"):
        for answer in (
            stranger.get(page(model, name, row.pk)),
            stranger.post(page(model, name, row.pk), {"first_name": "Stolen", "post": "yes"}),
        ):
            # The admin sends a stranger back to its index, as for a row that is not there.
            assert answer.status_code in {302, 403, 404, 405}, name
            assert "Maria" not in answer.content.decode(), name
    assert everything() == before


def pks(listed: Any) -> set[str]:
    return {str(row.pk) for row in listed.context["cl"].result_list}


def home(browser: Client) -> int:
    """The clinic of whoever is signed in."""
    return Provider.objects.get(user=browser.session["_auth_user_id"]).clinic_id


def actions() -> Iterator[tuple[str, str]]:
    """Every action of every list, those on a single row included."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, email="operator@example.org")
    for model, site_page in admin.site._registry.items():
        for name in site_page.get_actions(request):
            yield label(model), name


def test_an_action_does_not_reach_another_clinics_row(
    stranger: Client, rows: dict[str, Model], subtests: pytest.Subtests
) -> None:
    tried = sorted(actions())
    assert len(tried) > 5
    for model_label, action in tried:
        with subtests.test(model_label, action=action):
            _does_not_reach(model_label, action, stranger, rows)


def _does_not_reach(
    model_label: str, action: str, stranger: Client, rows: dict[str, Model]
) -> None:
    model = next(model for model in REGISTRY if label(model) == model_label)
    row = rows.get(model_label)
    before = everything()
    answer: Any = stranger.post(
        page(model, "changelist"),
        {
            "action": action,
            "_selected_action": [str(row.pk if row else 1)],
            "apply": "1",
            "post": "yes",
            "body": "Hello",
            "until": "2099-01-01",
        },
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"Maria" not in body
    assert b"Ours alone" not in body
    assert everything() == before


def detail_pages() -> Iterator[tuple[str, str]]:
    """The pages of our own under a row."""
    for model, site_page in admin.site._registry.items():
        for name in getattr(site_page, "actions_detail", ()):
            yield label(model), name
    yield from product(["exercises.Patient"], ["write", "write_preview"])


def test_a_page_under_a_row_is_not_there(
    stranger: Client, rows: dict[str, Model], subtests: pytest.Subtests
) -> None:
    tried = sorted(detail_pages())
    assert len(tried) >= 20
    for model_label, name in tried:
        with subtests.test(model_label, page=name):
            _is_not_there(model_label, name, stranger, rows)


def _is_not_there(model_label: str, name: str, stranger: Client, rows: dict[str, Model]) -> None:
    model = next(model for model in REGISTRY if label(model) == model_label)
    address = page(model, name, rows[model_label].pk)
    before = everything()
    for answer in (stranger.get(address), stranger.post(address, {"save": "1", "body": "Hello"})):
        assert answer.status_code in {302, 403, 404, 405}
        # Two of them only lead on, to a page that shows no choice which is not one's own.
        target = stranger.get(answer["Location"]) if answer.status_code == 302 else answer
        assert "Maria" not in target.content.decode()
    assert everything() == before


def test_an_address_with_nonsense_is_not_there(
    admin_of_alice: Client, subtests: pytest.Subtests
) -> None:
    for model_label, name in sorted(detail_pages()):
        model = next(model for model in REGISTRY if label(model) == model_label)
        for answer in (
            admin_of_alice.get(page(model, name, "nonsense")),
            admin_of_alice.post(page(model, name, "nonsense")),
        ):
            with subtests.test(model_label, page=name):
                assert answer.status_code in {302, 404, 405}


def searchable() -> Iterator[tuple[type[Model], str]]:
    """Every foreign key that an autocomplete could serve."""
    for model in REGISTRY:
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey):
                continue
            target: Any = admin.site._registry.get(field.related_model)
            if isinstance(target, ModelAdmin) and target.search_fields:
                yield model, field.name


def test_an_autocomplete_offers_only_ones_own(
    stranger: Client, rows: dict[str, Model], subtests: pytest.Subtests
) -> None:
    tried = list(searchable())
    assert len(tried) >= 20
    for model, field in tried:
        with subtests.test(label(model), field=field):
            _offers_only_ones_own(model, field, stranger, rows)


def _offers_only_ones_own(
    model: type[Model], field: str, stranger: Client, rows: dict[str, Model]
) -> None:
    meta = model._meta
    query = {"app_label": meta.app_label, "model_name": str(meta.model_name), "field_name": field}
    answer = stranger.get(reverse("admin:autocomplete"), query)
    assert answer.status_code in {200, 403}
    if answer.status_code == 200:
        found = {row["id"] for row in answer.json()["results"]}
        offered = model._meta.get_field(field).related_model
        theirs = {str(row.pk) for row in rows.values() if type(row) is offered}
        assert not found & (theirs - {str(home(stranger))})


def test_the_owners_find_their_rows(rows: dict[str, Model], alice: User) -> None:
    """What the tests above keep from Bob is there for Alice: none of them passes by a typing error."""
    Provider.objects.filter(user=alice).update(role="clinic_admin")
    own = admin_of(alice)
    for model in REGISTRY:
        if label(model) not in OPERATORS:
            row = rows[label(model)]
            assert own.get(page(model, "change", row.pk)).status_code == 200, label(model)
    query = {"app_label": "exercises", "model_name": "program", "field_name": "patient"}
    found = own.get(reverse("admin:autocomplete"), query).json()["results"]
    patient = Patient.objects.get()
    assert [row["id"] for row in found] == [str(patient.pk)]
