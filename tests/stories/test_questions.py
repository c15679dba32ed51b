"""A question that no text of ours answers goes to a person, before all other work of theirs."""

from datetime import timedelta

import pytest

from leadloop.content.policy import CodeOffer
from leadloop.intake.policy import AutoResponse
from leadloop.model.command import Accept, Answer, Disqualify
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.decision import Applied, Refused
from leadloop.model.delivery import Purpose
from leadloop.model.facts import Change
from leadloop.model.lead import TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import parse_condition
from leadloop.store import queries
from leadloop.store.commit import commit
from tests.stories.people import INES, KUBA
from tests.stories.world import World, compile_acme

ADVICE, QUOTE, CHAT = "homecare-advice", "machines-quote", "chatwell"
HEIKE = {"email": "heike@web.de", "first_name": "Heike", "language": "de"}
WET, COST = {"message": "Unser Keller ist nass."}, {"message": "Was kostet ein Filter?"}


def said_to(world: World, email: str) -> list[str]:
    return [send.delivery.template for send in world.said if send.address == email]


def queue(world: World, pool: str) -> list[str]:
    return [card.id for card in queries.queue_list(world.table, pool, 50).rows]


def own(world: World, rep: str) -> list[str]:
    return [card.id for card in queries.rep_list(world.table, rep, 50).rows]


def test_what_a_text_answers_is_answered_and_nobody_is_asked() -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | COST)).submission_id
    assert said_to(world, "heike@web.de") == ["homecare_prices"]
    assert world.lead(heike).open_question is None
    assert queue(world, "care") == []


def test_what_none_answers_waits_for_a_person_though_the_lead_is_nobodys_yet() -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | WET)).submission_id
    assert said_to(world, "heike@web.de") == ["homecare_received"]
    lead = world.lead(heike)
    assert (lead.stage, lead.assignment) == (Stage.NURTURING, None)
    assert queue(world, "care") == [heike]
    assert all(send.delivery.purpose is not Purpose.REP_ALERT for send in world.said)


def test_who_asks_nothing_waits_in_no_list() -> None:
    world = World()
    world.submit(world.post_form(ADVICE, HEIKE))
    assert queue(world, "care") == []


def test_who_cannot_be_written_to_is_answered_by_a_person() -> None:
    world = World()
    anna = world.submit(world.post_form(ADVICE, {"phone": "+4930901820"} | COST)).submission_id
    assert queue(world, "care") == [anna] or world.lead(anna).assignment is not None
    assert world.lead(anna).open_question is not None


def test_it_stands_before_every_score_and_the_longest_waiting_first() -> None:
    world = World()
    said = ("A pump.", "Fits it?", "Ten pumps.", "When?", "Two.", "Which?")
    for n, message in enumerate(said):
        person = INES | {"email": f"a{n}@zinkwerk{n}.example", "message": message}
        world.submit(world.post_form(QUOTE, person | {"budget": 1_000 * n}))
        world.advance(minutes=1)
    lists_of = [queries.rep_list(world.table, rep, 50).rows for rep in ("greta", "dale")]
    for rows in lists_of:
        waiting = [row.asked for row in rows]
        asked = [at for at in waiting if at]
        assert asked
        assert waiting == [*sorted(asked), *[""] * (len(rows) - len(asked))]


@pytest.mark.parametrize("by", ["anna", "bruno"])
def test_anybody_in_whose_list_it_waits_may_answer_and_it_leaves_the_list(by: str) -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | WET)).submission_id
    world.advance(minutes=10)
    assert isinstance(world.run_command(heike, Answer(note="Rang her."), by=by), Applied)
    assert queue(world, "care") == []
    assert world.event_names(heike)[-1] == "QuestionAnswered"
    assert queries.timeline(world.table, heike, 1).rows[0].note == "Rang her."


def test_nobody_else_may_answer_and_nobody_twice() -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | WET)).submission_id
    foreign = world.run_command(heike, Answer(), by="greta")
    assert isinstance(foreign, Refused)
    assert foreign.error == "Forbidden"
    world.run_command(heike, Answer(), by="anna")
    again = world.run_command(heike, Answer(), by="anna")
    assert isinstance(again, Refused)
    assert again.error == "Conflict"


