"""From logs to a proposal to a decision: nothing changes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from exercises.models import (
    CheckIn,
    Clinic,
    Exercise,
    Patient,
    Program,
    ProgramVersion,
    Proposal,
    SessionLog,
    User,
)
from exercises.reads.course import course_of
from exercises.reads.days import plan_for_day
from exercises.reads.versions import program_phases, program_versions
from exercises.services import (
    LogSpec,
    accept_proposal,
    change_program,
    decline_proposal,
    end_program,
    log_session,
    propose,
    record_check_in,
    watch_due,
)
from exercises.services.alerts import open_alert
from hep.errors import ConflictError, InvalidInputError
from tests import factories
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
# Day 22: in week 4, three heel-raise days after the start of phase 2.
DAYS = 21
LATER = MORNING + timedelta(days=DAYS)
ON = TODAY + timedelta(days=DAYS)


def days_of(program: Program, days: int) -> Iterator[tuple[date, datetime, list[str]]]:
    """Each day with its morning and the slugs on its plan."""
    versions = program_versions(program)
    for day in range(days + 1):
        on = TODAY + timedelta(days=day)
        rounds = versions.plan_on(on).rounds
        yield on, MORNING + timedelta(days=day), sorted({row.item.exercise for row in rounds})


def live(
    program: Program, *, pain: int | None = 2, score: int = 4, days: int = DAYS, skip: int = 0
) -> datetime:
    """The patient does everything for `days` days but the last `skip`, and tells both pains.

    Written as rows, because there are many; the first test goes through the services.
    """
    known = dict(Exercise.objects.filter(clinic=None).values_list("slug", "pk"))
    check_ins, logs = [], []
    for on, at, slugs in days_of(program, days):
        check_ins.append(CheckIn(program=program, local_date=on, score=score, source="app"))
        for slug in slugs if on < TODAY + timedelta(days=days - skip if skip else days + 1) else ():
            kind = "splint" if slug == "night-splint" else "exercise"
            logs.append(
                SessionLog(
                    program=program,
                    local_date=on,
                    kind=kind,
                    outcome="done",
                    source="app",
                    exercise_id=known[slug],
                    pain_during=pain,
                    client_id=f"{slug}{on}",
                    created_at=at,
                )
            )
    CheckIn.objects.bulk_create(check_ins)
    SessionLog.objects.bulk_create(logs)
    now = MORNING + timedelta(days=days)
    Program.objects.filter(pk=program.pk).update(heard_at=now)
    return now


def live_by_the_services(program: Program) -> datetime:
    """The same as an app would tell it, answer by answer."""
    for on, at, slugs in days_of(program, DAYS):
        record_check_in(
            program=program, local_date=on, score=4, source="app", client_id=f"c{on}", now=at
        )
        for slug in slugs:
            log_session(
                program=program,
                local_date=on,
                log=LogSpec("exercise", "done", exercise=slug, pain_during=2),
                source="app",
                client_id=f"{slug}{on}",
                now=at,
            )
    return LATER


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, assigned before decisions were waited for."""
    return factories.moved_by_calendar(factories.program(maria))


def dose(program: Program, slug: str) -> tuple[int | None, str]:
    items = [row for row in program_versions(program).items_on(ON) if row.exercise == slug]
    return items[0].sets, items[0].load


def test_three_good_sessions_propose_a_step(program: Program, alice: User) -> None:
    now = live_by_the_services(program)
    before = program_phases(program)
    proposal = propose(program=program, now=now)
    assert proposal is not None
    assert proposal.kind == "progress"
    assert "at least 80%" in proposal.reasons[0]
    assert program_phases(program) == before, "nothing changes by itself"
    accept_proposal(proposal=proposal, by=alice, now=now)
    program.refresh_from_db()
    # One change at a time; the heel raise has its next step in the plan.
    assert dose(program, "heel-raise") == (3, "12RM")
    assert dose(program, "band-four-ways") == (3, "red")
    version = program.versions.get(number=2)
    assert (version.changed_by, version.from_date) == (alice, ON)
    assert version.reason.startswith("Progress one step. The last 3 sessions")


