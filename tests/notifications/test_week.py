"""The week's count by text: praised or asked, answered by a tip, told where it is pain."""

from __future__ import annotations

import json
from collections import Counter
from datetime import time, timedelta
from pathlib import Path

import pytest

from exercises.content.tips import tip_called
from exercises.models import Alert, Barrier, Clinic, Patient, Program, Schedule, SessionLog
from exercises.rules.coaching import Barrier as What
from exercises.services import (
    LogSpec,
    ScheduleSpec,
    assign_program,
    log_session,
    pause_program,
    record_check_in,
    resume_program,
)
from exercises.services.library import copy_template
from notifications.incoming.parsing.barriers import barrier_in, chosen
from notifications.models import InboxItem, OutboundMessage
from notifications.outgoing.due import write_due
from notifications.outgoing.pacing import Pacer
from notifications.outgoing.preparing import prepare
from tests import factories
from tests.factories import MORNING, TODAY
from tests.notifications.test_conversation import at, patient_with, say, scores

pytestmark = pytest.mark.django_db
ANSWERS = [
    json.loads(line)
    for line in (Path(__file__).parent / "barrier_answers.jsonl").read_text().splitlines()
]
DAY = 8


@pytest.fixture
def maria(clinic: Clinic) -> Patient:
    factories.texting(clinic)
    return patient_with(clinic, "check_in", "week")


def do(*days: int) -> None:
    for day in days:
        log_session(
            program=Program.objects.get(), local_date=TODAY + timedelta(days=day),
            log=LogSpec("exercise", "done"), source="sms", client_id=f"done-{day}", now=at(18, day=day),
        )  # fmt: skip  # a call


def leave(day: int = DAY) -> OutboundMessage:
    """The week's text of that day, when its turn comes; everything before it was written as well."""
    for before in range(day + 1):
        write_due(now=at(17, 30, day=before))
    OutboundMessage.objects.exclude(kind="week", local_date=TODAY + timedelta(days=day)).update(
        status="skipped"
    )
    prepare(now=at(17, 30, day=day), limit=10, pacer=Pacer())
    text = OutboundMessage.objects.get(kind="week", local_date=TODAY + timedelta(days=day))
    if text.attempted_at:
        OutboundMessage.objects.filter(pk=text.pk).update(status="delivered")
    return text


def told() -> list[str]:
    """What was told to be in the way, the oldest first."""
    rows = Barrier.objects.exclude(what="").order_by("local_date", "pk")
    return list(rows.values_list("what", flat=True))


def test_it_comes_once_a_week_on_a_day_of_its_own(maria: Patient) -> None:
    schedule = Schedule.objects.get(kind="week")
    assert schedule.next_local_date == TODAY + timedelta(days=DAY)
    for day in range(30):
        write_due(now=at(19, day=day))
    dates = OutboundMessage.objects.filter(kind="week").values_list("local_date", flat=True)
    assert sorted((day - TODAY).days for day in dates if day) == [8, 15, 22, 29]


def test_four_in_five_days_are_praised_with_the_number(maria: Patient) -> None:
    do(1, 2, 3, 5, 6, 7)
    text = leave()
    assert text.wording == "week_praise"
    assert "on 6 of 7 days" in text.body
    # It asks nothing: a number after it is no barrier.
    say(maria, "3", at(20, day=DAY))
    assert told() == []


def test_fewer_are_asked_what_got_in_the_way(maria: Patient) -> None:
    do(1, 2)
    text = leave()
    assert text.wording == "week_ask"
    assert "2 of 7 days" in text.body


def test_a_reminder_of_the_same_day_leaves_its_figures_alone(clinic: Clinic) -> None:
    """Once the count of days was the number of that day's exercises."""
    factories.texting(clinic)
    patient_with(clinic, "exercise", "week")
    Schedule.objects.filter(kind="exercise").update(local_times=[time(18)])
    do(1)
    for day in range(DAY + 1):
        write_due(now=at(18, day=day))
    prepare(now=at(18, day=DAY), limit=50, pacer=Pacer())
    assert "1 of 7 days" in OutboundMessage.objects.get(kind="week").body


