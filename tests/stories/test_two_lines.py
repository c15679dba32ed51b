"""One person asks about two product lines: two leads, one person, one voice."""

import json
from datetime import timedelta

import pytest

from leadloop.model.command import Accept, Disqualify, Edit
from leadloop.model.consent import SuppressionRef
from leadloop.model.decision import Applied
from leadloop.model.delivery import Purpose
from leadloop.model.due import Due
from leadloop.model.lead import TimerKind
from leadloop.model.lead_id import person_of
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import LeadHistory
from leadloop.store import keys, queries
from leadloop.store.read import read
from tests.stories.lake import lake_lines
from tests.stories.people import INES, KUBA
from tests.stories.world import World

HOME = {"name": "Ines Vogel", "email": "ines@vogelpumpen.de", "postcode": "10115", "country": "DE"}

CALLBACK = "homecare-callback"  # its leads go to a rep at once


def ask_in_two_lines(world: World, home: str = "homecare-advice") -> tuple[str, str]:
    """The ids of her leads in machines and in homecare."""
    first = world.submit(world.post_form("machines-quote", INES))
    second = world.submit(world.post_form(home, HOME))
    assert (first.outcome, second.outcome) == ("lead", "lead")
    return str(first.lead_id), str(second.lead_id)


def test_a_person_in_two_lines_is_two_leads_of_one_person() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    assert homecare == f"{machines}:homecare"
    lines = {id_: world.lead(id_).product_line for id_ in (machines, homecare)}
    assert lines == {machines: "machines", homecare: "homecare"}
    person = world.person(homecare)
    assert person == world.person(machines)
    assert person.contact.postcode == "10115"  # what was missing is filled in
    assert person.contact.company == "Vogel Pumpen AG"
    assert world.event_names(homecare)[0] == "LeadCreated"
    assert "SubmissionMerged" not in world.event_names(machines)


def test_the_submission_that_founds_a_further_lead_holds_none() -> None:
    world = World()
    _, homecare = ask_in_two_lines(world)
    record = world.record(world.stored(homecare).founded_by)
    assert (record.outcome, record.lead_id, record.lead) == ("lead", homecare, None)
    again = world.submit(world.post_form("homecare-advice", HOME, key=record.id))
    assert (again.repeated, again.lead_id) == (True, homecare)


def test_asking_again_in_a_line_is_merged_into_the_lead_of_that_line() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    before = world.lead(machines)
    again = world.submit(world.post_form("homecare-advice", {**HOME, "message": "And a pipe?"}))
    assert (again.outcome, again.lead_id) == ("merged", homecare)
    assert world.event_names(homecare).count("SubmissionMerged") == 1
    assert world.lead(machines) == before


def test_two_that_ask_about_a_new_line_in_one_batch_found_one_lead() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    verdicts = world.act(*(world.post_form("homecare-advice", HOME) for _ in range(2)))
    assert [getattr(each, "outcome", None) for each in verdicts] == ["lead", "merged"]
    assert {getattr(each, "lead_id", None) for each in verdicts} == {f"{ines}:homecare"}


def test_an_unknown_line_is_the_sources_own_with_a_reason() -> None:
    world = World()
    verdict = world.submit(world.post_form("machines-quote", {**INES, "product_line": "boats"}))
    assert world.lead(str(verdict.lead_id)).product_line == "machines"
    assert "unknown_line" in [reason.code for reason in verdict.reasons]
    again = world.submit(world.post_form("machines-quote", {**INES, "product_line": "boats"}))
    assert (again.outcome, again.lead_id) == ("merged", verdict.lead_id)
    assert "unknown_line" in [reason.code for reason in again.reasons]


def test_each_line_has_its_own_owner() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world, CALLBACK)
    owners = [world.lead(id_).assignment for id_ in (machines, homecare)]
    assert all(owners)
    assert world.open_leads() == sum(1 for each in owners if each and each.rep)
    owner = owners[0]
    assert owner is not None
    assert isinstance(world.run_command(machines, Accept(), by=str(owner.rep)), Applied)
    assert world.lead(machines).stage is Stage.ACCEPTED
    assert world.lead(homecare).stage is not Stage.ACCEPTED


def test_a_command_names_the_version_of_its_own_lead() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    version = world.stored(machines).version
    done = world.run_command(homecare, Disqualify(reason="no_fit"), by="m", role="manager")
    assert isinstance(done, Applied)
    assert (done.lead_id, done.version) == (homecare, 2)
    assert world.stored(machines).version == version
    assert world.lead(machines).stage is Stage.QUALIFIED