def test_two_sore_sessions_propose_a_step_back(program: Program, alice: User) -> None:
    now = live(program, pain=6)
    proposal = propose(program=program, now=now)
    assert proposal is not None
    assert proposal.kind == "regress"
    accept_proposal(proposal=proposal, by=alice, now=now)
    program.refresh_from_db()
    assert dose(program, "heel-raise") == (2, "12RM")


def test_missing_pain_proposes_nothing(program: Program) -> None:
    assert propose(program=program, now=live(program, pain=None)) is None
    assert course_of(program, on=ON).advice.kind == "hold"


def test_a_red_flag_proposes_a_stop_that_waits_for_somebody(program: Program, alice: User) -> None:
    now = live(program)
    alert = open_alert(patient=program.patient, program=program, reason="red_flag", now=now)
    stop = propose(program=program, now=now)
    assert stop is not None
    assert stop.kind == "stop"
    type(alert).objects.update(acknowledged_at=now)
    assert propose(program=program, now=now) == stop
    accept_proposal(proposal=stop, by=alice, now=now)
    program.refresh_from_db()
    assert program.status == "paused"


def test_the_same_day_proposes_once_and_a_turn_supersedes(program: Program) -> None:
    now = live(program)
    first = propose(program=program, now=now)
    assert propose(program=program, now=now) == first
    assert first is not None
    program.session_logs.update(pain_during=6)
    second = propose(program=program, now=now)
    first.refresh_from_db()
    assert second is not None
    assert (first.status, second.kind) == ("superseded", "regress")


def test_a_phase_is_proposed_to_last_longer_when_little_was_done(
    program: Program, alice: User
) -> None:
    now = live(program, days=40, skip=10)  # week 6, the last of phase 2
    proposal = propose(program=program, now=now)
    assert proposal is not None
    assert (proposal.kind, "0%" in proposal.reasons[0]) == ("stay", True)
    accept_proposal(proposal=proposal, by=alice, now=now)
    program.refresh_from_db()
    weeks = [(phase.first_week, phase.last_week) for phase in program_phases(program)]
    assert weeks == [(1, 2), (3, 7), (8, 13), (14, None)]


def test_a_phase_is_not_held_up_by_what_is_not_known(program: Program) -> None:
    assert propose(program=program, now=MORNING + timedelta(days=40)) is not None
    Proposal.objects.all().delete()
    program.check_ins.all().delete()
    day_8 = MORNING + timedelta(days=8)  # week 2, the last of phase 1, which has no loaded items
    assert propose(program=program, now=day_8) is None


def test_a_red_flag_of_another_program_stops_this_one_too(program: Program) -> None:
    now = live(program)
    open_alert(patient=program.patient, program=None, reason="red_flag", now=now)
    stop = propose(program=program, now=now)
    assert stop is not None
    assert stop.kind == "stop"


def test_a_new_red_flag_asks_again_after_a_declined_stop(program: Program, alice: User) -> None:
    now = live(program)
    first = open_alert(patient=program.patient, program=program, reason="red_flag", now=now)
    stop = propose(program=program, now=now)
    assert stop is not None
    decline_proposal(proposal=stop, by=alice, note="Seen, harmless", now=now)
    assert propose(program=program, now=now) is None
    type(first).objects.update(acknowledged_at=now)
    later = now + timedelta(days=1)
    open_alert(patient=program.patient, program=program, reason="red_flag", now=later)
    again = propose(program=program, now=later)
    assert again is not None
    assert again.kind == "stop"


def test_a_proposal_that_would_change_something_else_by_now_is_replaced(program: Program) -> None:
    now = live(program)
    first = propose(program=program, now=now)
    assert first is not None
    Proposal.objects.update(changes=[])
    second = propose(program=program, now=now)
    first.refresh_from_db()
    assert second is not None
    assert (first.status, second.kind) == ("superseded", "progress")


