"""One line per step, without phone numbers, names or message bodies."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from django_guid.context import guid

# Ten digits or more, with what people put between them; ids of ours stay below.
PHONE = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){9,14}(?!\d)")
# PostgreSQL repeats the offending values after these words.
DATABASE_DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


# A link to a patient's own page opens it.
LINK = re.compile(r"/p/[A-Za-z0-9_-]{16,}")
HIDDEN_LINK = "/p/(link)"


def hide_links(text: str) -> str:
    """`text` with the tokens of links to patients' pages gone."""
    return LINK.sub(HIDDEN_LINK, text)


def scrub(text: str) -> str:
    """`text` without anything that looks like a phone number, a link or a database row."""
    shown = hide_links(PHONE.sub("(number)", text))
    return DATABASE_DETAIL.sub(r"\1: (hidden)", shown)


class ReadinessIsNoError(logging.Filter):
    """Drops Django's complaint about each 503 of `/readyz`, which itself is the report."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else."""
        request = getattr(record, "request", None)
        return getattr(request, "path", None) != "/readyz"


class LineFormatter(logging.Formatter):
    """`12:00:01 [4f2a…] notifications.outgoing.sending accepted message=12`, times in UTC.

    The brackets hold the id of the request, or of the one that asked for the task.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one scrubbed line, with a scrubbed traceback under it when there is one."""
        clock = datetime.fromtimestamp(record.created, tz=UTC).strftime("%H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        request_id = guid.get()
        whose = f"[{request_id}] " if request_id else ""
        text = f"{level}{record.name} {record.getMessage()}"
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        # The id is checked where it comes in, and one of ours may have many digits.
        return f"{clock} {whose}{scrub(text)}"


# "accepted message=12 attempt=3": ids that a search looks for.
NAMED = re.compile(r"\b([a-z][a-z_-]*)=(\d+|[0-9a-f-]{32,36}|[\w.-]{1,60})(?=[\s,;)]|$)")


class JsonFormatter(LineFormatter):
    """The same as one JSON object a line: `at`, `level`, `logger`, `message`, `request_id`, the
    numbers and names of the message under `ids`, and `trace`. Nothing is in it that a line has not.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record, scrubbed alike."""
        message = scrub(record.getMessage())
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        if request_id := guid.get():
            told["request_id"] = request_id
        if ids := dict(NAMED.findall(message)):
            told["ids"] = ids
        if record.exc_info:
            told["trace"] = scrub(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)
