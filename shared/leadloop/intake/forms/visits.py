"""What a page's script tells of an anonymous visitor, read strictly."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from leadloop.intake.fields.visitor_id import VISITOR_PATTERN
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable
from leadloop.model.signal import Signal

VISIT_BYTES = 4096
MOST_EVENTS = 20  # of one post
BrowserSignal = Literal[
    "visit", "download", "webinar", "follow"
]  # what a browser may tell of itself


class VisitEvent(Model):
    """One thing that was done. `id` is the script's, so that it counts once however often told."""

    id: Annotated[str, Field(pattern=r"^[\w.:-]{1,64}$")]
    signal: BrowserSignal = "visit"
    page: Annotated[str, Field(max_length=500)] | None = None


class Visit(Model):
    """What a visitor did of late."""

    visitor: Annotated[str, Field(pattern=VISITOR_PATTERN)]
    events: Annotated[tuple[VisitEvent, ...], Field(min_length=1, max_length=MOST_EVENTS)]


def parse_visit(body: bytes) -> Visit:
    """Raises `TooLarge`, `Unreadable` or `FieldsInvalid`, which say what to mend."""
    if len(body) > VISIT_BYTES:
        raise TooLarge(f"A visit has at most {VISIT_BYTES} bytes.")
    try:
        return Visit.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        if faults[0]["type"] == "json_invalid":
            raise Unreadable(f"A visit is JSON: {faults[0]['msg']}.") from None
        reasons = (
            Reason(code=f["type"], text=f"{'.'.join(map(str, f['loc']))}: {f['msg']}")
            for f in faults
        )
        raise FieldsInvalid(tuple(reasons)) from None


def build_signals(visit: Visit, at: datetime, user_agent: str | None) -> tuple[Signal, ...]:
    """Each as a signal of the visitor; of a page only its path, since a query may name a person."""
    return tuple(
        Signal(
            id=f"{seen.signal}:{_digest(visit.visitor, seen.id)}",
            signal=seen.signal,
            visitor=visit.visitor,
            at=at,
            confirmed=True,
            detail=seen.page.partition("?")[0].partition("#")[0] if seen.page else None,
            user_agent=user_agent or "",
        )
        for seen in visit.events
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:26]
