"""Whether we may send this person a message now. It is asked only here, right before sending.

- A stop comes before everything else and never expires.
- Marketing needs a consent that names its purpose. Then the frequency limit applies, then the
  contact window. If a person may be in several time zones, it must be open in all of them.
- An inquiry asks for its automatic answer, at any hour. Only a stop of all messages forbids it. One
  address receives the same answer once a day, however many forms are sent.
- An alert to a rep is no message to the person, so none of these rules apply.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leadloop.consent.policy import ContactPolicy, ContactWindow
from leadloop.consent.time_zones import country_of, zones_of
from leadloop.model.contact import Contact
from leadloop.model.decision import DropDelivery, Hold
from leadloop.model.delivery import Purpose
from leadloop.model.submission import ConsentRecord
from leadloop.policy.calendar import Week, next_open
from leadloop.policy.limits import next_allowed_at

SuppressionScope = Literal["marketing", "all"]

_ANSWER_INTERVAL = timedelta(days=1)  # between two automatic answers to one address
_MOST_ROUNDS = 8  # openings tried, about one a day, to find a time that is open in all zones


@dataclass(frozen=True, slots=True)
class SendAllowed:
    """The message may be sent now."""


def may_contact(
    purpose: Purpose,
    contact: Contact,
    policy: ContactPolicy,
    now: datetime,
    *,
    stops: Collection[SuppressionScope],
    consents: Sequence[ConsentRecord],
    sends: Sequence[datetime],
    not_after: datetime | None = None,
) -> SendAllowed | Hold | DropDelivery:
    """Whether to send the message now, hold it until a time, or drop it.

    A message that could be sent only after `not_after` is dropped at once. `stops` are the scopes
    in force for the address. `sends` are the times of earlier marketing messages to the person, or
    of this automatic answer to this address.
    """
    if purpose.is_answer:
        return _may_answer(purpose, now, stops, sends)
    if not purpose.is_marketing:
        return SendAllowed()
    if stops:
        return DropDelivery(why=f"the person has stopped {_scope(stops)}")
    return _may_market(contact, policy, now, consents, sends, not_after)


def _may_market(
    contact: Contact,
    policy: ContactPolicy,
    now: datetime,
    consents: Sequence[ConsentRecord],
    sends: Sequence[datetime],
    not_after: datetime | None,
) -> SendAllowed | Hold | DropDelivery:
    if not any(policy.marketing_purpose in consent.purposes for consent in consents):
        return DropDelivery(why=f"no consent to {policy.marketing_purpose}")
    allowed = next_allowed_at(sends, policy.most, policy.per_days, now)
    if allowed is None:
        return DropDelivery(why="the playbook allows no marketing message at all")
    window = _window(policy, country_of(contact))
    next_time = (
        allowed if window is None else _next_contact_time(window, zones_of(contact), allowed)
    )
    if next_time is None:
        return DropDelivery(why="the contact window never opens")
    if next_time <= now:
        return SendAllowed()
    why = _hold_reason(policy, window, allowed=allowed, now=now)
    if not_after is not None and next_time > not_after:
        return DropDelivery(why=f"{why}; after that it is too late")
    return Hold(until=next_time, why=why)


def _may_answer(
    purpose: Purpose,
    now: datetime,
    stops: Collection[SuppressionScope],
    answers: Sequence[datetime],
) -> SendAllowed | Hold | DropDelivery:
    """A question whether an address says yes waits for its day; another answer is dropped."""
    if "all" in stops:
        return DropDelivery(why="the person has stopped all messages")
    last = max(answers, default=None)
    if last is not None and now - last < _ANSWER_INTERVAL:
        if purpose is Purpose.CONFIRMATION:
            return Hold(until=last + _ANSWER_INTERVAL, why="the address was asked today already")
        return DropDelivery(why=f"the address was answered at {last:%Y-%m-%d %H:%M} UTC already")
    return SendAllowed()


def _scope(stops: Collection[SuppressionScope]) -> str:
    return "all messages" if "all" in stops else "marketing"


def _hold_reason(
    policy: ContactPolicy, window: ContactWindow | None, *, allowed: datetime, now: datetime
) -> str:
    if allowed > now:
        return f"at most {policy.most} messages in {policy.per_days:g} days"
    where = ", ".join(window.countries) if window and window.countries else "other countries"
    return f"outside the contact window of {where}"


def _window(policy: ContactPolicy, country: str | None) -> ContactWindow | None:
    return next(
        (each for each in policy.windows if not each.countries or country in each.countries), None
    )


def _next_contact_time(
    window: ContactWindow, zones: tuple[str, ...], since: datetime
) -> datetime | None:
    """The first open time from `since` on: in all of `zones`, or else in the window's own zone."""
    open_time = _open_in_all(window.week, zones, since) if zones else None
    return open_time or next_open(window.week, window.zone, since)


def _open_in_all(week: Week, zones: tuple[str, ...], since: datetime) -> datetime | None:
    at = since
    for _ in range(_MOST_ROUNDS):
        openings = [opening for zone in zones if (opening := next_open(week, zone, at))]
        if len(openings) < len(zones):
            return None
        if max(openings) == at:
            return at
        at = max(openings)
    return None
