"""Posts of vendors, made up here, and the sources that read them."""

import json
from datetime import UTC, datetime
from typing import Any

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import WebhookSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.webhooks.read import complete_submission
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Channel, Submission

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def build_source(format_: str, **more: Any) -> WebhookSource:
    row = {"kind": "webhook", "id": "hook", "product_line": "pumps", "country": "DE"}
    return WebhookSource.model_validate(
        {**row, "language": "en", "format": format_, "secret": "key", **more}
    )


JSON_SOURCE = build_source(
    "json",
    leads="data.people",
    key_field="ref",
    test_field="flags.test",
    deleted_field="state == 'erased'",
    required=["who.mail"],
    fields={"who.mail": "contact.email", "who.tel": "contact.phone", "who.size": "employees"},
)


def build_envelope(body: bytes, content_type: str = "application/json") -> Envelope:
    return Envelope(
        id=submission_id("hook", sha256(body)),
        source="hook",
        channel=Channel.WEBHOOK,
        received_at=AT,
        sha256=sha256(body),
        size=len(body),
        body=body,
        key=sha256(body),
        content_type=content_type,
    )


def read_post(
    post: Any, of: WebhookSource, content_type: str = "application/json"
) -> list[Submission]:
    """What becomes of a post, in doubt or not."""
    body = post if isinstance(post, bytes) else json.dumps(post).encode()
    found = read_envelope(build_envelope(body, content_type), body, of)
    return [found.submission] if isinstance(found, UnreadableEnvelope) else list(found)


def complete_post(post: Any, answer: Any, of: WebhookSource) -> Submission:
    """The one lead of a post, completed with the answer of the vendor's API."""
    (lead,) = read_post(post, of)
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return complete_submission(lead, ProviderAnswer(provider=of.format, at=AT, body=body), of)


def meta_post(*values: Any) -> dict[str, Any]:
    changes = [{"field": "leadgen", "value": value} for value in values]
    return {"object": "page", "entry": [{"id": "9", "time": 1, "changes": changes}]}


def meta_answer(**answers: str) -> dict[str, Any]:
    data = [{"name": name, "values": [said]} for name, said in answers.items()]
    return {"id": "71", "created_time": "2026-03-02T08:59:00+0000", "field_data": data}


def google_post(**more: Any) -> dict[str, Any]:
    columns = [
        {"column_id": "FULL_NAME", "column_name": "Ihr Name", "string_value": "Ada Lovelace"},
        {"column_id": "EMAIL", "string_value": "ada@lovelace.example"},
    ]
    post = {"lead_id": "g-1", "google_key": "key", "is_test": False, "gcl_id": "click"}
    return {**post, "user_column_data": columns, **more}


def linkedin_post(action: str = "CREATED", response: str = "1a-4") -> dict[str, Any]:
    return {
        "type": "LEAD_ACTION",
        "leadAction": action,
        "leadGenFormResponse": f"urn:li:leadGenFormResponse:{response}",
        "leadGenForm": "urn:li:leadGenForm:5",
        "occurredAt": 1686182358881,
    }


def linkedin_answer(*, test: bool = False) -> dict[str, Any]:
    def text(question: int, said: str) -> dict[str, Any]:
        return {
            "questionId": question,
            "answerDetails": {"textQuestionAnswer": {"answer": said}},
        }

    sizes = [{"id": 1, "text": {"localized": {"en_US": "51-200"}}}]
    return {
        "id": "1a-4",
        "testLead": test,
        "form": {
            "hiddenFields": [{"name": "campaign", "value": "spring"}],
            "content": {
                "questions": [
                    {"questionId": 1, "predefinedField": "FIRST_NAME"},
                    {"questionId": 2, "predefinedField": "EMAIL"},
                    {
                        "questionId": 3,
                        "predefinedField": "COMPANY_SIZE",
                        "questionDetails": {"multipleChoiceQuestionDetails": {"options": sizes}},
                    },
                ]
            },
        },
        "formResponse": {
            "answers": [
                text(1, "Ada"),
                text(2, "ada@lovelace.example"),
                {"questionId": 3, "answerDetails": {"multipleChoiceAnswer": {"options": [1]}}},
            ],
            "consentResponses": [{"consentId": 8, "accepted": True}],
        },
    }


def typeform_post(token: Any = "t-1") -> dict[str, Any]:
    def answer(ref: str, kind: str, **said: Any) -> dict[str, Any]:
        return {"field": {"id": f"id-{ref}", "ref": ref, "type": kind}, **said}

    return {
        "event_id": "e-1",
        "event_type": "form_response",
        "form_response": {
            "form_id": "f",
            "token": token,
            "hidden": {"utm_source": "letter"},
            "definition": {"fields": [{"id": "id-who", "title": "Full name"}]},
            "answers": [
                answer("who", "short_text", type="text", text="Ada Lovelace"),
                answer("mail", "email", type="email", email="ada@lovelace.example"),
                answer("size", "number", type="number", number=80),
                answer("what", "multiple_choice", type="choice", choice={"label": "A pump"}),
                answer("agree", "legal", type="boolean", boolean=True),
            ],
        },
    }


def reason_codes(submission: Submission) -> list[str]:
    return [reason.code for reason in submission.unreadable]
