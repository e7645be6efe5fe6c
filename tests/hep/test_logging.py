"""Logs hold no phone number and no row of the database."""

from __future__ import annotations

import logging
import re
import sys

import pytest
from django.test import Client
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


def lines_of(capsys: pytest.CaptureFixture[str], path: str, **headers: str) -> list[str]:
    """What is logged of a request, as an operator reads it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        Client().get(path, headers=headers)
    finally:
        logger.removeHandler(handler)
    return [line for line in capsys.readouterr().err.splitlines() if "django.request" in line]


def test_every_line_of_a_request_has_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, "/nowhere/", **{"x-request-id": "lookmeup-12345"})
    assert lines
    for line in lines:
        assert "[lookmeup-12345] " in line


@pytest.mark.parametrize("given", ["two words", "a" * 65, "x\ty", "4155550111", ""])
def test_an_id_that_could_forge_a_line_or_name_a_phone_is_replaced(
    capsys: pytest.CaptureFixture[str], given: str
) -> None:
    lines = lines_of(capsys, "/nowhere/", **{"x-request-id": given})
    assert lines
    for line in lines:
        assert re.search(r" \[[0-9a-f]{32}\] ", line), line
