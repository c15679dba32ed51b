"""Goal 4: what a nurture step costs: transitions and tasks, and beside them what DynamoDB bills."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from journey import handler as journey
from tests.bench import inquiries, prices
from tests.bench.goals import Figure
from tests.bench.units import BATCH, CONTEXT, Shop, exact, quiet, shop

STEPS = 100
PARENT_STATES = (
    "Due",
    "AnythingDue",
    "Pages",
)  # what one run enters; a test holds it to the template
RUN = 1_000  # steps that are due in one run, as the anchors have it


def nurture_steps() -> list[Figure]:
    """A page of a hundred leads whose first mail is due."""
    with shop() as here, quiet():
        for first in range(0, STEPS, BATCH):
            posts = [inquiries.cold(n) for n in range(first, first + BATCH)]
            here.qualified(here.captured(posts))
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
            found = journey.handler({"task": "due"}, CONTEXT)
            (page,) = (each for each in _pages(here, found) if each["kind"] == "step")
            here.meter.reset()
            began = time.process_time()
            did = journey.handler({"task": "act", **page}, CONTEXT)
            seconds = time.process_time() - began
        assert did["done"] == STEPS, did
        meter = here.meter
        writes, reads = meter.write_units() / STEPS, meter.read_units / STEPS
        calls = meter.calls.total() / STEPS
    per_run = RUN // STEPS
    transitions = (len(PARENT_STATES) + per_run) / RUN
    tasks = (1 + per_run) / RUN
    # Time: as measured with AWS in memory, which costs more than the network's waiting would.
    dollars = (
        transitions * prices.TRANSITION
        + tasks * prices.LAMBDA_CALL
        + seconds / STEPS * prices.LAMBDA_GB_SECOND
        + per_run / RUN * prices.EXPRESS_REQUEST
        + seconds / STEPS * 0.0625 * prices.EXPRESS_GB_SECOND
    )
    return [
        exact("4", "transitions per nurture step", transitions, "", 0.03, "5.2, 2.2; D 0.011"),
        exact("4", "task calls per nurture step", tasks, "", 0.03),
        Figure(
            goal="4",
            what="$ per 1M steps without DynamoDB and mail",
            value=dollars,
            unit="$",
            kind="ratio",
            limit=1,
            anchor="131, 56, 2.3",
            note="time of the task measured here",
        ),
        exact("4", "  WRU per step", writes, "WRU"),
        exact("4", "  RRU per step", reads, "RRU"),
        exact("4", "  DynamoDB calls per step", calls, "calls"),
    ]


def _pages(here: Shop, found: dict[str, Any]) -> list[dict[str, str]]:
    lying = here.home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
    return list(json.loads(lying["Body"].read()))
