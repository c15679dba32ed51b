"""Tasks of the imports' state machine: open a file or give it up, decide a page, close it."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from imports.closing import close_import, give_up_import
from imports.opening import open_import
from imports.page import decide_page
from leadloop.edge.batches import LambdaEvent
from leadloop.edge.telemetry import log_call


@freeze_gc
def handler(event: LambdaEvent, _context: object) -> LambdaEvent:
    match event:
        case {"task": "open", "key": str(key)}:
            result = open_import(key.rpartition("/")[2])
            log_call("Opened a file", {"ImportPages": result.pages})
            return result.model_dump()
        case {"task": "rows", "import": str(import_id), "page": int(number)}:
            outcomes = decide_page(import_id, number)
            log_call(
                "Decided a page of rows", {f"Row{name.title()}": n for name, n in outcomes.items()}
            )
            return {"page": number, "rows": sum(outcomes.values())}
        case {"task": "close", "import": str(import_id)}:
            closed = close_import(import_id)
            log_call("Closed a file", {"ImportRows": closed.rows})
            return closed.model_dump()
        case {"task": "give up", "key": str(key), "error": str(error)}:
            give_up_import(key.rpartition("/")[2], error)
            log_call("Gave up a file", {})
            return {}
        case _:
            raise ValueError(f"no such task: {event.get('task')!r}")
