"""Whose request it was."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.test import RequestFactory
from pytest_django import Settings
from rest_framework.test import APIClient

from exercises.models import Patient
from hep.caller import caller_address, caller_network


@pytest.mark.parametrize(
    ("behind", "forwarded", "address"),
    [
        (0, None, "198.51.100.7"),
        # Nobody who is asked directly believes it.
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.1, 203.0.113.9, 203.0.113.1", "203.0.113.9"),
        (2, "2001:db8::1", "2001:db8::1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "no address", "198.51.100.7"),
        (1, None, "198.51.100.7"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, behind: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = behind
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(headers=headers, REMOTE_ADDR="198.51.100.7").get("/")
    assert caller_address(request) == address


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.7", "198.51.100.8", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.8", False),
        # 6to4: an address of IPv4 has 65,536 networks of its own.
        ("2002:c633:6407:1::1", "2002:c633:6407:2::1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_a_network_is_one_caller(one: str, other: str, are_one: bool) -> None:
    callers = {
        caller_network(RequestFactory(REMOTE_ADDR=address).get("/")) for address in (one, other)
    }
    assert len(callers) == (1 if are_one else 2)
    assert None not in callers


@pytest.mark.django_db
def test_a_forged_address_changes_nothing(api: APIClient, maria: Patient) -> None:
    answer = api.patch(
        f"/api/v1/patients/{maria.pk}/", {"language": "es"}, headers={"x-forwarded-for": "evil"}
    )
    assert answer.status_code == 200
    entry = LogEntry.objects.get_for_object(maria).latest("timestamp")
    assert entry.remote_addr == "127.0.0.1"
