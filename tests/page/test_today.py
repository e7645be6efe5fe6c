"""Today on the page: what there is to do, one tap to tell it, once, and undone the same day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exercises.models import Alert, CheckIn, Patient, Program, SessionLog
from exercises.reads.days import plan_for_day
from exercises.services import ScheduleSpec, assign_program, pause_program
from exercises.services.alerts import open_alert
from exercises.services.library import copy_template
from notifications.incoming import inbound
from notifications.models import OutboundMessage
from notifications.outgoing import due, preparing
from notifications.outgoing.pacing import Pacer
from tests import factories
from tests.factories import CHECK_IN_AT
from tests.factories import TODAY as DAY
from tests.page.visits import PROGRESS, TODAY, linked, opened, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(CHECK_IN_AT, tick=False):
        yield


@pytest.fixture
def program(maria: Patient) -> Program:
    return factories.program(maria)


@pytest.fixture
def page(program: Program) -> Client:
    """Maria's browser, which has shown who it is."""
    Patient.objects.filter(pk=program.patient_id).update(birth_year=1958)
    browser = opened(linked(Patient.objects.get(), now=CHECK_IN_AT))
    browser.post(reverse("page-confirm"), {"do": "year", "birth_year": "1958"})
    return browser


def rounds(program: Program) -> list[tuple[str, str]]:
    """(exercise, time of the day) of today, each once."""
    plan = plan_for_day(program, DAY).plan
    return list(dict.fromkeys((row.item.exercise, row.slot) for row in plan.rounds))


def tell(page: Client, program: Program, do: str, number: int = 0, **more: str) -> Any:
    exercise, slot = rounds(program)[number]
    form = {"do": do, "program": str(program.pk), "exercise": exercise, "slot": slot}
    return page.post(TODAY, form | more)


def told() -> list[tuple[str, str, str]]:
    """(exercise, outcome, reason) of what counts, by source web."""
    rows = SessionLog.objects.filter(undone_at=None, source="web").order_by("created_at")
    return [(str(row.exercise and row.exercise.slug), row.outcome, row.reason) for row in rows]


class TestWhatStandsThere:
    """P8: picture, dose and words of each, in order."""

    def test_each_exercise_with_its_picture_dose_and_words(
        self, page: Client, program: Program
    ) -> None:
        shown = words(page.get(TODAY))
        assert shown.count("<article") == len(rounds(program))
        assert shown.count('<img src="/pictures/') == len(rounds(program))
        assert "How to do it" in shown
        assert "I did all of them" in shown
        assert re.search(r"\d+ sets of \d+|\d+ times|\d+ minutes", shown)
        assert "911" in shown
        assert 'href="tel:+14155550199"' in shown

    def test_pain_is_eleven_labelled_buttons(self, page: Client) -> None:
        shown = words(page.get(TODAY)).split("<dialog")[0]
        assert re.findall(r'name="score" value="(\d+)"', shown) == [str(n) for n in range(11)]

    def test_in_spanish_nothing_is_english(self, page: Client, program: Program) -> None:
        Patient.objects.update(language="es")
        shown = words(page.get(TODAY))
        assert "Los hice todos" in shown
        assert "Cómo se hace" in shown
        assert not any(
            word in shown for word in ("Done", "Exercises", "Not today", "Help", "sets of")
        )

    def test_other_days_up_to_a_week_away(self, page: Client, program: Program) -> None:
        ahead = words(page.get(TODAY, {"day": str(DAY + timedelta(days=7))}))
        assert "You can tell us about this day when it comes." in ahead
        assert 'value="done"' not in ahead
        for far in (str(DAY + timedelta(days=8)), "2026-02-31", "x", "9999-12-31", "0001-01-01"):
            assert "Today, Tuesday" in words(page.get(TODAY, {"day": far}))

    def test_what_is_held_or_paused_asks_for_nothing(self, page: Client, program: Program) -> None:
        pause_program(program=program, until=None)
        assert "Your program is paused" in words(page.get(TODAY))
        Program.objects.update(status="active")
        open_alert(patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT)
        held = words(page.get(TODAY))
        assert "Your exercises wait until somebody" in held
        assert "<article" not in held
        # Pain is asked for all along.
        assert 'name="score"' in held

    def test_an_older_tab_tells_nothing_that_waits(self, page: Client, program: Program) -> None:
        open_alert(patient=program.patient, program=program, reason="red_flag", now=CHECK_IN_AT)
        for answer in (
            page.post(TODAY, {"do": "all", "program": str(program.pk)}),
            tell(page, program, "done"),
        ):
            assert answer.status_code == 400
            assert "Your exercises wait until somebody" in words(answer)
        assert told() == []

    def test_nothing_planned_and_no_program_say_so(self, page: Client, program: Program) -> None:
        before = words(page.get(TODAY, {"day": str(DAY - timedelta(days=1))}))
        assert "Nothing is planned for this day" in before
        Program.objects.update(status="ended", ended_at=CHECK_IN_AT)
        assert "Your clinic has not set up a program yet." in words(page.get(TODAY))


