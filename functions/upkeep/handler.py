"""Dead letters → an end for each, so that nothing is ever just gone.

A submission or a mail gets its one outcome, `quarantined(failed)`, with its raw bytes; a delivery
becomes `unknown` if a run may have said it, else it waits for its next try; a signal is tried once
more; all else is parked in the raw bucket as it came. Each has raised an alarm before it gets here.
"""

from leadloop.edge.cold_start import ready  # isort: split

from leadloop.edge import batches
from leadloop.edge.telemetry import tell
from upkeep import letters


@ready
def handler(event: batches.Event, _context: object) -> batches.Answer:
    batch = batches.messages(event)
    answer = batches.each(batch, "Ending a dead letter", letters.end)
    tell("Kept house", {"DeadLetters": len(batch)})
    return answer
