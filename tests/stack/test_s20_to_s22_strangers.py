"""S20, S21, S22 on the stack: a stranger's words, codes and alerts, as the mails show them."""

import json
from email.utils import parseaddr
from urllib.parse import urlencode

from infra.local.client import Client
from infra.local.story_runner import mail_links
from leadloop.cli.sent_mails import SentMail
from tests.stack.conftest import RunningSystem
from tests.stack.people import callback_person, post_form
from tests.stack.test_links import eventually, founded

SALE = "Win at https://evil.example now"
NOTE = "Pay to http://evil.example today"
NEWSLETTER = "homecare-newsletter"


def mails_of(client: Client, *lead_ids: str) -> list[SentMail]:
    return [each for each in client.mails() if each.message["X-Leadloop-Lead"] in lead_ids]


def test_s20_what_a_stranger_types_never_speaks_in_our_name(
    running: RunningSystem, client: Client
) -> None:
    stranger = {
        "first_name": SALE,
        "name": SALE,
        "email": "victim@third.example",
        "message": NOTE,
        "consent": True,
        "submission_key": "stranger-words",
    }
    lead_id = founded(client, "homecare-advice", stranger)
    eventually(lambda: bool(mails_of(client, lead_id)), "mailed")
    assert running.wait_until_idle() == {}
    for mail in mails_of(client, lead_id):
        assert parseaddr(str(mail.message["To"])) == ("", "victim@third.example")
        assert "evil.example" not in mail.message.as_string()


def test_s20_a_rep_reads_what_a_person_wrote_as_a_quotation(client: Client) -> None:
    person = {**callback_person(9_200), "message": NOTE}
    lead_id = founded(client, "homecare-callback", person)
    eventually(lambda: bool(mails_of(client, lead_id)), "alerted")
    (alert,) = mails_of(client, lead_id)
    lines = [line.strip() for line in alert.readable_text.split("\n") if "evil.example" in line]
    assert lines
    assert all(line.startswith(">") for line in lines)


def test_s21_a_code_goes_out_only_after_the_address_has_said_yes_by_its_button(
    running: RunningSystem, client: Client
) -> None:
    address = "codes@wanted.example"
    fields = {"email": address, "language": "en", "consent": True, "submission_key": "codes"}
    lead_id = founded(client, NEWSLETTER, fields)
    eventually(lambda: len(mails_of(client, lead_id)) == 1, "asked")
    post_form(client, NEWSLETTER, {**fields, "submission_key": "codes-again"})
    assert running.wait_until_idle() == {}
    (asked,) = mails_of(client, lead_id)
    assert "ACME-" not in asked.text
    (path,) = (path for path in mail_links(asked) if path.startswith("/c/"))
    assert client.call("GET", path).status == 200
    assert running.wait_until_idle() == {}
    assert len(mails_of(client, lead_id)) == 1, "a scanner that opens the link confirms nothing"
    for _ in range(2):
        press_button(client, path)
    eventually(lambda: len(mails_of(client, lead_id)) == 2, "given")
    assert running.wait_until_idle() == {}
    (given,) = mails_of(client, lead_id)[1:]
    assert given.text.count("ACME-") == 1


def press_button(client: Client, path: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"do": "confirm"}).encode()
    assert client.call("POST", path, headers=headers, body=body).status == 200


def test_s21_a_network_asks_five_addresses_in_an_hour(
    running: RunningSystem, client: Client
) -> None:
    leads = [
        founded(
            client,
            NEWSLETTER,
            {"email": f"near{n}@limit.example", "consent": True, "submission_key": f"near-{n}"},
        )
        for n in range(8)
    ]
    assert running.wait_until_idle() == {}
    limited = [each for each in leads if "OfferLimited" in client.event_names(each)]
    asked = {str(each.message["X-Leadloop-Lead"]) for each in mails_of(client, *leads)}
    assert len(limited) >= 3, "the page of this test has one network"
    assert len(asked) == len(leads) - len(limited)


def test_s22_alerts_about_one_person_are_one_within_ten_minutes(
    running: RunningSystem, client: Client
) -> None:
    person = callback_person(9_220)
    lead_id = founded(client, "homecare-callback", person)
    eventually(lambda: len(mails_of(client, lead_id)) == 1, "alerted")
    for n in range(12):
        again = {**person, "message": f"Nochmals, {n}", "submission_key": f"caller-again-{n}"}
        post_form(client, "homecare-callback", again)
    assert running.wait_until_idle() == {}
    assert client.event_names(lead_id).count("SubmissionMerged") == 12
    assert len(mails_of(client, lead_id)) == 1, json.dumps(client.event_names(lead_id))
