"""Fixtures shared by all tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from exercises.models import Clinic, Patient, Provider, User
from notifications.simulator.postman import Account
from tests import emptying, factories, template_database, tracing
from tests.browser import open_browser
from tests.depth import tries
from tests.npm import install
from tests.simulated_twilio import SimulatedTwilio, SimulatorThread
from tests.waiting import eventually

# No test times anything: a busy machine is no failure.
hypothesis.settings.register_profile("hep", deadline=None, max_examples=tries(30, 60))
hypothesis.settings.load_profile("hep")

ACCOUNT_SID = "AC00000000000000000000000000000000"
AUTH_TOKEN = "token-of-the-tests"
pytest_runtest_protocol = tracing.pytest_runtest_protocol


def pytest_configure(config: pytest.Config) -> None:
    """Once, before any worker: the migrated database that they copy."""
    if not hasattr(config, "workerinput"):
        template_database.make()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker idles at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    tracing.choose(items)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the template instead of running every migration."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template_database.name()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """After a test that committed, the library is there as it was."""
    with django_db_blocker.unblock():
        emptying.remember()
    TransactionTestCase._fixture_teardown = emptying.by_rows  # type: ignore[attr-defined]  # no hook is offered


@pytest.fixture(autouse=True)
def _own_settings(settings: Settings) -> None:
    """Each test has its own corner of the cache, quick password hashing and a known account."""
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4()}"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEXT_TRANSPORT = "twilio"
    settings.TWILIO_ACCOUNT_SID = ACCOUNT_SID
    settings.TWILIO_AUTH_TOKENS = [AUTH_TOKEN]
    # Nothing listens here: a test that texts without the simulator fails at once.
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"


@pytest.fixture
def simulator(settings: Settings, live_server: LiveServer) -> Iterator[SimulatedTwilio]:
    """A simulator that knows the service, and a service that knows the simulator."""
    account = Account(
        sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        inbound_url=f"{live_server.url}/webhooks/twilio/inbound/",
        numbers=("+14155550100", "+14155550101"),
    )
    thread = SimulatorThread(account)
    running = thread.start()
    settings.TWILIO_API_BASE_URL = running.url
    settings.PUBLIC_BASE_URL = live_server.url
    yield running
    # A webhook that is still being answered would meet the tables being emptied.
    eventually(lambda: running.stats()["webhooks_under_way"] == 0, seconds=20)
    thread.stop()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of the npm registry that tests use."""
    return install(tmp_path_factory.mktemp("npm"))


@pytest.fixture
def clinic(db: None) -> Clinic:
    """Bay Foot, which texts."""
    clinic = factories.ClinicFactory.create(name="Bay Foot and Ankle")
    factories.texting(clinic)
    return clinic


@pytest.fixture
def alice(clinic: Clinic) -> User:
    """A provider at Bay Foot."""
    provider: Provider = factories.ProviderFactory.create(
        clinic=clinic, user__email="alice@example.org"
    )
    return provider.user


@pytest.fixture
def bob(db: None) -> User:
    """A provider at another clinic."""
    provider: Provider = factories.ProviderFactory.create(
        clinic__name="Hill Clinic", user__email="bob@example.org"
    )
    return provider.user


@pytest.fixture
def maria(clinic: Clinic) -> Patient:
    """A patient of Bay Foot."""
    patient: Patient = factories.PatientFactory.create(clinic=clinic)
    return patient


@pytest.fixture
def api(alice: User) -> APIClient:
    """The API as Alice uses it."""
    return api_of(alice)


def api_of(user: User) -> APIClient:
    """The API as `user` uses it."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def app_of(patient: Patient) -> APIClient:
    """The API as the patient's app uses it."""
    account, _ = User.objects.get_or_create(patient=patient, defaults={"email": None})
    return api_of(account)


@pytest.fixture
def app(maria: Patient) -> APIClient:
    """The API as Maria's app uses it."""
    return app_of(maria)


@pytest.fixture
def admin_of_alice(alice: User) -> Client:
    """The admin as Alice uses it."""
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Browser]:
    """A browser beside a test that also reads the database."""
    # Playwright's event loop makes Django think that the test runs in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with open_browser() as browser:
        yield browser
        # The test's own, which Django keeps apart while that loop runs.
        connections.close_all()
    # A request that is still being answered would meet the tables being emptied.
    eventually(_nobody_else_is_connected, seconds=20)


def _nobody_else_is_connected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone() == (0,))
