import email
import email.policy
import json
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ReadTimeoutError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from deliver.compose import compose_letter
from deliver.handler import handler
from leadloop.channels.outgoing_message import OutgoingMessage
from leadloop.content.links import AcceptLink, Confirm, Links
from leadloop.content.policy import Template, Text
from leadloop.content.reply_address import SignedAddress, is_signed_delivery, parse_return_path
from leadloop.edge.act import act
from leadloop.edge.wiring import get_wiring
from leadloop.model.consent import Suppression
from leadloop.model.decision import Send
from leadloop.model.delivery import DeliveryRef, DeliveryState, Purpose, delivery_digest
from leadloop.model.lead import RecordRef
from leadloop.model.report import Report, SendStatus
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.versions import stamp_version
from leadloop.store import suppressions
from tests.functions.aws_fixture import (
    LINKS_SECRET,
    PLAYBOOK,
    PUBLIC_ADDRESS,
    REGION,
    AwsFixture,
    batch_failures,
    reset_caches,
    sqs_event,
)
from tests.functions.leads import LEAD, create_lead, fire_timer, only_delivery


def mails() -> list[EmailMessage]:
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return [email.message_from_string(mail.raw_data, policy=email.policy.default) for mail in sent]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def ready(home: AwsFixture) -> str:
    return json.dumps({"lead_id": LEAD, "delivery_id": only_delivery(home).id})


def state(home: AwsFixture) -> DeliveryState:
    return only_delivery(home).state


def test_the_rep_is_told_who_and_how_to_accept(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home, company="Engines Ltd")
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    (mail,) = mails()
    assert mail["To"] == "Ida Noor <ida@aqua.example>"
    assert mail["Subject"] == "New lead: Ada Lovelace"
    assert mail["X-Leadloop-Delivery"] == only_delivery(home).id
    assert mail["X-Leadloop-Lead"] == LEAD
    token = text(mail).split(f"{PUBLIC_ADDRESS}/a/")[1].split()[0]
    assert Links(LINKS_SECRET).read(token, AcceptLink) == AcceptLink(LEAD, "ida")
    assert state(home) is DeliveryState.SENT


