"""The form that signs in to the admin; the admin's site loads it before any page of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from exercises.services import second_step
from hep.caller import caller_network
from hep.errors import InvalidInputError
from hep.throttling import Throttle

CODE_FIELD = {"autocomplete": "one-time-code", "maxlength": 16}
TOO_MANY = "Too many tries from your network. Wait a minute and try again."


class SignInForm(AuthenticationForm):  # type: ignore[misc]  # unfold has no type stubs
    """E-mail, password, and the code of whoever set up a second step."""

    code = forms.CharField(
        required=False,
        max_length=16,
        widget=UnfoldAdminTextInputWidget(attrs=CODE_FIELD),
        help_text="Only if you set up a second step.",
    )

    def clean(self) -> dict[str, Any]:
        """The second step comes after the password is right: nobody learns who has one.

        Passwords are costly to compare, so tries from one address are counted before.
        """
        if not Throttle().allow("form", str(caller_network(self.request))):
            raise forms.ValidationError(TOO_MANY, code="throttled")
        cleaned: dict[str, Any] = super().clean()
        user = self.get_user()
        if user is None:  # a field is missing or refused, so nobody was looked up
            return cleaned
        try:
            passed = second_step.check_second_step(
                user, cleaned.get("code", ""), request=self.request
            )
        except InvalidInputError as error:
            raise forms.ValidationError({"code": error.message}) from error
        if passed:
            # Signing in keeps what an anonymous session holds.
            self.request.session[second_step.PASSED] = True
        return cleaned
