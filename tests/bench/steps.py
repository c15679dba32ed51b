"""Goal 4: what a nurture step costs: transitions and tasks, and beside them what DynamoDB bills."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from journey import handler as journey
from leadloop.store import keys, queries
from tests.bench import inquiries, prices
from tests.bench.goals import Figure
from tests.bench.growth import GrowingTable
from tests.bench.units import (
    BATCH,
    CONTEXT,
    SampleCompany,
    capture_logs,
    exact_figure,
    open_company,
)
from tests.stories.world import MONDAY

STEPS = 100
PARENT_STATES = (
    "Due",
    "AnythingDue",
    "Pages",
)  # what one run enters; a test holds it to the template
RUN = 1_000  # steps that are due in one run, as the anchors have it


def nurture_steps() -> list[Figure]:
    """A page of a hundred leads whose first mail is due."""
    with open_company() as here, capture_logs():
        for first in range(0, STEPS, BATCH):
            posts = [
                inquiries.build_post(n, **inquiries.cold_fields(n))
                for n in range(first, first + BATCH)
            ]
            here.qualify_messages(here.capture_posts(posts))
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
            found = journey.handler({"task": "due"}, CONTEXT)
            (page,) = (each for each in _pages(here, found) if each["kind"] == "step")
            here.meter.reset()
            did = journey.handler({"task": "act", **page}, CONTEXT)
        assert did["done"] == STEPS, did
        meter = here.meter
        writes, reads = meter.write_units() / STEPS, meter.read_units / STEPS
        calls = meter.calls.total() / STEPS
    seconds = _cpu()
    per_run = RUN // STEPS
    transitions = (len(PARENT_STATES) + per_run) / RUN
    tasks = (1 + per_run) / RUN
    dollars = (
        transitions * prices.TRANSITION
        + tasks * prices.LAMBDA_CALL
        + seconds / STEPS * prices.LAMBDA_GB_SECOND
        + per_run / RUN * prices.EXPRESS_REQUEST
        + seconds / STEPS * 0.0625 * prices.EXPRESS_GB_SECOND
    )
    return [
        exact_figure(
            "4", "transitions per nurture step", transitions, "", 0.03, "5.2, 2.2; D 0.011"
        ),
        exact_figure("4", "task calls per nurture step", tasks, "", 0.03),
        Figure(
            goal="4",
            what="$ per 1M steps without DynamoDB and mail",
            value=dollars,
            unit="$",
            kind="ratio",
            limit=1,
            anchor="131, 56, 2.3",
            note=f"with {seconds / STEPS * 1e3:.1f} ms of CPU per step, as measured here",
        ),
        exact_figure("4", "  WRU per step", writes, "WRU"),
        exact_figure("4", "  RRU per step", reads, "RRU"),
        exact_figure("4", "  DynamoDB calls per step", calls, "calls"),
    ]


def _cpu() -> float:
    """Seconds to decide and pack such a page, on the table in memory; the best of three."""
    best = float("inf")
    for _ in range(3):
        grown = GrowingTable()
        for n in range(STEPS):
            grown.act([inquiries.build_submission(n, **inquiries.cold_fields(n))])
        later = MONDAY + timedelta(hours=2)
        shards = range(keys.DUE_SHARDS)
        dues = [due for n in shards for due in queries.due(grown.table, n, later, STEPS).rows]
        assert len(dues) == STEPS
        began = time.process_time()
        grown.act(dues, later)
        best = min(best, time.process_time() - began)
    return best


def _pages(here: SampleCompany, found: dict[str, Any]) -> list[dict[str, str]]:
    lying = here.home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
    return list(json.loads(lying["Body"].read()))
