"""Schedule → the submissions queue: what is new in feeds and drops, read once and none left out."""

from leadloop.edge.cold_start import ready  # isort: split

from functools import partial

from aws_lambda_powertools.utilities.typing import LambdaContext

from feeds import polls
from leadloop.edge import clock
from leadloop.edge.problems import Done, attempt
from leadloop.edge.telemetry import tell

SPARE = 60_000  # milliseconds that the last poll of a run may take


@ready
def handler(_event: object, context: LambdaContext) -> dict[str, int]:
    """Whatever is due, the longest waiting first; what there is no time for, the next run does."""
    counts = {"FeedsPolled": 0, "FeedsFailed": 0, "FeedEntries": 0}
    for source, checkpoint in polls.due(clock.now()):
        if context.get_remaining_time_in_millis() < SPARE:
            break
        match attempt("Polling a feed", partial(polls.poll, source, checkpoint)):
            case Done(value=int(entries)):
                counts["FeedsPolled"] += 1
                counts["FeedEntries"] += entries
            case _:
                counts["FeedsFailed"] += 1
    tell("Polled feeds", {name: counts[name] for name in ("FeedsPolled", "FeedsFailed")})
    return counts
