"""What was said last counts, an id stands for one thing, and no change is missed on the way."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from exercises.models import (
    CheckIn,
    CheckInEntry,
    Patient,
    Program,
    SessionLog,
    TreatmentSession,
    User,
)
from exercises.services import give_reason
from notifications.incoming import inbound
from notifications.models import InboundMessage, OutboundMessage
from tests import factories
from tests.conftest import api_of, app_of
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
DAY = TODAY.isoformat()
ROSA = {
    "first_name": "Rosa",
    "last_name": "Diaz",
    "phone": "+14155550178",
    "time_zone": "America/New_York",
}


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


def check_in(score: int, **more: object) -> dict[str, Any]:
    return {
        "type": "check_in", "id": str(uuid.uuid4()), "kind": "first_step",
        "local_date": DAY, "score": score,
    } | more  # fmt: skip


def log(**more: object) -> dict[str, Any]:
    return {
        "type": "session", "id": str(uuid.uuid4()), "local_date": DAY,
        "exercise": "ball-rolling", "outcome": "done",
    } | more  # fmt: skip


def batch(maria: Patient, *items: dict[str, Any]) -> list[str]:
    answer = app_of(maria).post("/api/v1/me/batch/", {"items": list(items)})
    assert answer.status_code == 200, answer.content
    return [result.get("code", result["status"]) for result in answer.json()["results"]]


def changes(maria: Patient, cursor: str = "") -> Any:
    return app_of(maria).get("/api/v1/me/changes/", {"cursor": cursor}).json()


class TestWhatWasSaidLast:
    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
    def test_counts_however_late_it_comes(
        self, maria: Patient, program: Program, order: tuple[int, ...]
    ) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False):
            told = [
                check_in(score, said_at=(CHECK_IN_AT - timedelta(minutes=ago)).isoformat())
                for score, ago in ((2, 40), (8, 30), (5, 20))
            ]
            assert batch(maria, *(told[place] for place in order)) == ["kept"] * 3
        row = CheckIn.objects.get()
        assert row.score == 5
        assert row.entries.count() == 3

    def test_a_text_since_is_newer_than_an_upload(self, maria: Patient, program: Program) -> None:
        offline = (CHECK_IN_AT - timedelta(minutes=40)).isoformat()
        factories.asked(program)
        factories.received("8", maria, at=CHECK_IN_AT)
        inbound.read_inbound(now=CHECK_IN_AT)
        with time_machine.travel(CHECK_IN_AT + timedelta(hours=1), tick=False):
            assert batch(maria, check_in(2, said_at=offline)) == ["kept"]
        row = CheckIn.objects.get()
        assert (row.score, row.source) == (8, "sms")

    def test_nothing_is_said_in_the_future(self, maria: Patient, program: Program) -> None:
        ahead = (CHECK_IN_AT + timedelta(days=9)).isoformat()
        with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
            batch(maria, check_in(2, said_at=ahead))
            clock.shift(60)
            batch(maria, check_in(7))
        assert CheckIn.objects.get().score == 7

    def test_taken_back_the_one_said_before_counts(self, maria: Patient, program: Program) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False):
            newest = check_in(5)
            older = check_in(2, said_at=(CHECK_IN_AT - timedelta(hours=1)).isoformat())
            oldest = check_in(9, said_at=(CHECK_IN_AT - timedelta(hours=2)).isoformat())
            batch(maria, newest, older, oldest)
            assert app_of(maria).delete(f"/api/v1/me/answers/{newest['id']}/").status_code == 204
        assert CheckIn.objects.get().score == 2


class TestAnId:
    @pytest.mark.parametrize(
        "other",
        [{"score": 9}, {"note": "worse"}, {"local_date": "2026-03-02"}, {"kind": "average"}],
    )
    def test_of_an_answer_stands_for_no_other(
        self, maria: Patient, program: Program, other: dict[str, object]
    ) -> None:
        Program.objects.filter(pk=program.pk).update(start_date=TODAY - timedelta(days=9))
        with time_machine.travel(CHECK_IN_AT, tick=False):
            first = check_in(2)
            assert batch(maria, first, first | other, first) == ["kept", "id_taken", "kept"]
        assert [row.score for row in CheckInEntry.objects.all()] == [2]
        assert CheckIn.objects.count() == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"outcome": "skipped", "reason": "pain"},
            {"exercise": "gastrocnemius-stretch"},
            {"pain_during": 4},
            {"note": "x"},
        ],
    )
    def test_of_a_log_stands_for_no_other(
        self, maria: Patient, program: Program, other: dict[str, object]
    ) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False):
            first = log(minutes=5)
            assert batch(maria, first, first | other, first) == ["kept", "id_taken", "kept"]
        assert SessionLog.objects.count() == 1

    def test_of_a_log_that_was_corrected_is_still_its_own(
        self, maria: Patient, program: Program
    ) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False):
            first = log()
            correction = {"type": "correction", "id": first["id"], "outcome": "done", "sets": 3}
            assert batch(maria, first, correction, first, first | {"sets": 3}) == [
                "kept", "kept", "kept", "id_taken",
            ]  # fmt: skip

    @pytest.mark.parametrize("other", [{"first_name": "Ana"}, {"phone": "+14155550177"}])
    def test_of_a_patient_stands_for_no_other(self, alice: User, other: dict[str, str]) -> None:
        form = {"id": str(uuid.uuid4())} | ROSA
        api = api_of(alice)
        assert api.post("/api/v1/patients/", form).status_code == 201
        assert api.post("/api/v1/patients/", form).status_code == 200
        refused = api.post("/api/v1/patients/", form | other)
        assert (refused.status_code, refused.json()["code"]) == (409, "id_taken")

    def test_of_a_treatment_stands_for_no_other(self, alice: User, maria: Patient) -> None:
        api, path = api_of(alice), f"/api/v1/patients/{maria.pk}/treatments/"
        form = {
            "id": str(uuid.uuid4()), "local_date": factories.timezone_today(), "modalities": [TreatmentSession.Modality.values[0]],
            "adverse": "none",
        }  # fmt: skip
        assert [api.post(path, form).status_code for _ in range(2)] == [201, 201]
        refused = api.post(path, form | {"note": "another"})
        assert (refused.status_code, refused.json()["code"]) == (409, "id_taken")


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Eight requests with one id: one row, and nobody hears of a fault."""

    def _together(self, ask: Callable[[], Any]) -> set[int]:
        def once(_: int) -> int:
            try:
                return int(ask().status_code)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            return set(pool.map(once, range(8)))

    def test_make_one_patient(self, alice: User) -> None:
        form = {"id": str(uuid.uuid4())} | ROSA
        assert self._together(lambda: api_of(alice).post("/api/v1/patients/", form)) == {200, 201}
        assert Patient.objects.filter(first_name="Rosa").count() == 1

    def test_make_one_treatment(self, alice: User, maria: Patient) -> None:
        path = f"/api/v1/patients/{maria.pk}/treatments/"
        form = {
            "id": str(uuid.uuid4()), "local_date": factories.timezone_today(), "modalities": [TreatmentSession.Modality.values[0]],
            "adverse": "none",
        }  # fmt: skip
        assert self._together(lambda: api_of(alice).post(path, form)) == {201}
        assert maria.treatments.count() == 1

    def test_make_one_program(self, alice: User, maria: Patient) -> None:
        template = factories.template()
        path = f"/api/v1/patients/{maria.pk}/programs/"
        form = {
            "id": str(uuid.uuid4()), "template": template.slug, "side": "left",
            "start_date": factories.timezone_today(),
            "schedules": [{"kind": "check_in", "local_time": "08:30"}],
        }  # fmt: skip
        assert self._together(lambda: api_of(alice).post(path, form)) == {201}
        assert Program.objects.filter(patient=maria).count() == 1

    def test_write_one_message(self, alice: User, maria: Patient) -> None:
        factories.consent_of(maria)
        path = f"/api/v1/patients/{maria.pk}/messages/"
        form = {"id": str(uuid.uuid4()), "body": "See you at 3."}
        assert self._together(lambda: api_of(alice).post(path, form)) == {201}
        assert OutboundMessage.objects.filter(kind="message").count() == 1


