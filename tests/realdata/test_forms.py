import json
from datetime import UTC, datetime
from pathlib import Path

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.forms.read import check_form
from leadloop.intake.policy import FormSource
from leadloop.model.contact import Contact
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Channel
from leadloop.quality.normalise import normalise_contact

FORM = FormSource(kind="form", id="f", product_line="p", country="DE", language="en")


def payloads(realdata: Path) -> list[str]:
    texts = json.loads((realdata / "naughty_strings" / "blns_open.json").read_text("utf-8"))
    for path in sorted((realdata / "attack_payloads").glob("*.txt")):
        texts += path.read_text("utf-8", "replace").splitlines()
    return [text for text in texts if len(text) <= 500]


def test_every_payload_in_every_field_is_taken_as_text_or_refused(realdata: Path) -> None:
    for text in payloads(realdata):
        body = json.dumps(dict.fromkeys(Contact.model_fields, text)).encode()
        envelope = Envelope(
            id="A" * 26,
            source="f",
            channel=Channel.FORM,
            received_at=datetime(2026, 3, 4, tzinfo=UTC),
            sha256=sha256(body),
            size=len(body),
        )
        try:
            made = check_form(envelope, body, FORM)
        except FieldsInvalid:
            continue
        assert made.contact.company == (" ".join(text.split()) or None)
        cleaned = normalise_contact(made.contact, "DE", "en").contact
        assert normalise_contact(cleaned, "DE", "en").contact == cleaned