@pytest.mark.parametrize(
    ("body", "what"), [("1", "time"), ("3 forgot", "forgot"), ("boring", "boring"), ("no se como", "not_sure")]
)  # fmt: skip  # a table
def test_an_answer_is_kept_and_gets_its_tip(maria: Patient, body: str, what: str) -> None:
    leave()
    assert say(maria, body, at(18, 5, day=DAY)) == "tip"
    row = Barrier.objects.get()
    assert (row.what, row.source) == (what, "sms")
    sent = OutboundMessage.objects.get(wording="tip")
    assert sent.body
    tip = tip_called(row.tip)
    assert tip is not None
    assert (tip.barrier, tip.en) == (what, sent.body)
    assert not InboxItem.objects.filter(handled_at=None).exists()


def test_pain_is_told_and_answered_by_the_rule(maria: Patient) -> None:
    leave()
    assert say(maria, "2", at(18, 5, day=DAY)) == "week_pain"
    assert Alert.objects.get().reason == "skipped_for_pain"


def test_a_red_flag_beside_it_is_a_red_flag(maria: Patient) -> None:
    leave()
    assert say(maria, "2, my calf is swollen and warm", at(18, 5, day=DAY)) == "red_flag_emergency"
    assert told() == []


def test_stop_is_stop(maria: Patient) -> None:
    leave()
    assert say(maria, "boring, stop texting me", at(18, 5, day=DAY)) == "stopped"


def test_another_reason_is_asked_for_in_words(maria: Patient) -> None:
    leave()
    assert say(maria, "6", at(18, 5, day=DAY)) == "week_other"
    assert say(maria, "my sister was in town", at(18, 9, day=DAY)) in {"noted", "noted_closed"}
    assert Barrier.objects.get().what == "other"
    assert InboxItem.objects.filter(patient=maria, handled_at=None).exists()


def test_what_is_no_answer_is_asked_again_or_read_by_a_person(maria: Patient) -> None:
    leave()
    assert say(maria, "7", at(18, 5, day=DAY)) == "week_again"
    assert say(maria, "can my daughter come along", at(18, 6, day=DAY)).startswith("noted")
    assert told() == []
    assert say(maria, "4", at(18, 7, day=DAY)) == "tip"


def test_the_same_day_it_can_be_corrected(maria: Patient) -> None:
    leave()
    say(maria, "1", at(18, 5, day=DAY))
    say(maria, "sorry, 3", at(18, 6, day=DAY))
    assert told() == ["forgot"]


def test_a_score_off_the_menu_is_the_pain_that_is_still_open(maria: Patient) -> None:
    text = leave()
    check_in = OutboundMessage.objects.get(kind="check_in", local_date=text.local_date)
    OutboundMessage.objects.filter(pk=check_in.pk).update(
        status="delivered", attempted_at=at(9, day=DAY), skip_reason=""
    )
    assert say(maria, "7", at(18, 5, day=DAY)) == "recorded"
    assert list(scores().values()) == [7]
    assert say(maria, "1", at(18, 6, day=DAY)) == "tip"


@pytest.mark.parametrize("score", [8, 10])
def test_after_pain_of_8_nothing_is_said(maria: Patient, score: int) -> None:
    record_check_in(
        program=Program.objects.get(), local_date=TODAY + timedelta(days=3), score=score, source="sms",
        client_id="a", now=at(9, day=3),
    )  # fmt: skip  # a call
    Alert.objects.all().delete()
    text = leave()
    assert (text.status, text.skip_reason, text.attempted_at) == ("skipped", "too_sore", None)


