"""The product as prose: what becomes of people, from the first form to the won customer."""

from leadloop.model.command import Accept, Convert, Edit, Lose, Reject, Win
from leadloop.model.decision import Applied, Refused
from leadloop.model.delivery import Purpose
from leadloop.model.lead import Rating, SubmissionOutcome, TimerKind
from leadloop.model.lifecycle import Stage
from tests.stories.people import INES, KUBA
from tests.stories.world import World


def owner(world: World, lead_id: str) -> str:
    assignment = world.lead(lead_id).assignment
    assert assignment is not None
    assert assignment.rep is not None
    return assignment.rep


def test_from_a_form_to_a_won_deal() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    assert world.lead(ines).rating is Rating.HOT
    rep = owner(world, ines)
    assert world.count_mails(rep) == 1

    world.advance(minutes=10)
    assert isinstance(world.run_command(ines, Accept(), by=rep), Applied)
    world.run_command(ines, Convert(value=480_000_00, currency="EUR"), by=rep)
    world.advance(days=20)
    world.run_command(ines, Win(value=450_000_00, currency="EUR"), by=rep)

    assert world.lead(ines).stage is Stage.CUSTOMER
    assert world.lead(ines).timers == ()
    assert world.event_names(ines) == [
        "LeadCreated",
        "LeadScored",
        "LeadQualified",
        "OwnerChanged",
        "LeadAccepted",
        "LeadConverted",
        "OpportunityWon",
    ]


def test_from_a_cold_form_through_nurturing_to_hot_and_won() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    assert world.lead(kuba).stage is Stage.NURTURING
    assert world.lead(kuba).assignment is None, "below the threshold no sales person is told"

    world.advance(hours=2)
    assert world.mailed_steps(kuba) == ["welcome"]
    world.send_signal(kuba, "click")
    world.advance(days=9)
    assert world.mailed_steps(kuba) == ["welcome", "story"], "who has clicked is spared the second"

    before = world.lead(kuba).score.total
    world.send_signal(kuba, "reply")
    assert world.lead(kuba).score.total > before
    again = KUBA | {"budget": 80_000, "timeframe": "now", "message": "Please send a quote"}
    asked = world.submit(world.post_form("machines-quote", again))
    assert asked.outcome is SubmissionOutcome.MERGED
    assert world.lead(kuba).stage is Stage.QUALIFIED
    rep = owner(world, kuba)
    world.run_command(kuba, Accept(), by=rep)
    world.run_command(kuba, Convert(), by=rep)
    world.run_command(kuba, Win(value=1), by=rep)
    assert world.lead(kuba).stage is Stage.CUSTOMER
    assert world.mailed_steps(kuba) == ["welcome", "story"], (
        "nothing is sent to who left the sequence"
    )


def test_a_lost_deal_waits_as_its_reason_says_and_is_won_in_the_next_cycle() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    world.run_command(ines, Convert(value=100), by=rep)
    world.run_command(ines, Lose(reason="timing"), by=rep)
    assert world.lead(ines).stage is Stage.RECYCLED
    assert world.lead(ines).assignment is None

    world.advance(days=29)
    assert world.lead(ines).stage is Stage.RECYCLED
    world.advance(days=2)
    lead = world.lead(ines)
    assert (lead.stage, lead.cycle) == (Stage.QUALIFIED, 2)
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    world.run_command(ines, Convert(value=100), by=rep)
    world.run_command(ines, Win(value=100), by=rep)
    assert world.lead(ines).stage is Stage.CUSTOMER
    assert [o.state for o in world.lead(ines).opportunities] == ["lost", "won"]


def test_a_lost_reason_that_never_comes_back_closes_the_lead() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    world.run_command(ines, Convert(), by=rep)
    world.run_command(ines, Lose(reason="no_need"), by=rep)
    assert world.lead(ines).stage is Stage.DISQUALIFIED
    assert world.event_names(ines)[-1] == "LeadClosed"


