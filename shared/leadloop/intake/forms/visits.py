"""Posts of the visits script about an anonymous visitor, read strictly."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from leadloop.intake.fields.visitor_id import VISITOR_PATTERN
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable
from leadloop.model.signal import Signal

VISIT_BYTES = 4096
MOST_EVENTS = 20  # events of one post
# The signals that a browser may report.
BrowserSignal = Literal["visit", "download", "webinar", "follow"]


class VisitEvent(Model):
    """One action of the visitor. The script makes `id`, so that a repeated post counts once."""

    id: Annotated[str, Field(pattern=r"^[\w.:-]{1,64}$")]
    signal: BrowserSignal = "visit"
    page: Annotated[str, Field(max_length=500)] | None = None


class Visit(Model):
    """The latest actions of one visitor."""

    visitor: Annotated[str, Field(pattern=VISITOR_PATTERN)]
    events: Annotated[tuple[VisitEvent, ...], Field(min_length=1, max_length=MOST_EVENTS)]


def parse_visit(body: bytes) -> Visit:
    """The visit in a post.

    Raises:
        TooLarge: more than `VISIT_BYTES`. Unreadable: it is no JSON. FieldsInvalid: every fault.

    """
    if len(body) > VISIT_BYTES:
        raise TooLarge(f"A visit has at most {VISIT_BYTES} bytes.")
    try:
        return Visit.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        if faults[0]["type"] == "json_invalid":
            raise Unreadable(f"A visit is JSON: {faults[0]['msg']}.") from None
        reasons = (
            Reason(code=fault["type"], text=f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
            for fault in faults
        )
        raise FieldsInvalid(tuple(reasons)) from None


def build_signals(visit: Visit, at: datetime, user_agent: str | None) -> tuple[Signal, ...]:
    """A signal for each event. Of a page only the path is kept: a query may name a person."""
    return tuple(
        Signal(
            id=f"{event.signal}:{_digest(visit.visitor, event.id)}",
            signal=event.signal,
            visitor=visit.visitor,
            at=at,
            confirmed=True,
            detail=event.page.partition("?")[0].partition("#")[0] if event.page else None,
            user_agent=user_agent or "",
        )
        for event in visit.events
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:26]
