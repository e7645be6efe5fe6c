"""The cast of a chaos run: patients whose check-ins fall due within seconds of each other."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, time

import django


def main() -> None:
    """`python -m tests.chaos.cast PATIENTS FIRST_DAY`: assign every patient a daily check-in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hep.settings")
    django.setup()
    from tests import factories  # noqa: PLC0415  # Django must be set up

    count = int(sys.argv[1])
    morning = datetime.fromisoformat(sys.argv[2]).astimezone(UTC)
    clinic = factories.ClinicFactory.create(name="Chaos Clinic")
    for number in range(count):
        area, last = divmod(number, 100)
        patient = factories.PatientFactory.create(
            clinic=clinic, phone=f"+1{210 + area}55501{last:02d}"
        )
        factories.program(patient, times=(time(8, 30, number % 20),), now=morning)


if __name__ == "__main__":
    main()
