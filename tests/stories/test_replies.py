"""A person answers a mail of ours: it counts, ends the sequence, and somebody reads it first."""

from leadloop.model.command import Accept, Actor
from leadloop.model.delivery import Purpose, delivery_digest
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Channel, Submission
from leadloop.store import queries
from tests.stories.people import INES, KUBA
from tests.stories.world import World

QUOTE, SAID = "machines-quote", "Kann jemand anrufen?"


def reply(world: World, lead_id: str, said: str = SAID, message_id: str = "<1@x>") -> Submission:
    made = world.post_form("replies", {"message": said}, consent=False)
    mails = [send for send in world.said if send.delivery.rep is None]
    return made.but(
        channel=Channel.MAIL,
        answers=lead_id,
        answered_mail=delivery_digest(mails[-1].delivery.id) if mails else None,
        answered_by=mails[-1].address if mails else None,
        message_id=message_id,
        id=f"R{made.id[-4:]}",
    )


def nurtured(world: World) -> str:
    kuba = world.submit(world.post_form(QUOTE, KUBA)).submission_id
    world.advance(hours=2)
    assert world.mailed_steps(kuba) == ["welcome"]
    return kuba


def test_a_reply_is_merged_into_its_lead_and_its_words_are_on_the_timeline() -> None:
    world = World()
    kuba = nurtured(world)
    verdict = world.submit(reply(world, kuba))
    assert (verdict.outcome, verdict.lead_id) == (SubmissionOutcome.MERGED, kuba)
    assert verdict.reasons[0].code == "reply"
    (entry, *_) = queries.timeline(world.table, kuba, 5).rows
    assert entry.note == SAID
    assert entry.events[0].data["signal"] == "reply"


def test_it_counts_once_and_the_sequence_ends_where_the_playbook_says_so() -> None:
    world = World()
    kuba = nurtured(world)
    before = world.lead(kuba).score.behaviour
    world.submit(reply(world, kuba))
    assert world.lead(kuba).score.behaviour > before
    world.advance(days=30)
    assert world.mailed_steps(kuba) == ["welcome"]
    assert not world.lead(kuba).enrolments


def test_somebody_reads_it_though_the_lead_is_nobodys() -> None:
    world = World()
    kuba = nurtured(world)
    world.submit(reply(world, kuba))
    lead = world.lead(kuba)
    assert lead.open_question is not None
    pool = lead.assignment.pool if lead.assignment else lead.open_question.pool
    rows = queries.queue_list(world.table, pool, 5).rows
    assert [row.id for row in rows] == [kuba] or lead.stage is Stage.QUALIFIED


def test_an_owner_is_woken_with_what_was_said() -> None:
    world = World()
    ines = world.submit(world.post_form(QUOTE, INES)).submission_id
    owner = world.lead(ines).assignment
    assert owner is not None
    assert owner.rep is not None
    world.run_command(ines, Accept(), by=owner.rep)
    mails = world.count_mails(owner.rep)
    # Nobody wrote to her yet, so a person must have released it.
    world.submit(reply(world, ines).but(released_by=Actor(id="desk", role="admin")))
    assert world.count_mails(owner.rep) == mails + 1
    assert world.said[-1].delivery.data["said"] == SAID
    assert world.lead(ines).stage is Stage.ACCEPTED


def test_one_that_makes_the_lead_hot_tells_its_new_owner_once() -> None:
    world = World()
    kuba = world.submit(world.post_form(QUOTE, KUBA | {"timeframe": "now"})).submission_id
    while world.lead(kuba).stage is Stage.NURTURING:
        world.submit(reply(world, kuba, message_id=f"<{world.now}@x>"))
        world.advance(minutes=1)
    told = [s for s in world.said if s.delivery.purpose is Purpose.REP_ALERT]
    assert len(told) == 1
    assert told[0].delivery.data["said"] == SAID


def test_the_same_mail_to_two_addresses_of_ours_counts_once() -> None:
    world = World()
    kuba = nurtured(world)
    first, second = reply(world, kuba), reply(world, kuba)
    for each in (first, second, first):
        assert world.submit(each).outcome is SubmissionOutcome.MERGED
    assert world.event_names(kuba).count("SignalConfirmed") == 1


def test_two_replies_in_one_batch_are_two() -> None:
    world = World()
    kuba = nurtured(world)
    world.act(reply(world, kuba), reply(world, kuba, "Bitte bald.", "<2@x>"))
    assert world.event_names(kuba).count("SignalConfirmed") == 2
    assert world.event_names(kuba).count("QuestionAsked") == 1


def test_a_reply_about_nobody_is_kept_for_a_person() -> None:
    world = World()
    verdict = world.submit(reply(world, "N" * 26))
    assert (verdict.outcome, verdict.reasons[0].code) == (
        SubmissionOutcome.QUARANTINED,
        "no_such_lead",
    )


def test_who_waits_or_is_put_aside_is_not_woken_by_it_but_answered() -> None:
    world = World()
    kuba = nurtured(world)
    world.send_signal(kuba, "complaint", delivery_id=world.said[0].delivery.id)
    world.submit(reply(world, kuba))
    assert world.lead(kuba).stage is Stage.DISQUALIFIED
    assert world.lead(kuba).open_question is not None
