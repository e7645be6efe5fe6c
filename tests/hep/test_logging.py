"""Logs hold no phone number and no row of the database."""

from __future__ import annotations

import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hep.logging import LineFormatter, scrub


@pytest.mark.parametrize(
    "text",
    [
        "+14155550111",
        "4155550111",
        "(415) 555-0111",
        "415-555-0111",
        "+1 415 555 0111",
        "415.555.0111",
    ],
)
def test_a_phone_number_is_hidden(text: str) -> None:
    assert scrub(f"to {text}!") == "to (number)!"


@given(digits=st.from_regex(r"\+1[2-9]\d{9}", fullmatch=True))
def test_any_number_in_e164_is_hidden(digits: str) -> None:
    assert digits[2:] not in scrub(f"Key (phone)=({digits}) already exists.")


@pytest.mark.parametrize("text", ["accepted message=1234567", "skipped stale messages=500"])
def test_ids_and_counts_stay(text: str) -> None:
    assert scrub(text) == text


def test_a_traceback_is_scrubbed_too() -> None:
    message = "duplicate key\nDETAIL:  Key (first_name)=({}) already exists.".format("Maria")
    try:
        raise ValueError(message)
    except ValueError:
        record = logging.LogRecord("hep", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = LineFormatter().format(record)
    assert "ValueError" in line
    assert "Maria" not in line
