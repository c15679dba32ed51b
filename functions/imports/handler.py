"""Tasks of the imports' state machine: open a file or give it up, decide a page, close it."""

from leadloop.edge.cold_start import ready  # isort: split

from imports.closing import closed, given_up
from imports.opening import opened
from imports.page import decided
from leadloop.edge.batches import Event
from leadloop.edge.telemetry import tell


@ready
def handler(event: Event, _context: object) -> Event:
    match event:
        case {"task": "open", "key": str(key)}:
            found = opened(key.rpartition("/")[2])
            tell("Opened a file", {"ImportPages": found.pages})
            return found.model_dump()
        case {"task": "rows", "import": str(import_id), "page": int(number)}:
            did = decided(import_id, number)
            tell("Decided a page of rows", {f"Row{name.title()}": n for name, n in did.items()})
            return {"page": number, "rows": sum(did.values())}
        case {"task": "close", "import": str(import_id)}:
            ended = closed(import_id)
            tell("Closed a file", {"ImportRows": ended.rows})
            return ended.model_dump()
        case {"task": "give up", "key": str(key), "error": str(error)}:
            given_up(key.rpartition("/")[2], error)
            tell("Gave up a file", {})
            return {}
        case _:
            raise ValueError(f"no such task: {event.get('task')!r}")
