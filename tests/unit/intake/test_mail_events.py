"""What SES reports: a lasting bounce is one, a person's complaint is one, all else stops nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.mail_events import read_mail_event

MAIL = {
    "headers": [
        {"name": "x-leadloop-DELIVERY", "value": "\r\n due:L::step#0"},
        {"name": "X-Leadloop-Lead", "value": "L"},
        {"name": "X-Leadloop-Signature", "value": "abc"},
        {"name": "X-Leadloop-Lead", "value": "second"},
    ]
}


def bounce(**more: Any) -> dict[str, Any]:
    return {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "Mai Lê <mai@thap.example>"}],
            "timestamp": "2026-11-30T08:00:00.000Z",
            **more,
        },
        "mail": MAIL,
    }


def complaint(**more: Any) -> dict[str, Any]:
    people = [{"emailAddress": "olaf@brunnen.example"}]
    return {
        "eventType": "Complaint",
        "complaint": {"complainedRecipients": people, **more},
        "mail": MAIL,
    }


def test_a_bounce_names_the_mail_by_its_header_even_a_folded_one() -> None:
    read = read_mail_event(bounce())
    assert read is not None
    assert (read.word, read.lead_id, read.delivery_id, read.signature) == (
        "bounce",
        "L",
        "due:L::step#0",
        "abc",
    )
    assert read.recipients == ("mai@thap.example",)
    assert read.at == datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["Transient", "Undetermined", None])
def test_a_bounce_that_may_pass_is_a_delay(kind: str | None) -> None:
    read = read_mail_event(bounce(bounceType=kind))
    assert read is not None
    assert read.word == "delayed"


@pytest.mark.parametrize(
    ("feedback", "word"),
    [("abuse", "complaint"), (None, "complaint"), ("not-spam", None), ("auth-failure", None)],
)
def test_a_complaint_is_a_persons(feedback: str | None, word: str | None) -> None:
    read = read_mail_event(complaint(complaintFeedbackType=feedback))
    assert (read.word if read else None) == word


@pytest.mark.parametrize("kind", ["Send", "Open", "Click", "Reject", "Received", ""])
def test_other_kinds_change_nothing(kind: str) -> None:
    assert read_mail_event({**bounce(), "notificationType": kind}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(JSON, JSON, JSON)
def test_no_form_of_an_event_raises(people: object, mail: object, at: object) -> None:
    event = bounce(bouncedRecipients=people, timestamp=at)
    read_mail_event({**event, "mail": mail})
    read_mail_event({**event, "bounce": people, "mail": {"headers": mail}})


def test_a_delivery_names_to_whom_the_mail_went() -> None:
    read = read_mail_event(
        {
            "eventType": "Delivery",
            "delivery": {
                "timestamp": "2026-11-30T08:00:00.000Z",
                "recipients": ["mai@thap.example", 7],
            },
            "mail": MAIL,
        }
    )
    assert read is not None
    assert (read.word, read.recipients) == ("delivered", ("mai@thap.example",))
    assert read.at == datetime(2026, 11, 30, 8, tzinfo=UTC)