def test_an_ended_program_proposes_nothing_any_more(program: Program) -> None:
    proposal = propose(program=program, now=live(program))
    assert proposal is not None
    end_program(program=program)
    proposal.refresh_from_db()
    assert proposal.status == "superseded"


def test_first_step_pain_above_two_holds_up_the_last_phase(program: Program) -> None:
    now = live(program, days=82, score=3, pain=None)  # week 12; the sessions say nothing
    proposal = propose(program=program, now=now)
    assert proposal is not None
    assert proposal.kind == "stay"
    assert "was 3 and 3 in the last two weeks" in proposal.reasons[-1]


def test_one_program_that_cannot_be_looked_at_does_not_hide_the_others(
    program: Program, clinic: Clinic
) -> None:
    now = live(program)
    bad = factories.program(factories.PatientFactory.create(clinic=clinic), now=MORNING)
    bad.phases.get(number=4).prescriptions.update(sets=99)
    Program.objects.update(watch_at=now)
    Program.objects.filter(pk=bad.pk).update(watch_at=now - timedelta(hours=1))
    assert watch_due(now=now) == 2
    assert program.proposals.count() == 1
    bad.refresh_from_db()
    assert bad.watch_at is not None
    assert bad.watch_at > now


class TestDeciding:
    """Accept, change or decline; once."""

    @pytest.fixture
    def proposal(self, program: Program) -> Proposal:
        """A step forward."""
        found = propose(program=program, now=live(program))
        assert found is not None
        return found

    def test_a_decline_needs_a_word_and_changes_nothing(
        self, program: Program, proposal: Proposal, alice: User
    ) -> None:
        with pytest.raises(InvalidInputError, match="why not"):
            decline_proposal(proposal=proposal, by=alice, note=" ", now=LATER)
        decline_proposal(proposal=proposal, by=alice, note="Marathon on Sunday", now=LATER)
        proposal.refresh_from_db()
        program.refresh_from_db()
        assert (proposal.status, proposal.decided_by, program.version) == ("declined", alice, 1)

    def test_the_same_is_not_asked_again_for_a_week(
        self, program: Program, proposal: Proposal, alice: User
    ) -> None:
        decline_proposal(proposal=proposal, by=alice, note="Not yet", now=LATER)
        assert propose(program=program, now=LATER) is None
        Proposal.objects.update(decided_at=LATER - timedelta(days=7))
        assert propose(program=program, now=LATER) is not None

    def test_a_provider_may_adapt_it(
        self, program: Program, proposal: Proposal, alice: User
    ) -> None:
        own = program_phases(program)
        accept_proposal(proposal=proposal, by=alice, now=LATER, phases=own)
        program.refresh_from_db()
        assert (proposal.status, program.version) == ("changed", 2)
        assert program_phases(program) == own

    def test_it_is_decided_once(self, program: Program, proposal: Proposal, alice: User) -> None:
        accept_proposal(proposal=proposal, by=alice, now=LATER)
        with pytest.raises(ConflictError) as refused:
            decline_proposal(proposal=proposal, by=alice, note="No", now=LATER)
        assert refused.value.code == "decided"

    def test_a_program_that_changed_meanwhile_is_not_changed_by_it(
        self, program: Program, proposal: Proposal, alice: User
    ) -> None:
        phases = program_phases(program)
        change_program(program=program, phases=phases, reason="x", changed_by=alice, now=LATER)
        proposal.refresh_from_db()
        with pytest.raises(ConflictError) as refused:
            accept_proposal(proposal=proposal, by=alice, now=LATER)
        assert refused.value.code == "changed_meanwhile"
        proposal.refresh_from_db()
        assert proposal.status == "open"


def test_the_daily_look_proposes(program: Program) -> None:
    now = live(program)
    Program.objects.update(watch_at=now)
    watch_due(now=now)
    assert Proposal.objects.get().kind == "progress"


