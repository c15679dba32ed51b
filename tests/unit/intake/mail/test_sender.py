from email.message import EmailMessage
from types import MappingProxyType

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.sender import (
    ContactAddress,
    choose_address,
    merge_address,
    merge_origins,
)
from leadloop.intake.policy import MailSource

LABEL = {"contact.email": "label “e-mail”, line 2"}


def opened(drop: MailSource, **headers: str) -> OpenedMail:
    message = EmailMessage()
    for name, value in {"From": "leads@portal.example", "Subject": "New lead", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("x")
    return OpenedMail(open_mail(message.as_bytes()), drop)


def test_a_labels_address_counts_before_the_header(drop: MailSource) -> None:
    mail = opened(drop, Reply_To="eve@acme.example")
    assert choose_address({"contact.email": "ada@b.example"}, LABEL, mail) == ContactAddress(
        email="ada@b.example", given_by=LABEL["contact.email"]
    )


def test_a_labels_relay_is_no_address_of_the_person(drop: MailSource) -> None:
    values = {"contact.email": "x1@convo.zillow.com"}
    assert choose_address(values, LABEL, opened(drop)) == ContactAddress(
        relay="x1@convo.zillow.com", given_by=LABEL["contact.email"]
    )


@pytest.mark.parametrize("label", ["no-reply@portal.example", None])
def test_without_a_persons_label_reply_to_counts(drop: MailSource, label: str | None) -> None:
    values = {"contact.email": label} if label else {}
    mail = opened(drop, Reply_To="Eve Doe <eve@acme.example>")
    assert choose_address(values, LABEL, mail) == ContactAddress(
        "eve@acme.example", None, "Reply-To", "Eve Doe", "the name at Reply-To"
    )


def test_a_name_of_a_label_is_not_replaced(drop: MailSource) -> None:
    mail = opened(drop, Reply_To="Eve Doe <eve@acme.example>")
    chosen = choose_address({"contact.name": "Ada Byron"}, {}, mail)
    assert chosen == ContactAddress("eve@acme.example", None, "Reply-To")


def test_an_address_for_one_conversation_at_the_senders_organisation_is_a_relay(
    drop: MailSource,
) -> None:
    mail = opened(drop, Reply_To="conv-7ab2@mail.portal.example")
    assert choose_address({}, {}, mail).relay == "conv-7ab2@mail.portal.example"
    desk = opened(drop, Reply_To="abc@mail.portal.example")
    assert choose_address({}, {}, desk) == ContactAddress()  # it serves all


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("Ada Byron <x1@convo.adabyron.example>", "Ada Byron: offers of the week"),
        ("Blumenpost <post2026a@blumenpost.example>", "Die Blumenpost im Mai"),
        ("Mill Letters <reply-77aa12@mail.mill.example>", "Mill Letters, issue 9"),
    ],
)
def test_the_name_of_the_house_is_no_persons(drop: MailSource, sender: str, subject: str) -> None:
    assert choose_address({}, {}, opened(drop, From=sender, Subject=subject)).name is None


def test_a_mail_to_many_names_nobody_by_its_sender(drop: MailSource) -> None:
    headers = {"From": "Ada Byron <x1@convo.zillow.com>", "Subject": "Ada Byron asks"}
    mail = opened(drop, **headers, List_Unsubscribe="<https://portal.example/out>")
    assert choose_address({}, {}, mail).name is None


def test_a_relay_at_from_gives_the_name_that_is_in_the_subject(drop: MailSource) -> None:
    sender = "Ada Byron <x1@convo.zillow.com>"
    mail = opened(drop, From=sender, Subject="Ada Byron asks")
    assert choose_address({}, {}, mail) == ContactAddress(
        None, "x1@convo.zillow.com", "From", "Ada Byron", "the name at From, and in the subject"
    )
    assert choose_address({}, {}, opened(drop, From=sender, Subject="New lead")).name is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Reply_To": "no-reply@other.example"},
        {"Reply_To": "sales@other.example"},
        {"Reply_To": "eve@acme.example", "Subject": "Weekly digest"},
        {"Reply_To": "eve@acme.example", "Subject": "New lead", "List_Id": "<news.x>"},
        {"From": "leads@portal.example"},
    ],
)
def test_no_address_where_nothing_can_be_trusted(drop: MailSource, headers: dict[str, str]) -> None:
    assert choose_address({}, {}, opened(drop, **headers)) == ContactAddress()


def test_merging_changes_no_mapping_of_the_caller() -> None:
    values = MappingProxyType({"contact.email": "x1@convo.zillow.com", "contact.name": "Ada"})
    address = ContactAddress(relay="x1@convo.zillow.com", given_by="a label")
    assert merge_address(values, address) == {
        "contact.name": "Ada",
        "fields.relay_email": "x1@convo.zillow.com",
    }
    assert merge_origins(MappingProxyType({**LABEL, "contact.name": "y"}), address) == {
        "contact.name": "y",
        "fields.relay_email": "a label",
    }