def test_who_accepts_too_late_finds_it_with_somebody_else() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    first = owner(world, ines)
    world.advance(minutes=40)
    second = owner(world, ines)
    assert second != first
    assert (world.count_mails(first), world.count_mails(second)) == (1, 1)
    late = world.run_command(ines, Accept(), by=first)
    assert isinstance(late, Refused)
    assert "belongs to" in late.text
    assert isinstance(world.run_command(ines, Accept(), by=second), Applied)


def test_a_lead_nobody_accepts_is_escalated_and_stays_with_the_duty_team() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.advance(hours=2)
    assignment = world.lead(ines).assignment
    assert assignment is not None
    assert (assignment.pool, assignment.takebacks) == ("overflow", 2)
    world.advance(days=2)
    assignment = world.lead(ines).assignment
    assert assignment is not None
    assert (assignment.pool, assignment.takebacks) == ("overflow", 2)


def test_only_one_rep_at_a_time_counts_a_lead_as_open() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    for _ in range(5):
        world.advance(minutes=31)
        assert world.open_leads() == 1
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    world.run_command(ines, Reject(reason="no_fit"), by=rep)
    assert world.open_leads() == 0


def test_the_same_person_again_is_merged_and_the_owner_is_told() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, ines)
    world.advance(minutes=10)
    again = world.submit(world.post_form("machines-quote", (INES | {"company": "Other"})))
    assert (again.outcome, again.lead_id) == (SubmissionOutcome.MERGED, ines)
    assert world.person(ines).contact.company == "Vogel Pumpen AG"
    assert world.count_mails(rep) == 2
    assert "SubmissionMerged" in world.event_names(ines)


def test_a_colleague_goes_to_who_already_owns_the_company() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    for number in range(3):
        colleague = INES | {
            "first_name": f"Olaf{number}",
            "email": f"olaf{number}@vogelpumpen.de",
            "phone": f"+49 30 90182{number + 1}",
        }
        olaf = world.submit(world.post_form("machines-quote", colleague)).submission_id
        assert owner(world, olaf) == rep


def test_a_customer_who_asks_again_gets_an_opportunity_with_customer_success() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, ines)
    world.run_command(ines, Accept(), by=rep)
    world.run_command(ines, Convert(), by=rep)
    world.run_command(ines, Win(value=1), by=rep)
    world.submit(world.post_form("machines-quote", INES))
    lead = world.lead(ines)
    assert lead.stage is Stage.CUSTOMER
    assert lead.assignment is not None
    assert lead.assignment.pool == "success"
    assert [o.state for o in lead.opportunities] == ["won", "open"]
    world.run_command(ines, Win(value=2), by=owner(world, ines))
    assert world.lead(ines).stage is Stage.CUSTOMER
    assert world.open_leads() == 0


def test_a_customer_who_asks_twice_has_one_open_opportunity_and_one_owner() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    for action in (Accept(), Convert(), Win(value=1)):
        world.run_command(ines, action, by="mia", role="manager")
    assert world.open_leads() == 0
    world.submit(world.post_form("machines-quote", INES))
    rep = owner(world, ines)
    world.advance(minutes=10)
    world.submit(world.post_form("machines-quote", INES))
    assert owner(world, ines) == rep
    assert [o.state for o in world.lead(ines).opportunities] == ["won", "open"]
    assert world.open_leads() == 1
    assert world.count_mails(rep) == 2
    world.run_command(ines, Win(value=1), by="mia", role="manager")
    assert world.open_leads() == 0


def test_a_rejected_lead_that_was_not_ready_is_nurtured() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.run_command(ines, Reject(reason="not_ready"), by=owner(world, ines))
    world.advance(hours=2)
    lead = world.lead(ines)
    assert lead.stage is Stage.NURTURING
    assert lead.assignment is None
    assert world.mailed_steps(ines) == ["welcome"]


def test_a_rejected_lead_is_qualified_again_only_by_more_than_sales_has_seen() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.run_command(ines, Reject(reason="not_ready"), by=owner(world, ines))
    world.advance(days=9)
    assert world.lead(ines).stage is Stage.NURTURING
    world.send_signal(ines, "click")
    assert world.lead(ines).stage is Stage.QUALIFIED


