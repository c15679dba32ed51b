import re
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local.mail import MailDrop, Outbox, add_ses_headers, draft_path, mail_file_name
from infra.local.ports import HOST, Ports
from leadloop.cli.sent_mails import read_sent_mails

RAW = (
    b"From: Kim <kim@vendor.example>\r\n"
    b"To: adf@in.acme.example\r\nSubject: Lead\r\n\r\nBody\xff\r\n"
)
KEPT: dict[str, bytes] = {}


@pytest.fixture
def drop() -> Iterator[int]:
    KEPT.clear()
    port = Ports.pick_free().mail_in
    domains = frozenset({"in.acme.example"})
    with MailDrop(port, domains=domains, store=KEPT.__setitem__):
        yield port


def test_a_mail_is_kept_byte_for_byte_below_the_headers_of_ses(drop: int) -> None:
    with smtplib.SMTP(HOST, drop) as server:
        server.sendmail("kim@vendor.example", "ADF@in.acme.example", RAW)
    ((key, kept),) = KEPT.items()
    folder, _, message_id = key.partition("/")
    assert (folder, len(message_id)) == ("in", 40)
    assert kept.endswith(b"\r\n" + RAW)
    head = kept.removesuffix(RAW).decode()
    assert f"with SMTP id {message_id}\r\n for ADF@in.acme.example;\r\n" in head
    assert "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\nReceived-SPF: pass" in head
    assert "dmarc=pass header.from=vendor.example;" in head


def test_each_recipient_gets_an_object_that_names_it(drop: int) -> None:
    with smtplib.SMTP(HOST, drop) as server:
        server.sendmail("a@b.example", ["one@in.acme.example", "two@in.acme.example"], RAW)
    assert len(KEPT) == 2
    for name in (b"one", b"two"):
        assert sum(b" for " + name + b"@in.acme.example;" in kept for kept in KEPT.values()) == 1


def test_mail_for_other_domains_is_refused_with_550(drop: int) -> None:
    with smtplib.SMTP(HOST, drop) as server, pytest.raises(smtplib.SMTPRecipientsRefused) as no:
        server.sendmail("a@b.example", "adf@else.example", RAW)
    assert no.value.recipients["adf@else.example"][0] == 550
    assert not KEPT


@pytest.mark.parametrize(
    "fault",
    [OSError("disk full"), ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")],
)
def test_what_cannot_be_stored_is_not_taken(fault: Exception) -> None:
    def lose(_key: str, _raw: bytes) -> None:
        raise fault

    port = Ports.pick_free().mail_in
    with (
        MailDrop(port, domains=frozenset({"in.acme.example"}), store=lose),
        smtplib.SMTP(HOST, port) as server,
        pytest.raises(smtplib.SMTPDataError) as no,
    ):
        server.sendmail("a@b.example", "adf@in.acme.example", RAW)
    assert no.value.smtp_code == 451


def test_a_sample_may_say_that_its_sender_does_not_check_out() -> None:
    received = add_ses_headers(
        b"X-Drop-Verdicts: spf=fail dmarc=fail spam=FAIL\r\n" + RAW,
        sender="kim@vendor.example",
        recipient="adf@in.acme.example",
        message_id="m" * 40,
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    assert received.endswith(b"\r\n" + RAW)
    assert b"X-Drop-Verdicts" not in received
    assert b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS" in received
    assert b"spf=fail " in received
    assert b"dkim=pass " in received
    assert b"dmarc=fail " in received


def test_sent_mails_are_files_with_all_their_headers(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "A hot lead"
    mail["X-Leadloop-Lead"] = "L" * 26
    mail.set_content("Zażółć gęślą jaźń")
    port = Ports.pick_free().mail_out
    with Outbox(port, tmp_path), smtplib.SMTP(HOST, port) as server:
        for rep in ("mia@acme.example", "ben@acme.example"):
            server.send_message(mail, "leads@acme.example", rep)
    first, second = read_sent_mails(tmp_path)
    assert (first.recipient, second.recipient) == ("mia@acme.example", "ben@acme.example")
    assert first.message["X-Leadloop-Lead"] == "L" * 26
    assert first.text.strip() == "Zażółć gęślą jaźń"
    assert re.fullmatch(r"\d{8}-\d{6}\.\d{6}_mia@acme\.example_A-hot-lead\.eml", first.path.name)


@pytest.mark.parametrize(
    ("recipient", "subject", "name"),
    [
        ("a@b.example", "Zażółć: 50 % / all", "a@b.example_Zażółć-50-all"),
        ("../../etc/passwd", "..", "etc-passwd"),
        ('"a b"@c.example', "tab\tand\r\nline", "a-b-@c.example_tab-and-line"),
        ("a@b.example", "", "a@b.example"),
    ],
)
def test_a_mails_file_is_named_by_time_receiver_and_subject(
    recipient: str, subject: str, name: str
) -> None:
    at = datetime(2026, 12, 1, 8, 54, 32, 5, tzinfo=UTC)
    assert mail_file_name(at, recipient, subject) == f"20261201-085432.000005_{name}.eml"


def test_a_mails_file_name_is_not_longer_than_file_systems_take() -> None:
    name = mail_file_name(datetime.now(UTC), "ł" * 300 + "@b.example", "ใบเสนอราคา" * 90)
    assert len(draft_path(Path(), name).name.encode()) <= 255


def test_a_mail_that_is_still_being_written_is_not_read(tmp_path: Path) -> None:
    draft_path(tmp_path, "1-0.eml").write_bytes(b"Delivered-To: mia@acme.example\r\n")
    assert not [*read_sent_mails(tmp_path)]
