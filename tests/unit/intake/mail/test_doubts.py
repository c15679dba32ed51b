from email.message import EmailMessage

import pytest

from leadloop.intake.mail.doubts import DOUBT_RULES
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource

PERSON = "Name: Ada Byron\nEmail: ada@acme.example\n"
FORWARDED = f"Call me: Eve\nPhone: 030 5550101\n---------- Forwarded message ----------\n{PERSON}"
PASSED_ON = (
    "FYI\n\nFrom: Eve Doe <eve@doe.example>\nSent: Monday\nTo: sales@portal.example\n"
    "Subject: A question\n\nHow much is it?\n"
)


def doubts(drop: MailSource, text: str, **headers: str) -> list[str]:
    message = EmailMessage()
    for name, value in {"From": "leads@portal.example", "Subject": "New lead", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    (prospect,) = read_prospects(open_mail(message.as_bytes()), drop)
    return [doubt.code for doubt in prospect.doubts]


def test_a_person_who_can_be_reached_is_in_no_doubt(drop: MailSource) -> None:
    assert doubts(drop, PERSON) == []


@pytest.mark.parametrize(
    ("code", "text", "headers"),
    [
        ("spam", f"{PERSON}This lead was flagged as spam\n", {}),
        ("several_persons", f"{PERSON}\nName: Eve Doe\nEmail: eve@b.example\n", {}),
        ("no_inquiry", PERSON, {"Subject": "Your subscription"}),
        ("nobody_named", "Email: sales@acme.example\n", {"Subject": "Hello"}),
        ("conversation", PERSON, {"Subject": "Re: Quote", "References": "<1@ours.example>"}),
        ("signature", PERSON, {"From": "ada@acme.example"}),
        ("trial", PERSON, {"Subject": "Test lead from form “Pumps”"}),
        ("comment", f"{PERSON}https://a.example/wp-admin/comment.php?action=spam&c=7\n", {}),
        ("offer", f"{PERSON}Message: We offer SEO and backlinks for only $99\n", {}),
        ("addressee", PERSON, {"To": "Sales@acme.example"}),
        ("staff_of_sender", PERSON, {"From": "Acme <news@acme.example>"}),
        ("colleague_of_sender", PERSON, {"From": "eve@acme.example", "Subject": "Hello"}),
        ("no_wish", f"{PERSON}Order number: 77\n", {"Subject": "Thank you"}),
        ("newsletter", "Dear reader,\n", {"List-Id": "<news.portal.example>"}),
        ("no_labels", "Hello there\n", {}),
        ("nobody_to_reach", "Name: Ada Byron\n", {}),
        ("contact_in_message", "Name: Ada\nMessage: Hi\nPhone: 030 5550101\n", {}),
        ("contact_of_others", "Name: Ada\nDealer\nPhone: 030 5550101\n", {}),
        ("two_persons", FORWARDED, {}),
        ("passed_on", PASSED_ON, {"Subject": "FW: A question"}),
    ],
)
def test_each_rule_of_the_table_holds_for_its_mail(
    drop: MailSource, code: str, text: str, headers: dict[str, str]
) -> None:
    assert code in doubts(drop, text, **headers)


def test_each_rule_has_a_code_of_its_own() -> None:
    assert len({rule.code for rule in DOUBT_RULES}) == len(DOUBT_RULES) == 20
