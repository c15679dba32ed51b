"""What a vendor only names is asked for; what it wants forgotten is silenced; a test counts 0."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from leadloop.act import Failure, act
from leadloop.decide.submissions.vendor_fetch import FETCH_RETRY_WINDOW
from leadloop.model.command import Accept, Convert, Win
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.erasure import RETENTION, ErasureRef
from leadloop.model.lead import RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.versions import stamp_version
from leadloop.store.read import read
from tests.stories.test_races import Overtaken
from tests.stories.world import World, compile_acme
from tests.unit.intake.webhooks.posts import (
    build_source,
    google_post,
    linkedin_answer,
    linkedin_post,
    meta_answer,
    meta_post,
    read_post,
)

ADA = "ada@lovelace.example"
ASKS = {  # as much to look up as a source can want
    "asks": {"field": "source", "given": True},
    "auto_responses": [{"template": "homecare_prices", "when": {"field": "customer", "is": False}}],
}
HOOKS = {
    name: build_source(name, id=name, product_line="machines", **ASKS)
    for name in ("meta", "google", "linkedin")
} | {
    "forms": build_source(
        "json",
        id="forms",
        product_line="machines",
        leads="daten",
        key_field="nr",
        deleted_field="stand == 'weg'",
        fields={"post": "contact.email", "wer": "contact.name"},
    )
}


def book() -> CompiledPlaybook:
    sample = compile_acme().playbook
    return CompiledPlaybook(stamp_version(sample.but(sources={**sample.sources, **HOOKS})))


@dataclass
class Vendor:
    """Answers what it knows; `down` while it is not reached."""

    knows: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, world: World, refs: Sequence[CheckRef]) -> Mapping[CheckRef, Any]:
        return {ref: self._one(world, ref) for ref in refs}

    def _one(self, world: World, ref: CheckRef) -> ProviderAnswer | ProviderFailure:
        self.asked.append(ref.of)
        if ref.of in self.knows and not self.down:
            body = json.dumps(self.knows[ref.of]).encode()
            return ProviderAnswer(provider=ref.provider, at=world.now, body=body)
        why = "does not answer" if self.down else "answered 404"
        return ProviderFailure(provider=ref.provider, at=world.now, why=why, passing=self.down)


@pytest.fixture
def world() -> World:
    return World(playbook=book())


def came(world: World, vendor: Vendor, *submissions: Submission) -> list[Outcome]:
    results = act(
        submissions,
        table=world.table,
        playbook=world.playbook,
        clock=lambda: world.now,
        pause=lambda _: None,
        ask=lambda refs: vendor.ask(world, refs),
    )
    world.settle()
    return [result for result in results if not isinstance(result, Failure)]


def posted(world: World, hook: str, post: Any) -> list[Submission]:
    return [
        each.but(received_at=world.now, source=hook)
        for each in read_post(post, HOOKS[hook].but(id="hook"))
    ]


def test_a_named_lead_is_asked_for_and_founded(world: World) -> None:
    vendor = Vendor({"71": meta_answer(email=ADA, full_name="Ada Lovelace")})
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    (verdict,) = came(world, vendor, named)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, vendor.asked) == ("lead", ["71"])
    record = world.record(named.id)
    assert record.person is not None
    assert (record.person.contact.email, record.raw.body) == (ADA, named.raw.body)
    assert json.loads(record.checks[0].body)["id"] == "71"


def test_a_vendor_that_is_down_is_asked_again_and_then_a_person_looks(world: World) -> None:
    vendor = Vendor({"71": meta_answer(email=ADA)}, down=True)
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    for _ in range(4):
        assert [type(each) for each in came(world, vendor, named)] == [Postponed]
        world.now += timedelta(minutes=5, seconds=1)
    assert world.now - named.received_at > FETCH_RETRY_WINDOW
    (verdict,) = came(world, vendor, named)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reasons[0].code) == ("quarantined", "not_fetched")


def test_a_vendor_that_comes_back_in_time_costs_nothing(world: World) -> None:
    vendor = Vendor({"71": meta_answer(email=ADA)}, down=True)
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    came(world, vendor, named)
    vendor.down = False
    assert [each.outcome for each in came(world, vendor, named)] == ["lead"]  # type: ignore[union-attr]


def test_a_lead_that_its_vendor_does_not_know_is_held_at_once(world: World) -> None:
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    (verdict,) = came(world, Vendor(), named)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reasons[0].code) == ("quarantined", "not_fetched")
    assert "404" in verdict.reasons[0].text


def test_nobody_outside_is_asked_where_nobody_may(world: World) -> None:
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    (verdict,) = world.act(named)
    assert isinstance(verdict, Verdict)
    assert verdict.reasons[0].code == "not_fetched"


def test_in_a_batch_one_that_is_put_off_keeps_no_neighbour(world: World) -> None:
    vendor = Vendor({"71": meta_answer(email=ADA)}, down=False)
    batch = posted(world, "meta", meta_post({"leadgen_id": "71"}, {"leadgen_id": "72"}))
    found = came(world, vendor, *batch)
    assert [getattr(each, "outcome", None) for each in found] == ["lead", "quarantined"]
    again = came(world, vendor, *batch)
    assert [getattr(each, "repeated", None) for each in again] == [True, True]


def test_the_same_lead_by_number_and_by_text_five_times_is_one(world: World) -> None:
    vendor = Vendor({"71": meta_answer(email=ADA)})
    for id_ in ("71", 71, 71.0, " 71", "71"):
        came(world, vendor, *posted(world, "meta", meta_post({"leadgen_id": id_})))
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    assert world.record(named.id).lead is not None
    assert world.event_names(named.id).count("LeadCreated") == 1
    assert "SubmissionMerged" not in world.event_names(named.id)


@pytest.mark.parametrize(
    ("hook", "post", "knows"),
    [
        ("google", google_post(is_test=True), {}),
        ("meta", meta_post({"leadgen_id": "444444444444"}), {}),
        ("linkedin", linkedin_post(), {"1a-4": linkedin_answer(test=True)}),
    ],
)
def test_a_vendors_test_is_shown_by_its_id_and_counts_for_nothing(
    world: World, hook: str, post: Any, knows: dict[str, Any]
) -> None:
    (test,) = posted(world, hook, post)
    (verdict,) = came(world, Vendor(knows), test)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reasons[0].code) == ("rejected", "test")
    record = world.record(test.id)
    assert (record.lead, record.events, world.said, world.open_leads()) == (None, (), [], 0)


def test_what_is_to_be_forgotten_is_silenced_and_waits_for_a_person(world: World) -> None:
    vendor = Vendor({"1a-4": linkedin_answer()})
    (lead,) = posted(world, "linkedin", linkedin_post())
    came(world, vendor, lead)
    (gone,) = posted(world, "linkedin", linkedin_post("DELETED"))
    (verdict,) = came(world, vendor, gone)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reasons[0].code) == ("quarantined", "erasure_asked")
    assert lead.id in verdict.reasons[0].text
    assert world.lead(lead.id).enrolments == ()
    assert world.lead(lead.id).stage == "disqualified"
    before = world.mailed_steps(lead.id)
    world.advance(days=60)
    assert world.mailed_steps(lead.id) == before
    assert "ErasureAsked" in world.event_names(lead.id)


def test_a_request_to_forget_nobody_we_know_makes_no_lead(world: World) -> None:
    (gone,) = posted(world, "linkedin", linkedin_post("DELETED"))
    (verdict,) = came(world, Vendor(), gone)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "quarantined"
    assert read(world.table, [RecordRef(gone.erases or "")])[RecordRef(gone.erases or "")] is None


GONE_AND_NEW = {
    "forms": (
        {"daten": [{"nr": 5, "stand": "weg"}]},
        {"daten": [{"nr": "5", "stand": "neu", "post": ADA, "wer": "Ada Byron"}]},
    ),
    "forms in one post": (
        {"daten": {"nr": 5, "stand": "weg", "post": ADA}},
        {"daten": {"nr": 5.0, "post": ADA}},
    ),
    "linkedin": (linkedin_post("DELETED"), linkedin_post()),
    "linkedin in a batch": ([linkedin_post("DELETED")], [linkedin_post()]),
}


@pytest.mark.parametrize("name", GONE_AND_NEW)
def test_what_was_to_be_forgotten_before_it_came_makes_no_lead(world: World, name: str) -> None:
    source = name.partition(" ")[0]
    vendor = Vendor({"1a-4": linkedin_answer()})
    wish, new = GONE_AND_NEW[name]
    (gone,), (late,) = posted(world, source, wish), posted(world, source, new)
    verdicts = came(world, vendor, gone) + came(world, vendor, late)
    for verdict in verdicts:
        assert isinstance(verdict, Verdict)
        assert (verdict.outcome, verdict.reasons[0].code) == ("quarantined", "erasure_asked")
    assert late.id == gone.erases
    record = read(world.table, [RecordRef(late.id)])[RecordRef(late.id)]
    assert record is not None
    assert getattr(record, "lead", None) is None
    world.advance(days=60)
    assert world.mailed_steps(late.id) == []


@pytest.mark.parametrize("name", GONE_AND_NEW)
@pytest.mark.parametrize("is_wish_first", [True, False])
def test_s26_a_wish_and_what_it_names_do_not_miss_each_other(
    name: str, is_wish_first: bool
) -> None:
    """One is decided between the reading and the writing of the other."""
    table = Overtaken()
    world, vendor = World(playbook=book(), table=table), Vendor({"1a-4": linkedin_answer()})
    source = name.partition(" ")[0]
    (gone,), (late,) = (posted(world, source, post) for post in GONE_AND_NEW[name])
    first, second = (gone, late) if is_wish_first else (late, gone)
    table.meanwhile = lambda: came(world, vendor, first)
    came(world, vendor, second)
    record = world.record(late.id)
    assert record.lead is None or record.lead.stage == "disqualified"
    assert world.record(gone.id).reasons[0].code == "erasure_asked"
    before = world.mailed_steps(late.id)
    assert not (before and is_wish_first)
    world.advance(days=60)
    assert world.mailed_steps(late.id) == before
    assert world.open_leads() == 0


def test_s26_the_wish_is_remembered_as_long_as_the_vendor_may_deliver(world: World) -> None:
    wish, new = GONE_AND_NEW["forms"]
    (gone,), (late,) = posted(world, "forms", wish), posted(world, "forms", new)
    came(world, Vendor(), gone)
    ref = ErasureRef(late.id)
    mark = read(world.table, [ref])[ref]
    assert mark is not None
    assert mark.expires_at == world.now + RETENTION
    assert late.id not in "".join(world.table.keys.of(ref))
    world.now += RETENTION + timedelta(days=1)
    (verdict,) = came(world, Vendor(), late.but(received_at=world.now))
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "lead"


def test_a_wish_to_forget_another_one_stops_nobody(world: World) -> None:
    wish, new = {"daten": [{"nr": 6, "stand": "weg"}]}, {"daten": {"nr": 5, "post": ADA}}
    (gone,), (late,) = posted(world, "forms", wish), posted(world, "forms", new)
    came(world, Vendor(), gone)
    (verdict,) = came(world, Vendor(), late)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "lead"


@pytest.mark.parametrize("stage", ["nurtured", "qualified", "customer", "visitor"])
def test_a_fetched_lead_merges_with_whom_we_know_within_four_questions(
    world: World, stage: str
) -> None:
    person: dict[str, str | int]
    person = {"email": "head@nordwerk.example", "company": "Nordwerk GmbH", "phone": "+4940329188"}
    strong: dict[str, str | int]
    strong = {"job_title": "Head of Maintenance", "employees": 400, "budget": 80_000}
    first = world.post_form("machines-quote", person | (strong if stage != "nurtured" else {}))
    world.submit(first.but(visitor="v" * 24) if stage == "visitor" else first)
    if stage == "customer":
        lead = world.lead(first.id)
        assert lead.assignment is not None
        rep = lead.assignment.rep or ""
        world.run_command(first.id, Accept(), by=rep)
        world.run_command(first.id, Convert(value=100, currency="EUR"), by=rep)
        world.run_command(first.id, Win(value=100), by=rep)
    answer = meta_answer(
        full_name="Ada Sommer",
        company_name="Nordwerk GmbH",
        email="head@nordwerk.example",
        phone_number="+4940555123",
    )
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    (verdict,) = came(world, Vendor({"71": answer}), named)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.lead_id) == ("merged", first.id)


def test_a_strong_fetched_lead_of_a_known_company_is_founded_within_four_questions(
    world: World,
) -> None:
    world.submit(
        world.post_form("machines-quote", {"email": "one@nordwerk.example", "company": "N"})
    )
    answer = meta_answer(
        full_name="Ada Sommer",
        email="two@nordwerk.example",
        phone_number="+4940555123",
        company_name="Nordwerk GmbH",
        job_title="Head of Maintenance",
        employees="400",
        budget="80000",
    )
    (named,) = posted(world, "meta", meta_post({"leadgen_id": "71"}))
    (verdict,) = came(world, Vendor({"71": answer}), named)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "lead"
    assert world.lead(named.id).assignment is not None
