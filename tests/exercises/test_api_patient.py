"""The API for a patient's app."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.models import (
    CheckIn,
    CheckInEntry,
    ExerciseText,
    Patient,
    Program,
    Schedule,
    SessionLog,
    SessionLogEdit,
)
from exercises.reads.progress import in_words, streak
from exercises.reads.today import KEPT_SECONDS
from exercises.reads.versions import program_phases
from exercises.rules.pain import Trend
from exercises.services import change_program, pause_program
from notifications.models import OutboundMessage, PhoneConsent
from tests import factories
from tests.conftest import app_of
from tests.factories import CHECK_IN_AT, TODAY

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


def score(value: int = 5, **more: object) -> dict[str, Any]:
    form = {"id": str(uuid.uuid4()), "kind": "first_step", "score": value}
    return {**form, "local_date": TODAY.isoformat(), **more}


def a_log(exercise: str, **more: object) -> dict[str, Any]:
    form = {"id": str(uuid.uuid4()), "exercise": exercise, "outcome": "done"}
    return {**form, "local_date": TODAY.isoformat(), **more}


def planned(app: APIClient) -> list[dict[str, Any]]:
    rounds: list[dict[str, Any]] = app.get("/api/v1/me/today/").json()["programs"][0]["rounds"]
    return rounds


def problems(answer: Any) -> dict[str, str]:
    return {row["field"]: row["code"] for row in answer.json()["errors"]}


class TestMe:
    """Who I am, and my wishes."""

    def test_another_zone_plans_the_texts_anew(self, app: APIClient, program: Program) -> None:
        before = program.schedules.get().next_due_at
        answer = app.patch("/api/v1/me/", {"time_zone": "America/Los_Angeles"})
        assert answer.json()["time_zone"] == "America/Los_Angeles"
        after = program.schedules.get().next_due_at
        assert before is not None
        assert after == before + timedelta(hours=3)

    def test_what_is_the_clinics_stays(self, app: APIClient, maria: Patient) -> None:
        app.patch("/api/v1/me/", {"first_name": "Eve", "phone": "+14155550177", "language": "es"})
        maria.refresh_from_db()
        assert (maria.first_name, maria.language) == ("Maria", "es")
        assert str(maria.phone) != "+14155550177"

    def test_own_hours_are_kept_as_the_patients_word(self, app: APIClient, maria: Patient) -> None:
        hours = {"texts_from": "06:00", "texts_until": "21:30"}
        assert app.patch("/api/v1/me/", hours).status_code == 200
        maria.refresh_from_db()
        assert (maria.texts_from, maria.texts_hours_asked) == (time(6), "Set in the app")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"language": "tlh"}, "language"),
            ({"texts_from": "21:00", "texts_until": "09:00"}, "texts_until"),
            # The check-in of half past eight would never come again.
            ({"texts_from": "09:00", "texts_until": "20:00"}, "texts_from"),
            ({"texts_from": "06:00", "texts_until": "08:30"}, "texts_until"),
        ],
    )
    def test_bad_input_names_the_field(
        self, app: APIClient, program: Program, change: dict[str, str], field: str
    ) -> None:
        answer = app.patch("/api/v1/me/", change)
        assert (answer.status_code, list(problems(answer))) == (400, [field])

    def test_a_change_made_meanwhile_is_not_overwritten(
        self, app: APIClient, maria: Patient
    ) -> None:
        tag = app.get("/api/v1/me/")["ETag"]
        app.patch("/api/v1/me/", {"language": "es"})
        late = app.patch("/api/v1/me/", {"language": "en"}, headers={"if-match": tag})
        assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
        tag = app_of(Patient.objects.get()).get("/api/v1/me/")["ETag"]
        fresh = app.patch("/api/v1/me/", {"language": "en"}, headers={"if-match": f"W/{tag}"})
        assert fresh.status_code == 200

    def test_a_read_that_has_not_changed_is_not_sent_again(self, app: APIClient) -> None:
        first = app.get("/api/v1/me/today/")
        again = app.get("/api/v1/me/today/", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "no-store"


class TestWishes:
    """Times and pauses."""

    def test_the_times_of_texts_are_the_patients_to_choose(
        self, app: APIClient, program: Program
    ) -> None:
        (row,) = app.get("/api/v1/me/schedules/").json()["results"]
        assert row["local_times"] == ["08:30"]
        url = f"/api/v1/me/schedules/{row['id']}/"
        assert app.patch(url, {"local_times": ["10:15"]}).json()["local_times"] == ["10:15"]
        assert program.schedules.get().local_times == [time(10, 15)]
        refused = app.patch(url, {"local_times": ["03:00"]})
        assert (refused.status_code, refused.json()["code"]) == (400, "quiet_hours")
        # What is not asked for stays: today's next text too.
        before = Schedule.objects.values().get()
        assert app.patch(url, {}).json()["local_times"] == ["10:15"]
        assert Schedule.objects.values().get() == before

    def test_a_pause_until_a_day_and_back(self, app: APIClient, program: Program) -> None:
        until = TODAY + timedelta(days=3)
        answer = app.post("/api/v1/me/pause/", {"until": until})
        assert answer.json() == {"programs": [str(program.pk)]}
        assert not Schedule.objects.exclude(next_due_at=None).exists()
        app.delete("/api/v1/me/pause/")
        program.refresh_from_db()
        assert program.status == "active"

    @pytest.mark.parametrize("until", [None, TODAY + timedelta(days=30)])
    def test_what_the_clinic_paused_stays_paused(
        self, app: APIClient, program: Program, until: date | None
    ) -> None:
        pause_program(program=program, until=until)
        resume_at = program.resume_at
        app.post("/api/v1/me/pause/", {"until": TODAY + timedelta(days=3)})
        app.delete("/api/v1/me/pause/")
        program.refresh_from_db()
        assert (program.status, program.resume_at) == ("paused", resume_at)

    @pytest.mark.parametrize("days", [-1, 0, 61])
    def test_a_pause_ends_within_reason(self, app: APIClient, program: Program, days: int) -> None:
        answer = app.post("/api/v1/me/pause/", {"until": TODAY + timedelta(days=days)})
        assert problems(answer) == {"until": "out_of_range"}

    def test_stop_in_the_app_stops_texts_for_all_who_share_the_phone(
        self, app: APIClient, program: Program
    ) -> None:
        waiting = factories.asked(program, status="waiting")
        assert app.get("/api/v1/me/consent/").json() == {"state": "granted"}
        for _ in range(2):
            assert app.post("/api/v1/me/consent/stop/").json() == {"state": "revoked"}
        waiting.refresh_from_db()
        assert (waiting.status, waiting.skip_reason) == ("skipped", "opted_out")
        consent = PhoneConsent.objects.get()
        assert [event.how for event in consent.events.all()] == ["app", "paper"]
        agreed = app.post("/api/v1/me/consent/", {"words": "I agree to get texts."})
        assert (agreed.status_code, agreed.json()) == (201, {"state": "granted"})
        assert OutboundMessage.objects.filter(kind="notice").count() == 1


class TestToday:
    """What there is to do."""

    def test_it_has_doses_words_and_pictures(self, app: APIClient, program: Program) -> None:
        day = app.get("/api/v1/me/today/").json()
        (row,) = day["programs"]
        assert day["date"] == TODAY.isoformat()
        assert row["scores"] == {"first_step": None, "average": None}
        assert row["minutes"] == sum(one["minutes_a_round"] for one in row["rounds"])
        for one in row["rounds"]:
            assert one["guide"]["steps"]
            assert app.get(one["guide"]["picture"])["Content-Type"] == "image/svg+xml"
            assert b"<animate" not in app.get(one["guide"]["picture"]).content
            assert b"<animate" in app.get(one["guide"]["moving"]).content

    def test_the_words_are_in_the_patients_language(
        self, app: APIClient, program: Program, maria: Patient
    ) -> None:
        english = planned(app)[0]["guide"]["name"]
        maria.language = "es"
        maria.save()
        assert planned(app_of(Patient.objects.get()))[0]["guide"]["name"] != english

    def test_what_is_told_shows(self, app: APIClient, program: Program) -> None:
        first = planned(app)[0]
        slot = first["slot"] if first["item"]["slots"] else ""
        app.post("/api/v1/me/sessions/", a_log(first["item"]["exercise"], slot=slot))
        app.post("/api/v1/me/check-ins/", score(4))
        row = app.get("/api/v1/me/today/").json()["programs"][0]
        assert row["rounds"][0]["logged"]
        assert not row["rounds"][-1]["logged"]
        assert row["scores"]["first_step"] == 4

    def test_any_date_can_be_asked_for(self, app: APIClient, program: Program) -> None:
        before = app.get(f"/api/v1/me/today/?date={YESTERDAY}").json()["programs"][0]
        assert (before["rounds"], before["phase"]) == ([], "")
        refused = app.get("/api/v1/me/today/?date=soon")
        assert problems(refused) == {"date": "invalid"}

    @pytest.mark.parametrize("rows", [10, 1000])
    def test_it_costs_the_same_for_few_rows_and_many(
        self,
        maria: Patient,
        program: Program,
        rows: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        CheckIn.objects.bulk_create(
            CheckIn(program=program, local_date=TODAY - timedelta(days=back), score=3, source="app")
            for back in range(rows)
        )
        SessionLog.objects.bulk_create(
            SessionLog(
                program=program, local_date=TODAY - timedelta(days=number // 10), kind="exercise",
                outcome="done", source="app", client_id=str(number),
            )
            for number in range(rows)
        )  # fmt: skip  # rows
        app = app_of(maria)
        # Program and library are read once a minute: versions 2, exercises, texts, pictures; one
        # asks whether exercises are on hold, one keeps the look.
        for queries in (10, 5):
            with django_assert_num_queries(queries):
                assert app.get("/api/v1/me/today/").status_code == 200

    def test_a_change_of_the_program_is_seen_at_once(
        self, app: APIClient, program: Program
    ) -> None:
        before = [row["item"]["exercise"] for row in planned(app)]
        phases = [
            phase.model_copy(
                update={"items": tuple(row for row in phase.items if row.exercise != before[0])}
            )
            for phase in program_phases(program)
        ]
        change_program(
            program=program, phases=phases, reason="Too hard", changed_by=None, now=CHECK_IN_AT
        )
        after = [row["item"]["exercise"] for row in planned(app)]
        assert after == [slug for slug in before if slug != before[0]]

    def test_other_words_of_the_library_are_seen_in_a_minute(
        self, app: APIClient, program: Program
    ) -> None:
        first = planned(app)[0]
        slug, name = first["item"]["exercise"], first["guide"]["name"]
        ExerciseText.objects.filter(exercise__slug=slug).update(name="Roll gently")
        assert planned(app)[0]["guide"]["name"] == name
        with time_machine.travel(CHECK_IN_AT + timedelta(seconds=KEPT_SECONDS), tick=False):
            assert planned(app)[0]["guide"]["name"] == "Roll gently"


class TestTelling:
    """Pain and sessions."""

    def test_a_repeat_changes_nothing_and_a_new_id_corrects(
        self, app: APIClient, program: Program
    ) -> None:
        form = score(5)
        answers = [app.post("/api/v1/me/check-ins/", form) for _ in range(3)]
        assert {answer.json()["score"] for answer in answers} == {5}
        corrected = app.post("/api/v1/me/check-ins/", score(6))
        assert corrected.json()["score"] == 6
        assert list(CheckInEntry.objects.values_list("score", flat=True)) == [5, 6]
        assert app.delete(f"/api/v1/me/answers/{form['id']}/").status_code == 204
        assert CheckIn.objects.get().score == 6

    def test_an_answer_is_taken_back_once(self, app: APIClient, program: Program) -> None:
        form = score(5)
        app.post("/api/v1/me/check-ins/", form)
        codes = [app.delete(f"/api/v1/me/answers/{form['id']}/").status_code for _ in range(2)]
        assert codes == [204, 404]
        assert app.get("/api/v1/me/check-ins/").json()["results"] == []

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"score": 11}, "score", "max_value"),
            ({"score": None}, "score", "null"),
            ({"kind": "worst"}, "kind", "invalid_choice"),
            ({"local_date": "2026-03-04"}, "local_date", "future"),
            ({"local_date": "2026-03-02"}, "local_date", "outside_program"),
            ({"id": "7"}, "id", "invalid"),
            ({"program": str(uuid.uuid4())}, "program", "does_not_exist"),
        ],
    )
    def test_bad_input_names_the_field_and_leaves_nothing(
        self, app: APIClient, program: Program, change: dict[str, Any], field: str, code: str
    ) -> None:
        answer = app.post("/api/v1/me/check-ins/", score() | change)
        assert (answer.status_code, problems(answer)) == (400, {field: code})
        assert not CheckIn.objects.exists()

    def test_a_log_is_corrected_with_its_history(self, app: APIClient, program: Program) -> None:
        form = a_log(planned(app)[0]["item"]["exercise"], sets=2)
        app.post("/api/v1/me/sessions/", form)
        url = f"/api/v1/me/sessions/{form['id']}/"
        corrected = app.patch(url, {"outcome": "skipped", "reason": "pain"})
        assert (corrected.json()["outcome"], corrected.json()["sets"]) == ("skipped", None)
        assert SessionLogEdit.objects.get().before["sets"] == 2

    def test_with_two_programs_one_says_which(self, app: APIClient, maria: Patient) -> None:
        first = factories.program(maria)
        Program.objects.filter(pk=first.pk).update(template=None)
        second = factories.program(maria)
        assert problems(app.post("/api/v1/me/check-ins/", score())) == {"program": "required"}
        kept = app.post("/api/v1/me/check-ins/", score(program=str(second.pk)))
        assert kept.json()["program"] == str(second.pk)


class TestBatches:
    """What an app kept while it was offline."""

    def test_each_item_stands_for_itself(self, app: APIClient, program: Program) -> None:
        exercise = planned(app)[0]["item"]["exercise"]
        log = a_log(exercise) | {"type": "session"}
        items = [
            score(4) | {"type": "check_in"},
            score(99) | {"type": "check_in"},
            log,
            {"type": "correction", "id": log["id"], "outcome": "skipped"},
            a_log("juggling") | {"type": "session"},
            {"type": "dance"},
            {"type": ["session"], "id": 5},
            {"type": "correction", "id": str(uuid.uuid4()), "outcome": "done"},
        ]
        answer = app.post("/api/v1/me/batch/", {"items": items})
        results = answer.json()["results"]
        assert [row["status"] for row in results] == [
            "kept", "refused", "kept", "kept", "refused", "refused", "refused", "refused",
        ]  # fmt: skip  # in the order of the items
        named = [row["errors"][0]["field"] for row in results if row.get("errors")]
        assert named == ["score", "exercise", "type", "type"]
        assert results[-1]["code"] == "not_found"
        assert SessionLog.objects.get().outcome == "skipped"
        assert CheckIn.objects.get().score == 4

    @pytest.mark.parametrize("items", [[], [{}] * 201, "all", [1], None])
    def test_a_batch_of_nonsense_is_refused_as_a_whole(
        self, app: APIClient, program: Program, items: object
    ) -> None:
        answer = app.post("/api/v1/me/batch/", {"items": items})
        assert answer.status_code == 400
        assert all(field.startswith("items") for field in problems(answer))

    @pytest.mark.django_db(transaction=True)
    def test_a_batch_of_200_sent_three_times_twice_at_once_is_200_rows(
        self, maria: Patient, program: Program
    ) -> None:
        exercise = planned(app_of(maria))[0]["item"]["exercise"]
        items = [a_log(exercise) | {"type": "session"} for _ in range(200)]

        def send(order: int) -> list[str]:
            try:
                answer = app_of(maria).post("/api/v1/me/batch/", {"items": items[::order]})
                return [row["status"] for row in answer.json()["results"]]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            at_once = list(pool.map(send, (1, -1)))
        again = send(1)
        assert [*at_once, again] == [["kept"] * 200] * 3
        assert SessionLog.objects.count() == 200


class TestProgress:
    """How it goes, in plain words."""

    def test_it_shows_the_course(self, app: APIClient, program: Program) -> None:
        app.post("/api/v1/me/check-ins/", score(7))
        (row,) = app.get("/api/v1/me/progress/").json()["programs"]
        assert row["words"].startswith("It is too early")
        assert row["first_step"]["weeks"] == [{"number": 1, "median": None, "count": 1}]
        assert row["streak"] == 0

    @pytest.mark.parametrize(
        ("change", "start"),
        [(None, "It is too"), (-3.0, "Your first steps hurt less: from 7 down to 4"),
         (-1.0, "Your first steps hurt about as much"), (2.0, "Your first steps hurt more")],
    )  # fmt: skip  # a table
    def test_the_words_follow_the_change(self, change: float | None, start: str) -> None:
        now = None if change is None else 7 + change
        matters = change is not None and abs(change) >= 2
        trend = Trend(7.0, now, change, matters, responder=None, weeks=())
        assert in_words(trend, language="en").startswith(start)
        assert in_words(trend, language="es") != in_words(trend, language="en")

    @pytest.mark.parametrize(
        ("back", "days"), [([], 0), ([0], 1), ([1, 2], 2), ([0, 1, 3], 2), ([2, 3], 0)]
    )
    def test_a_day_that_is_not_over_breaks_no_streak(self, back: list[int], days: int) -> None:
        assert streak({TODAY - timedelta(days=n) for n in back}, on=TODAY) == days


def test_a_body_above_a_megabyte_is_refused_unread(app: APIClient) -> None:
    answer = app.post("/api/v1/me/batch/", b" " * 1_048_577, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_today_is_the_patients(app: APIClient, program: Program, maria: Patient) -> None:
    Patient.objects.update(time_zone="Pacific/Auckland")
    tomorrow = timezone.now().date() + timedelta(days=1)
    day = app_of(Patient.objects.get()).get("/api/v1/me/today/").json()["date"]
    assert day == tomorrow.isoformat()
