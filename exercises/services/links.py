"""The way in to a patient's own page: a link in a text, and a second step where it needs one.

Whoever holds the phone may see what there is to do and log it. A second browser, a phone that
several share, and whatever tells of earlier days take the birth year or a texted code.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from exercises.models import Alert, DeviceToken, PageLink, Patient, Program, User
from exercises.models.links import digest_of
from exercises.services.alerts import open_alert
from exercises.services.signing_in import account_of, by_name, check_code, use_code
from hep.errors import InvalidInputError
from hep.once import one_at_a_time

MOST_TRIES = 5
# A link that was sent is sent again as long as it works for so much longer.
AT_LEAST = timedelta(days=2)
AFTER_THE_END = timedelta(days=30)
NAME = "Own page"
Level = DeviceToken.Level


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser that opened a link; `token` is its cookie, shown once: empty, it has one."""

    device: DeviceToken
    token: str


@transaction.atomic
def link_for(
    *, patient: Patient, made_for: str, now: datetime, by: User | None = None, fresh: bool = False
) -> PageLink:
    """A link that works for some days: the last one as long as it does, so that whoever looks for
    it in an older text finds it; `fresh`: one that nobody has opened.
    """
    one_at_a_time(f"link:{patient.pk}")
    live = _working(until=now + _left()).filter(patient=patient, phone=str(patient.phone))
    if fresh:
        live = live.filter(first_opened_at=None)
    # One whose key is gone cannot be told again.
    found = next((link for link in live.order_by("-expires_at") if link.token), None)
    if found is not None:
        return found
    link = _made(patient.pk, str(patient.phone), made_for=made_for, now=now, by=by)
    link.save(force_insert=True)
    return link


@transaction.atomic
def links_for(phones: Mapping[UUID, str], *, now: datetime) -> dict[UUID, PageLink]:
    """A link for the reminder of each patient, by their id and E.164 phone: the last one as long as
    it works, as `link_for`. Two queries at most.
    """
    live = _working(until=now + _left()).filter(patient__in=phones)
    found = {
        link.patient_id: link
        for link in live.order_by("expires_at")
        if link.phone == phones[link.patient_id] and link.token
    }
    made = PageLink.MadeFor.REMINDER
    new = {
        patient: _made(patient, phone, made_for=made, now=now)
        for patient, phone in phones.items()
        if patient not in found
    }
    PageLink.objects.bulk_create(new.values())
    return found | new


def _working(*, until: datetime) -> QuerySet[PageLink]:
    """Links that nobody has ended and that work beyond `until`."""
    return PageLink.objects.filter(revoked_at=None, expires_at__gt=until, tries__lt=MOST_TRIES)


def _left() -> timedelta:
    return min(AT_LEAST, settings.PAGE_LINK_LASTS / 2)


def _made(
    patient: UUID, phone: str, *, made_for: str, now: datetime, by: User | None = None
) -> PageLink:
    link = PageLink(
        id=uuid.uuid4(),
        patient_id=patient,
        phone=phone,
        made_for=made_for,
        made_by=by,
        created_at=now,
        expires_at=now + settings.PAGE_LINK_LASTS,
    )
    link.digest = digest_of(link.token)
    return link


def address_of(link: PageLink) -> str:
    """The address that a text holds."""
    return f"{settings.PAGE_BASE_URL}/p/{link.token}"


@transaction.atomic
def open_link(
    *, token: str, now: datetime, known: DeviceToken | None = None, tap: str = ""
) -> Opened | None:
    """Open a link in a new browser, or in one that is `known` by an earlier link of the same
    patient, which stays as far as it got. None for a link that does not work, whatever the reason.

    `tap` is what this browser was given with the page that opens: the same one again is a second
    tap of an impatient finger, not another phone, and gets the same cookie.
    """
    rows = _working(until=now).select_for_update(of=("self",)).select_related("patient__clinic")
    link = rows.filter(digest=digest_of(token)).first()
    if link is None or link.phone != str(link.patient.phone) or is_over(link.patient, now=now):
        return None
    account = account_of(link.patient)
    if not account.is_active:
        return None
    cookie = _cookie(link, tap)
    tapped = DeviceToken.objects.filter(digest=hash_token(cookie), user=account).first()
    if tapped is not None:
        return Opened(tapped, cookie)
    is_first = link.first_opened_at is None
    link.first_opened_at = link.first_opened_at or now
    link.last_opened_at = now
    link.save(update_fields=["first_opened_at", "last_opened_at"])
    level: str = Level.OPEN if is_first and not shares_phone(link.patient) else Level.PENDING
    if known is not None and known.user_id == account.pk:
        # It ends with the newest link it came by, and gets no less far.
        level = level if known.level == Level.PENDING else known.level
        DeviceToken.objects.filter(pk=known.pk).update(link=link, level=level)
        return Opened(known, "")
    device = DeviceToken(
        digest=hash_token(cookie), token_key=cookie[: CONSTANTS.TOKEN_KEY_LENGTH], user=account,
        expiry=now + settings.PAGE_IDLE, name=NAME, link=link, level=level,
    )  # fmt: skip  # a row
    device.save(force_insert=True)
    return Opened(device, cookie)


