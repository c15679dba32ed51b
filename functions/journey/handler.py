"""Two tasks of the journey's state machine: list what is due, and do a page of it."""

from leadloop.edge.cold_start import ready  # isort: split

from aws_lambda_powertools.utilities.typing import LambdaContext

from journey import pages
from leadloop.act import Failure
from leadloop.edge.act import act
from leadloop.edge.batches import Event
from leadloop.edge.telemetry import tell
from leadloop.model.decision import Applied


@ready
def handler(event: Event, context: LambdaContext) -> Event:
    match event:
        case {"task": "due"}:
            found = pages.write(context.aws_request_id)
            tell("Listed what is due", {"DuePages": found.pages})
            return found.model_dump()
        case {"task": "act", **page}:
            return _work(pages.Page.model_validate(page))
        case _:
            raise ValueError(f"no such task: {event.get('task')!r}")


def _work(page: pages.Page) -> Event:
    """Counts for the flow to show; what failed stays due and is met again by the next run."""
    results = act(pages.read(page))
    failed = sum(isinstance(result, Failure) for result in results)
    late = sum(isinstance(result, Applied) and result.late for result in results)
    done = len(results) - failed - late
    tell("Did a page", {"DueDone": done, "DueLate": late, "DueFailed": failed})
    outcome = "failed" if failed else "late" if late else "done"
    return {"kind": page.kind, "done": done, "late": late, "failed": failed, "outcome": outcome}
