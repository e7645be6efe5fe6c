"""What the API takes is what its schema says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

from exercises.models import Patient
from hep.fields import AtLeastOne, Figure, Id, Matching, Phone, Slug, Text, Whole, YesNo
from hep.lines import validate_one_line
from hep.phones import PhoneField, PhoneFormField

FIELDS: dict[str, Any] = {
    "text": Text(max_length=9),
    "slug": Slug(),
    "code": Matching(r"^[0-9]{6}$"),
    "whole": Whole(max_value=9),
    "figure": Figure(max_digits=3, decimal_places=1),
    "yes_no": YesNo(),
    "id": Id(),
    "phone": Phone(),
    "list": AtLeastOne(child=Whole()),
}


def refusal(name: str, value: object) -> set[str]:
    """The codes that a field refuses a value with."""
    with pytest.raises(serializers.ValidationError) as refused:
        FIELDS[name].run_validation(value)
    codes = refused.value.get_codes()
    assert isinstance(codes, list)
    return {str(code) for code in codes}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 0), ("text", False), ("text", ["a"]), ("text", {"a": 1}),
        ("slug", 7), ("code", 123456), ("code", "12345"),
        ("whole", "5"), ("whole", True), ("whole", 5.5), ("whole", float("nan")),
        ("figure", "6.5"), ("figure", True), ("figure", float("inf")),
        ("yes_no", "true"), ("yes_no", 1), ("yes_no", "off"),
        ("id", 0), ("id", "12"), ("phone", 14155550100), ("phone", "call me"),
        ("phone", "+1 415 555 0100"), ("phone", "+14155550100*"),
    ],
)  # fmt: skip  # a list
def test_what_is_near_is_refused(name: str, value: object) -> None:
    assert refusal(name, value) == {"invalid"}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("text", " a ", "a"), ("slug", "ball-rolling", "ball-rolling"), ("code", "012345", "012345"),
        ("whole", 5, 5), ("whole", 5.0, 5), ("figure", 6.5, Decimal("6.5")),
        ("figure", 6, Decimal(6)), ("figure", 0.1 + 0.2, Decimal("0.3")), ("yes_no", False, False), ("phone", "+14155550100", "+14155550100"),
        ("list", [1], [1]),
    ],
)  # fmt: skip  # a list
def test_what_is_meant_is_kept(name: str, value: object, kept: object) -> None:
    assert FIELDS[name].run_validation(value) == kept


def test_a_phone_that_nobody_can_have_is_told_apart() -> None:
    assert refusal("phone", "+14155550") == {"no_phone"}


@pytest.mark.parametrize("area", ["436", "624", "999", "357", "457"])
def test_an_area_code_newer_than_the_library_is_a_phone(area: str) -> None:
    """The shape decides; whether it can be texted, Twilio tells."""
    written = f"+1 {area} 555 0123"
    assert str(FIELDS["phone"].run_validation(f"+1{area}5550123")) == f"+1{area}5550123"
    patient = Patient(first_name="Ana", phone=written)
    assert str(patient.phone) == f"+1{area}5550123"
    assert PhoneField().get_prep_value(written) == f"+1{area}5550123"
    assert (
        str(PhoneFormField(region="US").clean(f"({area}) 555-0123").as_e164) == f"+1{area}5550123"
    )


@pytest.mark.parametrize(
    "written", ["+1 415 555 0125 ext. 7", "+14155550125x7", "+14155550125;ext=7"]
)
def test_an_extension_is_refused_not_dropped(written: str) -> None:
    with pytest.raises(ValidationError, match="extension"):
        PhoneFormField().clean(written)


@pytest.mark.parametrize(
    "text", ["Bay\nFoot", "Bay\rFoot", "Bay\tFoot", "a\x00", "a\x1b[31m", "a\u2028b", "a\u202eb", "\ud800", "a\x85b"]
)  # fmt: skip  # a list
def test_what_breaks_a_line_or_turns_it_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="one line"):
        validate_one_line(text)


def test_every_column_of_one_line_refuses_line_breaks() -> None:
    ours = [
        model
        for model in apps.get_models()
        if model._meta.app_label in {"exercises", "notifications"}
    ]
    columns = [
        field
        for model in ours
        for field in model._meta.get_fields()
        # A choice refuses whatever is none of its own.
        if isinstance(field, models.CharField) and not field.choices and not isinstance(field, PhoneField | models.EmailField | models.SlugField | models.URLField)
    ]  # fmt: skip  # a list
    assert len(columns) > 40
    # Columns of libraries, which hold digests or our own words.
    theirs = {
        "exercises.User.password",
        "exercises.Authenticator.name",
        "exercises.DeviceToken.digest",
        "exercises.DeviceToken.token_key",
    }
    assert {str(field) for field in columns if validate_one_line not in field.validators} <= theirs


def test_an_empty_list_is_refused() -> None:
    assert refusal("list", []) == {"min_length"}
