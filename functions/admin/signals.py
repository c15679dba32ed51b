"""Behaviour that our own systems observe: webinars, downloads, follows; told by who may work it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from admin.roles import Right
from admin.routes import Routes, instant, takes
from leadloop.edge import clock
from leadloop.edge.act import act_now, table
from leadloop.intake.fields.visitor_id import VISITOR
from leadloop.model.base import Model, Reason
from leadloop.model.decision import Applied, Ignored, Kept
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.model.facts import ClaimRef, Facts
from leadloop.model.signal import Signal
from leadloop.quality.email import email_of
from leadloop.store.read import read

SIGNALS = "/admin/v1/signals"
# News of our own mails, and a person's stop: they come by their own ways, and end things.
NOT_HERE = frozenset(
    {"open", "reply", "bounce", "complaint", "unsubscribe", "auto_reply", "delayed"}
)

routes = Routes()


class Observed(Model):
    """Who did it is named in one way. `id` is the observing system's: it counts once."""

    id: Annotated[str, Field(pattern=r"^[\w.:-]{1,128}$")]
    signal: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    at: datetime | None = None
    lead_id: Annotated[str, Field(max_length=64)] | None = None
    email: str | None = None
    visitor: Annotated[str, Field(pattern=VISITOR)] | None = None
    detail: Annotated[str, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _one_person(self) -> "Observed":
        if sum(each is not None for each in (self.lead_id, self.email, self.visitor)) != 1:
            raise ValueError("name who did it by lead_id, email or visitor, and by one of them")
        return self


@routes.post(
    SIGNALS,
    summary="Behaviour of a lead (by id or address) or of a visitor nobody knows yet; counts once",
    openapi_extensions=takes(Observed),
)
def observe() -> Applied | Kept:
    routes.permit(Right.OBSERVE)
    observed = routes.body(Observed)
    if observed.signal in NOT_HERE:
        raise _refused("signal", f"signal: {observed.signal} is not told here")
    now = clock.now()
    at = instant(observed.at) or now
    if at > now:
        raise _refused("at", "at: lies ahead; only what was done counts")
    signal = Signal(
        id=f"api:{observed.signal}:{observed.id}",
        signal=observed.signal,
        lead_id=observed.lead_id or _lead_of(observed.email),
        visitor=observed.visitor,
        at=at,
        confirmed=True,
        detail=observed.detail,
    )
    match act_now(signal):
        case Applied() | Kept() as done:
            return done
        case Ignored():
            raise NotFound("no such lead")
        case other:
            raise TypeError(f"a signal became {other.kind}")


def _lead_of(email: str | None) -> str | None:
    """Raises: FieldsInvalid: no address. NotFound: nobody's."""
    if email is None:
        return None
    address = email_of(email)
    if address is None:
        raise _refused("email", "email: is no address")
    ref = ClaimRef("email", address.address)
    claim = Facts(read(table(), [ref])).claim(ref)
    if claim is None:
        raise NotFound("nobody has this address")
    return claim.lead_id


def _refused(code: str, text: str) -> FieldsInvalid:
    return FieldsInvalid((Reason(code=code, text=text),))