def test_the_count_is_kept_as_it_was_told(maria: Patient) -> None:
    """Once it was made anew with the answer, when a pause or a late word had changed it."""
    do(1)
    leave()
    pause_program(program=Program.objects.get())
    resume_program(program=Program.objects.get(), now=at(18, day=DAY))
    say(maria, "2", at(18, 5, day=DAY))
    row = Barrier.objects.get()
    assert (row.done, row.planned) == (1, 7)
    assert Alert.objects.get().detail == "Pain got in the way: 1 of 7 days done"


class TestWhoReadsOn:
    """What stands beside an answer is for a person."""

    @pytest.mark.parametrize("body", ["3 forgot. please call me", "1, when is my appointment?", "3. Can I run tomorrow?", "1. im moving to texas"])  # fmt: skip  # a list
    def test_words_beside_it_stand_unread(self, maria: Patient, body: str) -> None:
        leave()
        assert say(maria, body, at(18, 5, day=DAY)) == "tip"
        assert InboxItem.objects.filter(patient=maria, handled_at=None).exists()

    @pytest.mark.parametrize("body", ["3", "3 forgot", "Hi, this is Donna. 3. Thank you.", "been slammed at work", "se me olvido, gracias"])  # fmt: skip  # a list
    def test_an_answer_alone_does_not(self, maria: Patient, body: str) -> None:
        leave()
        say(maria, body, at(18, 5, day=DAY))
        assert not InboxItem.objects.filter(handled_at=None).exists()

    @pytest.mark.parametrize("body", ["my kids were sick", "I was traveling for a funeral", "work was crazy", "depressed, no motivation"])  # fmt: skip  # a list
    def test_what_follows_another_reason_is_read(self, maria: Patient, body: str) -> None:
        leave()
        say(maria, "6", at(18, 5, day=DAY))
        assert say(maria, body, at(18, 9, day=DAY)).startswith("noted")
        assert told() == ["other"]
        assert InboxItem.objects.filter(patient=maria, handled_at=None).exists()

    @pytest.mark.parametrize("body", ["thanks, I'll do it after work", "gracias, lo hago despues del trabajo", "no more pain, this works great!", "mi cita es el 5"])  # fmt: skip  # a list
    def test_no_word_after_a_tip_changes_what_was_told(self, maria: Patient, body: str) -> None:
        leave()
        say(maria, "3", at(18, 5, day=DAY))
        say(maria, body, at(18, 9, day=DAY))
        assert told() == ["forgot"]


NO_ANSWERS = [
    "no more pain, this works great!", "pain is so much better", "less pain this week", "the pain went away", "estoy mejor del dolor",
    "me duele menos, gracias", "my wife is in pain since surgery", "my dog is sore too", "took 2 tylenol", "I like exercise 2 best",
    "2 is wrong", "No, I did 5", "only 2? I did 5", "you counted wrong, I did 6", "yo hice 6", "hice 3 nada mas",
    "need to change my appointment time", "please text me at a different time", "I forgot my password", "how do I log in",
    "tengo una duda sobre el pago", "mi cita es el 5", "depressed, no motivation", "se murio mi papa y no tuve ganas",
]  # fmt: skip  # a list


@pytest.mark.parametrize(
    "body", ["3" + " " * 130 + "my calf is hot", "forgot" + "." * 130 + "call me"]
)
def test_what_stands_far_behind_is_not_cut_off(body: str) -> None:
    assert (barrier_in(body), chosen(body)) == (None, None)


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_barrier_is_none(body: str) -> None:
    assert barrier_in(body) is None