class TestSync:
    def test_shows_a_text_that_was_taken_in_late(self, maria: Patient) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
            cursor = changes(maria)["cursor"]
            clock.shift(timedelta(hours=1))
            # The webhook was missed: the sweep inserts it with Twilio's time.
            text = factories.received("Can I swim?", maria, at=CHECK_IN_AT - timedelta(minutes=5))
            text.patient = maria
            text.save(update_fields=["patient"])
            assert [row["body"] for row in changes(maria, cursor)["texts_to_clinic"]] == [text.body]

    def test_shows_a_text_whose_patient_was_found_later(self, maria: Patient) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
            text = factories.received("4", maria, at=CHECK_IN_AT)
            clock.shift(timedelta(hours=1))
            cursor = changes(maria)["cursor"]
            clock.shift(timedelta(hours=1))
            InboundMessage.objects.filter(pk=text.pk).update(patient=maria)
            assert len(changes(maria, cursor)["texts_to_clinic"]) == 1

    def test_shows_the_reason_of_a_skip(self, maria: Patient, program: Program) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
            skipped = log(outcome="skipped")
            batch(maria, skipped)
            clock.shift(timedelta(hours=1))
            cursor = changes(maria)["cursor"]
            clock.shift(timedelta(hours=1))
            now = timezone.now()
            assert give_reason(client_id=skipped["id"], patient=maria, reason="time", now=now)
            assert [row["reason"] for row in changes(maria, cursor)["sessions"]] == ["time"]

    @pytest.mark.parametrize("model", [CheckIn, SessionLog, InboundMessage])
    @pytest.mark.parametrize("how", ["update", "save"])
    def test_no_way_to_write_a_row_hides_the_change(
        self, maria: Patient, program: Program, model: Any, how: str
    ) -> None:
        with time_machine.travel(CHECK_IN_AT, tick=False) as clock:
            batch(maria, check_in(2), log())
            factories.received("4", maria, at=CHECK_IN_AT)
            row = model.objects.get()
            clock.shift(timedelta(hours=1))
            if how == "update":
                model.objects.filter(pk=row.pk).update(id=row.pk)
            else:
                row.save(update_fields=[model._meta.fields[1].name])
            row.refresh_from_db()
            assert row.updated_at == timezone.now()


