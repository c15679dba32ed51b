"""Dead letters → an end for each; tasks of the replays' state machine → who is read anew.

So that nothing is ever just gone, a submission or a mail gets its one outcome,
`quarantined(failed)`, with its raw bytes; a delivery becomes `unknown` if a run may have said it,
else it waits for its next try; a signal is tried once more; all else is parked in the raw bucket as
it came. Each has raised an alarm before it gets here.
"""

from leadloop.edge.cold_start import ready  # isort: split

from collections import Counter
from collections.abc import Mapping

from leadloop.edge import batches
from leadloop.edge.replay_files import Page
from leadloop.edge.telemetry import tell
from upkeep import dead_letters, health, reconciliation, replays, vendor_catch_up


@ready
def handler(event: batches.Event, _context: object) -> Mapping[str, object]:
    match event:
        case {"task": "find", "replay": replay}:
            found = replays.find(replay)
            tell("Found whom to replay", {"ReplayPages": found.pages})
            return found.model_dump()
        case {"task": "page", **page}:
            became = Counter(each.what for each in replays.work(Page.model_validate(page)))
            tell("Replayed a page", {f"Replayed{what.title()}": n for what, n in became.items()})
            return dict(became)
        case {"task": "end", "replay": replay}:
            return replays.end(replay).model_dump(mode="json")
        case {"task": "balance"}:
            return reconciliation.balance().model_dump(mode="json")
        case {"task": "health"}:
            return health.look().model_dump(mode="json")
        case {"task": "vendors"}:
            return vendor_catch_up.take_in_missing()
        case _:
            return _end_letters(event)


def _end_letters(event: batches.Event) -> batches.Answer:
    batch = batches.messages(event)
    answer = batches.each(batch, "Ending a dead letter", dead_letters.end)
    tell("Kept house", {"DeadLetters": len(batch)})
    return answer