def test_an_edit_of_the_person_shows_in_every_line() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    edit = Edit(contact={"job_title": "Owner"})
    assert isinstance(world.run_command(homecare, edit, by="m", role="manager"), Applied)
    assert world.person(machines).contact.job_title == "Owner"


def cold_in_two_lines(world: World) -> tuple[str, str]:
    """Somebody who is nurtured in both lines."""
    first = world.submit(world.post_form("machines-quote", KUBA))
    name = {"name": "Jakub Wiśniewski", "email": KUBA["email"], "country": "PL"}
    second = world.submit(world.post_form("homecare-advice", name))
    leads = str(first.lead_id), str(second.lead_id)
    assert [world.lead(id_).stage for id_ in leads] == [Stage.NURTURING] * 2
    assert all(world.lead(id_).enrolments for id_ in leads)
    return leads


def test_a_timer_of_a_further_lead_is_asked_of_that_lead() -> None:
    world = World()
    machines, homecare = cold_in_two_lines(world)
    (timer,) = (each for each in world.lead(homecare).timers if each.kind is TimerKind.STEP)
    shard = int(keys.shard(homecare).removeprefix(keys.shard_name(0)[:-1]))
    dues = queries.due(world.table, shard, timer.at, 10).rows
    assert [each.key for each in dues if each.lead_id == homecare] == [timer.key]
    before = world.lead(machines).enrolments
    world.now = timer.at
    due = Due(timer=timer.kind, key=timer.key, lead_id=homecare, at=timer.at)
    (outcome,) = world.act(due)
    assert isinstance(outcome, Applied)
    assert (outcome.lead_id, outcome.what) == (homecare, "step")
    assert timer not in world.lead(homecare).timers
    assert world.lead(machines).enrolments == before


def due_now(world: World) -> list[Due]:
    """What the index shows as due: nothing, once the journey has run."""
    pages = (queries.due(world.table, shard, world.now, 10) for shard in range(keys.DUE_SHARDS))
    return [due for page in pages for due in page.rows]


def run_journey_at_the_step(world: World) -> str:
    """The id of a further lead whose step was due when the journey ran."""
    _, homecare = cold_in_two_lines(world)
    world.now = max(each.at for each in world.lead(homecare).timers)
    world.tick()
    return homecare


