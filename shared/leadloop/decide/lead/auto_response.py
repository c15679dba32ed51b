"""Who asks is answered at once, and gets what was promised; what only a person can answer is kept.

`deliver` asks whether each may be said.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.content.offers import Exhausted, grant
from leadloop.content.policy import DownloadOffer, Offer
from leadloop.decide.lead.change_set import Draft
from leadloop.decide.lead.condition_view import OF_COMPANY, asked_view, language_of
from leadloop.decide.lead.qualification import who_answers
from leadloop.decide.lead.send_permission import SCOPES, Say, may_speak
from leadloop.intake.policy import AutoResponse, Source
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import AnsweredRef, Change, OfferRef, Ref, SuppressionRef
from leadloop.model.lead import Given, OpenQuestion
from leadloop.model.submission import Submission


def answer(draft: Draft, submission: Submission) -> None:
    """To a person without an address nothing is said: there is nowhere to say it."""
    if draft.lead.quiet:
        return
    row, asked = _asked(draft, submission)
    reachable = draft.lead.contact.email is not None
    promised = draft.book.source(submission.source).offer
    said = None
    if reachable and row is not None:
        said = _respond(draft, row, submission.received_at)
    if reachable and promised in draft.book.playbook.offers and promised != (row and row.offer):
        offer = draft.book.playbook.offers[promised]
        _give(draft, offer, offer.template)
    if asked and not (row is not None and row.answers and _will_be_said(draft, said)):
        leave_to_a_person(draft, submission.received_at)


def refs(source: Source, email: str) -> Iterator[Ref]:
    """What tells whether an answer may be said; only who may be left to a person is asked of."""
    if source.asks is None or not any(row.answers for row in source.auto_responses):
        return
    yield from (SuppressionRef(email, scope) for scope in SCOPES)
    for row in source.auto_responses:
        if row.answers:
            yield AnsweredRef(email, row.offer or str(Purpose.AUTO_RESPONSE))


def _will_be_said(draft: Draft, said: Delivery | None) -> bool:
    """Who had the same answer today, or has stopped all messages, is answered by nobody else."""
    if said is None:
        return False
    ruling = may_speak(said, draft.lead, draft.facts, draft.book, draft.now)
    return isinstance(ruling, Say)


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


def _respond(draft: Draft, row: AutoResponse, received_at: datetime) -> Delivery | None:
    """The answer, if there is one: what was asked for may be gone."""
    if row.offer is not None:
        return _give(draft, draft.book.playbook.offers[row.offer], row.template)
    return draft.deliver(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=language_of(draft.lead, draft.book),
        not_after=received_at + timedelta(hours=row.within_hours),
    )


def _give(draft: Draft, offer: Offer, template: str) -> Delivery | None:
    """Who has it already is given the same once more, be it the same code or the same seat."""
    given = next((each for each in draft.lead.given if each.offer == offer.id), None)
    if given is None:
        given = _first(draft, offer)
    words = template if given is not None else _of_none_left(offer)
    if words is None:
        return None
    said = draft.deliver(
        Purpose.OFFER,
        template=words,
        language=language_of(draft.lead, draft.book),
        offer=offer.id,
        data={"offer_code": given.code} if given and given.code else {},
    )
    return None if given is None else said


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
