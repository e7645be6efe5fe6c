"""One's own second step, turned on and off in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from exercises.admin.base import staff_user
from exercises.admin.qr import qr_picture
from exercises.admin.sign_in import CODE_FIELD
from exercises.services import second_step
from exercises.services.second_step import PASSED
from hep.errors import InvalidInputError

# In the session: the app that waits for its first code.
WAITING = "waiting_totp"
admin.site.login_template = "admin/sign_in.html"


class PasswordForm(forms.Form):
    """The password again, before the second step comes or goes."""

    password = forms.CharField(strip=False, widget=UnfoldAdminPasswordWidget)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """A page that was left open must not be enough."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password.")
        return password


class CodeForm(PasswordForm):
    """The first code of the app."""

    code = forms.CharField(max_length=16, widget=UnfoldAdminTextInputWidget(attrs=CODE_FIELD))


def second_step_page(request: HttpRequest) -> HttpResponse:
    """One's own second step: turned off with the password, or on with it and a first code."""
    is_on = second_step.has_second_step(staff_user(request))
    return _turn_off(request) if is_on else _turn_on(request)


def _turn_off(request: HttpRequest) -> HttpResponse:
    user = staff_user(request)
    form = PasswordForm(request.POST or None, user=user)
    if form.is_valid():
        second_step.remove(user)
        request.session.pop(PASSED, None)
        return redirect("second-step")
    return _page(request, form=form, is_on=True)


def _turn_on(request: HttpRequest) -> HttpResponse:
    user = staff_user(request)
    form = CodeForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            spare = second_step.confirm(
                user, form.cleaned_data["code"], request.session.get(WAITING)
            )
            # This session goes on; all others of the account have ended.
            update_session_auth_hash(request, user)
            request.session[PASSED] = True
            return _page(request, spare=spare)
        except InvalidInputError as error:
            form.add_error("code", error.message)
    waiting = second_step.begin(user, request.session.get(WAITING))
    request.session[WAITING] = waiting.pk
    address = waiting.address
    return _page(
        request,
        form=form,
        picture=qr_picture(address),
        secret=_spaced(address),
        is_required=settings.SECOND_STEP_REQUIRED,
    )


def _page(request: HttpRequest, **shown: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Second step", **shown}
    return TemplateResponse(request, "admin/second_step.html", context)


def _spaced(address: str) -> str:
    """The secret in groups of four, for who cannot scan."""
    secret = address.split("secret=", 1)[1].split("&", 1)[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