def _cookie(link: PageLink, tap: str) -> str:
    """What a browser's cookie holds: it follows from the link and the tap, or from nothing."""
    tap = tap or secrets.token_hex()
    return salted_hmac("page.tap", f"{link.token} {tap}", algorithm="sha256").hexdigest()


def shares_phone(patient: Patient) -> bool:
    """Whether another patient of the clinic has the same phone."""
    here = Patient.objects.filter(phone=patient.phone, clinic=patient.clinic_id)
    return here.exclude(pk=patient.pk).exists()


def is_over(patient: Patient, *, now: datetime) -> bool:
    """Whether the last program ended so long ago that its page is closed."""
    programs = Program.objects.filter(patient=patient)
    going_on = ~Q(status=Program.Status.ENDED) | Q(ended_at__gt=now - AFTER_THE_END)
    return programs.exists() and not programs.filter(going_on).exists()


def may_tell_year(patient: Patient) -> bool:
    """Whether the birth year tells who it is: it is known, and nobody else's of this phone."""
    if patient.birth_year is None:
        return False
    same = Patient.objects.filter(
        Q(birth_year=patient.birth_year) | Q(birth_year=None),
        phone=patient.phone,
        clinic=patient.clinic_id,
    )
    return not same.exclude(pk=patient.pk).exists()


def confirm_by_year(*, device: DeviceToken, year: int | None, now: datetime) -> None:
    """Show who it is by the birth year. Raises InvalidInputError at `birth_year`."""
    patient = _count_try(device, now=now)
    if year is None or year != patient.birth_year or not may_tell_year(patient):
        _end_if_guessed(device, patient, now=now)
        message = "This does not match our record."
        raise InvalidInputError("birth_year", message, code="refused")
    _confirmed(device)


def confirm_by_code(*, device: DeviceToken, code: str, first_name: str, now: datetime) -> None:
    """Show who it is by a texted code; on a shared phone, whose code says only that somebody has
    it, with the first name as well. Raises InvalidInputError at `code`.
    """
    patient = _count_try(device, now=now)
    try:
        if shares_phone(patient):
            _check_name(patient, first_name)
        right = check_code(phone=str(patient.phone), code=code, now=now)
        if right.clinic_id != patient.clinic_id:
            message = "This code is for another clinic."
            raise InvalidInputError("code", message, code="refused")
        use_code(right, now=now)
    except InvalidInputError:
        _end_if_guessed(device, patient, now=now)
        raise
    _confirmed(device)


def _check_name(patient: Patient, told: str) -> None:
    """By the rule of signing in: the name has to tell this patient from all others of the phone."""
    sharing = Patient.objects.filter(phone=patient.phone, clinic=patient.clinic_id)
    if by_name(list(sharing), told) != [patient]:
        message = "This name does not say who it is."
        raise InvalidInputError("first_name", message, code="refused")


def _count_try(device: DeviceToken, *, now: datetime) -> Patient:
    """A try is a try: it is counted before it is looked at, and stays whatever follows."""
    rows = PageLink.objects.filter(pk=device.link_id, tries__lt=MOST_TRIES, revoked_at=None)
    if not rows.update(tries=F("tries") + 1):
        message = "This link has ended. Text LINK to get a new one."
        raise InvalidInputError("code", message, code="closed")
    return Patient.objects.select_related("clinic").get(account=device.user_id)


@transaction.atomic
def _end_if_guessed(device: DeviceToken, patient: Patient, *, now: datetime) -> None:
    link = PageLink.objects.select_for_update().get(pk=device.link_id)
    if link.tries < MOST_TRIES or link.revoked_at is not None:
        return
    end_link(link=link, now=now)
    program = patient.programs.exclude(status=Program.Status.ENDED).first()
    open_alert(patient=patient, program=program, reason=Alert.Reason.PAGE_LOCKED, now=now)


@transaction.atomic
def _confirmed(device: DeviceToken) -> None:
    # Only wrong ones count, and those stay counted: else a stranger would get five for each time
    # that the patient shows who it is.
    PageLink.objects.filter(pk=device.link_id, tries__gt=0).update(tries=F("tries") - 1)
    DeviceToken.objects.filter(pk=device.pk).update(level=Level.CONFIRMED)
    device.level = Level.CONFIRMED


@transaction.atomic
def end_link(*, link: PageLink, now: datetime) -> None:
    """End one link, and every browser that came by it."""
    PageLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
    DeviceToken.objects.filter(link=link).delete()


@transaction.atomic
def end_links(*, patient: Patient, now: datetime) -> int:
    """End every link of a patient with its browsers; returns how many still worked."""
    live = PageLink.objects.filter(patient=patient, revoked_at=None)
    # Past its days nobody new gets in by it, but who did is still there.
    ended = live.filter(Q(expires_at__gt=now) | Q(first_opened_at__isnull=False)).count()
    live.update(revoked_at=now)
    DeviceToken.objects.filter(link__patient=patient).delete()
    return ended
