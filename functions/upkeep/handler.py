"""Dead letters → an end for each; tasks of the replays' state machine; hourly checks.

No message is ever just gone. A submission or a mail gets its one outcome, `quarantined(failed)`,
with its raw bytes. A delivery becomes `unknown` if a run may have sent it, else it waits for its
next try. A signal is tried once more. All else is parked in the raw bucket as it came. Each has
raised an alarm before it gets here.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections import Counter
from collections.abc import Mapping

from leadloop.edge import batches
from leadloop.edge.replay_files import ReplayPage
from leadloop.edge.telemetry import log_call
from upkeep import dead_letters, health, reconciliation, replays, vendor_catch_up


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> Mapping[str, object]:
    match event:
        case {"task": "find", "replay": replay}:
            manifest = replays.find_submissions(replay)
            log_call("Found whom to replay", {"ReplayPages": manifest.pages})
            return manifest.model_dump()
        case {"task": "page", **page}:
            outcomes = Counter(
                each.what for each in replays.replay_page(ReplayPage.model_validate(page))
            )
            log_call(
                "Replayed a page", {f"Replayed{what.title()}": n for what, n in outcomes.items()}
            )
            return dict(outcomes)
        case {"task": "end", "replay": replay}:
            return replays.end_replay(replay).model_dump(mode="json")
        case {"task": "balance"}:
            return reconciliation.reconcile().model_dump(mode="json")
        case {"task": "health"}:
            return health.check_sources().model_dump(mode="json")
        case {"task": "vendors"}:
            return vendor_catch_up.fetch_missing_leads()
        case _:
            return _end_letters(event)


def _end_letters(event: batches.LambdaEvent) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer = batches.process_each(batch, "Ending a dead letter", dead_letters.end_letter)
    log_call("Kept house", {"DeadLetters": len(batch)})
    return answer
