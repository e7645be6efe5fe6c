"""Patients from a CSV file: every bad row is named with its line, good ones come in once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.db import transaction

from exercises.models import Clinic, Patient
from hep.errors import InvalidInputError
from hep.names import plain_name

COLUMNS = ("first_name", "last_name", "phone", "birth_year", "time_zone", "language")
NEEDED = ("first_name", "phone")
MOST_ROWS = 5000
# The first bytes of a zip file, which a workbook is.
ZIPPED = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot come in: its line in the file, and why, a sentence each."""

    line: int
    name: str
    problems: tuple[str, ...]


@dataclass(slots=True)
class ImportResult:
    """What a file holds: `new` patients, those `known` already, and bad rows."""

    new: list[Patient] = field(default_factory=list)
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)


class _RowForm(forms.ModelForm[Patient]):
    """A row is checked as the page that adds a patient checks."""

    class Meta:
        model = Patient
        fields = ("clinic", *COLUMNS)


def words_of(content: bytes) -> str:
    """A file's text in the encodings that spreadsheets save: UTF-8, UTF-16 with its mark, and that
    of Windows. Raises InvalidInputError at `file` for a workbook.
    """
    if content.startswith(ZIPPED):
        message = (
            "This is an Excel workbook. In Excel: File, Save a copy, CSV UTF-8; choose that file."
        )
        raise InvalidInputError("file", message, code="no_table")
    is_marked = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ["utf-16"] if is_marked else ["utf-8-sig", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "These are no words of a table. Save the file as CSV in UTF-8."
    raise InvalidInputError("file", message, code="no_table")


def read_patients(text: str, *, clinic: Clinic) -> ImportResult:
    """What the file would bring in for `clinic`; nothing is written.

    The zone and the language default to the clinic's and English. Somebody with the same name and
    phone is known. Raises InvalidInputError at `file` when it is no such table.
    """
    found = ImportResult()
    seen: dict[tuple[str, str], int] = {}
    people = Patient.objects.filter(clinic=clinic).only("first_name", "last_name", "phone")
    known = {_who(patient) for patient in people}
    for line, written in _table(text):
        row = _as_we_write(written)
        values = {"clinic": clinic.pk, "time_zone": clinic.time_zone, "language": "en"}
        form = _RowForm(values | {name: value for name, value in row.items() if value})
        name = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        if not form.is_valid():
            found.bad.append(BadRow(line, name, tuple(_sentences(form))))
            continue
        patient = form.instance
        key = _who(patient)
        if key in seen:
            found.bad.append(BadRow(line, name, (f"The same person stands in line {seen[key]}.",)))
        elif key in known:
            found.known += 1
        else:
            found.new.append(patient)
        seen.setdefault(key, line)
    return found


# How people and practice systems write what we have codes for.
LANGUAGES = {
    "english": "en", "eng": "en", "en-us": "en", "en_us": "en", "inglés": "en", "ingles": "en",
    "spanish": "es", "spa": "es", "es-us": "es", "es-mx": "es", "español": "es", "espanol": "es",
}  # fmt: skip  # pairs
ZONES = {
    "eastern": "America/New_York", "et": "America/New_York", "est": "America/New_York",
    "central": "America/Chicago", "ct": "America/Chicago", "cst": "America/Chicago",
    "mountain": "America/Denver", "mt": "America/Denver", "mst": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu", "hst": "Pacific/Honolulu",
}  # fmt: skip  # pairs


def _as_we_write(row: dict[str, str]) -> dict[str, str]:
    """A row with codes for what it says in words; the form refuses what is not known."""
    language, zone = row["language"].lower(), row["time_zone"].lower()
    zone = re.sub(r"[ _](?:standard |daylight )?time$", "", zone).removeprefix("us/")
    return row | {
        "language": LANGUAGES.get(language, language),
        "time_zone": ZONES.get(zone, row["time_zone"]),
    }


def _who(patient: Patient) -> tuple[str, str]:
    """One person, however the name is typed: ANA DIAZ is Ana Díaz on the same phone."""
    return plain_name(str(patient)), str(patient.phone)


@transaction.atomic
def import_patients(text: str, *, clinic: Clinic) -> ImportResult:
    """Bring the good rows in, all or none of them; bad ones stay out and are named."""
    # Two who import the same file at once: the second one finds the first one's patients.
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    found = read_patients(text, clinic=clinic)
    for patient in found.new:
        patient.save()
    return found


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    try:
        return list(_rows(text))
    except csv.Error as error:
        # A quote that is never closed swallows the rest of the file into one cell.
        message = "This is no CSV table: look for a quote that is not closed."
        raise InvalidInputError("file", message, code="no_table") from error


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their lines, the first line being 1; empty rows are left out.

    As spreadsheets write them: with commas, semicolons or tabs, any ends of lines, `sep=` first.
    """
    text = text.lstrip("\ufeff")
    # As Python's own text files: "\r" alone ends a line on an old Mac.
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text))
    header = _header(reader)
    for number, row in enumerate(reader, start=1):
        if number > MOST_ROWS:
            message = f"At most {MOST_ROWS} rows at a time."
            raise InvalidInputError("file", message, code="too_many")
        cells = [cell.strip() for cell in row]
        if any(cells[len(header) :]):
            message = f"Line {reader.line_num} has more cells than the first line names."
            raise InvalidInputError("file", message, code="no_table")
        values = dict(zip(header, cells, strict=False))
        if any(values.values()):
            yield reader.line_num, {name: values.get(name, "") for name in COLUMNS}


def _delimiter(text: str) -> str:
    """Of the first line that says something, the one that cuts it into most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if named := re.fullmatch(r'"?sep=(.)"?', first.strip()):
        return named[1]
    return max(",;\t", key=first.count)


def _header(reader: Iterator[list[str]]) -> list[str]:
    """The names of the columns. Raises InvalidInputError at `file` for a table without those
    needed, or with one twice.
    """
    for cells in reader:
        if any(cell.strip() for cell in cells) and not cells[0].lower().startswith("sep="):
            break
    else:
        cells = []
    header = [title.strip().lower().replace(" ", "_") for title in cells]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        message = (
            f"The first line must name the columns; there is no {' and no '.join(missing)}. "
            f"Known columns: {', '.join(COLUMNS)}."
        )
        raise InvalidInputError("file", message, code="header")
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        message = f"The first line names {' and '.join(twice)} twice."
        raise InvalidInputError("file", message, code="header")
    return header


def _sentences(form: forms.ModelForm[Patient]) -> Iterator[str]:
    for name, errors in form.errors.items():
        for error in errors:
            yield str(error) if name == "__all__" else f"{name}: {error}"
