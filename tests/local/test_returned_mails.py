"""What the laptop says of a mail that came back is what `engage` reads."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.local.returned_mails import bounce_message, headers_of
from infra.local.sns_signer import certificate, create_key
from leadloop.cli.main import main
from leadloop.cli.sent_mails import SentMail
from leadloop.edge.sns_messages import read_notification
from leadloop.intake.mail_events import read_mail_event

TOPIC = "arn:aws:sns:eu-central-1:123456789012:mail-events"


def test_a_bounce_of_a_sent_mail_is_read_as_one(tmp_path: Path) -> None:
    message = EmailMessage()
    message["X-Leadloop-Delivery"] = "L#1"
    message["X-Leadloop-Lead"] = "L"
    message["X-Leadloop-Signature"] = "abc"
    mail = SentMail(path=tmp_path / "1.eml", recipient="ada@mill.example", message=message)
    key = create_key(tmp_path)
    said = bounce_message(headers_of(mail), mail.recipient, TOPIC, key)
    content = read_notification(
        said, topic=TOPIC, now=datetime.now(UTC), fetch=lambda _: certificate(key)
    )
    event = read_mail_event(content)
    assert event is not None
    assert (event.word, event.lead_id, event.delivery_id) == ("bounce", "L", "L#1")
    assert (event.signature, event.recipients) == ("abc", ("ada@mill.example",))


def test_without_a_run_there_is_no_mail_to_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bounce", "1", "--stack", str(tmp_path)]) == 1
    assert "no run is up" in capsys.readouterr().err
