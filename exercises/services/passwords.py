"""Links to set a password: asked for by anybody, mailed by a task to who has an account."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from redis.exceptions import RedisError

from exercises.models import PasswordAsk, User
from exercises.services.mails import can_mail, mail
from hep.names import account_name

logger = logging.getLogger(__name__)
# A mail that got lost can be asked for again soon.
MAIL_EVERY_SECONDS = 60
LINKS_AT_ONCE = 50
# Whoever asked so long ago has asked again, or given up.
ASKED_FOR = timedelta(hours=1)


def ask_for_link(email: str, *, now: datetime) -> None:
    """A link to set a password is to be mailed to `email`, if it has an account."""
    PasswordAsk.objects.create(email=account_name(email), asked_at=now)


def send_links(*, now: datetime) -> int:
    """Mail the links that were asked for; returns how many addresses were looked at.

    What cannot be mailed is tried again until it is too old: the mail server may be away.
    """
    PasswordAsk.objects.filter(asked_at__lt=now - ASKED_FOR).delete()
    if not can_mail():
        return 0
    keys = PasswordAsk.objects.order_by("asked_at").values_list("pk", flat=True)[:LINKS_AT_ONCE]
    return sum(_send_link(key) for key in list(keys))


def _send_link(key: int) -> bool:
    try:
        with transaction.atomic():
            rows = PasswordAsk.objects.select_for_update(skip_locked=True)
            asked = rows.filter(pk=key).first()
            if asked is None:
                return False
            _mail(asked.email)
            asked.delete()
    except Exception as error:  # noqa: BLE001  # one bad address must not hide those behind it
        logger.warning("a link to set a password was not mailed: %s", type(error).__name__)
        return False
    return True


def _mail(email: str) -> None:
    """The link, from our public address: the one of a request is whatever its caller wrote.

    At most one in a while, so that nobody can fill somebody else's mailbox; Redis away, it goes.
    """
    user = User.objects.called(email).filter(is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    pace = f"password-mail:{user.pk}"
    if not _may_mail(pace):
        return
    public = urlsplit(settings.PUBLIC_BASE_URL)
    context = {
        "domain": public.netloc,
        "protocol": public.scheme,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    subject = render_to_string("admin/password_subject.txt", context).strip()
    try:
        mail(email, subject=subject, template="admin/password_email.txt", context=context)
    except Exception:
        _forget(pace)
        raise


def _may_mail(pace: str) -> bool:
    try:
        return bool(cache.add(pace, 1, timeout=MAIL_EVERY_SECONDS))
    except RedisError:
        return True


def _forget(pace: str) -> None:
    with suppress(RedisError):
        cache.delete(pace)
