"""A record of the table's stream → the register: what came in, found again without a scan."""

from leadloop.edge.cold_start import ready  # isort: split

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from leadloop.edge import batches
from leadloop.edge.clock import pause
from leadloop.edge.problems import Done, Fault, attempt
from leadloop.edge.telemetry import tell
from leadloop.edge.wiring import Wiring, wired
from leadloop.model.lead import Record
from leadloop.settings import RegisterSettings
from leadloop.store import register
from leadloop.store.items import from_stream
from leadloop.store.keys import Keys
from leadloop.store.table import DynamoTable


@ready
def handler(event: Mapping[str, Sequence[Mapping[str, Any]]], _context: object) -> batches.Answer:
    """The event source's filter lets new submissions through, and nothing else."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    found = [attempt("Reading the stream", lambda r=r: _record(r)) for r in event["Records"]]  # type: ignore[misc]
    failed = {n for n, each in zip(numbers, found, strict=True) if isinstance(each, Fault)}
    records = [each.value for each in found if isinstance(each, Done)]
    match attempt("Keeping the register", lambda: register.keep(_table(wired()), records)):
        case Fault():
            failed = set(numbers)
    tell("Tallied", {"Registered": len(records), "Failed": len(failed)})
    return batches.answer(failed)


def _record(change: Mapping[str, Any]) -> Record:
    entity = from_stream(change["dynamodb"]["NewImage"])
    if not isinstance(entity, Record):
        raise TypeError(f"a {entity.kind} is no record")
    return entity


@cache
def _table(wiring: Wiring) -> DynamoTable:
    """No key it needs is of a person, so it has no pepper."""
    name = wiring.settings(RegisterSettings).LEAD_TABLE
    return DynamoTable(wiring.dynamodb, name, Keys(b""), pause)
