"""Round: a mail says where it is answered to; the answer comes in and is its lead's."""

import email.policy
import json

from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from deliver.handler import handler as deliver
from leadloop.model.facts import RecordRef
from leadloop.store import lists
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.house import REGION, House, again, sqs_event
from tests.functions.leads import LEAD, bring_due, delivery_of, founded
from tests.functions.mail_in.test_mail_in import arrive


def answered_to(home: House, context: LambdaContext) -> str:
    """Where the first nurture mail says it is answered to."""
    bring_due(founded(home))
    ready = json.dumps({"lead_id": LEAD, "delivery_id": delivery_of(home).id})
    assert deliver(sqs_event(ready), context) == again()
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    mail = email.message_from_string(sent.raw_data, policy=email.policy.default)
    return str(mail["Reply-To"].addresses[0].addr_spec)


def answer(to: str, *more: str) -> bytes:
    head = ("From: Ada <ada@home.example>", f"To: {to}", "Subject: Re: Our pumps", *more)
    return "\r\n".join((*head, "", "Please call me.", "", "> Look:")).encode()


def come(home: House, context: LambdaContext, mail: bytes) -> str:
    """In by S3, through both queues; the id of the submission it is."""
    assert mail_in(sqs_event(arrive(home, mail)), context) == again()
    (envelope,) = home.waiting("submissions")
    assert qualify(sqs_event(json.dumps(envelope)), context) == again()
    return str(envelope["id"])


def test_an_answer_to_our_mail_is_its_leads(home: House, context: LambdaContext) -> None:
    to = answered_to(home, context)
    record = home.at(RecordRef(come(home, context, answer(to.upper()))))
    assert (record.outcome, record.lead_id, record.source) == ("merged", LEAD, "replies")
    notes = [entry.note for entry in lists.timeline(home.table, LEAD, 5).rows]
    assert "Please call me." in notes
    (waiting,) = lists.queue_list(home.table, "field", 5).rows
    assert (waiting.id, bool(waiting.asked)) == (LEAD, True)


def test_what_a_machine_answers_there_is_no_word_of_the_person(
    home: House, context: LambdaContext
) -> None:
    to = answered_to(home, context)
    record = home.at(RecordRef(come(home, context, answer(to, "Auto-Submitted: auto-replied"))))
    assert (record.outcome, record.reasons[0].code) == ("rejected", "auto_reply")
    assert lists.queue_list(home.table, "field", 5).rows == ()


def test_an_address_made_for_another_is_nobodys(home: House, context: LambdaContext) -> None:
    to = answered_to(home, context).replace(LEAD.lower(), "a" * 26)
    record = home.at(RecordRef(come(home, context, answer(to))))
    assert (record.outcome, record.source) == ("quarantined", "unknown")