def test_s19_a_mail_bears_our_signature_and_comes_back_to_us(
    home: AwsFixture, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = PLAYBOOK.company.drop_domain
    home.aws.ses.verify_domain_identity(Domain=domain)
    monkeypatch.setenv("MAIL_DOMAIN", domain)
    create_lead(home, company="Engines Ltd")
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    (mail,) = mails()
    delivery, secret = only_delivery(home), LINKS_SECRET.encode()
    assert is_signed_delivery(LEAD, delivery.id, mail["X-Leadloop-Signature"], secret)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert parse_return_path(sent.source, secret, domain) == SignedAddress(
        LEAD, delivery_digest(delivery.id)
    )
    assert mail["From"].addresses[0].addr_spec == PLAYBOOK.company.sender


@pytest.mark.parametrize("domain", ["", "other.example"])
def test_without_a_mail_domain_of_ours_a_mail_comes_back_to_its_sender(
    home: AwsFixture, context: LambdaContext, monkeypatch: pytest.MonkeyPatch, domain: str
) -> None:
    monkeypatch.setenv("MAIL_DOMAIN", domain)
    create_lead(home, company="Engines Ltd")
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert sent.source == PLAYBOOK.company.sender


def failed_alerts(caplog: pytest.LogCaptureFixture) -> int:
    return sum(getattr(line, "RepAlertsFailed", 0) for line in caplog.records)


def test_an_alert_that_is_refused_is_counted_for_its_alarm(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    home.aws.ses.delete_identity(Identity="aqua.example")
    create_lead(home, company="Engines Ltd")
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    assert (state(home), failed_alerts(caplog)) == (DeliveryState.FAILED, 1)


def test_a_mail_to_the_person_that_is_refused_is_no_lost_alert(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    home.aws.ses.delete_identity(Identity="aqua.example")
    fire_timer(create_lead(home))
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    assert (state(home), failed_alerts(caplog)) == (DeliveryState.FAILED, 0)


def test_a_redelivered_message_is_not_said_again(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home, company="Engines Ltd")
    message = ready(home)
    for _ in range(3):
        assert handler(sqs_event(message), context) == batch_failures()
    assert len(mails()) == 1
    assert state(home) is DeliveryState.SENT


def test_the_claim_of_a_run_that_died_makes_it_unknown_and_never_resent(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    waiting = only_delivery(home)
    act(
        [
            Report(
                id="x",
                lead_id=LEAD,
                delivery_id=waiting.id,
                met=SendStatus.SENDING,
                claim="a run that died",
                at=waiting.created_at,
            )
        ]
    )
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    assert mails() == []
    assert state(home) is DeliveryState.UNKNOWN


def test_a_nurture_mail_brings_its_links_and_one_click_to_stop(
    home: AwsFixture, context: LambdaContext
) -> None:
    say_hello(home)
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    (mail,) = mails()
    stop = mail["List-Unsubscribe"].strip("<>")
    assert stop.startswith(f"{PUBLIC_ADDRESS}/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{PUBLIC_ADDRESS}/t/" in text(mail)
    assert stop in text(mail)


def test_a_mail_of_a_sequence_has_the_text_by_which_the_lead_entered(
    home: AwsFixture, context: LambdaContext
) -> None:
    say_hello(home)
    other_text = Text(subject="Another subject", body="Another text")
    hello = Template(id="hello", texts={"en": other_text})
    home.publish(stamp_version(PLAYBOOK.but(templates={**PLAYBOOK.templates, "hello": hello})))
    reset_caches()
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    (mail,) = mails()
    assert mail["Subject"] == PLAYBOOK.templates["hello"].texts["en"].subject


def test_s21_the_mail_that_asks_an_address_brings_the_link_to_say_yes(home: AwsFixture) -> None:
    create_lead(home, company="Engines Ltd")
    text_of = {"en": Text(subject="Was it you?", body="Yes: {{ confirm_url }}")}
    templates = PLAYBOOK.templates | {"ask": Template(id="ask", texts=text_of)}
    record = home.read_entity(RecordRef(LEAD))
    delivery = only_delivery(home).but(purpose=Purpose.CONFIRMATION, rep=None, template="ask")
    letter = compose_letter(
        Send(
            delivery=delivery,
            person=record.person,
            lead=record.lead,
            address="ada@lovelace.example",
        ),
        CompiledPlaybook(PLAYBOOK.but(templates=templates)),
    )
    assert isinstance(letter, OutgoingMessage)
    token = letter.message.text.split(f"{PUBLIC_ADDRESS}/c/")[1].split()[0]
    assert Links(LINKS_SECRET).read(token, Confirm) == Confirm(LEAD, delivery.id)
    assert (letter.to.address, letter.unsubscribe_url) != ("", None)


def test_s20_a_name_that_is_none_does_not_stand_beside_the_address(home: AwsFixture) -> None:
    create_lead(home, company="Engines Ltd")
    record = home.read_entity(RecordRef(LEAD))
    delivery = only_delivery(home).but(purpose=Purpose.NURTURE, rep=None, template="ask")
    text_of = {"en": Text(subject="s", body="Hello {{ lead.name }}{{ lead.message }}")}
    templates = PLAYBOOK.templates | {"ask": Template(id="ask", texts=text_of)}
    book = CompiledPlaybook(PLAYBOOK.but(templates=templates))
    for name, shown in (("Ada Lovelace", "Ada Lovelace"), ("You won, see prize.example", "")):
        person = record.person.but(contact=record.person.contact.but(name=name))
        send = Send(delivery=delivery, person=person, lead=record.lead, address="a@b.example")
        letter = compose_letter(send, book)
        assert isinstance(letter, OutgoingMessage)
        assert letter.to.name == shown
        assert "prize" not in letter.message.text


def test_who_said_stop_after_the_decision_is_not_written_to(
    home: AwsFixture, context: LambdaContext
) -> None:
    record = say_hello(home)
    hidden = home.table.keys.address_hash("ada@lovelace.example")
    suppressions.put(home.table, hidden, "marketing", Suppression(why="stop", at=record.decided_at))
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    assert mails() == []
    assert state(home) is DeliveryState.DROPPED


def test_an_answer_that_was_lost_is_unknown_and_not_sent_again(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    message = ready(home)

    def lost(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://email.example")

    get_wiring().ses.meta.events.register("before-send.ses.SendRawEmail", lost)
    for _ in range(2):
        assert handler(sqs_event(message), context) == batch_failures()
    assert state(home) is DeliveryState.UNKNOWN


@pytest.mark.parametrize("write", [1, 2], ids=["of the claim", "of the end"])
@pytest.mark.parametrize("committed", [False, True])
def test_a_write_without_an_answer_is_tried_again_by_the_run_that_knows(
    home: AwsFixture, context: LambdaContext, write: int, committed: bool
) -> None:
    create_lead(home, company="Engines Ltd")
    writes = count(1)

    def unanswered(**_: Any) -> None:
        if next(writes) == write:
            raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    at = "after-call" if committed else "before-call"
    get_wiring().dynamodb.meta.events.register(f"{at}.dynamodb.PutItem", unanswered)
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    assert len(mails()) == 1
    assert state(home) is DeliveryState.SENT


def test_what_cannot_be_written_is_refused_and_says_why(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    without = {name: t for name, t in PLAYBOOK.templates.items() if name != "rep_alert"}
    home.publish(stamp_version(PLAYBOOK.but(templates=without)))
    reset_caches()
    assert handler(sqs_event(ready(home)), context) == batch_failures()
    failed = home.read_entity(DeliveryRef(LEAD, only_delivery(home).id))
    assert failed.state is DeliveryState.FAILED
    assert "rep_alert" in failed.detail
    assert mails() == []


def test_a_poisonous_message_comes_again_alone(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home, company="Engines Ltd")
    assert handler(sqs_event("{}", ready(home)), context) == batch_failures("m0")
    assert len(mails()) == 1


def test_nothing_of_the_person_is_logged(
    home: AwsFixture, context: LambdaContext, capsys: pytest.CaptureFixture[str]
) -> None:
    create_lead(home, company="Engines Ltd")
    handler(sqs_event(ready(home)), context)
    said = capsys.readouterr()
    assert "ovelace" not in said.out + said.err


def say_hello(home: AwsFixture) -> Any:
    record = create_lead(home)
    fire_timer(record)
    return record
