import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.mail.read import read_unrouted_mail
from leadloop.intake.policy import MailSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.base import Reason
from leadloop.model.submission import Channel

ADF = (
    "<?xml version='1.0'?><adf><prospect><customer><contact><name part='full'>Ada Byron</name>"
    "<email>ada@acme.example</email></contact></customer></prospect></adf>"
)
LABELS = "Name: Ada Byron\nEmail: ada@acme.example\nStock No: 7\n"


def taken(
    enveloped: Callable[..., Envelope],
    drop: MailSource,
    text: str = "",
    *,
    markup: str = "",
    **headers: str,
) -> Any:
    message = EmailMessage()
    message["From"] = headers.pop("From", "Portal <leads@portal.example>")
    message["Subject"] = headers.pop("Subject", "New lead")
    message["Message-ID"] = "<m1@portal.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if markup:
        message.add_alternative(markup, subtype="html")
    body = message.as_bytes()
    envelope = enveloped(body, Channel.MAIL, content_type="message/rfc822")
    return read_envelope(envelope, body, drop)


def codes(found: Any) -> set[str]:
    assert isinstance(found, UnreadableEnvelope)
    return {reason.code for reason in found.reasons}


def test_a_labelled_mail_is_one_submission(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, LABELS)
    assert (made.contact.name, made.contact.email) == ("Ada Byron", "ada@acme.example")
    assert made.fields == {"stock": "7"}
    assert made.message_id == "<m1@portal.example>"
    assert made.channel is Channel.MAIL


def test_adf_is_found_in_the_text(enveloped: Callable[..., Envelope], drop: MailSource) -> None:
    (made,) = taken(enveloped, drop, f"See below\n{ADF}\n")
    assert made.contact.email == "ada@acme.example"


