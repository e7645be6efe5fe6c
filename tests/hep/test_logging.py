"""Logs hold no phone number and no row of the database."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from exercises.models import Patient
from hep.logging import JsonFormatter, LineFormatter, scrub
from notifications.incoming import inbound
from notifications.models import InboundMessage
from tests import factories


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


def said(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("hep.x", logging.WARNING, __file__, 1, message, args, None)


def test_a_line_as_json_names_its_ids_and_hides_the_same() -> None:
    line = JsonFormatter().format(said("accepted message=%s to %s", 12, "+14155550111"))
    told = json.loads(line)
    assert told["ids"] == {"message": "12"}
    assert told["message"] == "accepted message=12 to (number)"
    assert (told["level"], told["logger"]) == ("WARNING", "hep.x")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", told["at"])
    assert "request_id" not in told


@given(st.text())
def test_whatever_is_said_is_one_line_of_json(text: str) -> None:
    line = JsonFormatter().format(said("%s", text))
    assert "\n" not in line
    assert json.loads(line)["message"] == scrub(text)


@pytest.mark.django_db
@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_no_line_has_a_phone_a_name_or_words_of_a_patient(
    caplog: pytest.LogCaptureFixture, formatter: logging.Formatter
) -> None:
    """Words that are planted in a text and a name, and looked for in all that is logged of it."""
    patient: Patient = factories.PatientFactory.create(first_name="Zyxwvina", last_name="Qplanted")
    factories.asked(factories.program(patient), at=factories.MORNING)
    factories.received("7, my xylophonic heel", patient)
    with caplog.at_level(logging.DEBUG):
        inbound.read_inbound(now=factories.CHECK_IN_AT)
    assert InboundMessage.objects.get().state == InboundMessage.State.HANDLED
    ours = [row for row in caplog.records if row.name.startswith(("hep", "notifications", "exerc"))]
    lines = "\n".join(formatter.format(row) for row in ours)
    assert "inbound" in lines
    for planted in ("Zyxwvina", "Qplanted", "xylophonic", str(patient.phone)[2:]):
        assert planted not in lines
