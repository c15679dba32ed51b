"""Another system's list is kept as it stood there; nothing comes of it until it is released."""

from datetime import UTC, datetime, timedelta

import pytest

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.rep_alert import alert_owner
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.model import Row
from leadloop.model.command import Accept, Release
from leadloop.model.decision import Applied, Ignored, Refused
from leadloop.model.delivery import Delivery
from leadloop.model.facts import Facts
from leadloop.model.lead import OpportunityState, Record, SubmissionOutcome, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Channel, Submission
from leadloop.store import queries
from tests.stories.people import KUBA
from tests.stories.world import World, compile_acme

LIST = "old-crm"
NOTES = "14.03.2021 called, wants a price\n02.05.2021 sent an offer\nno answer yet"
LONG_AGO = datetime(2021, 3, 14, tzinfo=UTC)


def row(
    world: World, stage: str, owner: str = "", *, mail: str = "vera@altwerk.example"
) -> Submission:
    """As the imports' function reads it."""
    cells = {
        "E-Mail": mail,
        "Name": "Vera Alt",
        "Firma": "Altwerk",
        "Budget": "250000",
        "Angelegt": "14.03.2021",
        "Status": stage,
        "Betreuer": owner,
        "Verlauf": NOTES,
    }
    source = compile_acme().playbook.sources[LIST]
    body = build_file_row(Row(2, tuple(cells.values()), ()), tuple(cells), source.fields).body
    envelope = Envelope(
        id=submission_id(LIST, f"{stage}{owner}{mail}"),
        source=LIST,
        channel=Channel.FILE,
        received_at=world.now,
        sha256=sha256(body),
        size=len(body),
        body=body,
    )
    made = read_envelope(envelope, body, source)
    return made.submission if isinstance(made, UnreadableEnvelope) else made[0]


def kept(world: World, stage: str, owner: str = "") -> str:
    found = world.submit(row(world, stage, owner))
    assert found.outcome is SubmissionOutcome.LEAD, found.reasons
    return found.submission_id


def released(world: World, lead_id: str) -> Applied | Refused:
    return world.run_command(lead_id, Release(), by="u-1", role="admin")


def nothing_came_of_it(world: World) -> bool:
    said = (world.said, world.dropped, world.open_leads(), world.ready())
    return not any(said) and world._next_due(datetime.max.replace(tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("Interessent", Stage.NEW),
        ("Angeschrieben", Stage.NURTURING),
        ("Qualifiziert", Stage.QUALIFIED),
        ("In Arbeit", Stage.ACCEPTED),
        ("Angebot", Stage.CONVERTED),
        ("Kunde", Stage.CUSTOMER),
        ("Ruht", Stage.RECYCLED),
        ("Gesperrt", Stage.DISQUALIFIED),
    ],
)
def test_dates_owner_stage_and_history_are_kept_and_nothing_is_said_routed_or_timed(
    word: str, stage: Stage
) -> None:
    world = World()
    vera = kept(world, word, "Jonas Brandt")
    world.advance(days=400)
    lead = world.lead(vera)
    assert (lead.stage, lead.created_at, lead.timers) == (stage, LONG_AGO, ())
    assert lead.first_touch is not None
    assert lead.first_touch.at == LONG_AGO
    had = stage in (Stage.QUALIFIED, Stage.ACCEPTED, Stage.CONVERTED, Stage.CUSTOMER)
    assert (lead.assignment.rep if lead.assignment else None) == ("jonas" if had else None)
    later, first = queries.timeline(world.table, vera, 10).rows
    assert (first.at, first.note) == (LONG_AGO, "called, wants a price")
    assert later.note == "sent an offer\nno answer yet"
    assert queries.rep_list(world.table, "jonas", 10).rows == ()
    assert nothing_came_of_it(world)


def test_what_is_released_is_worked_from_where_it_stands_by_who_had_it() -> None:
    world = World()
    vera = kept(world, "Qualifiziert", "jonas@acme-flow.example")
    assert isinstance(released(world, vera), Applied)
    lead = world.lead(vera)
    assert lead.assignment is not None
    assert (lead.assignment.rep, lead.assignment.held) == ("jonas", True)
    assert [timer.kind for timer in lead.timers] == [TimerKind.BREACH]
    assert (world.count_mails("jonas"), world.open_leads()) == (1, 1)
    assert [card.id for card in queries.rep_list(world.table, "jonas", 10).rows] == [vera]
    assert isinstance(released(world, vera), Refused)
    assert isinstance(world.run_command(vera, Accept(), by="jonas"), Applied)


def test_who_rested_waits_from_the_release_on_and_is_worked_again() -> None:
    """Nobody told when the deal was lost, nor why."""
    world = World()
    vera = kept(world, "Ruht")
    assert isinstance(released(world, vera), Applied)
    (timer,) = world.lead(vera).timers
    assert (timer.kind, timer.at) == (TimerKind.RECYCLE, world.now + timedelta(days=60))
    world.advance(days=61)
    assert (world.lead(vera).cycle, world.lead(vera).stage) == (2, Stage.NURTURING)


