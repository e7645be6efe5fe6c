"""The last look before a text leaves (promise 6). Pure: facts in, reason out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exercises.models import Schedule
from exercises.rules.hours import SHORTEST_VALIDITY, closing_of, end_of_day, is_open
from exercises.rules.signing_in import CODE_LASTS
from exercises.rules.silence import STOP_ASKING_AFTER
from exercises.rules.urgency import Urgency
from notifications.models import OutboundMessage, PhoneConsent
from notifications.wording import ASK_STOP, SAFETY, SAFETY_WORDINGS, STOPPED_WORDINGS

Kind = OutboundMessage.Kind
SkipReason = OutboundMessage.SkipReason

# Promise 7: a reminder this late is noise.
REMINDER_LATE = timedelta(hours=2)
# A reply answers somebody who just wrote; hours later it would only puzzle.
REPLY_LATE = timedelta(hours=4)
# What somebody waits for at the phone, at any hour.
ANSWERS = frozenset({Kind.REPLY, Kind.CODE})
# The loop breaker: nobody needs the same words to the same phone this often within `LATELY`,
# whatever made the messages (cht-core issue 10802: every five minutes, 1,900 to one patient).
SAME_TEXT_LIMIT = 3
LATELY = timedelta(hours=6)
# A loop of answers to red flags ends as well, but later than any person would.
SAFETY_TEXT_LIMIT = 100
# Promise 18: while an alert holds them, no word about exercise leaves; nor do we miss, in so many
# words, somebody who may be in hospital.
HELD_BY_ALERTS = frozenset({Kind.EXERCISE, Kind.SPLINT, Kind.WEEK, Kind.NUDGE})
# Promise 8: outside the daily cap, and what cannot wait outside the loop breaker too.
# The one confirmation of an opt-out: 47 CFR 64.1200 (a)(12), within five minutes.
ALWAYS_ANSWERED = SAFETY_WORDINGS | STOPPED_WORDINGS | {"help", "welcome"}
# Questions and reminders; answers to the patient do not count.
PROMPTS = frozenset(Schedule.Kind.values)
# Questions that are worth asking as long as their day lasts.
OF_A_DAY = frozenset({Kind.CHECK_IN, Kind.AVERAGE, Kind.SIGNS, Kind.PASS, Kind.WEEK})
CONFIRM_WITHIN = timedelta(minutes=5)
# What was agreed to or written at night waits for the morning.
NOTICE_LATE = timedelta(hours=24)
NOTICES = frozenset({Kind.NOTICE, Kind.MESSAGE})
# Twilio takes 1 to 36000 s.
LONGEST_VALIDITY = timedelta(seconds=36_000)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a message now. Hours are on the clock of `zone`."""

    kind: str
    wording: str
    due_at: datetime
    local_date: date | None
    zone: ZoneInfo
    hours: tuple[time, time]
    consent: str | None
    has_sender: bool
    texting_on: bool
    program_active: bool
    on_hold: bool
    nothing_planned: bool
    too_sore: bool
    answered: bool
    asked_today: bool
    silent_days: int
    prompts_today: int
    prompts_per_day: int
    week_to_come: bool
    asked_for: bool
    texts_today: int
    daily_cap: int
    same_text_lately: int
    worded: bool


def reason_to_skip(facts: Facts, *, now: datetime) -> str | None:
    """Why this text must not leave now, or None. The first reason that a provider can act on."""
    is_reply = facts.kind in ANSWERS
    is_prompt = facts.kind in PROMPTS
    confirms = facts.wording in STOPPED_WORDINGS and now < facts.due_at + CONFIRM_WITHIN
    may_leave_held = facts.wording in SAFETY_WORDINGS | {ASK_STOP, "help", "flag_stands"}
    is_always_answered = facts.wording in ALWAYS_ANSWERED
    # The least urgent answer cures no loop: two machines could tell each other of numb toes.
    cannot_wait = is_always_answered and facts.wording != SAFETY[Urgency.REVIEW]
    most_of_the_same = SAFETY_TEXT_LIMIT if cannot_wait else SAME_TEXT_LIMIT
    reasons = (
        (facts.consent == PhoneConsent.State.REVOKED and not confirms, SkipReason.OPTED_OUT),
        # Whoever writes of chest pain is answered, also while it is not clear who has the phone.
        (facts.consent == PhoneConsent.State.HELD and not may_leave_held, SkipReason.CONSENT_HELD),
        (facts.consent is None and not is_reply, SkipReason.NO_CONSENT),
        (not facts.has_sender, SkipReason.NO_SENDER),
        (not facts.texting_on, SkipReason.TEXTING_OFF),
        (not facts.program_active, SkipReason.NOT_ACTIVE),
        (facts.kind in HELD_BY_ALERTS and facts.on_hold, SkipReason.RED_FLAG),
        (facts.nothing_planned, SkipReason.NOTHING_PLANNED),
        (facts.too_sore, SkipReason.TOO_SORE),
        (facts.answered, SkipReason.ANSWERED),
        (facts.kind == Kind.NUDGE and not facts.asked_today, SkipReason.NOT_ASKED),
        (is_prompt and facts.silent_days >= STOP_ASKING_AFTER, SkipReason.SILENT),
        (now >= stale_at(facts) - SHORTEST_VALIDITY, SkipReason.STALE),
        (not is_reply and not is_open(now, facts.zone, facts.hours), SkipReason.QUIET_HOURS),
        (
            is_prompt and not facts.asked_for and facts.prompts_today >= _prompts_for(facts),
            SkipReason.PROMPT_LIMIT,
        ),
        (
            facts.texts_today >= facts.daily_cap and not is_always_answered,
            SkipReason.DAILY_CAP,
        ),
        (not facts.worded, SkipReason.WORDING),
        (facts.same_text_lately >= most_of_the_same, SkipReason.LOOP),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _prompts_for(facts: Facts) -> int:
    """How many prompts the day may have before this one. Once a week a reminder leaves room for the
    week's count, which comes later and would never come.
    """
    gives_way = facts.week_to_come and facts.kind not in {Kind.CHECK_IN, Kind.WEEK}
    return facts.prompts_per_day - gives_way


def stale_at(facts: Facts) -> datetime:
    """When the text is of no more use."""
    return _stale_at(facts.kind, facts.due_at, facts.local_date, facts.zone)


def _stale_at(kind: str, due_at: datetime, local_date: date | None, zone: ZoneInfo) -> datetime:
    """A reminder after 2 h, a check-in when its day ends, a reply after 4 h."""
    if kind == Kind.REPLY:
        return due_at + REPLY_LATE
    if kind == Kind.CODE:
        return due_at + CODE_LASTS
    if kind in NOTICES:
        return due_at + NOTICE_LATE
    if kind in OF_A_DAY and local_date is not None:
        return end_of_day(local_date, zone)
    return due_at + REMINDER_LATE


def latest_departure(
    *, kind: str, due_at: datetime, local_date: date | None, zone: ZoneInfo, until: time
) -> datetime:
    """The last moment at which a text still leaves: before it is stale and before `until` on the
    patient's clock.
    """
    stale = _stale_at(kind, due_at, local_date, zone)
    return min(stale, closing_of(until, zone, due_at)) - SHORTEST_VALIDITY


def validity(facts: Facts, *, now: datetime) -> timedelta:
    """How long the carrier may keep trying: until the text is stale or the patient's day ends."""
    latest = stale_at(facts)
    if facts.kind not in ANSWERS:
        latest = min(latest, closing_of(facts.hours[1], facts.zone, now))
    return max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, latest - now))
