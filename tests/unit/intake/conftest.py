from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import FormSource, MailSource, PartnerSource, WebhookSource
from leadloop.intake.public_sources import ConsentText
from leadloop.model.submission import Channel

Enveloped = Callable[..., Envelope]


@pytest.fixture(scope="session")
def enveloped() -> Enveloped:
    def make(body: bytes, channel: Channel = Channel.FORM, **more: object) -> Envelope:
        known = {
            "id": submission_id("src", "key-1"),
            "source": "src",
            "channel": channel,
            "received_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
            "sha256": sha256(body),
            "size": len(body),
            "body": body,
            "key": "key-1",
            "content_type": "application/json",
            "ip": "203.0.113.9",
        }
        return Envelope.model_validate({**known, **more})

    return make


@pytest.fixture(scope="session")
def form() -> FormSource:
    return FormSource(
        kind="form",
        id="src",
        product_line="tools",
        country="DE",
        language="en",
        required=("email",),
        fields={"firma": "contact.company", "crm": "crm_system", "mitarbeiter": "employees"},
        honeypot="fax_number",
        consent=ConsentText(version="2026-01", text="I agree", purposes=("marketing",)),
    )


@pytest.fixture(scope="session")
def partner() -> PartnerSource:
    return PartnerSource(
        kind="partner",
        id="src",
        product_line="tools",
        country="US",
        language="en",
        required=("contact.email",),
        fields={
            "lead.person.mail": "contact.email",
            "answers[?q=='size'].a | [0]": "employees",
            "campaign_code": "campaign",
        },
        key_field="lead.ref",
    )


@pytest.fixture(scope="session")
def drop() -> MailSource:
    return MailSource(
        kind="mail",
        id="src",
        product_line="cars",
        country="US",
        language="en",
        address="leads",
        labels={"kfz": "interest.product", "stock no": "stock"},
    )


@pytest.fixture(scope="session")
def hook() -> WebhookSource:
    return WebhookSource(
        kind="webhook",
        id="src",
        product_line="tools",
        country="US",
        language="en",
        format="json",
        secret="hook",
        fields={"email": "contact.email", "message": "interest.message"},
    )
