"""The last look before a text leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.hours import end_of_day
from notifications.outgoing.guards import Facts, reason_to_skip, validity
from tests.factories import CHECK_IN_AT, TODAY

NEW_YORK = ZoneInfo("America/New_York")
MIDNIGHT = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
FINE = Facts(
    kind="check_in",
    wording="check_in",
    due_at=CHECK_IN_AT,
    local_date=TODAY,
    zone=NEW_YORK,
    hours=(time(8), time(20)),
    consent="granted",
    has_sender=True,
    texting_on=True,
    program_active=True,
    on_hold=False,
    nothing_planned=False,
    too_sore=False,
    answered=False,
    asked_today=True,
    silent_days=0,
    prompts_today=0,
    prompts_per_day=2,
    week_to_come=False,
    asked_for=False,
    texts_today=0,
    daily_cap=6,
    same_text_lately=0,
    worded=True,
)
REMINDER = replace(FINE, kind="exercise")
REPLY = replace(FINE, kind="reply", local_date=None)
SAFETY = replace(REPLY, wording="red_flag_emergency")


def local(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of 3 March 2026 in New York."""
    return datetime(2026, 3, 3, hour, minute, second, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("label", "facts", "now", "reason"),
    [
        ("all is well", FINE, CHECK_IN_AT, None),
        ("no consent", replace(FINE, consent=None), CHECK_IN_AT, "no_consent"),
        ("opted out", replace(FINE, consent="revoked"), CHECK_IN_AT, "opted_out"),
        ("a reply after an opt-out", replace(REPLY, consent="revoked"), CHECK_IN_AT, "opted_out"),
        ("a reply to a new phone", replace(REPLY, consent=None), CHECK_IN_AT, None),
        ("no sender", replace(FINE, has_sender=False), CHECK_IN_AT, "no_sender"),
        ("switched off", replace(FINE, texting_on=False), CHECK_IN_AT, "texting_off"),
        ("paused", replace(FINE, program_active=False), CHECK_IN_AT, "not_active"),
        ("exercises under a red flag", replace(REMINDER, on_hold=True), CHECK_IN_AT, "red_flag"),
        ("the splint under a red flag", replace(FINE, kind="splint", on_hold=True), CHECK_IN_AT, "red_flag"),
        ("a question under a red flag", replace(FINE, on_hold=True), CHECK_IN_AT, None),
        ("a safety answer while it is held", replace(SAFETY, consent="held"), CHECK_IN_AT, None),
        ("a safety answer after an opt-out", replace(SAFETY, consent="revoked"), CHECK_IN_AT, "opted_out"),
        ("the 13th text, a safety answer", replace(SAFETY, texts_today=30), CHECK_IN_AT, None),
        ("the same safety answer", replace(SAFETY, same_text_lately=50), CHECK_IN_AT, None),
        ("a loop of safety answers", replace(SAFETY, same_text_lately=100), CHECK_IN_AT, "loop"),
        ("HELP after too many", replace(REPLY, wording="help", texts_today=30), CHECK_IN_AT, None),
        ("the welcome after too many", replace(FINE, kind="notice", wording="welcome", texts_today=30), CHECK_IN_AT, None),
        ("a sore week", replace(FINE, kind="week", too_sore=True), CHECK_IN_AT, "too_sore"),
        ("room for the week", replace(REMINDER, prompts_today=1, week_to_come=True), CHECK_IN_AT, "prompt_limit"),
        ("the question goes first", replace(FINE, prompts_today=1, week_to_come=True), CHECK_IN_AT, None),
        ("the week itself", replace(FINE, kind="week", prompts_today=1, week_to_come=True), CHECK_IN_AT, None),
        ("a week on hold", replace(FINE, kind="week", on_hold=True), CHECK_IN_AT, "red_flag"),
        ("nothing on the plan", replace(REMINDER, nothing_planned=True), CHECK_IN_AT, "nothing_planned"),
        ("answered", replace(FINE, answered=True), CHECK_IN_AT, "answered"),
        ("one below the cap", replace(FINE, texts_today=5), CHECK_IN_AT, None),
        ("at the cap", replace(FINE, texts_today=6), CHECK_IN_AT, "daily_cap"),
        ("a check-in in the evening", FINE, local(19, 59, 29), None),
        ("as the hours end", FINE, local(19, 59, 30), "quiet_hours"),
        ("a second before the hours", FINE, local(7, 59, 59), "quiet_hours"),
        ("as the hours begin", FINE, local(8), None),
        ("yesterday's check-in", FINE, MIDNIGHT + timedelta(hours=9), "stale"),
        ("a reminder nearly 2 h late", REMINDER, local(10, 29, 29), None),
        ("a reminder 2 h late", REMINDER, local(10, 30), "stale"),
        ("a reply at night", replace(REPLY, due_at=local(23)), local(23), None),
        ("a reply hours later", REPLY, local(12, 30), "stale"),
    ],
)  # fmt: skip  # one case a line reads as a table
def test_the_reason_to_skip(label: str, facts: Facts, now: datetime, reason: str | None) -> None:
    assert reason_to_skip(facts, now=now) == reason, label


@given(
    now=st.datetimes(datetime(2026, 3, 3, 5), datetime(2026, 3, 4, 4, 59)),  # noqa: DTZ001  # made aware below
    kind=st.sampled_from(["check_in", "exercise", "splint"]),
)
def test_a_text_that_may_leave_cannot_land_outside_the_hours(now: datetime, kind: str) -> None:
    moment = now.replace(tzinfo=UTC)
    facts = replace(FINE, kind=kind, due_at=min(moment, CHECK_IN_AT))
    if reason_to_skip(facts, now=moment) is None:
        lands = (moment + validity(facts, now=moment)).astimezone(NEW_YORK)
        assert lands.date() == TODAY
        assert time(8) <= lands.time() <= time(20)


def test_the_validity_keeps_within_twilios_limits() -> None:
    assert validity(replace(FINE, hours=(time(5), time(23))), now=local(5)).total_seconds() == 36000
    assert validity(FINE, now=local(19, 59)) == timedelta(minutes=1)
    assert validity(REMINDER, now=local(10)) == timedelta(minutes=30)


def test_a_day_ends_where_the_next_begins_also_when_one_is_skipped() -> None:
    assert end_of_day(TODAY, NEW_YORK) == MIDNIGHT
    apia = ZoneInfo("Pacific/Apia")
    eve = datetime(2011, 12, 29).date()  # noqa: DTZ001  # a date has no zone
    assert end_of_day(eve, apia).astimezone(apia).date().isoformat() == "2011-12-31"
