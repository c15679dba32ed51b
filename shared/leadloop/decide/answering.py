"""Who asks is answered at once, and gets what was promised; what only a person can answer is kept.

`deliver` asks whether each may be said.
"""

from datetime import datetime, timedelta

from leadloop.content.offers import Exhausted, grant
from leadloop.content.policy import DownloadOffer, Offer
from leadloop.decide.advance import who_answers
from leadloop.decide.draft import Draft
from leadloop.decide.view import OF_COMPANY, asked_view, language_of
from leadloop.intake.policy import AutoResponse
from leadloop.model.delivery import Purpose
from leadloop.model.facts import Change, OfferRef
from leadloop.model.lead import Given, OpenQuestion
from leadloop.model.submission import Submission


def answer(draft: Draft, submission: Submission) -> None:
    """To a person without an address nothing is said: there is nowhere to say it."""
    if draft.lead.quiet:
        return
    row, asked = _asked(draft, submission)
    reachable = draft.lead.contact.email is not None
    promised = draft.book.source(submission.source).offer
    answered = False
    if reachable and row is not None:
        answered = _respond(draft, row, submission.received_at) and row.answers
    if reachable and promised in draft.book.playbook.offers and promised != (row and row.offer):
        offer = draft.book.playbook.offers[promised]
        _give(draft, offer, offer.template)
    if asked and not answered:
        leave_to_a_person(draft, submission.received_at)


def leave_to_a_person(draft: Draft, since: datetime) -> None:
    """Before all other work of who works the lead, or of who would get it; the oldest waits on."""
    lead, before = draft.lead, draft.lead.open_question
    if before is not None:
        draft.set(open_question=before.but(at=min(before.at, since)))
        return
    pool = lead.assignment.pool if lead.assignment else who_answers(draft)
    draft.set(open_question=OpenQuestion(at=since, pool=pool))
    draft.event("QuestionAsked", pool=pool)


def _asked(draft: Draft, submission: Submission) -> tuple[AutoResponse | None, bool]:
    """The first answer of the source that fits what was asked now, and whether that was much."""
    source = draft.book.source(submission.source)
    if not source.auto_responses and source.asks is None:
        return None, False
    rows, asks = draft.book.auto_responses(source.id), draft.book.asks(source.id)
    account = draft.account() if OF_COMPANY in rows.fields | asks.fields else None
    view = asked_view(submission, draft.lead, account, draft.book)
    return rows.first(view), bool(asks.first(view))


def _respond(draft: Draft, row: AutoResponse, received_at: datetime) -> bool:
    """Whether there is an answer: what was asked for may be gone."""
    if row.offer is not None:
        return _give(draft, draft.book.playbook.offers[row.offer], row.template)
    draft.deliver(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=language_of(draft.lead, draft.book),
        not_after=received_at + timedelta(hours=row.within_hours),
    )
    return True


def _give(draft: Draft, offer: Offer, template: str) -> bool:
    """Who has it already is given the same once more, be it the same code or the same seat."""
    given = next((each for each in draft.lead.given if each.offer == offer.id), None)
    if given is None:
        given = _first(draft, offer)
    said = template if given is not None else _of_none_left(offer)
    if said is not None:
        draft.deliver(
            Purpose.OFFER,
            template=said,
            language=language_of(draft.lead, draft.book),
            offer=offer.id,
            data={"offer_code": given.code} if given and given.code else {},
        )
    return given is not None


def _of_none_left(offer: Offer) -> str | None:
    return None if isinstance(offer, DownloadOffer) else offer.none_left


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
