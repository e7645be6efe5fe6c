"""A running service in trouble: a long queue, a Twilio that hangs, a mail server that never speaks.

Used by a short flow test and, with ten thousand texts, by `make bench`: how long does somebody who
writes of a red flag wait for the answer?
"""

from __future__ import annotations

import itertools
import socket
import threading
import time
from pathlib import Path
from typing import Self

import psycopg
import requests

from tests.flows.running_demo import RunningDemo
from tests.waiting import eventually

ANSWER = "Stop your home program."
WORDS = "9 and I can't walk"
# A message of the clinic to each of so many patients, in a status.
TEXTS = """
INSERT INTO notifications_outboundmessage (
    clinic_id, patient_id, to_phone, kind, wording, names, body, due_at, not_before, priority,
    status, skip_reason, sid, created_at, updated_at)
SELECT clinic_id, id, phone, 'message', 'message', '', 'We are closed on Friday.', now(), now(), 10,
       %s, '', '', now(), now()
  FROM exercises_patient WHERE first_name = 'Wave' LIMIT %s
"""
NUISANCES = ("wave", "lookups", "mail")


class MuteMailServer:
    """Accepts connections; says nothing while it is mute, and hangs up at once while it is not."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.is_mute = False
        self._held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self.is_mute:
                self._held.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Stop listening and hang up."""
        self._listener.close()
        for connection in self._held:
            connection.close()


class Wave:
    """The demo's own processes, with patients of our own, and nuisances to plant."""

    def __init__(self, folder: Path, *, patients: int) -> None:
        self.mail = MuteMailServer()
        environment = {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail.port),
            "EMAIL_USE_TLS": "false",
        }
        self.demo = RunningDemo(folder, environment)
        self._patients = patients
        self._writers = itertools.count(1)

    def __enter__(self) -> Self:
        self.demo.start()
        self._sql(
            "INSERT INTO exercises_patient (id, clinic_id, first_name, last_name, phone, time_zone,"
            " language, texts_from, texts_until, texts_hours_asked, created_at, updated_at)"
            " SELECT gen_random_uuid(), (SELECT min(id) FROM exercises_clinic), 'Wave', n::text,"
            " '+1' || (2000000000 + n)::text, 'America/New_York', 'en', '00:00', '23:59:59', 'asked',"
            " now(), now() FROM generate_series(1, %s) n",
            self._patients,
        )
        self._sql(
            "INSERT INTO notifications_phoneconsent (clinic_id, phone, state, updated_at)"
            " SELECT clinic_id, phone, 'granted', now() FROM exercises_patient"
            " WHERE first_name = 'Wave'"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.demo.stop()
        self.mail.close()

    def _sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        address = self.demo.environment()["DATABASE_URL"]
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def plant(self, nuisance: str) -> None:
        """Make one of `NUISANCES` happen."""
        if nuisance == "wave":
            self._sql(TEXTS, "waiting", self._patients)
        elif nuisance == "lookups":
            requests.put(f"{self.demo.phones}/faults", json={"hang_lookups": True}, timeout=5)
            self._sql(TEXTS, "unknown", 150)
            self._sql(
                "INSERT INTO notifications_sendattempt (message_id, started_at, outcome, sid)"
                " SELECT id, now() - interval '10 minutes', 'unknown', ''"
                " FROM notifications_outboundmessage WHERE status = 'unknown'"
            )
        else:
            self.mail.is_mute = True

    def clear(self) -> None:
        """Take every nuisance away."""
        self.mail.is_mute = False
        requests.put(f"{self.demo.phones}/faults", json={}, timeout=5).raise_for_status()
        self._sql(
            "UPDATE notifications_outboundmessage SET status = 'failed'"
            " WHERE status IN ('waiting', 'unknown') AND kind = 'message'"
        )

    def waiting(self) -> int:
        """Texts that have not left."""
        rows = self._sql(
            "SELECT count(*) FROM notifications_outboundmessage WHERE status = 'waiting'"
        )
        return int(str(rows[0][0]))

    def seconds_to_an_answer(self) -> float:
        """Text of a red flag from the next patient's phone; how long until the phone has the answer.

        The alert is open by then, or this fails.
        """
        phone = f"+1{2_000_000_000 + next(self._writers)}"
        address = f"{self.demo.phones}/phones/{phone}/messages"
        written_at = time.monotonic()
        requests.post(address, json={"body": WORDS}, timeout=5).raise_for_status()

        def is_answered() -> bool:
            rows = requests.get(address, timeout=5).json()
            return any(row["body"].startswith(ANSWER) for row in rows)

        eventually(is_answered, seconds=60)
        seconds = time.monotonic() - written_at
        alerts = self._sql(
            "SELECT 1 FROM exercises_alert a JOIN exercises_patient p ON p.id = a.patient_id"
            " WHERE p.phone = %s AND a.reason = 'red_flag'",
            phone,
        )
        assert alerts, f"no alert for {phone}"
        return seconds
