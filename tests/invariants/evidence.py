"""Everything a run left behind, read from outside: ledger, answers, table, its history, mails."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from leadloop.code_version import code_version
from leadloop.decide.recompute import Recomputation
from leadloop.model.claim import Claim
from leadloop.model.delivery import Delivery
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Record
from leadloop.model.lead_id import person_of
from leadloop.model.pool import Pool
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Raw
from leadloop.model.trace import DecisionTrace
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store.decision_history import Recomputer
from leadloop.store.items import Item, key_of, to_entity
from leadloop.store.keys import Key
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Put
from tests.invariants.company import build_playbook
from tests.invariants.inquiries import Attempt
from tests.invariants.ledger import JsonLinesFile, Ledger, LedgerLine
from tests.invariants.run import DELIVER_PROCESSES, Run
from tests.invariants.site import parse_image

HEADER = re.compile(r"^([\w-]+): (.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """What arrived in the sink, and when on the run's clock."""

    at: float
    delivery: str
    lead: str
    to: str


@dataclass(frozen=True)
class Evidence:
    attempts: list[Attempt]
    lines: list[LedgerLine]
    mails: list[Mail]
    stops: dict[str, float]
    poison: list[dict[str, Any]]
    looked_up: list[dict[str, Any]]  # by the admin API
    parked: int
    crashes: int
    limit: int  # of each limited rep
    mails_unsure: int  # answers of the mail provider that were lost or broken
    cut_off: int  # deliveries that may have been under way when the table was lost
    records: dict[str, Record] = field(default_factory=dict)
    entries: dict[str, list[TimelineEntry]] = field(default_factory=lambda: defaultdict(list))
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    further: list[FurtherLead] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    history: dict[str, list[Record | FurtherLead]] = field(
        default_factory=lambda: defaultdict(list)
    )
    lying: Mapping[str, bytes] = field(default_factory=dict)  # raw bytes in the bucket
    recomputed: list[Recomputation] = field(default_factory=list)

    @cached_property
    def by_sha256(self) -> dict[str, Attempt]:
        return {attempt.sha256: attempt for attempt in self.attempts}

    @cached_property
    def leads(self) -> dict[str, StoredLead]:
        first = filter(None, map(StoredLead.of, self.records.values()))
        further = (
            StoredLead.of(self.records.get(person_of(each.id)), each) for each in self.further
        )
        return {stored.id: stored for stored in (*first, *further) if stored is not None}

    @property
    def traces(self) -> Iterator[DecisionTrace]:
        """What each decision that changed a record saw."""
        for record in self.records.values():
            if record.trace is not None:
                yield record.trace
        for entries in self.entries.values():
            yield from (entry.trace for entry in entries if entry.trace is not None)

    def events(self, lead_id: str) -> list[Event]:
        """A lead's whole story, in the order its timeline shows."""
        later = sorted(self.entries[lead_id], key=lambda entry: (entry.at, entry.trigger_id))
        told = [event for entry in later for event in entry.events]
        founding = self.records[lead_id].events if lead_id in self.records else ()
        return [*founding, *told]

    def raw_bytes(self, raw: Raw) -> bytes | None:
        if raw.body is not None:
            return raw.body
        return self.lying.get(raw.location.key) if raw.location else None


def gather_evidence(run: Run) -> Evidence:
    home, site = run.home, run.site
    faults = list(JsonLinesFile(home / "faults.jsonl").entries())
    found = Evidence(
        attempts=run.attempts,
        lines=Ledger(home / "ledger.jsonl").lines(),
        mails=[_mail(entry) for entry in JsonLinesFile(home / "mails.jsonl").entries()],
        stops={
            entry["lead"]: entry["at"] for entry in JsonLinesFile(home / "stops.jsonl").entries()
        },
        poison=list(JsonLinesFile(home / "poison.jsonl").entries()),
        looked_up=list(JsonLinesFile(home / "looked.jsonl").entries()),
        parked=site.count_parked(),
        crashes=run.crashes,
        limit=run.scenario.limit,
        mails_unsure=sum(
            fault["operation"] == "SendRawEmail" and fault["what"] != "throttled"
            for fault in faults
        ),
        cut_off=DELIVER_PROCESSES if run.scenario.weather.table_lost else 0,
        lying=_stored_objects(run),
    )
    copy = MemoryTable()
    for item in site.items():
        key = key_of(item)
        if not key.pk.startswith(("LEASE#", "PARTNER#")):
            _add_entity(found, key, item)
            assert not copy.write_all([Put(item, None)])
    playbook = CompiledPlaybook(build_playbook(run.scenario.limit, run.scenario.limit))
    books = {playbook.version: playbook}
    recomputer = Recomputer(copy, books.get, code_version())
    found.recomputed.extend(recomputer.recompute_each(sorted(found.records)))
    for change in site.history():
        sort_key = change["dynamodb"]["Keys"]["sk"]["S"]
        if sort_key == "S" or sort_key.startswith("L#"):
            state = to_entity(parse_image(change["dynamodb"]["NewImage"]))
            assert isinstance(state, Record | FurtherLead)
            found.history[state.id].append(state)
    return found


def _add_entity(found: Evidence, key: Key, item: Item) -> None:
    match to_entity(item):
        case Record() as record:
            found.records[record.id] = record
        case FurtherLead() as further:
            found.further.append(further)
        case TimelineEntry() as entry:
            found.entries[entry.lead_id].append(entry)
        case Delivery() as delivery:
            found.deliveries[delivery.id] = delivery
        case Pool() as pool:
            found.pools[pool.id] = pool
        case Claim() as claim:
            found.claims.append(claim)


def _stored_objects(run: Run) -> dict[str, bytes]:
    bucket = f"{run.site.name}-raw"
    pages = run.site.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return {key: run.site.wire.object_at(bucket, key) for key in keys}


def _mail(entry: Mapping[str, Any]) -> Mail:
    head = dict(HEADER.findall(entry["raw"].partition("\r\n\r\n")[0]))
    return Mail(entry["at"], head["X-Leadloop-Delivery"], head["X-Leadloop-Lead"], head["To"])
