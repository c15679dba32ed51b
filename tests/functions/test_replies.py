"""Round: a mail says where it is answered to; the answer comes in and is its lead's."""

import email.policy
import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from admin.handler import handler as admin
from deliver.handler import handler as deliver
from leadloop.model.lead import RecordRef
from leadloop.store import queries
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import REGION, AwsFixture, batch_failures, http_event, sqs_event
from tests.functions.leads import LEAD, create_lead, fire_timer, only_delivery
from tests.functions.mail_in.test_mail_in import arrive

QUARANTINE = "/admin/v1/quarantine"


def answered_to(home: AwsFixture, context: LambdaContext) -> str:
    """Where the first nurture mail says it is answered to."""
    fire_timer(create_lead(home))
    ready = json.dumps({"lead_id": LEAD, "delivery_id": only_delivery(home).id})
    assert deliver(sqs_event(ready), context) == batch_failures()
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    mail = email.message_from_string(sent.raw_data, policy=email.policy.default)
    return str(mail["Reply-To"].addresses[0].addr_spec)


def answer(to: str, *more: str) -> bytes:
    head = ("From: Ada <Ada@lovelace.example>", f"To: {to}", "Subject: Re: Our pumps", *more)
    return "\r\n".join((*head, "", "Please call me.", "", "> Look:")).encode()


def come(home: AwsFixture, context: LambdaContext, mail: bytes) -> str:
    """In by S3, through both queues; the id of the submission it is."""
    assert mail_in(sqs_event(arrive(home, mail)), context) == batch_failures()
    (envelope,) = home.receive_messages("submissions")
    assert qualify(sqs_event(json.dumps(envelope)), context) == batch_failures()
    return str(envelope["id"])


def test_an_answer_to_our_mail_is_its_leads(home: AwsFixture, context: LambdaContext) -> None:
    to = answered_to(home, context)
    record = home.read_entity(RecordRef(come(home, context, answer(to.upper()))))
    assert (record.outcome, record.lead_id, record.source) == ("merged", LEAD, "replies")
    notes = [entry.note for entry in queries.timeline(home.table, LEAD, 5).rows]
    assert "Please call me." in notes
    (waiting,) = queries.queue_list(home.table, "field", 5).rows
    assert (waiting.id, bool(waiting.asked)) == (LEAD, True)


def test_what_a_machine_answers_there_is_no_word_of_the_person(
    home: AwsFixture, context: LambdaContext
) -> None:
    to = answered_to(home, context)
    record = home.read_entity(
        RecordRef(come(home, context, answer(to, "Auto-Submitted: auto-replied")))
    )
    assert (record.outcome, record.reasons[0].code) == ("rejected", "auto_reply")
    assert queries.queue_list(home.table, "field", 5).rows == ()


def test_an_address_made_for_another_is_nobodys(home: AwsFixture, context: LambdaContext) -> None:
    to = answered_to(home, context).replace(LEAD.lower(), "a" * 26)
    record = home.read_entity(RecordRef(come(home, context, answer(to))))
    assert (record.outcome, record.source) == ("quarantined", "unknown")


SICK = "X-SES-Virus-Verdict: FAIL"


def test_an_answer_that_was_held_is_released_to_its_lead(
    home: AwsFixture, context: LambdaContext
) -> None:
    held = come(home, context, answer(answered_to(home, context), SICK))
    assert (
        home.read_entity(RecordRef(held)).outcome,
        home.read_entity(RecordRef(held)).source,
    ) == (
        "quarantined",
        "replies",
    )
    shown = call(context, "GET", f"{QUARANTINE}/{held}")
    assert shown["now"]["interest"]["message"] == "Please call me."
    assert [doubt["code"] for doubt in shown["now"]["doubts"]] == ["virus"]
    verdict = call(context, "POST", f"{QUARANTINE}/{held}/fix", {"fields": {}})
    assert (verdict["outcome"], verdict["lead_id"]) == ("merged", LEAD)
    assert home.read_entity(RecordRef(held)).released_as == verdict["submission_id"] == f"{held}.2"
    notes = [entry.note for entry in queries.timeline(home.table, LEAD, 5).rows]
    assert notes.count("Please call me.") == 1
    again = call(context, "POST", f"{QUARANTINE}/{held}/fix", {"fields": {}})
    assert again["status"] == 409


def test_a_held_answer_may_be_a_sources_inquiry_instead(
    home: AwsFixture, context: LambdaContext
) -> None:
    mail = answer(answered_to(home, context), SICK).replace(
        b"Please", b"Name: Bo Quist\r\nEmail: bo@home.example\r\nMessage: Please"
    )
    held = come(home, context, mail)
    verdict = call(context, "POST", f"{QUARANTINE}/{held}/fix", {"source": "portal"})
    assert (verdict["outcome"], verdict["lead_id"]) == ("lead", f"{held}.2")


def test_a_held_answer_is_for_no_source_that_is_none(
    home: AwsFixture, context: LambdaContext
) -> None:
    held = come(home, context, answer(answered_to(home, context), SICK))
    refused = call(context, "POST", f"{QUARANTINE}/{held}/fix", {"source": "nowhere"})
    assert refused["errors"] == [
        {"code": "source", "text": "source: the playbook lists no “nowhere”"}
    ]


def call(context: LambdaContext, method: str, path: str, body: object = None) -> Any:
    """As an admin, who sees the quarantine."""
    event = http_event(
        method, path, None if body is None else json.dumps(body), content_type="application/json"
    )
    event["queryStringParameters"] = event["multiValueQueryStringParameters"] = None
    event["requestContext"]["authorizer"] = {
        "claims": {"sub": "u-admin", "cognito:groups": "admin"}
    }
    return json.loads(admin(event, context)["body"])
