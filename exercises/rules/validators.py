"""Checks of single values, used by models, forms and the API alike."""

from __future__ import annotations

import zoneinfo
from datetime import time

from django.core.exceptions import ValidationError

# Zones people live in, as the IANA database names them: no "posix/…", no bare abbreviations.
ZONES = frozenset(
    name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("posix/")
)


def validate_time_zone(name: str) -> None:
    """Raise ValidationError, keyed by field, unless `name` is an IANA zone people live in."""
    if name not in ZONES and name != "UTC":
        message = f"“{name}” is not a time zone. Use an IANA name such as America/Chicago."
        raise ValidationError({"time_zone": ValidationError(message, code="unknown_time_zone")})


# 47 CFR 64.1200 (c)(1) forbids solicitations outside 08:00-21:00 local; we keep it for every text.
CLINIC_HOURS = (time(8), time(21))
# Wider only when the patient asked for it in recorded words.
ASKED_HOURS = (time(5), time(23))


def validate_clinic_hours(texts_from: time | None, texts_until: time | None) -> None:
    """Raise ValidationError, keyed by field, unless both lie in order within 08:00-21:00."""
    _validate_hours(texts_from, texts_until, within=CLINIC_HOURS)


def validate_patient_hours(
    texts_from: time | None, texts_until: time | None, *, asked: str
) -> None:
    """Raise ValidationError, keyed by field, unless the hours are legal for what was asked.

    Both empty is fine: the clinic's hours hold. Else both are needed, within 05:00-23:00, with
    the patient's words in `asked`.
    """
    if texts_from is None and texts_until is None:
        return
    if texts_from is None or texts_until is None:
        field = "texts_from" if texts_from is None else "texts_until"
        message = "Give both hours, or neither."
        raise ValidationError({field: ValidationError(message, code="both_hours")})
    _validate_hours(texts_from, texts_until, within=ASKED_HOURS)
    if not asked.strip():
        message = "Write down how the patient asked for these hours."
        raise ValidationError({"texts_hours_asked": ValidationError(message, code="asked_hours")})


def _validate_hours(
    texts_from: time | None, texts_until: time | None, *, within: tuple[time, time]
) -> None:
    if texts_from is None or texts_until is None:
        return
    first, last = within
    if not first <= texts_from <= last:
        message = f"Must be from {first:%H:%M} to {last:%H:%M}."
        raise ValidationError({"texts_from": ValidationError(message, code="quiet_hours")})
    if not texts_from < texts_until <= last:
        message = f"Must be after the first hour and at most {last:%H:%M}."
        raise ValidationError({"texts_until": ValidationError(message, code="quiet_hours")})


def validate_thresholds(rise: int | None, sharp_rise: int | None) -> None:
    """Refuse a critical threshold below the high one."""
    if rise is not None and sharp_rise is not None and sharp_rise < rise:
        message = "A critical alert needs at least as many points as a high one."
        raise ValidationError({"alert_sharp_rise": message})
