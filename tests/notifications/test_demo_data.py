"""The demo clinic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from exercises.content import load_content
from exercises.models import CheckIn, Patient, Program, Provider, User
from notifications.demo_data import DUE_AFTER, PATIENTS, demo_zones, load_demo
from notifications.outgoing.due import write_due

NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("month", [1, 7])
@pytest.mark.parametrize("hour", range(24))
def test_somewhere_in_the_us_a_patient_may_be_texted_at_any_hour(month: int, hour: int) -> None:
    for minute in (0, 29, 59):
        zones = demo_zones(datetime(2026, month, 15, hour, minute, tzinfo=UTC))
        assert len(set(zones)) == 4


@pytest.mark.django_db
def test_five_patients_with_four_weeks_of_scores_and_a_check_in_shortly_after_each_start() -> None:
    load_content()
    for start in (NOW, NOW + timedelta(minutes=5), NOW + timedelta(days=2)):
        patient = load_demo(now=start)
        write_due(now=start)
        before = patient.messages.filter(kind="check_in").count()
        write_due(now=start + DUE_AFTER)
        assert patient.messages.filter(kind="check_in").count() == before + 1
        if start == NOW:
            for program in Program.objects.all():
                assert 18 <= CheckIn.objects.filter(program=program).count() <= 29
    assert Patient.objects.count() == len(PATIENTS) == 5
    assert Patient.objects.values("time_zone").distinct().count() == 4
    assert User.objects.get(email="demo@example.org").check_password("demo")
    assert User.objects.get(email="admin@example.org").is_superuser
    # The README's first session ends with an invitation.
    assert Provider.objects.get(user__email="demo@example.org").role == "clinic_admin"


def test_the_demo_is_not_loaded_in_production(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo")
