"""A record of the table's stream → the register and the counts of the funnel.

The register finds submissions without a scan. The counts are metrics, named as the events are.
"""

from functools import partial

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.edge import batches
from leadloop.edge.problems import AttemptFailure, AttemptSuccess, attempt
from leadloop.edge.tables import open_table
from leadloop.edge.telemetry import log_call
from leadloop.insight.stage_moves import count_stage_events
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Record
from leadloop.settings import RegisterSettings
from leadloop.store import register
from leadloop.store.items import from_stream


@freeze_gc
def handler(
    event: Mapping[str, Sequence[Mapping[str, Any]]], _context: object
) -> batches.BatchResponse:
    """Register new submissions, and count what happened to leads; the filter lets through no more.

    A batch that comes again is counted again: a metric is a figure to watch, and no ledger.
    """
    numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    readings = [attempt("Reading the stream", partial(_read_entity, r)) for r in event["Records"]]
    failed = {
        n for n, each in zip(numbers, readings, strict=True) if isinstance(each, AttemptFailure)
    }
    entities = [each.value for each in readings if isinstance(each, AttemptSuccess)]
    records = [each for each in entities if isinstance(each, Record)]
    match attempt(
        "Keeping the register", lambda: register.put_records(open_table(RegisterSettings), records)
    ):
        case AttemptFailure():
            failed, entities = set(numbers), []
    counts = count_stage_events(event for each in entities for event in each.events)
    log_call("Tallied", {"Registered": len(records), "Failed": len(failed), **counts})
    return batches.build_response(failed)


def _read_entity(change: Mapping[str, Any]) -> Record | TimelineEntry:
    entity = from_stream(change["dynamodb"]["NewImage"])
    if not isinstance(entity, Record | TimelineEntry):
        raise TypeError(f"a {type(entity).__name__} is neither a record nor an entry")
    return entity
