"""Inviting somebody to a clinic's team, and setting a password by e-mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from exercises.admin.base import row_or_404, staff_user
from exercises.admin.sign_in import TOO_MANY
from exercises.models import Clinic, Invitation, Provider
from exercises.services import invite
from exercises.services.passwords import ask_for_link
from exercises.services.team import accept_invitation, open_invitations
from hep.caller import caller_network
from hep.errors import InvalidInputError
from hep.throttling import Throttle


class AskForm(PasswordResetForm):
    """Keeps that a link was asked for; a task finds out for whom."""

    def save(self, **_: Any) -> None:  # type: ignore[override]  # Django calls it by name
        """The same for every address, so that no time tells who has an account."""
        ask_for_link(self.cleaned_data["email"], now=timezone.now())


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
            invite(clinic=clinic, **form.cleaned_data, by=staff_user(request), now=timezone.now())
        except InvalidInputError as error:
            form.add_error(error.field, error.message)
        else:
            email = form.cleaned_data["email"]
            told = f"{email} gets an e-mail, and is in the team once they agree."
            page.message_user(request, told)
            return redirect("admin:exercises_clinic_change", clinic.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Invite to {clinic}",
        "opts": page.model._meta,
        "form": form,
        "button": "Invite",
    }
    return TemplateResponse(request, "admin/ask.html", context)


def invitations_page(request: HttpRequest) -> HttpResponse:
    """One's own invitations: agree, or not."""
    mine = (
        open_invitations(now=timezone.now())
        .filter(user=staff_user(request))
        .select_related("clinic", "invited_by")
    )
    if request.method == "POST":
        asked: Invitation = row_or_404(mine, request.POST.get("invitation", ""))
        if request.POST.get("do") == "accept":
            accept_invitation(asked)
            messages.success(request, f"You are in the team of {asked.clinic}.")
        else:
            asked.delete()
            messages.success(request, f"You said no to {asked.clinic}.")
        return redirect("admin:index")
    context = {**admin.site.each_context(request), "title": "Invitations", "invitations": mine}
    return TemplateResponse(request, "admin/invitations.html", context)


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
    form_class = AskForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As often as one may try to sign in, from one network."""
        if Throttle().allow("form", str(caller_network(request))):
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.add_error(None, TOO_MANY)
        return self.form_invalid(form)

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
