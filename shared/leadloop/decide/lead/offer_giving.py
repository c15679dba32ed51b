"""What a form promises: given at once, or, if it is of value, after the address has said yes.

Anybody can type anybody's address. So a code, a seat or a file of value goes only to an address
whose person has pressed the button behind our link. Limits of a form and of a network come before
the question.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from leadloop.content.offers import OfferRefusal, grant_offer
from leadloop.content.policy import DownloadOffer, Offer
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.count import Count, CountRef
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.events.messages import (
    AddressConfirmed,
    ConfirmationAsked,
    OfferExhausted,
    OfferGiven,
    OfferLimited,
)
from leadloop.model.facts import Change
from leadloop.model.offer import OfferRef
from leadloop.model.person import OfferGrant, OfferRequest
from leadloop.model.submission import Submission

ASK_INTERVAL = timedelta(days=1)
COUNT_RETENTION = timedelta(days=1)  # of an hour's count, from its first request
MOST_REQUESTS = 16  # the latest; each one is on the timeline for good


def send_offer(
    change_set: ChangeSet, offer: Offer, template: str, submission: Submission
) -> Delivery | None:
    """The mail with the offer; None if it must wait for a yes, or is exhausted.

    A person who has it already gets the same code or seat once more.
    """
    if _needs_yes(change_set, offer):
        _ask_address(change_set, offer, template, submission)
        return None
    return _give_offer(change_set, offer, template)


def give_confirmed_offer(change_set: ChangeSet, delivery: Delivery | None) -> None:
    """Give what the delivery asked the address about, if that is still the person's address."""
    person = change_set.person
    if delivery is None or delivery.purpose is not Purpose.CONFIRMATION:
        return
    request = next((each for each in person.asked if each.delivery == delivery.id), None)
    offer = change_set.book.playbook.offers.get(delivery.offer or "")
    if request is None or offer is None or delivery.address != person.contact.email:
        return
    confirmed = request.but(address=delivery.address, confirmed_at=change_set.now)
    asked = tuple(confirmed if each is request else each for each in person.asked)
    change_set.update_person(asked=asked)
    change_set.record_event(AddressConfirmed(offer=offer.id, delivery=delivery.id))
    _give_offer(change_set, offer, request.template)


def _needs_yes(change_set: ChangeSet, offer: Offer) -> bool:
    """Whether there is something of value to give, and the address has not said yes to it yet."""
    if _is_confirmed(change_set, offer) or _is_exhausted(change_set, offer):
        return False
    return offer.needs_confirmation


def _is_confirmed(change_set: ChangeSet, offer: Offer) -> bool:
    """Whether the person's address of today has said yes to this offer."""
    address = change_set.person.contact.email
    return any(
        each.offer == offer.id and each.confirmed_at is not None and each.address == address
        for each in change_set.person.asked
    )


def _is_exhausted(change_set: ChangeSet, offer: Offer) -> bool:
    if isinstance(offer, DownloadOffer):
        return False
    usage = change_set.facts.get(OfferRef(offer.id))
    return isinstance(grant_offer(offer, usage), OfferRefusal)


def _ask_address(
    change_set: ChangeSet, offer: Offer, template: str, submission: Submission
) -> None:
    """Queue the question, unless it waits already or too many came from there this hour."""
    ip = submission.touch.ip if submission.touch else None
    if _is_asked(change_set, offer):
        return
    limits = {f"form {submission.source}": offer.form_hour}
    if ip is not None:
        limits[f"network {_network(ip)}"] = offer.network_hour
    if not _count_request(change_set, limits, submission.received_at):
        change_set.record_event(OfferLimited(offer=offer.id, source=submission.source))
        return
    delivery = change_set.queue_delivery(
        Purpose.CONFIRMATION,
        template=offer.confirmation,
        language=change_set.language,
        offer=offer.id,
    )
    if delivery is None:
        return
    request = OfferRequest(
        offer=offer.id,
        template=template,
        at=submission.received_at,
        submission=submission.id,
        ip=ip,
        delivery=delivery.id,
    )
    change_set.update_person(asked=(*change_set.person.asked, request)[-MOST_REQUESTS:])
    change_set.record_event(ConfirmationAsked(offer=offer.id, delivery=delivery.id))


def _is_asked(change_set: ChangeSet, offer: Offer) -> bool:
    """Whether the address was asked about this offer within a day."""
    return any(
        each.offer == offer.id
        and each.confirmed_at is None
        and change_set.now < each.at + ASK_INTERVAL
        for each in change_set.person.asked
    )


def _count_request(change_set: ChangeSet, limits: dict[str, int], at: datetime) -> bool:
    """Count a request of these places, each with its limit; False, and nothing, beyond a limit."""
    hour = at.astimezone(UTC).strftime("%Y-%m-%dT%H")
    until = at + COUNT_RETENTION
    return change_set.count_if_room(
        *(
            Count(CountRef(f"offer requests of {place}", hour), 1, most, until)
            for place, most in limits.items()
        )
    )


def _network(ip: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one; another text as it is."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    bits = 24 if isinstance(address, IPv4Address) else 48
    return str(ip_network((address, bits), strict=False))


def _give_offer(change_set: ChangeSet, offer: Offer, template: str) -> Delivery | None:
    """The mail with the offer; None if it is exhausted, even if a mail tells so."""
    grants = change_set.person.given
    grant = next((each for each in grants if each.offer == offer.id), None)
    if grant is None:
        grant = _grant_offer(change_set, offer)
    if grant is not None:
        template_id: str | None = template
    else:
        template_id = None if isinstance(offer, DownloadOffer) else offer.none_left
    if template_id is None:
        return None
    delivery = change_set.queue_delivery(
        Purpose.OFFER,
        template=template_id,
        language=change_set.language,
        offer=offer.id,
        data={"offer_code": grant.code} if grant and grant.code else {},
    )
    return None if grant is None else delivery


def _grant_offer(change_set: ChangeSet, offer: Offer) -> OfferGrant | None:
    ref = OfferRef(offer.id)
    before = None if isinstance(offer, DownloadOffer) else change_set.facts.get(ref)
    result = grant_offer(offer, before)
    if isinstance(result, OfferRefusal):
        change_set.record_event(OfferExhausted(offer=offer.id, why=result.why))
        return None
    if result.book is not None:
        version = before.version if before else 0
        change_set.add_change(Change(ref, version or None, result.book.but(version=version + 1)))
    grant = OfferGrant(offer=offer.id, code=result.code, at=change_set.now)
    change_set.update_person(given=(*change_set.person.given, grant))
    change_set.record_event(OfferGiven(offer=offer.id))
    return grant
