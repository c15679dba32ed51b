"""Goals 1 to 3: what the handlers do to DynamoDB, counted on AWS in memory, and what that costs."""

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from capture import handler as capture
from deliver import handler as deliver
from leadloop.edge.act import act, table
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.edge.wiring import get_wiring
from leadloop.model.command import Accept, Actor, Command
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.lead import Record, RecordRef
from leadloop.store.compression import unpack
from leadloop.store.items import to_entity
from leadloop.store.read import read
from qualify import handler as qualify
from tests.bench import inquiries, prices
from tests.bench.goals import Figure
from tests.bench.meter import BilledWrite, Meter, attach_meter
from tests.functions.aws_fixture import AwsFixture, open_aws_fixture, sqs_event
from tests.stories.world import compile_acme

BATCH = 10
STANDING_DOLLARS = 13.5  # for a million leads; the README says what is in the way
CONTEXT: Any = SimpleNamespace(
    aws_request_id="r-1",
    function_name="bench",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:bench",
)


@dataclass
class SampleCompany:
    """The sample company's functions on AWS in memory, and a meter on its table."""

    home: AwsFixture
    meter: Meter

    def capture_posts(self, posts: Sequence[dict[str, Any]]) -> list[str]:
        """The messages that these posts become."""
        for post in posts:
            answer = capture.handler(post, CONTEXT)
            assert answer["statusCode"] == 202, answer
        return [json.dumps(message) for message in self.home.receive_messages("submissions")]

    def qualify_messages(self, messages: Sequence[str]) -> None:
        """One batch, one call of the handler; the meter shows this call alone."""
        self.meter.reset()
        answer = qualify.handler(sqs_event(*messages), CONTEXT)
        assert answer == {"batchItemFailures": []}

    def accept_leads(self, messages: Sequence[str]) -> None:
        """The owners of these messages' leads accept them; the meter shows this alone."""
        ids = [str(json.loads(message)["id"]) for message in messages]
        records = read(table(), map(RecordRef, ids)).values()
        self.meter.reset()
        act([_build_accept(record) for record in records if isinstance(record, Record)])

    def create_leads(self, numbers: range) -> None:
        """These people's posts, up to leads."""
        self.qualify_messages(self.capture_posts([inquiries.build_post(n) for n in numbers]))

    def ready_deliveries(self) -> list[str]:
        """The messages of the deliveries that were just written."""
        found = [to_entity(each.item) for each in self.meter.writes if each.kind == "D"]
        return [
            ReadyDelivery(lead_id=each.lead_id, delivery_id=each.id).model_dump_json()
            for each in found
            if isinstance(each, Delivery) and each.state is DeliveryState.READY
        ]

    def deliver_messages(self, messages: Sequence[str]) -> None:
        """Each said; the meter shows this alone."""
        self.meter.reset()
        answer = deliver.handler(sqs_event(*messages), CONTEXT)
        assert answer == {"batchItemFailures": []}


def _build_accept(record: Record) -> Command:
    assert record.lead is not None
    assert record.lead.assignment is not None
    actor = Actor(id=str(record.lead.assignment.rep), role="sales")
    return Command(
        id=f"accept-{record.id}",
        actor=actor,
        lead_id=record.id,
        at=record.decided_at,
        action=Accept(),
    )


@contextmanager
def open_company() -> Iterator[SampleCompany]:
    """The playbook is live, the functions are warm and the pool's book is there."""
    with pytest.MonkeyPatch.context() as monkeypatch, open_aws_fixture(monkeypatch) as home:
        home.publish(compile_acme().playbook)
        home.aws.ses.verify_domain_identity(Domain="acme-flow.example")
        meter = Meter()
        attach_meter(get_wiring().dynamodb, meter)
        made = SampleCompany(home, meter)
        with capture_logs():
            made.create_leads(range(90_000, 90_001))
        yield made


@contextmanager
def capture_logs() -> Iterator[StringIO]:
    """The functions' log lines and metrics are gathered, not printed."""
    said = StringIO()
    handlers = [
        each
        for each in logging.getLogger("leadloop").handlers
        if isinstance(each, logging.StreamHandler)
    ]
    before = [each.setStream(said) for each in handlers]
    try:
        with redirect_stdout(said):
            yield said
    finally:
        for handler, stream in zip(handlers, before, strict=True):
            handler.setStream(stream or sys.stderr)


def calls_per_lead() -> list[Figure]:
    """Goal 1: ten messages in one call of `qualify`, and one alone."""
    with open_company() as here, capture_logs():
        here.create_leads(range(BATCH))
        many = here.meter.calls.total() / BATCH
        here.create_leads(range(BATCH, BATCH + 1))
        one = here.meter.calls.total()
        scans = here.meter.calls["Scan"]
    anchor = "D0 12, D1 2, floor 0.1-0.2"
    return [
        exact_figure("1", "DynamoDB calls per new lead, batch of 10", many, "calls", 0.4, anchor),
        exact_figure("1", "DynamoDB calls per new lead, one alone", one, "calls", 3, anchor),
        exact_figure("1", "Scan calls", scans, "calls", 0),
    ]


