"""Inviting somebody to a clinic's team, and setting a password by e-mail."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from redis.exceptions import RedisError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from exercises.models import Clinic, Provider, User
from exercises.services import invite
from hep.errors import InvalidInputError

logger = logging.getLogger(__name__)
LOGGED = "django.core.mail.backends.console.EmailBackend"

# A mail that got lost can be asked for again soon.
MAIL_EVERY_SECONDS = 60


class PacedForm(PasswordResetForm):
    """One mail in a while: nobody can fill somebody else's mailbox."""

    def get_users(self, email: str) -> Iterator[User]:
        """Accounts that got none just now; Redis away, the mail goes.

        None where mails are only logged: who reads the log would own the accounts.
        """
        if settings.EMAIL_BACKEND == LOGGED and not settings.DEBUG:
            logger.error("EMAIL_HOST is not set: no link to set a password can be sent")
            return
        for user in super().get_users(email):
            try:
                first = cache.add(f"password-mail:{user.pk}", 1, timeout=MAIL_EVERY_SECONDS)
            except RedisError:
                first = True
            if first:
                yield user

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]  # Django calls it by name
        """With our public address: the one of the request is whatever the caller wrote."""
        public = urlsplit(settings.PUBLIC_BASE_URL)
        ours = {"domain_override": public.netloc, "use_https": public.scheme == "https"}
        super().save(**kwargs | ours)


class InviteForm(forms.Form):
    """Who, and what they may do."""

    email = forms.EmailField(widget=UnfoldAdminTextInputWidget)
    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    role = forms.ChoiceField(
        choices=Provider.Role.choices,
        initial=Provider.Role.PROVIDER,
        widget=UnfoldAdminSelectWidget,
        help_text="Assistants see everything of the clinic and make no clinical changes.",
    )


def invite_page(page: Any, request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Ask whom, add them, and send a new account the way to a password."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, is_new = invite(clinic=clinic, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(error.field, error.message)
        else:
            if is_new:
                send_password_link(request, user)
            told = "They get an e-mail to set a password." if is_new else "They sign in as before."
            page.message_user(request, f"{user} is in the team. {told}")
            return redirect("admin:exercises_clinic_change", clinic.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Invite to {clinic}",
        "opts": page.model._meta,
        "form": form,
        "button": "Invite",
    }
    return TemplateResponse(request, "admin/ask.html", context)


def send_password_link(request: HttpRequest, user: User) -> None:
    """The e-mail with the link that sets a password once; it names no patient."""
    form = PacedForm({"email": user.email})
    if form.is_valid():
        form.save(
            request=request,
            use_https=request.is_secure(),
            subject_template_name="admin/password_subject.txt",
            email_template_name="admin/password_email.txt",
        )


class _Unauthenticated:
    """A page of the admin's look for who is not signed in."""

    template_name: Any = "admin/password.html"
    title = ""
    told = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the site's own title and theme."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # of a view
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # likewise
        return admin.site.each_context(request) | context | {"told": self.told}


class AskView(_Unauthenticated, views.PasswordResetView):
    """Ask for a link: the answer is the same for an address that nobody has."""

    title = "Set a new password"
    told = (
        "Enter your e-mail address. If it has an account, a link to set a password is on its way."
    )
    form_class = PacedForm
    subject_template_name = "admin/password_subject.txt"
    email_template_name = "admin/password_email.txt"
    success_url = reverse_lazy("password_reset_done")


class AskedView(_Unauthenticated, views.PasswordResetDoneView):
    """After asking."""

    title = "Look into your mail"
    told = "If the address has an account, a link to set a password is on its way."


class SetView(_Unauthenticated, views.PasswordResetConfirmView):
    """Set it."""

    title = "Set a new password"
    told = "Choose a password of 12 characters or more that you use nowhere else."


class SetDoneView(_Unauthenticated, views.PasswordResetCompleteView):
    """Done."""

    title = "Your password is set"
    told = "You can sign in now."


password_urls = [
    path("password/", AskView.as_view(), name="admin_password_reset"),
    path("password/asked/", AskedView.as_view(), name="password_reset_done"),
    path("password/<uidb64>/<token>/", SetView.as_view(), name="password_reset_confirm"),
    path("password/done/", SetDoneView.as_view(), name="password_reset_complete"),
]
