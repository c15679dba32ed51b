"""Tasks of the journey's state machine: list what is due, and do a page of it."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from aws_lambda_powertools.utilities.typing import LambdaContext

from journey import pages
from leadloop.act import Failure
from leadloop.edge.act import act
from leadloop.edge.batches import LambdaEvent
from leadloop.edge.telemetry import log_call
from leadloop.model.decision import Applied


@freeze_gc
def handler(event: LambdaEvent, context: LambdaContext) -> LambdaEvent:
    match event:
        case {"task": "due"}:
            manifest = pages.write_pages(context.aws_request_id)
            log_call("Listed what is due", {"DuePages": manifest.pages})
            return manifest.model_dump()
        case {"task": "act", **page}:
            return _work(pages.DuePage.model_validate(page))
        case _:
            raise ValueError(f"no such task: {event.get('task')!r}")


def _work(page: pages.DuePage) -> LambdaEvent:
    """Counts for the flow to show; what failed stays due, and the next run meets it again."""
    results = act(pages.read_page(page))
    failed = sum(isinstance(result, Failure) for result in results)
    late = sum(isinstance(result, Applied) and result.late for result in results)
    done = len(results) - failed - late
    log_call("Did a page", {"DueDone": done, "DueLate": late, "DueFailed": failed})
    outcome = "failed" if failed else "late" if late else "done"
    return {"kind": page.kind, "done": done, "late": late, "failed": failed, "outcome": outcome}
