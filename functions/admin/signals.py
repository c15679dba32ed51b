"""Signals from the company's own systems, such as webinars, downloads and follows."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from admin.roles import Right
from admin.routes import Routes, describe_request, to_utc
from leadloop.edge import clock
from leadloop.edge.act import act_now, table
from leadloop.intake.fields.visitor_id import VISITOR_PATTERN
from leadloop.model.base import Model, Reason
from leadloop.model.claim import ClaimRef
from leadloop.model.decision import Applied, Ignored, SignalStored
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.model.facts import Facts
from leadloop.model.signal import Signal
from leadloop.quality.email import parse_email
from leadloop.store.read import read

SIGNALS = "/admin/v1/signals"
# What happens to our own mails, and a person's stop: these come by other ways and have effects.
EXCLUDED_SIGNALS = frozenset(
    {"open", "reply", "bounce", "complaint", "unsubscribe", "auto_reply", "delayed", "confirm"}
)

routes = Routes()


class ObservedSignal(Model):
    """Who did it is named in one way. `id` is the observing system's: it counts once."""

    id: Annotated[str, Field(pattern=r"^[\w.:-]{1,128}$")]
    signal: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    at: datetime | None = None
    lead_id: Annotated[str, Field(max_length=64)] | None = None
    email: str | None = None
    visitor: Annotated[str, Field(pattern=VISITOR_PATTERN)] | None = None
    detail: Annotated[str, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _check_one_person(self) -> "ObservedSignal":
        if sum(each is not None for each in (self.lead_id, self.email, self.visitor)) != 1:
            raise ValueError("name who did it by lead_id, email or visitor, and by one of them")
        return self


@routes.post(
    SIGNALS,
    summary="Behaviour of a lead (by id or address) or of a visitor nobody knows yet; counts once",
    openapi_extensions=describe_request(ObservedSignal),
)
def observe() -> Applied | SignalStored:
    routes.permit(Right.OBSERVE)
    observed = routes.body(ObservedSignal)
    if observed.signal in EXCLUDED_SIGNALS:
        raise _invalid_field("signal", f"signal: {observed.signal} is not told here")
    now = clock.now()
    at = to_utc(observed.at) or now
    if at > now:
        raise _invalid_field("at", "at: lies ahead; only what was done counts")
    signal = Signal(
        id=f"api:{observed.signal}:{observed.id}",
        signal=observed.signal,
        lead_id=observed.lead_id or _lead_by_email(observed.email),
        visitor=observed.visitor,
        at=at,
        confirmed=True,
        detail=observed.detail,
    )
    match act_now(signal):
        case Applied() | SignalStored() as done:
            return done
        case Ignored():
            raise NotFound("no such lead")
        case other:
            raise TypeError(f"a signal became {other.kind}")


def _lead_by_email(email: str | None) -> str | None:
    """The lead whose person claims the address. Raises: FieldsInvalid, NotFound."""
    if email is None:
        return None
    address = parse_email(email)
    if address is None:
        raise _invalid_field("email", "email: is no address")
    ref = ClaimRef("email", address.address)
    claim = Facts(read(table(), [ref])).get(ref)
    if claim is None:
        raise NotFound("nobody has this address")
    return claim.lead_id


def _invalid_field(code: str, text: str) -> FieldsInvalid:
    return FieldsInvalid((Reason(code=code, text=text),))