def units_per_lead() -> list[Figure]:
    """Goals 2 and 2b: write and read units, founding, asking again, redelivered, and the mail."""
    with open_company() as here, capture_logs():
        messages = here.capture_posts([inquiries.build_post(n) for n in range(BATCH)])
        here.qualify_messages(messages)
        meter, ready = here.meter, here.ready_deliveries()
        units = meter.write_units(without="D") / BATCH
        outbox = meter.write_units() / BATCH - units
        reads = meter.read_units / BATCH
        biggest = max(each.bytes for each in meter.writes if each.kind == "S")
        packed = [each for each in meter.writes if each.kind == "S"]
        unpacked = max(_plain_bytes(each) for each in packed)
        indexes = sum(each.index for each in packed) / BATCH
        here.deliver_messages(ready)
        mouth, asked = meter.write_units() / BATCH, meter.read_units / BATCH
        calls = meter.calls.total() / BATCH
        here.qualify_messages(messages)
        copies, copies_read = meter.write_units() / BATCH, meter.read_units / BATCH
        here.accept_leads(messages)
        later = sum(each.units for each in meter.writes if each.kind == "S") / BATCH
        all_later = meter.write_units() / BATCH
        here.qualify_messages(
            here.capture_posts([inquiries.build_repeat_post(n) for n in range(BATCH)])
        )
        again, again_read = meter.write_units(without="D") / BATCH, meter.read_units / BATCH
        here.qualify_messages(
            here.capture_posts([inquiries.build_line_post(n) for n in range(BATCH)])
        )
        line, line_read = meter.write_units(without="D") / BATCH, meter.read_units / BATCH
        line_parts = meter.units_by_kind()
        biggest_line = max(each.bytes for each in meter.writes if each.kind == "L")
    reads_anchor = "4, and one for each product line"
    anchor = "D0 15, D1 12 (no raw, no reasons); floor 7.1"
    return [
        exact_figure("2", "WRU per new lead, full sample lead", units, "WRU", 12.5, anchor),
        exact_figure("2", "  of which two index entries", indexes, "WRU"),
        exact_figure("2", "  RRU", reads, "RRU"),
        exact_figure("2", "bytes of the biggest lead item", biggest, "B", 2048, "2,525 unpacked"),
        exact_figure("2", "  the same as plain JSON", unpacked, "B"),
        exact_figure("2", "WRU of the lead's item at a later change", later, "WRU", 4),
        exact_figure("2", "  an accept: + indexes, entry, company", all_later, "WRU", 10),
        exact_figure("2", "WRU per asking again", again, "WRU", 8),
        exact_figure("2", "  RRU", again_read, "RRU", 4 + len(compile_acme().lines), reads_anchor),
        exact_figure("2", "WRU of a further line's lead", line, "WRU", 12, line_parts),
        exact_figure("2", "  RRU", line_read, "RRU"),
        exact_figure("2", "  bytes of the biggest such item", biggest_line, "B", 2048),
        exact_figure("2", "WRU per message delivered twice", copies, "WRU", 0),
        exact_figure("2", "  RRU", copies_read, "RRU", 4),
        exact_figure("2b", "WRU of the delivery item, put with the lead", outbox, "WRU", 2),
        exact_figure("2b", "WRU of saying it (claimed, closed)", mouth, "WRU", 2),
        exact_figure("2b", "  RRU", asked, "RRU", 4),
        exact_figure("2b", "  DynamoDB calls", calls, "calls", 4),
        exact_figure("2b", "WRU from door to rep mailed", units + outbox + mouth, "WRU", 16.2),
    ]


def dollars_per_lead() -> list[Figure]:
    """Goal 3: counts times list prices, for a million leads, without mail."""
    with open_company() as here:
        with capture_logs() as said:
            messages = here.capture_posts([inquiries.build_post(n) for n in range(BATCH)])
            here.qualify_messages(messages)
        logged = len(said.getvalue().encode()) / BATCH
        writes = here.meter.write_units(without="D") / BATCH
        reads = here.meter.read_units / BATCH
        ready = here.ready_deliveries()
        with capture_logs():
            here.deliver_messages(ready)
        later = here.meter.write_units() / BATCH + 2
    invocations = 1 + 1 / BATCH
    parts = {
        "API (REST)": prices.REST,
        "Lambda calls": invocations * prices.LAMBDA_CALL,
        "Lambda time (assumed: 15 ms + 15 ms at 1 GB)": 2 * 0.015 * prices.LAMBDA_GB_SECOND,
        "SQS": (1 + 2 / BATCH) * prices.SQS,
        "DynamoDB": writes * prices.WRITE + reads * prices.READ,
        "logs": (logged + invocations * prices.PLATFORM_LINES) / 1e9 * prices.LOG_GB * 1e6,
        "traces (5 % sampled)": invocations * 0.05 * prices.TRACE,
    }
    anchor = "naive 280, brief 13.1, floor 2.8"
    total = exact_figure("3", "$ per 1M leads", sum(parts.values()), "$", 13, anchor)
    return [
        replace(total, stands=STANDING_DOLLARS),
        *(exact_figure("3", f"  {part}", price, "$") for part, price in parts.items()),
        exact_figure("3", "  beside it: WRU of the mail's delivery", later * prices.WRITE, "$"),
    ]


def exact_figure(
    goal: str, what: str, value: float, unit: str, limit: float | None = None, anchor: str = ""
) -> Figure:
    """A count."""
    return Figure(
        goal=goal, what=what, value=value, unit=unit, kind="exact", limit=limit, anchor=anchor
    )


def _plain_bytes(written: BilledWrite) -> int:
    """What the item would weigh with its body as JSON beside the raw bytes."""
    body = written.item["body"]
    assert isinstance(body, bytes)
    unpacked = unpack(body)
    return written.bytes - len(body) + len(unpacked.json) + len(unpacked.raw or b"")
