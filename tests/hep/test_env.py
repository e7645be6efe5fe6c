"""A nonsense setting stops the start and is named; a secret is never repeated."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from hep.env import REPOSITORY, Environment, read_environment

PRODUCTION = {
    "SECRET_KEY": "s3cret-value-0123456789-abcdefghijklmnopqrstuvwxyz-0123",
    "ALLOWED_HOSTS": "hep.example.org, www.example.org",
    "PUBLIC_BASE_URL": "https://hep.example.org/",
    "DATABASE_URL": "postgresql://hep@localhost/hep",
    "REDIS_URL": "redis://localhost:6379/0",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t0ken-value",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture(autouse=True)
def _production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)


def test_production_settings_are_read() -> None:
    env = read_environment()
    assert env.allowed_hosts == ["hep.example.org", "www.example.org"]
    assert env.public_base_url == "https://hep.example.org"
    assert env.debug is False


@pytest.mark.parametrize(
    ("given", "required"),
    [({}, True), ({"SECOND_STEP_REQUIRED": "false"}, False), ({"DEBUG": "true", "PUBLIC_BASE_URL": ""}, False)],
)  # fmt: skip  # a table
def test_with_patients_a_second_step_is_required_unless_the_operator_says_no(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], required: bool
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    assert read_environment().second_step_required is required


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://HEP.Example.org", "https://hep.example.org"),
        ("HTTPS://Hep.example.ORG:8443/", "https://hep.example.org:8443"),
        ("https://hep.example.org/Clinic/", "https://hep.example.org/Clinic"),
    ],
)
def test_the_host_is_read_as_it_is_signed(
    monkeypatch: pytest.MonkeyPatch, given: str, read: str
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", given)
    assert read_environment().public_base_url == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://localhost/hep"),
        ("DATABASE_URL", "postgresql://localhost/hep?no_such=1"),
        ("REDIS_URL", "http://localhost"),
        ("PUBLIC_BASE_URL", "hep.example.org"),
        ("TWILIO_API_BASE_URL", "ftp://twilio"),
        ("TWILIO_TIMEOUT_SECONDS", "0"),
        ("HEP_PORT", "70000"),
        ("LOG_LEVEL", "CHATTY"),
        ("TEXTS_PER_PATIENT_PER_DAY", "none"),
        ("SIMULATOR_NUMBERS", "555"),
        ("DATABASE_POOL_SIZE", "-1"),
    ],
)
def test_nonsense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read_environment()


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "PUBLIC_BASE_URL"])
def test_what_protects_patients_has_no_default_in_production(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ImproperlyConfigured, match=name):
        read_environment()


def test_a_refused_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://hep:hunter2@localhost/hep")
    with pytest.raises(ImproperlyConfigured) as refused:
        read_environment()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY_FALLBACKS", "x"),
        ("SECRET_KEY_FALLBACKS", f"{PRODUCTION['SECRET_KEY']},x"),
        ("DATA_KEYS", "x"),
        ("DATA_KEYS", f"{PRODUCTION['SECRET_KEY']},x"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "hep.example.org, *"),
        ("ALLOWED_HOSTS", "*.example.org"),
        ("PUBLIC_BASE_URL", "http://hep.example.org"),
        ("PAGE_BASE_URL", "http://hep.example.org"),
        ("PAGE_BASE_URL", "https://elsewhere.example.org"),
        ("TWILIO_API_BASE_URL", "http://evil.example"),
        ("TWILIO_API_BASE_URL", "https://api.twilio.example"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_what_is_unsafe_for_patients_does_not_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        read_environment()
    # The rest is sound, so nothing else is blamed.
    blamed = [other for other in PRODUCTION if re.search(rf"\b{other}\b", str(refused.value))]
    assert blamed == [name] * (name in PRODUCTION)


def test_everything_unsafe_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("ALLOWED_HOSTS", "*")
    monkeypatch.setenv("PUBLIC_BASE_URL", "http://hep.example.org")
    with pytest.raises(ImproperlyConfigured) as refused:
        read_environment()
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_BASE_URL"):
        assert name in str(refused.value)


@pytest.mark.parametrize(
    ("address", "starts"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://192.168.1.20:8000", True),
        ("http://[::1]:8000", True),
        ("http://hep.local", True),
        ("https://hep.example.org", False),
        ("http://9.9.9.9", False),
    ],
)
def test_debug_stays_at_home(monkeypatch: pytest.MonkeyPatch, address: str, starts: bool) -> None:
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("PUBLIC_BASE_URL", address)
    if starts:
        assert read_environment().debug
        return
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        read_environment()


# As the Procfile, the Makefile and docker-compose.yml start them.
COMMANDS = [
    ["manage.py", "check"],
    ["manage.py", "migrate"],
    ["manage.py", "simulator"],
    ["manage.py", "looks", "x"],
    ["-m", "celery", "--app", "hep", "worker"],
    ["-m", "celery", "--app", "hep", "beat"],
    ["-m", "gunicorn", "hep.wsgi", "--bind", "127.0.0.1:0", "--preload"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_nonsense_setting_is_named_alone_without_a_traceback(command: list[str]) -> None:
    environment = {**PRODUCTION, "PATH": os.environ["PATH"], "HEP_PORT": "seventy"}
    result = subprocess.run(  # noqa: S603  # our own commands
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    told = result.stdout + result.stderr
    assert result.returncode != 0
    assert "HEP_PORT" in told
    assert "Traceback" not in told
    assert not [name for name in PRODUCTION if name in told]
