"""Fields that take what the schema says and nothing near it: no number for a text, no "5" for 5."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from phonenumber_field.phonenumber import to_python
from phonenumber_field.serializerfields import PhoneNumberField
from rest_framework import serializers

from hep.phones import is_possible

Row = TypeVar("Row", bound=models.Model)
# A float has some 15 digits; those behind are noise of its arithmetic.
SURE_DIGITS = 9
E164 = r"^\+[1-9][0-9]{7,14}$"


class Text(serializers.CharField):
    """A text; DRF's own field would keep the number 0 as “0”."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(Text, serializers.SlugField):
    """The name of a row in addresses."""


class Matching(Text, serializers.RegexField):
    """A text of one form."""


class Named(serializers.SlugRelatedField[Row]):
    """A row by its slug; what PostgreSQL cannot look for is not there either."""

    def to_internal_value(self, data: Any) -> Row:
        """Refuse what is no slug, then what is not there."""
        if not isinstance(data, str):
            self.fail("invalid")
        if "\0" in data:
            self.fail("does_not_exist", slug_name=self.slug_field, value="")
        return super().to_internal_value(data)


class AtLeastOne(serializers.ListField):
    """A list that is not empty, and says so in the schema."""

    def __init__(self, **kwargs: Any) -> None:
        """As a list, from one on."""
        super().__init__(min_length=1, **kwargs)


class Whole(serializers.IntegerField):
    """A whole number; DRF's own field would read a text as one."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse what is no number; 5.0 is a whole number in JSON."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class Figure(serializers.DecimalField):
    """A number with decimals, also as JSON has it; DRF's own field would read and write a text."""

    def to_internal_value(self, data: Any) -> Decimal:
        """Refuse what is no number; 0.1 + 0.2 is 0.3, whatever a computer makes of it."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(round(data, SURE_DIGITS))


class YesNo(serializers.BooleanField):
    """True or false; DRF's own field would take “off” and 1."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse all others."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Id(serializers.UUIDField):
    """A UUID as text; DRF's own field would take a number for one."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what is no text."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": E164})
class Phone(PhoneNumberField):  # type: ignore[misc]  # the library has no type stubs
    """A number in E.164; what has its shape and cannot be dialled is `no_phone`."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Enter a phone number such as +14155550100."
    }

    def to_internal_value(self, data: Any) -> Any:
        """Refuse another shape, then what no phone has."""
        if not isinstance(data, str) or re.fullmatch(E164, data) is None:
            self.fail("invalid")
        number = to_python(data)
        if not is_possible(number):
            raise serializers.ValidationError(self.error_messages["invalid"], code="no_phone")
        return number


class ModelSerializer(serializers.ModelSerializer[Row]):
    """Of a model, with the fields above."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: Text,
        models.DecimalField: Figure,
        models.TextField: Text,
        models.IntegerField: Whole,
        models.SmallIntegerField: Whole,
        models.PositiveIntegerField: Whole,
        models.PositiveSmallIntegerField: Whole,
        models.BooleanField: YesNo,
        models.UUIDField: Id,
    }