class TestGoodToKnow:
    """A card a week, the newest first, and a plan for a bad day at any time."""

    TITLES = ("How long will it take?", "What rose before the pain came?", "What should you wear?")

    @pytest.mark.parametrize("week", [1, 2, 3])
    def test_a_card_a_week_and_the_ones_before(
        self, page: Client, program: Program, week: int
    ) -> None:
        Program.objects.update(start_date=DAY - timedelta(weeks=week - 1))
        shown = words(page.get(TODAY))
        found = re.findall(r"<summary>([^<]+\?)</summary>", shown)
        assert found == list(reversed(self.TITLES[:week]))
        assert "Your plan" in shown

    def test_in_the_patients_language(self, page: Client, program: Program) -> None:
        Patient.objects.update(language="es")
        assert "¿Cuánto tiempo va a tardar?" in words(page.get(TODAY))

    def test_nothing_before_it_is_shown_who_it_is(self, program: Program) -> None:
        stranger = opened(linked(Patient.objects.get(), now=CHECK_IN_AT))
        assert "How long will it take" not in words(stranger.get(TODAY))


class TestTelling:
    """One tap, one record, whatever the browser repeats."""

    def test_done_is_kept_once_and_taken_back(self, page: Client, program: Program) -> None:
        for _ in range(3):
            answer = tell(page, program, "done")
            assert answer.status_code == 303
        (slug, _) = rounds(program)[0]
        assert told() == [(slug, "done", "")]
        assert "Take it back" in words(page.get(TODAY))
        tell(page, program, "undo")
        assert told() == []
        tell(page, program, "done")
        assert told() == [(slug, "done", "")]

    def test_all_tells_what_is_left(self, page: Client, program: Program) -> None:
        tell(page, program, "skip", reason="pain")
        for _ in range(2):
            page.post(TODAY, {"do": "all", "program": str(program.pk)})
        # Kept in one moment, so in no order. The splint is worn tonight.
        counted = Counter(outcome for _, outcome, _ in told())
        assert counted == {"skipped": 1, "done": len(rounds(program)) - 2}
        assert "I did all of them</button>" not in words(page.get(TODAY))

    def test_another_word_gives_way_to_the_last(self, page: Client, program: Program) -> None:
        tell(page, program, "skip", reason="time")
        tell(page, program, "done")
        assert [outcome for _, outcome, _ in told()] == ["done"]

    def test_pain_is_told_and_corrected(self, page: Client, program: Program) -> None:
        for score in ("6", "6", "4"):
            page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": score})
        row = CheckIn.objects.get()
        assert (row.score, row.source, row.entries.count()) == (4, "web", 2)
        assert "You told 4." in words(page.get(TODAY))

    def test_the_number_of_before_counts_again(self, page: Client, program: Program) -> None:
        for score in ("6", "4", "6"):
            page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": score})
        assert CheckIn.objects.get().score == 6

    def test_undo_takes_the_exercises_back_and_not_the_splint(
        self, page: Client, program: Program
    ) -> None:
        for kind, source in (("exercise", "sms"), ("splint", "sms")):
            SessionLog.objects.create(
                program=program, kind=kind, local_date=DAY, outcome="done", source=source,
                client_id=kind,
            )  # fmt: skip  # a row
        tell(page, program, "undo_day")
        left = SessionLog.objects.filter(undone_at=None)
        assert list(left.values_list("kind", flat=True)) == ["splint"]

    def test_a_ten_alerts_as_by_text(self, page: Client, program: Program) -> None:
        page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": "10"})
        assert Alert.objects.filter(reason="worst_pain").exists()

    def test_the_worst_pain_is_asked_for_after_something_heavy(
        self, page: Client, program: Program
    ) -> None:
        Program.objects.update(start_date=DAY - timedelta(weeks=4))
        factories.moved_by_calendar(program)
        page.post(TODAY, {"do": "all", "program": str(program.pk)})
        assert "How bad was the worst pain" in words(page.get(TODAY))
        page.post(TODAY, {"do": "during", "program": str(program.pk), "score": "6"})
        assert SessionLog.objects.filter(pain_during=6).count() == 1
        assert "How bad was the worst pain" not in words(page.get(TODAY))

    @pytest.mark.parametrize(
        "form",
        [
            {"do": "done", "exercise": "no-such", "slot": "any"}, {"do": "skip", "reason": "bored"},
            {"do": "pain", "score": "11"}, {"do": "pain", "score": "-1"}, {"do": "pain", "score": "\u0664"},
            {"do": "pain", "score": ""}, {"do": "during", "score": "99"}, {"do": "x"}, {},
            {"do": "done", "program": "x"}, {"do": "all", "program": "00000000-0000-0000-0000-000000000000"},
            {"do": "done", "exercise": "\x00", "slot": "\x00"},
        ],
    )  # fmt: skip  # a table
    def test_what_makes_no_sense_is_refused_and_keeps_nothing(
        self, page: Client, program: Program, form: dict[str, str]
    ) -> None:
        answer = page.post(TODAY, {"program": str(program.pk)} | form)
        assert answer.status_code == 400
        assert "That did not work." in words(answer)
        assert not SessionLog.objects.exists()
        assert not CheckIn.objects.exists()

    def test_the_worst_pain_is_kept_once_also_from_two_tabs(
        self, page: Client, program: Program
    ) -> None:
        page.post(TODAY, {"do": "all", "program": str(program.pk)})
        for score in ("6", "6", "9"):
            page.post(TODAY, {"do": "during", "program": str(program.pk), "score": score})
        told = SessionLog.objects.filter(pain_during__isnull=False)
        assert list(told.values_list("pain_during", flat=True)) == [6]

    def test_a_tab_of_another_week_tells_nothing(self, page: Client, program: Program) -> None:
        old = str(DAY - timedelta(days=8))
        for day in (old, "x", ""):
            form = {"do": "pain", "program": str(program.pk), "score": "5", "day": day}
            assert page.post(TODAY, form).status_code == 400
        assert not CheckIn.objects.exists()

    def test_a_day_ahead_is_not_told(self, page: Client, program: Program) -> None:
        tomorrow = str(DAY + timedelta(days=1))
        form = {"do": "all", "program": str(program.pk), "day": tomorrow}
        assert page.post(TODAY, form).status_code == 400
        assert told() == []

    def test_what_is_sent_after_midnight_is_of_the_day_that_was_shown(
        self, page: Client, program: Program
    ) -> None:
        shown = words(page.get(TODAY))
        (day,) = set(re.findall(r'name="day" value="([^"]+)"', shown))
        assert day == str(DAY)
        with time_machine.travel(CHECK_IN_AT + timedelta(hours=16), tick=False):
            form = {"do": "pain", "program": str(program.pk), "score": "5", "day": day}
            page.post(TODAY, form)
            tell(page, program, "done", day=day)
        assert CheckIn.objects.get().local_date == DAY
        assert SessionLog.objects.get().local_date == DAY

    def test_programs_for_two_sides_are_told_apart(self, page: Client, program: Program) -> None:
        assert "Left side" not in words(page.get(TODAY))
        copied = copy_template(template=factories.template(), clinic=program.patient.clinic)
        assign_program(
            patient=program.patient, template=copied, start_date=DAY, side="right",
            schedules=[ScheduleSpec("check_in", (CHECK_IN_AT.time(),))], assigned_by=None, now=CHECK_IN_AT,
        )  # fmt: skip  # a call
        shown = words(page.get(TODAY))
        assert "Left side: Exercises" in shown
        assert "Right side: Pain at your first steps" in shown
        places = re.findall(r'\bid="([^"]+)"', shown)
        assert len(places) == len(set(places))
        tell(page, program, "done")
        assert set(SessionLog.objects.values_list("program", flat=True)) == {program.pk}

    def test_without_the_token_of_the_form_nothing_is_kept(
        self, page: Client, program: Program
    ) -> None:
        other = Client(enforce_csrf_checks=True)
        other.cookies = page.cookies
        assert tell(other, program, "done").status_code == 403
        assert told() == []


