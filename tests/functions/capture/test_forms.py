import json
from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture.handler import handler
from leadloop.intake.envelope import Envelope, submission_id
from tests.functions.aws_fixture import AwsFixture, http_event

GOOD = {"email": "ada@lovelace.example", "consent": True, "submission_key": "page-1"}
HOME = "https://aqua.example"


def post(context: LambdaContext, fields: object, **headers: str) -> dict[str, Any]:
    body = fields if isinstance(fields, str) else json.dumps(fields)
    sent = {"content_type": "application/json", **headers}
    return handler(http_event("POST", "/f/contact", body, **sent), context)


def header(answer: dict[str, Any], name: str) -> str | None:
    return next(iter(answer["multiValueHeaders"].get(name, [])), None)


def test_a_good_form_is_in_the_queue_when_202_is_said(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = post(context, GOOD)
    assert answer["statusCode"] == 202
    (message,) = home.receive_messages("submissions")
    envelope = Envelope.model_validate(message)
    assert json.loads(answer["body"]) == {"submission_id": envelope.id}
    assert envelope.body == json.dumps(GOOD).encode()
    assert (envelope.source, envelope.ip) == ("contact", "203.0.113.7")


def test_the_same_page_load_is_the_same_submission(
    home: AwsFixture, context: LambdaContext
) -> None:
    first, second = post(context, GOOD), post(context, GOOD)
    assert first["body"] == second["body"]
    assert json.loads(first["body"])["submission_id"] == submission_id("contact", "page-1")


def test_without_a_key_each_post_is_a_submission_of_its_own(
    home: AwsFixture, context: LambdaContext
) -> None:
    keyless = {name: value for name, value in GOOD.items() if name != "submission_key"}
    assert post(context, keyless)["body"] != post(context, keyless)["body"]


def test_a_browser_without_a_script_is_sent_to_the_thank_you_page(
    home: AwsFixture, context: LambdaContext
) -> None:
    body = urlencode({"email": "ada@lovelace.example", "consent": "true"})
    answer = post(context, body, content_type="application/x-www-form-urlencoded")
    assert (answer["statusCode"], header(answer, "Location")) == (303, f"{HOME}/thanks")
    assert len(home.receive_messages("submissions")) == 1


@pytest.mark.parametrize(
    ("fields", "status", "mend"),
    [
        ("{not json", 400, "JSON"),
        ('["a list"]', 400, "object"),
        ({"consent": True}, 422, "email"),
        ({"email": "ada@lovelace.example"}, 422, "consent"),
        ({**GOOD, "email": 7}, 422, "email"),
        ({**GOOD, "company": "a\0b"}, 422, "company"),
        ('{"email": "a@b.example", "consent": true, "company": "\\ud800"}', 422, "company"),
        ('{"email": "a@b.example", "consent": true, "a\\ud800": "b"}', 422, "the name “a\ufffd”"),
        ({**GOOD, "a\0": "b"}, 422, "the name “a\ufffd”"),
        ({**GOOD, "message": "x" * 40_000}, 413, "32768"),
    ],
)
def test_what_is_no_submission_is_refused_with_what_to_mend_and_kept_nowhere(
    home: AwsFixture, context: LambdaContext, fields: object, status: int, mend: str
) -> None:
    answer = post(context, fields)
    assert answer["statusCode"] == status
    assert header(answer, "Content-Type") == "application/problem+json"
    assert mend in answer["body"]
    assert home.receive_messages("submissions") == []


def test_an_unknown_form_is_404(home: AwsFixture, context: LambdaContext) -> None:
    answer = handler(http_event("POST", "/f/nothing", "{}"), context)
    assert answer["statusCode"] == 404


def test_a_filled_honeypot_is_answered_like_success_and_kept(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = post(context, {**GOOD, "website_url": "https://spam.example"})
    assert answer["statusCode"] == 202
    assert len(home.receive_messages("submissions")) == 1


def test_a_foreign_pages_script_is_refused(home: AwsFixture, context: LambdaContext) -> None:
    answer = post(context, GOOD, origin="https://evil.example")
    assert answer["statusCode"] == 403
    assert header(answer, "Access-Control-Allow-Origin") is None
    assert home.receive_messages("submissions") == []


def test_our_own_pages_script_may_read_the_answer_and_the_faults(
    home: AwsFixture, context: LambdaContext
) -> None:
    for fields in (GOOD, {}):
        assert header(post(context, fields, origin=HOME), "Access-Control-Allow-Origin") == HOME


@pytest.mark.parametrize(("origin", "status"), [(HOME, 204), ("https://evil.example", 403)])
def test_the_preflight_knows_the_allow_list(
    home: AwsFixture, context: LambdaContext, origin: str, status: int
) -> None:
    asked = http_event("OPTIONS", "/f/contact", None, origin=origin)
    answer = handler(asked, context)
    assert answer["statusCode"] == status
    allowed = header(answer, "Access-Control-Allow-Origin")
    assert allowed == (HOME if status == 204 else None)


def test_a_queue_that_is_gone_is_a_503_and_no_promise(
    home: AwsFixture, context: LambdaContext
) -> None:
    home.aws.sqs.delete_queue(QueueUrl=home.queues["submissions"])
    answer = post(context, GOOD)
    assert answer["statusCode"] == 503
    assert header(answer, "Retry-After")
    assert "submission_id" not in answer["body"]


def test_nothing_of_the_person_is_logged(
    home: AwsFixture, context: LambdaContext, capsys: pytest.CaptureFixture[str]
) -> None:
    post(context, GOOD)
    post(context, {**GOOD, "email": "ada.lovelace"})
    said = capsys.readouterr()
    assert "lovelace" not in said.out + said.err
    assert "203.0.113.7" not in said.out + said.err