def test_a_rejected_lead_that_asks_again_is_worked_again() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.run_command(ines, Reject(reason="not_ready"), by=owner(world, ines))
    world.submit(world.post_form("machines-quote", INES))
    assert world.lead(ines).stage is Stage.QUALIFIED


def test_an_unsubscribe_ends_the_sequence_and_nothing_more_is_said() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=2)
    world.send_signal(kuba, "unsubscribe")
    world.advance(days=20)
    assert world.mailed_steps(kuba) == ["welcome"]
    assert not world.lead(kuba).enrolments


def test_a_bounce_stops_every_message_to_the_address() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=2)
    (welcome,) = world.said
    world.send_signal(kuba, "bounce", delivery_id=welcome.delivery.id)
    world.advance(days=20)
    assert world.mailed_steps(kuba) == ["welcome"]
    assert world.lead(kuba).stage is Stage.DISQUALIFIED


def test_without_consent_nothing_is_sent_to_the_person() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA, consent=False)).submission_id
    world.advance(days=20)
    assert world.mailed_steps(kuba) == []
    assert {drop.why for drop in world.dropped} == {"no consent to marketing"}


def test_the_same_signal_twice_counts_once() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.send_signal(kuba, "click", signal_id="one-click")
    score = world.lead(kuba).score
    world.send_signal(kuba, "click", signal_id="one-click")
    assert world.lead(kuba).score == score


def test_a_behaviour_score_fades_and_is_exact_at_every_turn() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    cold = world.lead(kuba).score.total
    world.send_signal(kuba, "click")
    assert world.lead(kuba).score.total == cold + 15


def test_what_a_person_corrects_stays_corrected() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    edit = Edit(contact={"company": "Vogel & Söhne KG"})
    world.run_command(ines, edit, by="mia", role="marketing")
    world.submit(world.post_form("machines-quote", INES))
    assert world.person(ines).contact.company == "Vogel & Söhne KG"


def test_a_possible_match_is_shown_and_never_applied() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    other = INES | {"email": "ines.v@gmail.com"}
    verdict = world.submit(world.post_form("machines-quote", other))
    assert verdict.outcome is SubmissionOutcome.LEAD
    assert world.person(verdict.submission_id).possible_matches == (ines,)


def test_every_rep_who_did_not_get_it_is_named_with_the_reason() -> None:
    world = World()
    lead = INES | {"country": "GB", "language": "en", "employees": 20, "budget": 60_000}
    ines = world.submit(world.post_form("machines-quote", (lead | {"timeframe": "soon"})))
    record = world.record(ines.submission_id)
    codes = {reason.code for reason in record.why_not}
    assert codes >= {"on_leave", "full"}, record
    assert owner(world, ines.submission_id) in {"ruth", "viktor"}


def test_after_a_take_back_the_lead_names_who_let_the_time_pass() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    assert {reason.code for reason in world.record(ines).why_not} == {"route"}
    world.advance(minutes=31)
    assert {reason.code for reason in world.record(ines).why_not} == {"route", "took_too_long"}


def test_a_route_that_was_passed_over_is_named_with_its_failing_clause_and_value() -> None:
    world = World()
    lead = INES | {"employees": 20, "budget": 60_000, "timeframe": "soon"}
    verdict = world.submit(world.post_form("machines-quote", lead))
    texts = [reason.text for reason in world.record(verdict.submission_id).why_not]
    assert any(text.startswith("Route “islands” asks for contact.country") for text in texts)
    assert any("found DE" in text for text in texts)


def test_a_nurture_message_held_for_quiet_hours_is_dropped_when_the_person_answers() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(minutes=59)
    lead = world.lead(kuba)
    step = next(timer for timer in lead.timers if timer.kind is TimerKind.STEP)
    assert step.at > world.now
    world.send_signal(kuba, "reply")
    world.advance(days=10)
    assert world.mailed_steps(kuba) == []
    assert all(send.delivery.purpose is not Purpose.NURTURE for send in world.said)