def test_who_rested_and_asks_before_the_release_is_worked_at_once() -> None:
    world = World()
    vera = kept(world, "Ruht")
    world.submit(world.post_form("machines-quote", {**KUBA, "email": "vera@altwerk.example"}))
    lead = world.lead(vera)
    assert (lead.quiet, lead.cycle) == (False, 2)
    assert TimerKind.RECYCLE not in {timer.kind for timer in lead.timers}


def test_who_was_new_is_scored_and_routed_when_released_and_who_was_nurtured_is_nurtured() -> None:
    for word, budget, stage in (
        ("Interessent", 250_000, Stage.QUALIFIED),
        ("Angeschrieben", None, Stage.NURTURING),
    ):
        world = World()
        submission = row(world, word)
        world.submit(
            submission.but(
                interest=submission.interest.but(budget=budget, employees=budget and 900)
            )
        )
        released(world, submission.id)
        assert world.lead(submission.id).stage is stage, world.lead(submission.id).score
        assert bool(world.said) or bool(world.lead(submission.id).enrolments)


def test_an_owner_may_be_told_by_the_word_of_the_other_system() -> None:
    world = World()
    assignment = world.lead(kept(world, "Qualifiziert", "KW")).assignment
    assert assignment is not None
    assert assignment.rep == "katarzyna"


def test_an_open_deal_stays_open_and_its_owner_holds_it_once_it_is_released() -> None:
    world = World()
    vera = kept(world, "Angebot", "Jonas Brandt")
    deal = world.lead(vera).opportunity
    assert deal is not None
    assert (deal.state, deal.opened_at) == (OpportunityState.OPEN, LONG_AGO)
    released(world, vera)
    assert (world.open_leads(), world.said, world.lead(vera).timers) == (1, [], ())


@pytest.mark.parametrize("word", ["Kunde", "Gesperrt"])
def test_nobody_is_woken_by_a_release_whom_no_one_worked_on(word: str) -> None:
    world = World()
    vera = kept(world, word)
    released(world, vera)
    world.advance(days=400)
    assert nothing_came_of_it(world)


def test_who_asks_while_kept_quiet_is_answered_and_worked_like_anybody() -> None:
    world = World()
    vera = kept(world, "Angeschrieben")
    asked = world.submit(
        world.post_form("machines-quote", {**KUBA, "email": "vera@altwerk.example"})
    )
    assert (asked.outcome, asked.lead_id) == (SubmissionOutcome.MERGED, vera)
    assert not world.lead(vera).quiet
    assert "LeadReleased" in world.event_names(vera)
    assert world.said or world.lead(vera).timers


def test_a_list_says_nothing_about_somebody_we_know_already_but_its_history_is_kept() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    before, said = world.lead(kuba), len(world.said)
    told = world.submit(row(world, "Gesperrt", mail=str(KUBA["email"])))
    after = world.lead(kuba)
    assert told.outcome is SubmissionOutcome.MERGED
    assert (after.stage, after.assignment, after.timers) == (
        before.stage,
        before.assignment,
        before.timers,
    )
    assert len(world.said) == said
    assert world.event_names(kuba).count("HistoryKept") == 2


def test_what_somebody_works_on_waits_for_a_person_when_nobody_knows_who() -> None:
    world = World()
    found = world.submit(row(world, "In Arbeit", "Somebody Else"))
    assert (found.outcome, found.reasons[0].code) == (SubmissionOutcome.QUARANTINED, "owner")
    found = world.submit(row(world, "Qualifiziert", "Somebody Else"))
    assert (found.outcome, found.reasons[-1].code) == (SubmissionOutcome.LEAD, "owner_unknown")
    released(world, found.submission_id)
    assignment = world.lead(found.submission_id).assignment
    assert assignment is not None
    assert assignment.route != "kept"


def test_whatever_would_be_said_or_timed_of_a_lead_that_is_kept_quiet_is_not() -> None:
    world = World()
    before = StoredLead.of(world.record(kept(world, "Qualifiziert", "jonas")))
    assert before is not None
    draft = ChangeSet(
        trigger_id="t", before=before, context=DecisionContext(Facts(), world.playbook, world.now)
    )
    alert_owner(draft, "whoever asks for it")
    draft.set_timer(TimerKind.BREACH, world.now)
    (change, *_) = draft.build_decision(Ignored(why="a test")).changes
    assert isinstance(change.after, Record)
    assert change.after.lead is not None
    assert change.after.lead.timers == ()
    assert not [
        c for c in draft.build_decision(Ignored(why="")).changes if isinstance(c.after, Delivery)
    ]


def test_nobody_works_on_a_lead_before_it_is_released() -> None:
    world = World()
    vera = kept(world, "Qualifiziert", "Jonas Brandt")
    refused = world.run_command(vera, Accept(), by="jonas")
    assert isinstance(refused, Refused)
    assert "release it first" in refused.text