class TestOtherQuestions:
    """Which question a number is for."""

    def test_a_newer_question_of_ours_goes_first(self, clinic: Clinic) -> None:
        factories.texting(clinic)
        maria = patient_with(clinic, "exercise", "week")
        leave()
        assert say(maria, "skip", at(18, 1, day=DAY)) == "ask_why"
        assert say(maria, "4", at(18, 2, day=DAY)) == "reason_kept"
        assert told() == []
        assert SessionLog.objects.get().reason == "not_sure"

    @pytest.mark.parametrize("body", ["pain level 6", "pain 3", "my pain is 3 today", "it was a 4 this morning"])  # fmt: skip  # a list
    def test_a_score_in_words_is_the_score(self, maria: Patient, body: str) -> None:
        self.check_in_is_open(leave())
        say(maria, body, at(18, 5, day=DAY))
        assert told() == []

    @pytest.mark.parametrize(("body", "what"), [("2 pain", "pain"), ("3 forgot", "forgot"), ("2", "pain")])  # fmt: skip  # a table
    def test_the_choice_is_the_choice(self, maria: Patient, body: str, what: str) -> None:
        self.check_in_is_open(leave())
        say(maria, body, at(18, 5, day=DAY))
        assert (told(), scores()) == ([what], {})

    @pytest.mark.parametrize("body", ["forgot", "no time", "5 not sure how", "4 boring", "se me olvido"])  # fmt: skip  # a list
    def test_its_words_still_answer_after_the_next_question(
        self, maria: Patient, body: str
    ) -> None:
        leave()
        self.next_morning(maria)
        say(maria, body, at(9, day=DAY + 1))
        assert (len(told()), scores()) == (1, {})

    @pytest.mark.parametrize("body", ["3", "2", "pain"])
    def test_but_no_number_nor_pain(self, maria: Patient, body: str) -> None:
        leave()
        self.next_morning(maria)
        say(maria, body, at(9, day=DAY + 1))
        assert told() == []

    def check_in_is_open(self, text: OutboundMessage) -> None:
        check_in = OutboundMessage.objects.filter(kind="check_in", local_date=text.local_date)
        check_in.update(status="delivered", attempted_at=at(9, day=DAY), skip_reason="")

    def next_morning(self, maria: Patient) -> None:
        schedule = Schedule.objects.get(kind="check_in")
        moment = at(8, 30, day=DAY + 1)
        OutboundMessage.objects.create(
            clinic=maria.clinic, patient=maria, to_phone=str(maria.phone), kind="check_in", schedule=schedule,
            local_date=moment.astimezone(maria.zone).date(), slot=0, wording="check_in", due_at=moment,
            not_before=moment, priority=20, status="delivered", attempted_at=moment,
        )  # fmt: skip  # a call


class TestHeld:
    """No word about exercises while an alert holds them, nor after a very bad day."""

    @pytest.mark.parametrize("body", ["1", "2"])
    def test_no_tip_leaves_while_a_red_flag_is_open(self, maria: Patient, body: str) -> None:
        leave()
        say(maria, "my heel is hot and red", at(18, 1, day=DAY))
        assert say(maria, body, at(18, 5, day=DAY)) == "reason_kept"
        assert len(told()) == 1

    def test_a_10_of_the_day_itself_silences_praise(self, maria: Patient) -> None:
        do(1, 2, 3, 4, 5, 6, 7)
        record_check_in(
            program=Program.objects.get(), local_date=TODAY + timedelta(days=DAY), score=10,
            source="sms", client_id="a", now=at(9, day=DAY),
        )  # fmt: skip  # a call
        assert leave().skip_reason == "too_sore"

    def test_no_tip_after_an_8_told_meanwhile(self, maria: Patient) -> None:
        leave()
        record_check_in(
            program=Program.objects.get(), local_date=TODAY + timedelta(days=DAY), score=8,
            source="sms", client_id="a", now=at(18, day=DAY),
        )  # fmt: skip  # a call
        assert say(maria, "1", at(18, 5, day=DAY)) == "reason_kept"