class TestToldWithoutANetwork:
    """What the page's script sends later: once under its id, with the time it was told."""

    def send(self, page: Client, program: Program, do: str, **more: str) -> Any:
        exercise, slot = rounds(program)[0]
        form = {"do": do, "program": str(program.pk), "exercise": exercise, "slot": slot}
        return page.post(TODAY, form | more, headers={"accept": "application/json"}).json()

    def test_the_same_id_again_changes_nothing(self, page: Client, program: Program) -> None:
        """Done, taken back, done, and the first two once more: it is done."""
        first = self.send(page, program, "done", id="a")
        assert first["kept"] is True
        self.send(page, program, "undo", id="b")
        self.send(page, program, "done", id="c")
        assert self.send(page, program, "done", id="a") == first
        assert self.send(page, program, "undo", id="b")["kept"] is True
        assert [row[1] for row in told()] == ["done"]
        assert SessionLog.objects.count() == 2

    def test_a_refused_one_says_why_and_leaves_no_id(self, page: Client, program: Program) -> None:
        alert = open_alert(
            patient=program.patient, program=program, reason="red_flag", detail="", now=CHECK_IN_AT
        )
        assert alert is not None
        refused = self.send(page, program, "done", id="a")
        assert refused["kept"] is False
        assert refused["why"].startswith("Your exercises wait")
        Alert.objects.all().delete()
        assert self.send(page, program, "done", id="a")["kept"] is True
        late = self.send(page, program, "done", id="b", day=str(DAY - timedelta(days=8)))
        assert (late["kept"], "plan of that day" in late["why"]) == (False, True)

    def test_what_was_said_last_counts_also_when_it_comes_first(
        self, page: Client, program: Program
    ) -> None:
        """Told two hours ago without a network: what was told an hour ago stands."""
        with time_machine.travel(CHECK_IN_AT - timedelta(hours=1), tick=False):
            self.send(page, program, "skip", reason="time", id="a")
        self.send(page, program, "done", id="b", ago="7200000")
        assert [row[1:] for row in told()] == [("skipped", "time")]
        assert SessionLog.objects.get(outcome="done").said == CHECK_IN_AT - timedelta(hours=2)
        self.send(page, program, "pain", id="c", score="3")
        self.send(page, program, "pain", id="d", score="8", ago="60000")
        assert CheckIn.objects.get().score == 3

    @pytest.mark.parametrize("ago", ["-5", "1e9", "٣", "", "99999999999", "soon"])
    def test_a_clock_without_sense_is_now(self, page: Client, program: Program, ago: str) -> None:
        assert self.send(page, program, "done", id="a", ago=ago)["kept"] is True
        said = SessionLog.objects.get().said
        assert CHECK_IN_AT - timedelta(days=8) <= said <= CHECK_IN_AT

    def test_a_form_without_its_token_is_refused_in_the_pages_words(
        self, page: Client, program: Program
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = page.cookies
        answer = strict.post(TODAY, {"do": "all", "program": str(program.pk)})
        assert answer.status_code == 403
        assert "Load the page again" in words(answer)
        assert "CSRF" not in words(answer)


NOT_DONE = 'class="state">Not done'


class TestBesideTexts:
    """The page and the texts tell one record."""

    def test_what_is_told_here_is_not_asked_for_by_text(
        self, page: Client, program: Program
    ) -> None:
        page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": "5"})
        due.write_due(now=CHECK_IN_AT)
        preparing.prepare(now=CHECK_IN_AT, limit=10, pacer=Pacer())
        assert OutboundMessage.objects.get().skip_reason == "answered"

    def test_a_text_afterwards_corrects(self, page: Client, program: Program) -> None:
        page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": "5"})
        factories.asked(program)
        with time_machine.travel(CHECK_IN_AT + timedelta(minutes=5), tick=False):
            later = CHECK_IN_AT + timedelta(minutes=5)
            factories.received("3", program.patient, at=later)
            inbound.read_inbound(now=later)
        assert CheckIn.objects.get().score == 3

    def test_done_by_text_stands_here_and_can_be_taken_back(
        self, page: Client, program: Program
    ) -> None:
        factories.received("DONE", program.patient)
        inbound.read_inbound(now=CHECK_IN_AT)
        shown = words(page.get(TODAY))
        assert "You told it of the whole day." in shown
        assert "I did all of them</button>" not in shown
        tell(page, program, "undo_day")
        assert not SessionLog.objects.filter(undone_at=None).exists()

    def test_of_a_word_for_the_day_and_one_for_an_exercise_the_later_counts(
        self, page: Client, program: Program
    ) -> None:
        tell(page, program, "all")
        self.text(program, "SKIP", 1)
        with time_machine.travel(CHECK_IN_AT + timedelta(minutes=2), tick=False):
            shown = words(page.get(TODAY))
            assert shown.count(NOT_DONE) == len(rounds(program)) - 1  # the splint is by itself
            tell(page, program, "done")
            shown = words(page.get(TODAY))
            assert shown.count(NOT_DONE) == len(rounds(program)) - 2
            tell(page, program, "undo_day")
            assert NOT_DONE not in words(page.get(TODAY))

    def test_a_number_by_text_answers_what_was_asked_though_the_page_told_it(
        self, page: Client, program: Program
    ) -> None:
        Program.objects.update(start_date=DAY - timedelta(weeks=4))
        factories.moved_by_calendar(program)
        factories.asked(program)
        for minute, body in enumerate(("2", "DONE")):
            self.text(program, body, minute)
        assert OutboundMessage.objects.filter(wording="ask_during").exists()
        page.post(TODAY, {"do": "during", "program": str(program.pk), "score": "6"})
        self.text(program, "7", 5)
        assert CheckIn.objects.get().score == 2

    def text(self, program: Program, body: str, minute: int) -> None:
        moment = CHECK_IN_AT + timedelta(minutes=minute)
        with time_machine.travel(moment, tick=False):
            row = factories.received(body, program.patient, at=moment)
            inbound.read_inbound(now=moment)
            sent = OutboundMessage.objects.filter(answers=row)
            sent.update(status="delivered", attempted_at=moment)


class TestProgress:
    """How it goes, in words, a picture and a list."""

    def test_scores_days_and_words(self, page: Client, program: Program) -> None:
        page.post(TODAY, {"do": "pain", "program": str(program.pk), "score": "7"})
        page.post(TODAY, {"do": "all", "program": str(program.pk)})
        shown = words(page.get(PROGRESS))
        assert "Days with exercises in the last 7 days: 1 of 1." in shown
        assert "<polyline" in shown
        assert "<td>7</td>" in shown
        assert "Week 1" in shown

    def test_before_the_first_score(self, page: Client) -> None:
        assert "Tell your pain for a few days" in words(page.get(PROGRESS))


@pytest.mark.parametrize("look", [lambda page: page.get(TODAY)], ids=["today"])
def test_queries_are_the_same_for_one_and_three_programs(
    page: Client,
    program: Program,
    look: Callable[[Client], Any],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    look(page)
    for _ in range(2):
        copied = copy_template(template=factories.template(), clinic=program.patient.clinic)
        assign_program(
            patient=program.patient, template=copied, start_date=DAY, side="right",
            schedules=[ScheduleSpec("check_in", (CHECK_IN_AT.time(),))], assigned_by=None, now=CHECK_IN_AT,
        )  # fmt: skip  # a call
    look(page)  # words and pictures are kept for a minute
    with django_assert_max_num_queries(12) as one:
        assert words(look(page)).count('id="pain-') == 3
    del one
