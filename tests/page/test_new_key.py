"""A new SECRET_KEY: with the old one nothing ends, without it nothing is told that fails."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import RequestFactory
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from pytest_django import Settings

from exercises.models import Authenticator, Patient, SignInCode, User
from exercises.services.links import links_for
from exercises.services.second_step import check_second_step, kept
from exercises.services.signing_in import check_code
from hep.errors import InvalidInputError
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.page.visits import address, linked, opened

pytestmark = pytest.mark.django_db
NEW = "another-secret-0123456789-abcdefghijklmnopqrstuvwxyz-abcdef"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def maria(maria: Patient) -> Patient:
    factories.program(maria)
    return maria


def change_key(settings: Settings, *, keep: bool) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = NEW


def test_with_the_old_key_the_same_link_is_told_and_opens(
    maria: Patient, settings: Settings
) -> None:
    before = address(linked(maria, now=CHECK_IN_AT))
    change_key(settings, keep=True)
    again = linked(maria, now=CHECK_IN_AT)
    assert address(again) == before
    opened(again)


def test_without_it_a_new_link_is_told_which_opens(maria: Patient, settings: Settings) -> None:
    before = linked(maria, now=CHECK_IN_AT)
    change_key(settings, keep=False)
    assert before.token == ""
    again = linked(maria, now=CHECK_IN_AT)
    assert again.pk != before.pk
    opened(again)
    for_reminders = links_for({maria.pk: str(maria.phone)}, now=CHECK_IN_AT)
    assert for_reminders[maria.pk].token


@pytest.mark.parametrize("keep", [True, False])
def test_a_code_that_was_just_texted(settings: Settings, maria: Patient, keep: bool) -> None:
    row = SignInCode.objects.create(
        phone=str(maria.phone), clinic=maria.clinic, texted_at=CHECK_IN_AT, created_at=CHECK_IN_AT,
        expires_at=CHECK_IN_AT.replace(hour=23),
    )  # fmt: skip  # a row
    told = row.code
    change_key(settings, keep=keep)
    if keep:
        assert check_code(phone=row.phone, code=told, now=CHECK_IN_AT).pk == row.pk
    else:
        with pytest.raises(InvalidInputError):
            check_code(phone=row.phone, code=told, now=CHECK_IN_AT)


@pytest.mark.parametrize("keep", [True, False])
def test_a_spare_code_of_the_second_step(settings: Settings, alice: User, keep: bool) -> None:
    device = StaticDevice.objects.create(user=alice, name="Spare codes", confirmed=True)
    StaticToken.objects.create(device=device, token=kept("abcdefgh"))
    change_key(settings, keep=keep)
    request = RequestFactory().post("/admin/login/")
    if not keep:
        with pytest.raises(InvalidInputError):
            check_second_step(alice, "abcdefgh", request=request)
        return
    assert check_second_step(alice, "abcdefgh", request=request)
    # It counts once.
    with pytest.raises(InvalidInputError):
        check_second_step(alice, "abcdefgh", request=request)


def test_a_secret_of_the_second_step(settings: Settings, alice: User) -> None:
    """It opens while its key is kept, and goes on without it once it was sealed anew."""
    device = Authenticator.objects.create(user=alice, name="Phone")
    secret = device.secret
    change_key(settings, keep=True)
    assert device.secret == secret
    told = StringIO()
    call_command("reseal", stdout=told)
    assert told.getvalue() == "1 sealed by the newest key.\n"
    settings.SECRET_KEY_FALLBACKS = []
    device.refresh_from_db()
    assert device.secret == secret
    # A key of its own seals from now on; what SECRET_KEY sealed still opens.
    settings.DATA_KEYS = ["another key, for what stands in the database"]
    assert device.secret == secret
    device.keep(secret)
    device.save()
    change_key(settings, keep=False)
    assert device.secret == secret


def test_a_secret_whose_key_is_gone_is_named_and_opens_nothing(
    settings: Settings, alice: User
) -> None:
    device = Authenticator.objects.create(user=alice, name="Phone")
    shown = f"{TOTP(device.secret).token():06d}"
    change_key(settings, keep=False)
    told = StringIO()
    call_command("reseal", stdout=told)
    assert f"{alice.email}: no key opens this one." in told.getvalue()
    with pytest.raises(InvalidInputError):
        check_second_step(alice, shown, request=RequestFactory().post("/admin/login/"))


def test_a_wrong_spare_code_is_one_try_however_many_keys(settings: Settings, alice: User) -> None:
    device = StaticDevice.objects.create(user=alice, name="Spare codes", confirmed=True)
    change_key(settings, keep=True)
    with pytest.raises(InvalidInputError):
        check_second_step(alice, "zzzzzzzz", request=RequestFactory().post("/admin/login/"))
    device.refresh_from_db()
    assert device.throttling_failure_count == 1
