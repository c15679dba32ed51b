"""The answer that an inquiry gets at once, and the question that waits for a person.

`deliver` asks for each answer whether it may be sent.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.offer_giving import send_offer
from leadloop.decide.lead.send_permission import SCOPES, SendPermission, check_send_permission
from leadloop.intake.policy import AutoResponse, Source
from leadloop.model.auto_response import LastAutoResponseRef
from leadloop.model.consent import SuppressionRef
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.events.sales import QuestionAsked
from leadloop.model.lead import OpenQuestion
from leadloop.model.reference import AnyRef
from leadloop.model.submission import Submission
from leadloop.routing.choose import place_lead


def answer_inquiry(change_set: ChangeSet, submission: Submission) -> None:
    """Queue the answer and the promised offer; keep a question that no answer settles.

    A quiet lead is not answered. A person without an e-mail address cannot be.
    """
    if change_set.lead.quiet:
        return
    row, has_question = _match_response(change_set, submission)
    reachable = change_set.person.contact.email is not None
    offer_id = change_set.book.source(submission.source).offer
    delivery = None
    if reachable and row is not None:
        delivery = _respond(change_set, row, submission)
    offers = change_set.book.playbook.offers
    if reachable and offer_id in offers and offer_id != (row and row.offer):
        send_offer(change_set, offers[offer_id], offers[offer_id].template, submission)
    if has_question and not (row and row.answers and _may_be_sent(change_set, delivery)):
        record_open_question(change_set, submission.received_at)


def auto_response_refs(source: Source, email: str) -> Iterator[AnyRef]:
    """What tells whether an answer may be sent to `email`.

    Empty unless the source has answers that settle a question.
    """
    if source.asks is None or not any(row.answers for row in source.auto_responses):
        return
    yield from (SuppressionRef(email, scope) for scope in SCOPES)
    for row in source.auto_responses:
        if row.answers:
            yield LastAutoResponseRef(email, row.offer or str(Purpose.AUTO_RESPONSE))


def record_open_question(change_set: ChangeSet, since: datetime) -> None:
    """Note that the person waits for an answer since then; the oldest question stands.

    It waits for the pool that works the lead, or would get it.
    """
    lead, question = change_set.lead, change_set.lead.open_question
    if question is not None:
        change_set.update_lead(open_question=question.but(at=min(question.at, since)))
        return
    pool = lead.assignment.pool if lead.assignment else _question_pool(change_set)
    change_set.update_lead(open_question=OpenQuestion(at=since, pool=pool))
    change_set.record_event(QuestionAsked(pool=pool))


def _question_pool(change_set: ChangeSet) -> str:
    """The id of the pool in whose list a question waits while nobody works the lead.

    Chosen by route, hours, leave and language, and not by load: to answer is not to hold a lead.
    """
    book = change_set.book
    route = book.routes.first_match(change_set.view())
    placement = place_lead(
        route,
        routing=book.playbook.routing,
        pools=book.playbook.pools,
        books=dict.fromkeys(route.pools),
        owner=None,
        language=change_set.language,
        without=(),
        now=change_set.now,
    )
    return placement.pool


def _may_be_sent(change_set: ChangeSet, delivery: Delivery | None) -> bool:
    """False also for an address that had the answer today, or has stopped all messages."""
    if delivery is None:
        return False
    ruling = check_send_permission(delivery, change_set.person, change_set.lead, change_set.context)
    return isinstance(ruling, SendPermission)


def _match_response(
    change_set: ChangeSet, submission: Submission
) -> tuple[AutoResponse | None, bool]:
    """The first answer of the source that fits this inquiry, and whether it is a question."""
    book, source = change_set.book, change_set.book.source(submission.source)
    if not source.auto_responses and source.asks is None:
        return None, False
    rows, asks = book.auto_responses(source.id), book.question_rules(source.id)
    view = change_set.inquiry_view(submission, rows.fields | asks.fields)
    return rows.first_match(view), bool(asks.first_match(view))


def _respond(change_set: ChangeSet, row: AutoResponse, submission: Submission) -> Delivery | None:
    """The answer; None if its offer is exhausted, or not given before the address says yes."""
    if row.offer is not None:
        offer = change_set.book.playbook.offers[row.offer]
        return send_offer(change_set, offer, row.template, submission)
    return change_set.queue_delivery(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=change_set.language,
        not_after=submission.received_at + timedelta(hours=row.within_hours),
    )