def test_the_owner_answers_a_lead_that_has_one() -> None:
    world = World()
    ines = world.submit(world.post_form(QUOTE, INES | {"message": "Fits it?"})).submission_id
    owner = world.lead(ines).assignment
    assert owner is not None
    assert owner.rep is not None
    colleague = world.run_command(ines, Answer(), by="dale" if owner.rep != "dale" else "greta")
    assert isinstance(colleague, Refused)
    world.run_command(ines, Accept(), by=owner.rep)
    assert world.lead(ines).open_question is not None  # to take a lead on is no answer
    assert isinstance(world.run_command(ines, Answer(), by=owner.rep), Applied)


def test_a_second_question_waits_since_the_first() -> None:
    world = World()
    first = world.now
    heike = world.submit(world.post_form(ADVICE, HEIKE | WET)).submission_id
    world.advance(hours=3)
    world.submit(world.post_form(ADVICE, HEIKE | {"message": "Und wann?"}))
    asked = world.lead(heike).open_question
    assert asked is not None
    assert asked.at == first
    assert world.event_names(heike).count("QuestionAsked") == 1


def test_who_is_out_of_work_waits_for_no_answer() -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | WET)).submission_id
    world.run_command(heike, Disqualify(reason="not_real"), by="u-1", role="manager")
    assert queue(world, "care") == []


def test_an_owner_is_told_what_was_asked_just_now() -> None:
    world = World()
    world.submit(world.post_form(QUOTE, INES | {"message": "A pump, please."}))
    world.advance(minutes=10)
    world.submit(world.post_form(QUOTE, INES | {"message": "Does it fit 2 inches?"}))
    assert world.said[-1].delivery.data["said"] == "Does it fit 2 inches?"


def test_a_row_may_give_what_was_asked_for() -> None:
    playbook = compile_acme().playbook
    source = playbook.sources[QUOTE].but(
        auto_responses=(
            AutoResponse(
                template="offer_pump_guide",
                when=parse_condition({"field": "interest.message", "any_word": ["guide"]}),
                offer="pump-guide",
            ),
        )
    )
    world = World(
        playbook=CompiledPlaybook(
            playbook.but(version="asset", sources={**playbook.sources, QUOTE: source})
        )
    )
    kuba = world.submit(world.post_form(QUOTE, KUBA | {"message": "May I have the guide?"}))
    (given,) = [s.delivery for s in world.said if s.delivery.purpose is Purpose.OFFER]
    assert (given.offer, given.template) == ("pump-guide", "offer_pump_guide")
    assert world.lead(kuba.submission_id).open_question is None


def test_where_no_voucher_is_left_the_person_is_told_so() -> None:
    playbook = compile_acme().playbook
    voucher = playbook.offers["filter-voucher"]
    assert isinstance(voucher, CodeOffer)
    offers = {**playbook.offers, voucher.id: voucher.but(codes=("ONE",))}
    world = World(playbook=CompiledPlaybook(playbook.but(version="few", offers=offers)))
    for n in range(2):
        world.submit(world.post_form("homecare-newsletter", {"email": f"reader{n}@web.de"}))
        world.confirm_all()
    assert said_to(world, "reader0@web.de") == ["offer_confirmation", "offer_voucher"]
    assert said_to(world, "reader1@web.de") == ["offer_voucher_gone"]


def test_a_rep_has_less_time_for_who_comes_by_chat() -> None:
    world = World()
    waits = {}
    for door in (QUOTE, CHAT):
        person = INES | {"email": f"{door}@zinkwerk.example", "message": "Ein Angebot?"}
        lead = world.lead(world.submit(world.post_form(door, person)).submission_id)
        (waits[door],) = (t.at - world.now for t in lead.timers if t.kind is TimerKind.BREACH)
    assert waits == {QUOTE: timedelta(minutes=30), CHAT: timedelta(minutes=5)}


def test_a_text_that_may_not_be_said_is_no_answer() -> None:
    world = World()
    heike = world.submit(world.post_form(ADVICE, HEIKE | COST)).submission_id
    world.advance(minutes=20)
    world.submit(world.post_form(ADVICE, HEIKE | {"message": "Und was kosten zwei?"}))
    assert said_to(world, "heike@web.de") == ["homecare_prices"]  # the same once a day
    assert queue(world, "care") == [heike]
    stop = Suppression(why="complaint", at=world.now)
    assert not commit(world.table, [Change(SuppressionRef("olaf@web.de", "all"), None, stop)])
    olaf = world.submit(world.post_form(ADVICE, {"email": "olaf@web.de"} | COST)).submission_id
    assert said_to(world, "olaf@web.de") == []
    assert queue(world, "care") == [heike, olaf]
