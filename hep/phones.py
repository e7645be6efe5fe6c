"""Phone numbers: the shape decides, for a library's list of exchanges is always out of date.

New area codes are in service before libraries know them; whether a phone can be texted, Twilio
tells (21211, 21614). An extension would be dropped in silence, and the text go to a switchboard.
"""

from __future__ import annotations

from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumber_field import formfields, modelfields
from phonenumber_field.phonenumber import PhoneNumber, to_python


def is_possible(number: Any) -> bool:
    """Whether `number` has the length of its country and no extension."""
    return (
        isinstance(number, PhoneNumber)
        # Not what can only be dialled within its own town.
        and phonenumbers.is_possible_number_with_reason(number)
        == phonenumbers.ValidationResult.IS_POSSIBLE
        and not number.extension
    )


def validate_phone(value: Any) -> None:
    """Raise ValidationError unless it can be a phone that is texted."""
    number = to_python(value)
    if isinstance(number, PhoneNumber) and number.extension:
        raise ValidationError("Leave the extension out: it cannot be texted.", code="extension")
    if not is_possible(number):
        message = "Enter a phone number with country code, such as +1 415 555 0100."
        raise ValidationError(message, code="no_phone")


class _InE164(modelfields.PhoneNumberDescriptor):  # type: ignore[misc]  # the library has no type stubs
    """What is assigned reads as E.164, also where the library does not know the exchange."""

    def __set__(self, instance: Any, value: Any) -> None:
        """As the library does, in one form."""
        super().__set__(instance, value)
        number = instance.__dict__[self.field.name]
        if is_possible(number) and not number.raw_input[1:].isdecimal():
            instance.__dict__[self.field.name] = PhoneNumber.from_string(number.as_e164)


# Where a number without a country code is from, in forms: 911 and 988 are of it too.
HOME = "US"


class PhoneFormField(formfields.PhoneNumberField):  # type: ignore[misc]  # the library has no type stubs
    """In a form, as people and practice systems write it: (415) 555-0100 is +1 415 555 0100."""

    default_validators = [validate_phone]  # noqa: RUF012  # as Django has it

    def __init__(self, *args: Any, region: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, region=region or HOME, **kwargs)


class PhoneField(modelfields.PhoneNumberField):  # type: ignore[misc]  # likewise
    """A column in E.164."""

    default_validators = [validate_phone]  # noqa: RUF012  # as Django has it
    descriptor_class = _InE164

    def get_prep_value(self, value: Any) -> Any:
        """E.164, also for an exchange that the library does not know yet."""
        number = self.to_python(value)
        if is_possible(number):
            return number.format_as(phonenumbers.PhoneNumberFormat.E164)
        return super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        """With the rule of this field."""
        return super().formfield(**{"form_class": PhoneFormField} | kwargs)

    def deconstruct(self) -> Any:
        """As the field it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", args, kwargs