class TestTakingBack:
    """UNDO, and second thoughts about pain."""

    def test_undo_takes_back_the_barrier_and_no_score(self, maria: Patient) -> None:
        self.scored(maria)
        assert say(maria, "1", at(18, 5, day=DAY)) == "tip"
        assert say(maria, "undo", at(18, 6, day=DAY)) == "undone"
        assert (told(), list(scores().values())) == ([], [4])
        assert say(maria, "3", at(18, 7, day=DAY)) == "tip"

    def test_a_correction_is_told_in_the_alert(self, maria: Patient) -> None:
        leave()
        say(maria, "2", at(18, 5, day=DAY))
        say(maria, "no, 1", at(18, 6, day=DAY))
        alert = Alert.objects.get()
        assert alert.detail == "Pain got in the way: 0 of 7 days done; then told: no time"
        assert alert.acknowledged_at is None

    def test_the_same_answer_again_is_no_news(self, maria: Patient) -> None:
        leave()
        for minute in (5, 6, 7):
            say(maria, "2", at(18, minute, day=DAY))
        assert Alert.objects.get().times == 1

    def scored(self, maria: Patient) -> None:
        text = leave()
        OutboundMessage.objects.filter(kind="check_in", local_date=text.local_date).update(
            status="delivered", attempted_at=at(9, day=DAY), skip_reason=""
        )
        record_check_in(
            program=Program.objects.get(), local_date=TODAY + timedelta(days=DAY), score=4,
            source="sms", client_id="a", now=at(10, day=DAY),
        )  # fmt: skip  # a call


@pytest.mark.parametrize(("body", "side"), [("left 2", "left"), ("2 right", "right"), ("no time, left", "left")])  # fmt: skip  # a table
def test_with_two_sides_it_is_kept_for_the_side_named(
    clinic: Clinic, maria: Patient, body: str, side: str
) -> None:
    copied = copy_template(template=factories.template(), clinic=clinic)
    assign_program(
        patient=maria, template=copied, start_date=TODAY, side="right",
        schedules=[ScheduleSpec("week", (time(18, 15),))], assigned_by=None, now=MORNING,
    )  # fmt: skip  # a call
    type(clinic).objects.update(prompts_per_day=4)
    for before in range(DAY + 1):
        write_due(now=at(17, 45, day=before))
    OutboundMessage.objects.exclude(kind="week").update(status="skipped")
    prepare(now=at(17, 45, day=DAY), limit=10, pacer=Pacer())
    asked = OutboundMessage.objects.filter(kind="week")
    assert {row.body.split(".")[0] for row in asked} == {"Left side", "Right side"}
    asked.update(status="delivered")
    assert say(maria, "1", at(18, 5, day=DAY)) == "ask_side"
    say(maria, body, at(18, 6, day=DAY))
    assert [row.program.side for row in Barrier.objects.exclude(what="")] == [side]


def test_a_reminder_gives_way_on_its_day(clinic: Clinic) -> None:
    """With two prompts a day the week's count, which comes last, would never have come."""
    factories.texting(clinic)
    patient_with(clinic, "check_in", "exercise", "week")
    for day in range(DAY + 2):
        for hour, minute in ((8, 30), (17, 0), (18, 0)):
            moment = at(hour, minute, day=day)
            write_due(now=moment)
            prepare(now=moment, limit=50, pacer=Pacer())
    on = TODAY + timedelta(days=DAY)
    left = OutboundMessage.objects.filter(local_date=on, attempted_at__isnull=False)
    assert {row.kind for row in left} == {"check_in", "week"}
    next_day = OutboundMessage.objects.filter(local_date=on + timedelta(days=1))
    assert {row.kind for row in next_day if row.attempted_at} == {"check_in", "exercise"}


def test_the_rules_read_what_others_wrote() -> None:
    """Lines by somebody who had not seen the rules: labels in barrier_answers.jsonl."""
    wrong = [
        (row["text"], row["barrier"], found)
        for row in ANSWERS
        if (found := barrier_in(row["text"])) != row["barrier"]
    ]
    # A barrier that was not said is worse than one that is asked for again.
    acted = [row for row in wrong if row[2] is not None]
    assert len(acted) <= len(ANSWERS) // 100, acted
    assert len(wrong) <= len(ANSWERS) // 50, wrong
    kinds = Counter(row["barrier"] for row in ANSWERS)
    assert set(kinds) == {*map(str, What), None}
