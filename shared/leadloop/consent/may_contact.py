"""May we speak to this person now? The one place where it is asked, right before we speak.

The rules of this file: a stop is asked before everything else and never expires; marketing needs
a consent that names its purpose; then how often, then at what hour. Where a person may be in
several time zones, it must be a good hour in all of them. An automatic answer to an inquiry is
asked for by inquiring, at whatever hour: only a stop of all messages forbids it, and one address
has the same answer once a day, whoever fills in the forms. An alert to a rep is no word to the
person: none of this is asked.
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
_MOST_ROUNDS = 8  # openings looked at in search of an hour that is good in all zones: days


@dataclass(frozen=True, slots=True)
class SendAllowed:
    """Go on."""


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
    """Send, hold until, or drop; what could only be said past `not_after` is dropped at once.

    `stops` are the scopes in force for the address; `sends` is when we wrote marketing to the
    person before, or gave this address this automatic answer.
    """
    if purpose.is_answer:
        return _may_answer(now, stops, sends)
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
    good = allowed if window is None else _next_contact_time(window, zones_of(contact), allowed)
    if good is None:
        return DropDelivery(why="the contact window never opens")
    if good <= now:
        return SendAllowed()
    why = _hold_reason(policy, window, allowed=allowed, now=now)
    if not_after is not None and good > not_after:
        return DropDelivery(why=f"{why}; after that it is too late")
    return Hold(until=good, why=why)


def _may_answer(
    now: datetime, stops: Collection[SuppressionScope], answers: Sequence[datetime]
) -> SendAllowed | DropDelivery:
    if "all" in stops:
        return DropDelivery(why="the person has stopped all messages")
    last = max(answers, default=None)
    if last is not None and now - last < _ANSWER_INTERVAL:
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
    """The first good moment from `since` on: in all of `zones`, else in the window's own zone."""
    good = _open_in_all(window.week, zones, since) if zones else None
    return good or next_open(window.week, window.zone, since)


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