def test_a_ladder_never_leads_to_another_clinics_exercise(program: Program, bob: User) -> None:
    shared = Exercise.objects.get(slug="heel-raise", clinic=None)
    theirs = bob.providers.get().clinic
    Exercise.objects.create(clinic=theirs, slug="secret", name="Secret", easier=shared)
    Exercise.objects.create(clinic=theirs, slug="heel-raise", name="Theirs", ladder=["1", "2"])
    now = live(program)
    proposal = propose(program=program, now=now)
    assert proposal is not None
    assert "secret" not in str(proposal.changes)
    assert "10RM" in str(proposal.changes)


def test_adherence_is_told_by_item(program: Program) -> None:
    log_session(
        program=program,
        local_date=TODAY,
        log=LogSpec("exercise", "done", exercise="ball-rolling", slot="midday"),
        source="app",
        client_id="a",
        now=MORNING,
    )
    course = course_of(program, on=TODAY + timedelta(days=1))
    rolled = {item.exercise: (item.done, item.planned) for item in course.items}
    assert rolled["ball-rolling"] == (1, 2)
    assert rolled["night-splint"] == (0, 1)
    assert course.adherence == pytest.approx(1 / 10)


def test_a_skipped_item_is_not_done(program: Program) -> None:
    spec = LogSpec("exercise", "skipped", exercise="ball-rolling", reason="time")
    log_session(
        program=program, local_date=TODAY, log=spec, source="app", client_id="a", now=MORNING
    )
    assert course_of(program, on=TODAY + timedelta(days=1)).adherence == 0
    assert plan_for_day(program, TODAY).items_logged == {("ball-rolling", "")}


@pytest.mark.parametrize("days", [2, 21])
def test_a_course_costs_the_same_queries(
    program: Program, days: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    live(program, days=days)
    fresh = Program.objects.select_related("patient").get(pk=program.pk)
    with django_assert_num_queries(9):
        course_of(fresh, on=TODAY + timedelta(days=days))


@pytest.mark.parametrize("days_late", [0, 1, 7, 21])
@pytest.mark.parametrize("kind", ["regress", "progress"])
def test_a_step_accepted_in_a_later_week_decides_no_more_than_it_spoke_of(
    program: Program, alice: User, kind: str, days_late: int
) -> None:
    """The stage that waited while the proposal lay there waits on: no rise comes of a step back."""
    spoken_of = program.start_date + timedelta(days=13)  # the last day of week 2
    phases = [phase.model_dump(mode="json") for phase in program_phases(program)]
    proposal = Proposal.objects.create(
        program=program, kind=kind, reasons=["x"], changes=phases, version=program.version,
        local_date=spoken_of,
    )  # fmt: skip  # a row
    now = MORNING + timedelta(days=13 + days_late)
    accept_proposal(proposal=proposal, by=alice, now=now)
    newest = ProgramVersion.objects.filter(program=program).order_by("-number").first()
    assert newest is not None
    assert newest.decided_week == 2


def test_a_red_flag_that_comes_again_while_its_alert_is_open_asks_anew(
    program: Program, alice: User
) -> None:
    now = live(program)
    open_alert(patient=program.patient, program=program, reason="red_flag", now=now)
    stop = propose(program=program, now=now)
    assert stop is not None
    decline_proposal(proposal=stop, by=alice, note="Seen, harmless", now=now)
    later = now + timedelta(days=1)
    open_alert(patient=program.patient, program=program, reason="red_flag", now=later)
    again = propose(program=program, now=later)
    assert again is not None
    assert (again.kind, again.pk != stop.pk) == ("stop", True)


@pytest.mark.parametrize("weeks", [30, 60, 200])
def test_after_a_year_without_a_decision_a_step_forward_is_still_one(
    maria: Patient, alice: User, weeks: int
) -> None:
    program = factories.program(maria)
    now = MORNING + timedelta(weeks=weeks)
    proposal = Proposal.objects.create(
        program=program, kind="forward", reasons=["x"], version=1, local_date=now.date(),
        changes=[phase.model_dump(mode="json") for phase in program_phases(program)],
    )  # fmt: skip  # a row
    assert program_versions(program).phase_on(now.date()) == "Calm"
    accept_proposal(proposal=proposal, by=alice, now=now)
    assert program_versions(program).phase_on(now.date()) == "Load"