def test_adf_is_found_in_html_where_it_is_escaped(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    markup = "<pre>" + ADF.replace("<", "&lt;").replace(">", "&gt;") + "</pre>"
    (made,) = taken(enveloped, drop, "see html", markup=markup)
    assert made.contact.email == "ada@acme.example"


def test_each_prospect_is_a_submission_with_an_id_of_its_own(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    prospect = re.search("<prospect>.*</prospect>", ADF)
    assert prospect
    two = f"<adf>{prospect[0]}{prospect[0].replace('ada@', 'bob@')}</adf>"
    first, second = taken(enveloped, drop, two)
    assert (first.contact.email, second.contact.email) == ("ada@acme.example", "bob@acme.example")
    assert first.id != second.id
    assert first.message_id != second.message_id  # or the second would be the first one's repeat


def test_one_doubtful_prospect_leaves_its_neighbour_alone(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    two = ADF.replace("</adf>", "<prospect><vendor/></prospect></adf>")
    first, second = taken(enveloped, drop, two)
    assert not first.unreadable
    assert second.unreadable


def test_broken_adf_is_unreadable_with_what_was_understood(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    found = taken(enveloped, drop, ADF[:-20])
    assert "cut_off" in codes(found)
    assert found.submission.contact.name == "Ada Byron"


def test_a_table_in_html_names_the_person(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    markup = (
        "<html><style>p{}</style><table><tr><td><b>Name</b></td><td>Ada <i>Byron</i></td></tr>"
        "<tr><td>Comments:<td>Hi<br>there<tr><td>Phone</td><td>202-555-0146</td></tr></table>"
    )
    (made,) = taken(enveloped, drop, "Please see the HTML version.", markup=markup)
    assert (made.contact.name, made.contact.phone) == ("Ada Byron", "202-555-0146")
    assert made.interest.message == "Hi\nthere"


def test_text_without_labels_goes_to_quarantine(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    found = taken(enveloped, drop, "Hi, please call me at 202-555-0146")
    assert codes(found) == {"no_labels"}
    assert found.submission.contact.phone is None


def test_a_phone_only_in_the_message_goes_to_quarantine(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    found = taken(enveloped, drop, "Name: Ada\nMessage: hi\nPhone: 202-555-0199\n")
    assert codes(found) == {"nobody_to_reach", "contact_in_message"}
    assert found.submission.contact.name == "Ada"


def test_a_relay_address_is_a_way_to_answer_not_the_person(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(
        enveloped,
        drop,
        "Name: Ada\n",
        From="Ada <x1@convo.zillow.com>",
        Reply_To="x1@convo.zillow.com",
    )
    assert made.contact.email is None
    assert made.fields["relay_email"] == "x1@convo.zillow.com"


def test_reply_to_is_the_person_when_it_is_of_another_house(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, "You have a lead.", Reply_To="ada@acme.example")
    assert made.contact.email == "ada@acme.example"


def test_from_is_never_the_person(enveloped: Callable[..., Envelope], drop: MailSource) -> None:
    found = taken(enveloped, drop, "Message: hi", From="Ada <ada@acme.example>")
    assert codes(found) == {"nobody_to_reach"}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Subject": "Undelivered", "From": "MAILER-DAEMON@x.example"}, "bounce"),
    ],
)
def test_what_a_machine_answers_is_no_lead(
    enveloped: Callable[..., Envelope], drop: MailSource, headers: Any, code: str
) -> None:
    (made,) = taken(enveloped, drop, LABELS, **headers)
    assert [reason.code for reason in made.refused] == [code]
    assert made.contact.email is None


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [({"spam": "FAIL"}, "spam"), ({"virus": "FAIL"}, "virus"), ({"dmarc": "FAIL"}, "forged")],
)
def test_verdicts_against_a_mail_quarantine_it(
    enveloped: Callable[..., Envelope], drop: MailSource, verdicts: Any, code: str
) -> None:
    body = f"From: a@b.example\n\n{LABELS}".encode()
    found = read_envelope(enveloped(body, Channel.MAIL, verdicts=verdicts), body, drop)
    assert code in codes(found)
    assert isinstance(found, UnreadableEnvelope)
    assert found.submission.contact.email == "ada@acme.example"


@pytest.mark.parametrize(
    ("sender", "dmarc", "trusted"),
    [
        ("x@portal.example", "PASS", True),
        ("x@mail.portal.example", "PASS", True),
        ("x@portal.example", "GRAY", False),
        ("x@portal.example <x@portal.example>", "PASS", True),
        ("x@portal.example <x@evil.example>", "PASS", False),
        ("x@evilportal.example", "PASS", False),
        ("x@portal.example.evil.example", "PASS", False),
        ('"x@portal.example" <y@evil.example>', "PASS", False),
        ("x@portal.example, y@evil.example", "PASS", False),
        ("", "PASS", False),
    ],
)
def test_trust_needs_the_domain_and_the_verdict(
    enveloped: Callable[..., Envelope], drop: MailSource, sender: Any, dmarc: Any, trusted: Any
) -> None:
    source = drop.but(trusted_senders=("portal.example",))
    body = f"From: {sender}\n\n{LABELS}".encode()
    found = read_envelope(enveloped(body, Channel.MAIL, verdicts={"dmarc": dmarc}), body, source)
    assert isinstance(found, tuple) is trusted


def test_a_source_of_adf_takes_no_labels(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    assert codes(taken(enveloped, drop.but(format="adf"), LABELS)) == {"unreadable"}


def test_what_a_source_requires_is_missed(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    assert codes(taken(enveloped, drop.but(required=("phone",)), LABELS)) == {"required"}


@pytest.mark.parametrize(
    "name", ["Zażółć Gęślą", "สมชาย ใจดี", "Nguyễn Thị Ánh", "محمد رضایی", "山田太郎"]
)
def test_names_keep_their_letters(
    enveloped: Callable[..., Envelope], drop: MailSource, name: str
) -> None:
    (made,) = taken(enveloped, drop, f"Name: {name}\nPhone: ۰۲۱ ۱۲۳۴ ۵۶۷۸\n")
    assert (made.contact.name, made.contact.phone) == (name, "۰۲۱ ۱۲۳۴ ۵۶۷۸")


def test_a_cell_mark_typed_into_a_message_makes_no_table(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, f"{LABELS}Message: hi\nPhone\x1f202-555-0199\n")
    assert made.contact.phone is None


def test_adf_typed_into_a_message_replaces_nobody(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, f"{LABELS}Message: {ADF.replace('ada@', 'boss@')}\n")
    assert made.contact.email == "ada@acme.example"


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("Spring news", "Visit us!\nPhone: 800-555-0100\nEmail: info@shop.example", "nobody_named"),
        ("Hello", "We rank your site.\nPhone: 800-555-0166", "nobody_named"),
        ("Hello", "We rank it.\nRegards\nMike\nPhone: 800-555-0166", "contact_of_others"),
        ("Thank you for your inquiry", "Name: Bob\nPhone: 800-555-0166", "no_inquiry"),
        ("News", "Press contact\nName: Petra\nPhone: 800-555-0166", "contact_of_others"),
        ("Report", "Name: D\nEmail: noreply-reports@x.example", "nobody_to_reach"),
        ("Invoice 2026-118", "Name: Our House Ltd\nPhone: 800-555-0100", "no_inquiry"),
        ("Ihre Rechnung", "Name: Haus GmbH\nE-Mail: k@haus.example", "no_inquiry"),
    ],
)
def test_a_vendors_own_business_makes_no_lead(
    enveloped: Callable[..., Envelope], drop: MailSource, subject: str, text: str, code: str
) -> None:
    assert code in codes(taken(enveloped, drop, text, Subject=subject))


def test_thanks_above_a_lead_end_nothing(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, f"Hello\n\nThank you!\n\n--\n{LABELS}")
    assert made.contact.email == "ada@acme.example"


def test_whoever_signs_up_with_no_more_than_an_address_is_taken(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    (made,) = taken(enveloped, drop, "Email: ada@byron.example", Subject="New subscriber")
    assert made.contact.email == "ada@byron.example"


@pytest.mark.parametrize("recipient", ["portal@drop.example", "lëads@drop.example", None])
def test_a_wrong_drop_address_is_named(
    enveloped: Callable[..., Envelope], recipient: str | None
) -> None:
    body = f"From: a@b.example\n\n{LABELS}".encode()
    reason = Reason(code="unknown_source", text="“unknown” is no source of ours")
    envelope = enveloped(body, Channel.MAIL, recipient=recipient)
    (told,) = read_unrouted_mail(envelope, body, reason).unreadable
    assert (told.code, (recipient or "unknown") in told.text) == ("unknown_source", True)