@pytest.mark.parametrize("page", ["patient", "clinic"])
def test_messages_of_one_instant_are_all_on_some_page(
    alice: User, maria: Patient, page: str
) -> None:
    for number in range(60):
        text = factories.received(f"in {number}", maria, at=CHECK_IN_AT)
        InboundMessage.objects.filter(pk=text.pk).update(patient=maria)
    program = factories.program(maria)
    for number in range(60):
        row = factories.asked(program, slot=number)
        OutboundMessage.objects.filter(pk=row.pk).update(attempted_at=CHECK_IN_AT, body=f"out {number}")  # fmt: skip
    api = app_of(maria) if page == "patient" else api_of(alice)
    path = "/api/v1/me/messages/" if page == "patient" else f"/api/v1/patients/{maria.pk}/messages/"
    seen: list[str] = []
    before: str | None = None
    for _ in range(5):
        with time_machine.travel(CHECK_IN_AT + timedelta(days=1), tick=False):
            answer = api.get(path, {"before": before} if before else {}).json()
        seen += [row["body"] for row in answer["results"]]
        before = answer["before"]
        if before is None:
            break
    assert before is None
    assert sorted(seen) == sorted([f"{way} {n}" for way in ("in", "out") for n in range(60)])


@pytest.mark.parametrize("before", ["~p1", "2026-03-03T08:30:00Z~", "2026-03-03T08:30:00Z~x1", "2026-03-03T08:30:00Z~p" + "9" * 40, "2026-03-03T08:30:00Z~p-1", "x"])  # fmt: skip
def test_a_place_that_no_page_told_is_named(maria: Patient, before: str) -> None:
    answer = app_of(maria).get("/api/v1/me/messages/", {"before": before})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "before"
