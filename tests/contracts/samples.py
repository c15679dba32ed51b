"""Entities to store: one full lead as the sample company would have it, and any at all."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import strategies as st

from leadloop.model.account import Account, AccountRef
from leadloop.model.auto_response import LastAutoResponse, LastAutoResponseRef
from leadloop.model.base import Model, Reason
from leadloop.model.claim import Claim, ClaimRef, MailRef
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.contact import Contact, Interest
from leadloop.model.count import Count, CountRef
from leadloop.model.delivery import Delivery, DeliveryRef, DeliveryState, Purpose
from leadloop.model.event import EntryRef, TimelineEntry
from leadloop.model.events.catalogue import EventDetails, build_event
from leadloop.model.events.leads import LeadCreated, LeadQualified, LeadScored
from leadloop.model.events.sales import LeadAccepted, OwnerChanged
from leadloop.model.facts import Change
from leadloop.model.further_lead import FurtherLead, LineRef
from leadloop.model.lead import (
    Assignment,
    Lead,
    Opportunity,
    OpportunityState,
    Points,
    Rating,
    Record,
    RecordRef,
    Score,
    SubmissionOutcome,
    Timer,
    TimerKind,
)
from leadloop.model.lead_id import person_of
from leadloop.model.lifecycle import Stage
from leadloop.model.offer import OfferRef, OfferUsage
from leadloop.model.person import Person
from leadloop.model.pool import Pool, PoolRef, RepLoad
from leadloop.model.reference import AnyRef, Entity
from leadloop.model.submission import Channel, ConsentRecord, Location, Raw, Touch
from leadloop.model.visitor import Visitor, VisitorRef

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
LEAD_ID = "MZXW6YTBOJSWG5DFMRUW4ZZAON"

FORM = {
    "first_name": "Anneliese",
    "last_name": "Łukasiewicz-Größl",
    "email": "anneliese.groessl@feinmechanik-huber.example",
    "phone": "0941 / 78 45 31-0",
    "company": "Feinmechanik Huber GmbH & Co. KG",
    "job_title": "Leiterin Instandhaltung",
    "country": "DE",
    "postcode": "93047",
    "employees": "240",
    "budget": "45000",
    "timeframe": "3 months",
    "message": "Wir möchten unsere drei Drehmaschinen ab März mit Sensoren nachrüsten. "
    "Bitte rufen Sie mich vormittags zurück, am besten vor 11 Uhr.",
    "consent": "2026-05",
    "utm_source": "google",
    "utm_medium": "cpc",
    "utm_campaign": "condition-monitoring-dach",
    "landing_page": "https://www.acme-sensors.example/de/nachruesten?gclid=EAIaIQobChMI9d",
    "submission_key": "b7f0b7f6-3d0c-4c8d-8f0a-5d1a4f1a9c55",
}


def build_full_lead() -> Record:
    """The full sample lead: hot, assigned, with its reasons, why-not, events and raw bytes."""
    body = json.dumps(FORM, ensure_ascii=False).encode()
    touch = Touch(
        at=NOW,
        source="web-form",
        utm_source="google",
        utm_medium="cpc",
        utm_campaign="condition-monitoring-dach",
        click_id="gclid:EAIaIQobChMI9d",
        referrer="https://www.google.com/",
        landing_page=FORM["landing_page"],
        ip="203.0.113.77",
        user_agent="Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    )
    person = Person(
        contact=Contact(
            email=FORM["email"],
            phone="+49941784531",
            first_name=FORM["first_name"],
            last_name=FORM["last_name"],
            company=FORM["company"],
            job_title=FORM["job_title"],
            country="DE",
            postcode="93047",
            language="de",
        ),
        account="feinmechanik-huber.example",
        consents=(
            ConsentRecord(
                purposes=("email", "phone"), text_version="2026-05", at=NOW, ip="203.0.113.77"
            ),
        ),
    )
    lead = Lead(
        interest=Interest(
            product_line="machines",
            message=FORM["message"],
            budget=45_000,
            employees=240,
            timeframe="3 months",
        ),
        product_line="machines",
        source="web-form",
        channel=Channel.FORM,
        stage=Stage.QUALIFIED,
        created_at=NOW,
        score=Score(
            model="b2b",
            fit=65,
            behaviour=20,
            points=(
                Points(rule="country", points=15, reason="Germany is a home market"),
                Points(rule="size", points=20, reason="240 employees, at least 100"),
                Points(rule="role", points=15, reason="“Leiterin” decides or prepares it"),
                Points(rule="budget", points=15, reason="budget 45,000, at least 20,000"),
                Points(rule="soon", points=20, reason="wants it within 3 months"),
            ),
        ),
        rating=Rating.HOT,
        assignment=Assignment(pool="dach-senior", rep="jonas.weber", at=NOW, route="hot-dach"),
        timers=(
            Timer(
                kind=TimerKind.BREACH,
                at=NOW + timedelta(hours=2),
                not_after=NOW + timedelta(days=3),
            ),
        ),
        first_touch=touch,
        last_touch=touch,
        applied=(LEAD_ID,),
    )

    details: tuple[EventDetails, ...] = (
        LeadCreated(
            source="web-form",
            channel=Channel.FORM,
            product_line="machines",
            campaign="condition-monitoring-dach",
            purposes="email, phone",
        ),
        LeadScored(total=85, fit=65, rating=Rating.HOT),
        LeadQualified(total=85, threshold=70, stage_before=Stage.NEW),
        OwnerChanged(
            pool="dach-senior",
            owner="jonas.weber",
            route="hot-dach",
            why="Hot leads of Germany go to our senior team",
        ),
    )
    return Record(
        id=LEAD_ID,
        version=1,
        source="web-form",
        channel=Channel.FORM,
        received_at=NOW - timedelta(seconds=1),
        decided_at=NOW,
        outcome=SubmissionOutcome.LEAD,
        reasons=(
            Reason(code="hot", text="85 points, hot from 70"),
            Reason(code="route", text="hot-dach: country DE in DE, AT, CH and rating is hot"),
        ),
        why_not=(
            Reason(code="leave", text="Sabine Koch is on leave until 2099-12-31"),
            Reason(code="capacity", text="Markus Ebner holds 25 of 25 open leads"),
            Reason(code="language", text="Claire Dubois speaks fr, en, not de"),
            Reason(code="share", text="Petra Lang had more than her share of 2"),
        ),
        raw=Raw(
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            body=body,
            content_type="application/json",
        ),
        playbook="2026-11-20T08-00-00Z-1f3a",
        lead_id=LEAD_ID,
        person=person,
        lead=lead,
        events=tuple(
            build_event(each, event_id=f"{LEAD_ID}#{n}", at=NOW, cause=LEAD_ID, lead_id=LEAD_ID)
            for n, each in enumerate(details)
        ),
    )


def build_quarantined(record_id: str, at: datetime) -> Record:
    """A mail that nobody could read, with its raw bytes in S3."""
    return Record(
        id=record_id,
        version=1,
        source="vendor-mail",
        channel=Channel.MAIL,
        received_at=at,
        decided_at=at,
        outcome=SubmissionOutcome.QUARANTINED,
        reasons=(Reason(code="unreadable", text="neither ADF nor label: value lines"),),
        raw=Raw(sha256="0" * 64, size=9_999, location=Location(bucket="raw", key="in/x")),
        playbook="p",
    )


def build_delivery(lead_id: str, delivery_id: str = "T#0") -> Delivery:
    """A mail to a rep that is ready to go."""
    return Delivery(
        id=delivery_id,
        version=1,
        lead_id=lead_id,
        purpose=Purpose.REP_ALERT,
        channel="email",
        template="new-lead",
        language="de",
        created_at=NOW,
        rep="jonas.weber",
    )


def build_entry(lead_id: str, n: int, at: datetime = NOW) -> TimelineEntry:
    """The `n`th thing somebody did with a lead."""
    accepted = LeadAccepted(owner="jonas.weber", pool="dach-senior", stage=Stage.ACCEPTED)
    event = build_event(accepted, event_id=f"T{n}#0", at=at, cause=f"T{n}", lead_id=lead_id)
    return TimelineEntry(lead_id=lead_id, at=at, trigger_id=f"T{n}", events=(event,))


def entry_ref(entry: TimelineEntry) -> EntryRef:
    return EntryRef(person_of(entry.lead_id), entry.at.isoformat(), entry.trigger_id, entry.n)


# Whatever can be stored: all of Unicode but lone surrogates, which no UTF-8 has.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=26)
_epoch = datetime(2000, 1, 1, tzinfo=UTC)
times = st.timedeltas(timedelta(0), timedelta(days=36_000)).map(_epoch.__add__)
versions = st.integers(2, 10_000)


def _build_models(base: type[Model]) -> None:
    """Hypothesis asks a model for its fields, which it tells once it was used."""
    for model in base.__subclasses__():
        model.model_rebuild()
        _build_models(model)


_build_models(Model)
st.register_type_strategy(str, words)
st.register_type_strategy(datetime, times)
st.register_type_strategy(date, st.dates(date(2000, 1, 1), date(2099, 1, 1)))
st.register_type_strategy(int, st.integers(-(10**9), 10**9))
st.register_type_strategy(bytes, st.binary(max_size=300))
_raw = st.builds(Raw, location=st.none() | st.builds(Location))
_opportunity = st.builds(Opportunity, state=st.sampled_from(OpportunityState))
_lead = st.builds(
    Lead,
    assignment=st.none() | st.builds(Assignment),
    opportunities=st.lists(_opportunity, max_size=2).map(tuple),
    timers=st.lists(st.builds(Timer), max_size=3).map(tuple),
)


def _record(record_id: str) -> st.SearchStrategy[Entity]:
    plain = partial(st.builds, Record, id=st.just(record_id), version=versions, raw=_raw)
    without = plain(person=st.none(), lead=st.none())
    return without | plain(person=st.builds(Person), lead=_lead)


def _delivery(ref: DeliveryRef) -> st.SearchStrategy[Entity]:
    return st.builds(
        Delivery,
        id=st.just(ref.delivery_id),
        lead_id=st.just(ref.person_id),
        version=versions,
        state=st.sampled_from(DeliveryState),
        retry_at=st.none() | times,
    )


_claims = st.builds(Claim, version=versions)
_loads = st.dictionaries(words, st.builds(RepLoad), max_size=3)


def entity_of(ref: AnyRef) -> st.SearchStrategy[Entity]:
    """Any entity that may lie at `ref`."""
    if isinstance(ref, RecordRef):
        return _record(ref.id)
    if isinstance(ref, DeliveryRef):
        return _delivery(ref)
    if isinstance(ref, EntryRef):
        return st.builds(TimelineEntry, lead_id=st.just(ref.person_id), n=st.just(ref.n))
    others: dict[type[AnyRef], st.SearchStrategy[Entity]] = {
        ClaimRef: _claims,
        MailRef: _claims,
        PoolRef: st.builds(Pool, version=versions, reps=_loads),
        AccountRef: st.builds(Account, version=versions),
        SuppressionRef: st.builds(Suppression, version=versions),
        OfferRef: st.builds(OfferUsage, version=versions),
        VisitorRef: st.builds(Visitor, version=versions, seen_at=times),
        LineRef: st.builds(FurtherLead, version=versions, lead=_lead),
        LastAutoResponseRef: st.builds(LastAutoResponse, version=versions, at=times),
    }
    return others[type(ref)]


refs: st.SearchStrategy[AnyRef] = st.one_of(
    st.builds(RecordRef, ids),
    st.builds(ClaimRef, st.sampled_from(["email", "phone"]), words),
    st.builds(PoolRef, ids),
    st.builds(AccountRef, ids),
    st.builds(DeliveryRef, ids, ids),
    st.builds(SuppressionRef, words, st.sampled_from(["marketing", "all"])),
    st.builds(OfferRef, ids),
    st.builds(LineRef, ids, ids),
    st.builds(VisitorRef, ids),
    st.builds(LastAutoResponseRef, words, st.just("auto_response")),
    st.builds(MailRef, words, words),
    st.builds(EntryRef, ids, times.map(datetime.isoformat), ids, st.integers(0, 9)),
)


@st.composite
def count_batches(draw: st.DrawFn) -> tuple[Count, ...]:
    """Counts of a batch, far below their caps: some counters are added to more than once."""
    counters = st.sampled_from(["form demo", "network 192.0.2.0/24", "buyer b"])
    periods = st.sampled_from(["2026-03-02T09", "2026-03"])
    count = st.builds(
        Count,
        ref=st.builds(CountRef, counters, periods),
        by=st.integers(-5, 20),
        at_most=st.integers(10**6, 10**9),
        until=st.just(NOW),
    )
    return tuple(draw(st.lists(count, max_size=6)))


@st.composite
def change_batches(draw: st.DrawFn) -> tuple[Change, ...]:
    """The changes of a batch on an empty table: some things changed more than once."""
    changes: list[Change] = []
    for ref in draw(st.lists(refs, min_size=1, max_size=6, unique=True)):
        before = None
        for after in draw(st.lists(entity_of(ref), min_size=1, max_size=2)):
            changes.append(Change(ref, before, after))
            before = getattr(after, "version", 1)
    return tuple(changes)
