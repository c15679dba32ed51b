"""Who asks is answered at once, and gets what was promised; what only a person can answer is kept.

`deliver` asks whether each may be said.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.content.offers import OfferExhausted, grant_offer
from leadloop.content.policy import DownloadOffer, Offer
from leadloop.decide.lead.assignment import question_pool
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import CUSTOMER_FIELD, inquiry_view, language_of
from leadloop.decide.lead.send_permission import SCOPES, SendPermission, check_send_permission
from leadloop.intake.policy import AutoResponse, Source
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import Change, LastAutoResponseRef, OfferRef, Ref, SuppressionRef
from leadloop.model.lead import OfferGrant, OpenQuestion
from leadloop.model.submission import Submission


def answer_inquiry(change_set: ChangeSet, submission: Submission) -> None:
    """To a person without an address nothing is said: there is nowhere to say it."""
    if change_set.lead.quiet:
        return
    row, asked = _match_response(change_set, submission)
    reachable = change_set.lead.contact.email is not None
    promised = change_set.book.source(submission.source).offer
    said = None
    if reachable and row is not None:
        said = _respond(change_set, row, submission.received_at)
    if (
        reachable
        and promised in change_set.book.playbook.offers
        and promised != (row and row.offer)
    ):
        offer = change_set.book.playbook.offers[promised]
        _send_offer(change_set, offer, offer.template)
    if asked and not (row is not None and row.answers and _may_be_sent(change_set, said)):
        record_open_question(change_set, submission.received_at)


def auto_response_refs(source: Source, email: str) -> Iterator[Ref]:
    """What tells whether an answer may be said; only who may be left to a person is asked of."""
    if source.asks is None or not any(row.answers for row in source.auto_responses):
        return
    yield from (SuppressionRef(email, scope) for scope in SCOPES)
    for row in source.auto_responses:
        if row.answers:
            yield LastAutoResponseRef(email, row.offer or str(Purpose.AUTO_RESPONSE))


def _may_be_sent(change_set: ChangeSet, said: Delivery | None) -> bool:
    """Who had the same answer today, or has stopped all messages, is answered by nobody else."""
    if said is None:
        return False
    ruling = check_send_permission(
        said, change_set.lead, change_set.facts, change_set.book, change_set.now
    )
    return isinstance(ruling, SendPermission)


def record_open_question(change_set: ChangeSet, since: datetime) -> None:
    """Before all other work of who works the lead, or of who would get it; the oldest waits on."""
    lead, before = change_set.lead, change_set.lead.open_question
    if before is not None:
        change_set.update_lead(open_question=before.but(at=min(before.at, since)))
        return
    pool = lead.assignment.pool if lead.assignment else question_pool(change_set)
    change_set.update_lead(open_question=OpenQuestion(at=since, pool=pool))
    change_set.record_event("QuestionAsked", pool=pool)


def _match_response(
    change_set: ChangeSet, submission: Submission
) -> tuple[AutoResponse | None, bool]:
    """The first answer of the source that fits what was asked now, and whether that was much."""
    source = change_set.book.source(submission.source)
    if not source.auto_responses and source.asks is None:
        return None, False
    rows, asks = (
        change_set.book.auto_responses(source.id),
        change_set.book.question_rules(source.id),
    )
    account = change_set.account() if CUSTOMER_FIELD in rows.fields | asks.fields else None
    view = inquiry_view(submission, change_set.lead, account, change_set.book)
    return rows.first_match(view), bool(asks.first_match(view))


def _respond(change_set: ChangeSet, row: AutoResponse, received_at: datetime) -> Delivery | None:
    """The answer, if there is one: what was asked for may be gone."""
    if row.offer is not None:
        return _send_offer(change_set, change_set.book.playbook.offers[row.offer], row.template)
    return change_set.queue_delivery(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=language_of(change_set.lead, change_set.book),
        not_after=received_at + timedelta(hours=row.within_hours),
    )


def _send_offer(change_set: ChangeSet, offer: Offer, template: str) -> Delivery | None:
    """Who has it already is given the same once more, be it the same code or the same seat."""
    given = next((each for each in change_set.lead.given if each.offer == offer.id), None)
    if given is None:
        given = _grant_offer(change_set, offer)
    words = template if given is not None else _exhausted_template(offer)
    if words is None:
        return None
    said = change_set.queue_delivery(
        Purpose.OFFER,
        template=words,
        language=language_of(change_set.lead, change_set.book),
        offer=offer.id,
        data={"offer_code": given.code} if given and given.code else {},
    )
    return None if given is None else said


def _exhausted_template(offer: Offer) -> str | None:
    return None if isinstance(offer, DownloadOffer) else offer.none_left


def _grant_offer(change_set: ChangeSet, offer: Offer) -> OfferGrant | None:
    before = (
        None if isinstance(offer, DownloadOffer) else change_set.facts.offer(OfferRef(offer.id))
    )
    granted = grant_offer(offer, before)
    if isinstance(granted, OfferExhausted):
        change_set.record_event("OfferExhausted", offer=offer.id, why=granted.why)
        return None
    if granted.book is not None:
        version = before.version if before else 0
        after = granted.book.but(version=version + 1)
        change_set.add_change(Change(OfferRef(offer.id), version or None, after))
    given = OfferGrant(offer=offer.id, code=granted.code, at=change_set.now)
    change_set.update_lead(given=(*change_set.lead.given, given))
    change_set.record_event("OfferGiven", offer=offer.id)
    return given
