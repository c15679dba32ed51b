"""Schedule → the submissions queue: new items of feeds and drops, each queued once."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from functools import partial

from aws_lambda_powertools.utilities.typing import LambdaContext

from feeds import polls
from leadloop.edge import clock
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.telemetry import log_call

SPARE_MILLISECONDS = 60_000  # time that the last poll of a run may take


@freeze_gc
def handler(_event: object, context: LambdaContext) -> dict[str, int]:
    """Poll the sources that are due, the longest waiting first. The next run does the rest."""
    counts = {"FeedsPolled": 0, "FeedsFailed": 0, "FeedEntries": 0}
    for source, checkpoint in polls.due_sources(clock.now()):
        if context.get_remaining_time_in_millis() < SPARE_MILLISECONDS:
            break
        match attempt("Polling a feed", partial(polls.poll_source, source, checkpoint)):
            case AttemptSuccess(value=int(entries)):
                counts["FeedsPolled"] += 1
                counts["FeedEntries"] += entries
            case _:
                counts["FeedsFailed"] += 1
    log_call("Polled feeds", {name: counts[name] for name in ("FeedsPolled", "FeedsFailed")})
    return counts
