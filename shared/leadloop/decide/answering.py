"""Who asks is answered at once, and gets what the form promised; deliver asks whether it may."""

from datetime import timedelta

from leadloop.content.offers import Exhausted, grant
from leadloop.content.policy import DownloadOffer, Offer
from leadloop.decide.draft import Draft
from leadloop.decide.view import asked_view, language_of
from leadloop.model.delivery import Purpose
from leadloop.model.facts import Change, OfferRef
from leadloop.model.lead import Given
from leadloop.model.submission import Submission


def answer(draft: Draft, submission: Submission) -> None:
    """Nothing to a person without an address: there is nowhere to say it."""
    if draft.lead.contact.email is None or draft.lead.quiet:
        return
    _respond(draft, submission)
    promised = draft.book.source(submission.source).offer
    offer = draft.book.playbook.offers.get(promised) if promised else None
    if offer is not None:
        _give(draft, offer)


def _respond(draft: Draft, submission: Submission) -> None:
    """The first answer of the source that fits what was asked now."""
    rows = draft.book.auto_responses(submission.source)
    if not rows:
        return
    view = asked_view(submission, draft.lead, draft.account(), draft.book)
    row = next((row for row, holds in rows if holds(view)), None)
    if row is None:
        return
    draft.deliver(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=language_of(draft.lead, draft.book),
        not_after=submission.received_at + timedelta(hours=row.within_hours),
    )


def _give(draft: Draft, offer: Offer) -> None:
    """Who has it already is given the same once more, be it the same code or the same seat."""
    given = next((each for each in draft.lead.given if each.offer == offer.id), None)
    if given is None:
        given = _first(draft, offer)
    if given is None:
        return
    draft.deliver(
        Purpose.OFFER,
        template=offer.template,
        language=language_of(draft.lead, draft.book),
        offer=offer.id,
        data={"offer_code": given.code} if given.code else {},
    )


def _first(draft: Draft, offer: Offer) -> Given | None:
    before = None if isinstance(offer, DownloadOffer) else draft.facts.offer(OfferRef(offer.id))
    granted = grant(offer, before)
    if isinstance(granted, Exhausted):
        draft.event("OfferExhausted", offer=offer.id, why=granted.why)
        return None
    if granted.book is not None:
        version = before.version if before else 0
        after = granted.book.but(version=version + 1)
        draft.put(Change(OfferRef(offer.id), version or None, after))
    given = Given(offer=offer.id, code=granted.code, at=draft.now)
    draft.set(given=(*draft.lead.given, given))
    draft.event("OfferGiven", offer=offer.id)
    return given