def test_a_timer_of_a_further_lead_that_is_asked_of_the_person_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bug put in: the index names the partition alone. Then the timer stays due for ever."""
    world = World()
    homecare = run_journey_at_the_step(world)
    assert due_now(world) == []
    assert "StepTaken" in world.event_names(homecare)
    monkeypatch.setattr(keys, "lead_id", lambda key: key.pk.removeprefix("S#"))
    broken = World()
    homecare = run_journey_at_the_step(broken)
    assert [each.lead_id for each in due_now(broken)] == [person_of(homecare)]
    assert "StepTaken" not in broken.event_names(homecare)


def test_nothing_stays_due_after_a_year_of_two_lines() -> None:
    world = World()
    leads = cold_in_two_lines(world)
    world.advance(days=365)
    assert due_now(world) == []
    assert all(world.mailed_steps(id_) for id_ in leads)


def test_the_caps_of_a_person_hold_over_all_lines() -> None:
    world = World()
    cold_in_two_lines(world)
    world.advance(days=60)
    policy = world.playbook.playbook.contact
    said = sorted(
        each.delivery.claimed_at
        for each in world.said
        if each.delivery.purpose is Purpose.NURTURE and each.delivery.claimed_at
    )
    assert len({each.delivery.lead_id for each in world.said if each.delivery.rep is None}) == 2
    window = timedelta(days=policy.per_days)
    for first in said:
        assert sum(first <= at < first + window for at in said) <= policy.most


def test_a_stop_in_one_line_ends_what_is_said_in_both() -> None:
    world = World()
    machines, homecare = cold_in_two_lines(world)
    assert isinstance(world.send_signal(homecare, "unsubscribe"), Applied)
    for id_ in (machines, homecare):
        assert world.lead(id_).enrolments == ()
        assert world.lead(id_).timers == ()
        assert "SequenceLeft" in world.event_names(id_)
    ids = [event.id for id_ in (machines, homecare) for event in world.events(id_)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("word", ["bounce", "complaint"])
def test_an_address_that_is_stopped_is_stopped_in_both_lines(word: str) -> None:
    world = World()
    machines, homecare = cold_in_two_lines(world)
    world.advance(days=30)
    mail = next(each for each in world.said if each.delivery.lead_id == homecare)
    person_id = person_of(homecare)  # an address of ours names the person alone
    world.send_signal(person_id, word, delivery_id=mail.delivery.id)
    stop = SuppressionRef(str(KUBA["email"]), "all")
    assert read(world.table, [stop])[stop] is not None
    assert [world.lead(id_).stage for id_ in (machines, homecare)] == [Stage.DISQUALIFIED] * 2
    assert "SignalConfirmed" in world.event_names(homecare)
    assert "SignalConfirmed" not in world.event_names(machines)


def test_a_take_back_in_one_line_leaves_the_other_with_its_owner() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world, CALLBACK)
    before = world.lead(machines).assignment
    assert before is not None
    assert isinstance(world.run_command(machines, Accept(), by=str(before.rep)), Applied)
    (breach,) = (each for each in world.lead(homecare).timers if each.kind is TimerKind.BREACH)
    world.now = breach.at
    world.tick()
    assert "LeadTakenBack" in world.event_names(homecare)
    assert "LeadTakenBack" not in world.event_names(machines)
    after = world.lead(machines).assignment
    assert after is not None
    assert after.rep == before.rep


def test_a_mere_subscriber_who_asks_has_one_lead_in_the_line_that_is_asked_about() -> None:
    world = World()
    reader = world.submit(world.post_form("homecare-newsletter", {"email": KUBA["email"]}))
    assert world.lead(reader.submission_id).subscriber
    asked = world.submit(world.post_form("machines-quote", KUBA))
    assert (asked.outcome, asked.lead_id) == ("merged", reader.submission_id)
    lead = world.lead(reader.submission_id)
    assert (lead.product_line, lead.subscriber) == ("machines", False)


def test_who_subscribes_in_another_line_founds_no_lead_there() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    verdict = world.submit(world.post_form("homecare-newsletter", {"email": KUBA["email"]}))
    assert (verdict.outcome, verdict.lead_id) == ("merged", kuba)


def test_a_wish_to_forget_what_founded_a_further_lead_ends_both() -> None:
    world = World()
    machines, homecare = cold_in_two_lines(world)
    wish = world.post_form("homecare-advice", {}, consent=False)
    verdict = world.submit(wish.but(erases=world.stored(homecare).founded_by))
    assert verdict.reasons[0].code == "erasure_asked"
    for id_ in (machines, homecare):
        assert world.lead(id_).stage is Stage.DISQUALIFIED
        assert world.lead(id_).enrolments == ()
    assert "ErasureAsked" in world.event_names(homecare)


def test_a_founding_submission_that_is_read_anew_adds_to_its_own_lead() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    founded_by, before = world.stored(homecare).founded_by, world.lead(machines)
    anew = world.post_form("homecare-advice", {**HOME, "product": "filter"}, consent=False)
    verdict = world.submit(anew.but(id=f"{founded_by}.2", cause=founded_by, replayed=True))
    assert (verdict.outcome, verdict.lead_id) == ("merged", homecare)
    assert world.lead(homecare).interest.product == "filter"
    assert world.lead(machines) == before
    assert world.record(founded_by).released_as == f"{founded_by}.2"


def test_a_lead_of_another_system_is_kept_quiet_in_its_own_line() -> None:
    world = World()
    ines = world.submit(world.post_form("homecare-advice", HOME)).submission_id
    past = LeadHistory(since=world.now - timedelta(days=400), stage=Stage.ACCEPTED, owner="jonas")
    verdict = world.submit(world.post_form("machines-quote", INES).but(past=past))
    assert (verdict.outcome, verdict.lead_id) == ("lead", f"{ines}:machines")
    lead = world.lead(str(verdict.lead_id))
    assert (lead.quiet, lead.stage) == (True, Stage.ACCEPTED)
    assert not world.lead(ines).quiet


def test_the_persons_values_keep_the_first_time_in_whichever_line_they_came() -> None:
    world = World()
    machines, homecare = ask_in_two_lines(world)
    late = world.post_form("homecare-advice", {**HOME, "postcode": "99999", "city": "Gera"})
    world.now += timedelta(days=1)
    world.submit(late.but(received_at=world.now))
    person = world.person(machines)
    assert (person.contact.postcode, person.contact.city) == ("10115", None)
    early = world.post_form("homecare-advice", {**HOME, "first_name": "Inés"})
    world.submit(early.but(received_at=world.now - timedelta(days=9)))
    assert world.person(homecare).contact.first_name == "Inés"


def test_every_event_of_both_leads_is_told_once_to_the_lake() -> None:
    world = World()
    leads = ask_in_two_lines(world, CALLBACK)
    lines = [json.loads(line) for line in lake_lines(world)]
    assert len({line["id"] for line in lines}) == len(lines)
    created = {line["lead_id"]: line for line in lines if line["name"] == "LeadCreated"}
    assert created.keys() == set(leads)
    assert [line["lead_id"] for line in lines if line["name"] == "LeadQualified"] == [*leads]
