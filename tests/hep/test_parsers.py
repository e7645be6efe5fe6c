"""What no view could answer for is refused when it is read, with the field's name."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.test import APIClient

from exercises.models import Patient
from hep.parsers import DEEPEST, Json
from tests.conftest import app_of

HALF = "\\ud800"


def parse(body: str) -> Any:
    return Json().parse(BytesIO(body.encode()))


@pytest.mark.parametrize("depth", [DEEPEST + 1, 900, 2_000, 50_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}"), ('[{"a":[', "]}]")])
def test_nesting_ends_nobodys_stack(depth: int, opens: str, closes: str) -> None:
    with pytest.raises(ParseError):
        parse(opens * depth + "0" + closes * depth)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (f'"{HALF}"', ""),
        (f'{{"kind": "{HALF}"}}', "kind"),
        (f'{{"schedules": [{{"kind": "x"}}, {{"kind": "a{HALF}"}}]}}', "schedules.1.kind"),
        (f'{{"items": {{"{HALF}": 1}}}}', "items"),
        ('{"kind": "\\udFFF"}', "kind"),
        ('{"kind": "\\udc00\\ud800"}', "kind"),
    ],
)
def test_half_a_letter_is_named_with_its_field(body: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(body)
    assert isinstance(refused.value.detail, dict)
    assert list(refused.value.detail) == [field]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_whatever_can_be_written_is_read_as_it_is(value: Any) -> None:
    # Escaped, so that every letter beyond the first plane is a pair of surrogates.
    assert parse(json.dumps(value)) == value


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["[" * 2_000, f'{{"platform": "{HALF}", "token": "x"}}'])
def test_an_app_is_told(maria: Patient, body: str) -> None:
    app: APIClient = app_of(maria)
    answer = app.generic("PUT", "/api/v1/me/push-token/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in {"body", "platform"}
