"""A record of the table's stream → the register, which finds submissions without a scan."""

from functools import partial

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.edge import batches
from leadloop.edge.problems import AttemptFailure, AttemptSuccess, attempt
from leadloop.edge.tables import open_table
from leadloop.edge.telemetry import log_call
from leadloop.model.lead import Record
from leadloop.settings import RegisterSettings
from leadloop.store import register
from leadloop.store.items import from_stream


@freeze_gc
def handler(
    event: Mapping[str, Sequence[Mapping[str, Any]]], _context: object
) -> batches.BatchResponse:
    """Register new submissions; the event source's filter lets through nothing else."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    readings = [attempt("Reading the stream", partial(_record, r)) for r in event["Records"]]
    failed = {
        n for n, each in zip(numbers, readings, strict=True) if isinstance(each, AttemptFailure)
    }
    records = [each.value for each in readings if isinstance(each, AttemptSuccess)]
    match attempt(
        "Keeping the register", lambda: register.put_records(open_table(RegisterSettings), records)
    ):
        case AttemptFailure():
            failed = set(numbers)
    log_call("Tallied", {"Registered": len(records), "Failed": len(failed)})
    return batches.build_response(failed)


def _record(change: Mapping[str, Any]) -> Record:
    entity = from_stream(change["dynamodb"]["NewImage"])
    if not isinstance(entity, Record):
        raise TypeError(f"a {type(entity).__name__} is no record")
    return entity
