"""What every resource is made of: codes, references, moments."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from exercises.content.files import content
from exercises.rules.doses import Spec

# A resource or a part of one, as JSON has it.
Part = dict[str, Any]


class Code(Spec):
    """A code that may leave: its system's key in the table, and where it was looked up."""

    system: str
    code: str
    display: str
    source: str


class Codes(Spec):
    """The table."""

    systems: dict[str, str]
    codes: dict[str, Code]


@cache
def codes() -> Codes:
    """Every code there is. Raises pydantic's error naming the place."""
    return Codes.model_validate(content("codes.yaml"))


def base() -> str:
    """The address that ids of this installation stand below."""
    return f"{settings.PUBLIC_BASE_URL}/api/v1/fhir"


def system_of(key: str) -> str:
    """The address of a code system; ours is below the installation's own."""
    return codes().systems[key] or f"{base()}/CodeSystem/hep"


def coding(key: str) -> Part:
    """A code of the table. Raises KeyError for one that is not there."""
    row = codes().codes[key]
    return {"system": system_of(row.system), "code": row.code, "display": row.display}


def concept(key: str, text: str = "") -> Part:
    """A code with the words for it."""
    return filled({"coding": [coding(key)], "text": text})


def quantity(value: float, unit: str, code: str) -> Part:
    """An amount in a unit of UCUM."""
    return {"value": value, "unit": unit, "system": system_of("ucum"), "code": code}


def to(kind: str, key: object, display: str = "") -> Part:
    """A reference to a resource of the bundle."""
    return filled({"reference": f"{kind}/{key}", "display": display})


def filled(part: Mapping[str, Any]) -> Part:
    """`part` without what is empty: FHIR knows no empty list, text or null."""
    return {key: value for key, value in part.items() if value not in (None, "", [], {}, ())}


def resource(kind: str, key: object, updated: datetime, parts: Mapping[str, Any]) -> Part:
    """A resource under its lasting id, with when its rows last changed."""
    meta = {"lastUpdated": moment(updated)}
    return {"resourceType": kind, "id": str(key), "meta": meta, **filled(parts)}


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """An instant with its offset: on the patient's clock, else as it is kept."""
    return (at.astimezone(zone) if zone else at).isoformat(timespec="milliseconds")


def words(text: str) -> str:
    """Text as FHIR takes it: no control characters, every blank a plain one, and empty where
    nothing can be seen. What joins letters or signs stays.
    """
    kept = "".join(map(_letter, text)).strip()
    return kept if any(unicodedata.category(letter) != "Cf" for letter in kept) else ""


def _letter(letter: str) -> str:
    if letter in "\n\t":
        return letter
    category = unicodedata.category(letter)
    if category in {"Cc", "Cs"}:
        return ""
    return " " if category.startswith("Z") else letter


def note(text: str) -> list[Part]:
    """An annotation, if there is anything to say."""
    return [{"text": words(text)}] if words(text) else []
