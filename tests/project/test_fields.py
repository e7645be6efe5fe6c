"""What the API takes is what its schema says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rest_framework import serializers

from hep.fields import AtLeastOne, Figure, Id, Matching, Phone, Slug, Text, Whole, YesNo

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
    assert refusal("phone", "+19995550100") == {"no_phone"}


def test_an_empty_list_is_refused() -> None:
    assert refusal("list", []) == {"min_length"}
