"""The events of mail systems; each as its maker's documentation writes them."""

import json

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import mail_bytes, read_mail_text

SES = {
    "notificationType": "Delivery",
    "mail": {"source": "post@acme.example", "destination": ["eve@mill.example"],
             "commonHeaders": {"from": ["Acme <post@acme.example>"], "subject": "Guide"}},
    "delivery": {"recipients": ["eve@mill.example"], "smtpResponse": "250 ok"},
}  # fmt: skip
POSTMARK = {
    "RecordType": "Bounce", "Name": "Hard bounce", "MessageID": "883953f4",
    "Email": "eve@mill.example",
    "Description": "The server was unable to deliver your message", "Subject": "Guide",
}  # fmt: skip
SENDGRID = [
    {"email": "eve@mill.example", "event": "open", "sg_message_id": "a.b", "timestamp": 1772000000},
]
MAILGUN = {
    "event-data": {
        "event": "failed", "recipient": "eve@mill.example", "severity": "permanent",
        "delivery-status": {"code": 550, "message": "no such user"},
        "message": {"headers": {"to": "eve@mill.example", "message-id": "a@b"}},
    }
}  # fmt: skip
BREVO = {"event": "soft_bounce", "email": "eve@mill.example", "id": 7, "ts": 1772000000}
MAILJET = {"event": "unsub", "email": "eve@mill.example", "mj_contact_id": 5, "time": 1772000000}
RESEND = {
    "type": "email.bounced",
    "data": {"to": ["eve@mill.example"], "email": "eve@mill.example"},
}
SIGNED_UP = {"email": "eve@mill.example", "source": "footer"}
LEADS = (
    {"name": "Eve Mill", "email": "eve@mill.example", "event": "Messe im Mai"},
    {"email": "eve@mill.example", "event": "Salon du jardin"},
    {"nombre": "Eve Mill", "email": "eve@mill.example", "type": "open house"},
    {"email": "eve@mill.example", "message": "Two pumps", "event": "click"},
    SIGNED_UP,
)


@pytest.mark.parametrize("event", [SES, POSTMARK, SENDGRID, MAILGUN, BREVO, MAILJET, RESEND])
def test_news_of_a_mail_is_no_persons(drop: MailSource, event: object) -> None:
    for text in (json.dumps(event), json.dumps(event, indent=2)):
        prospect = read_mail_text(drop, text)
        assert [doubt.code for doubt in prospect.doubts] == ["mail_event"]
        assert prospect.parts.contact.model_dump(exclude_none=True) == {}


def test_news_of_a_mail_in_lines_is_no_persons(drop: MailSource) -> None:
    text = "Event: hard_bounce\nEmail: eve@mill.example\nTime: 2026-03-02\n"
    prospect = read_mail_text(drop, text, Subject="Webhook")
    assert [doubt.code for doubt in prospect.doubts] == ["mail_event"]


@pytest.mark.parametrize("lead", LEADS)
def test_a_person_who_comes_to_an_event_is_a_lead(drop: MailSource, lead: object) -> None:
    (prospect,) = read_prospects(open_mail(mail_bytes(json.dumps(lead))), drop)
    assert (prospect.doubts, prospect.parts.contact.email) == ((), "eve@mill.example")


def test_an_address_as_people_in_india_call_it_is_no_mail_id(drop: MailSource) -> None:
    text = "Email ID: eve@mill.example\nType: Anfrage\n"
    assert read_mail_text(drop, text).parts.contact.email == "eve@mill.example"
