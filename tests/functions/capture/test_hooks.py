import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture.handler import handler
from leadloop.edge import clock
from leadloop.intake.envelope import Envelope, submission_id
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import SECTIONS, AwsFixture, batch_failures, http_event, sqs_event
from tests.unit.intake.webhooks.posts import google_post, linkedin_post, meta_post

KEYS = {
    "meta": "the app's secret",
    "google": "google's key",
    "linkedin": "client secret",
    "chat": "chat key",
    "verify": "our verify token",
}
CHAT = {
    "format": "json",
    "proof": {"by": "header", "header": "x-chat-key"},
    "key_field": "id",
    "fields": {"visitor.mail": "contact.email"},
}
ROWS: dict[str, Any] = {
    "google": {},
    "linkedin": {},
    "meta": {"handshake": "verify", "token": "page"},
    "chat": CHAT,
}


@pytest.fixture
def hooked(home: AwsFixture) -> AwsFixture:
    base = {"kind": "webhook", "product_line": "pumps", "country": "DE", "language": "en"}
    hooks = {
        name: {**base, "id": name, "format": name, "secret": name, **row}
        for name, row in ROWS.items()
    }
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], **hooks}}
    home.publish(stamp_version(Playbook.model_validate(sections)))
    for name, key in KEYS.items():
        home.aws.secretsmanager.create_secret(Name=f"test/hooks/{name}", SecretString=key)
    return home


def post(context: LambdaContext, hook: str, said: object, **headers: str) -> dict[str, Any]:
    body = said if isinstance(said, str) else json.dumps(said)
    sent = {"content_type": "application/json", **headers}
    return handler(http_event("POST", f"/hooks/{hook}", body, **sent), context)


def get(context: LambdaContext, hook: str, **query: str) -> dict[str, Any]:
    event = http_event("GET", f"/hooks/{hook}")
    asked = {name.replace("hub_", "hub."): value for name, value in query.items()}
    return handler({**event, "queryStringParameters": asked}, context)


def signed(said: object, key: str = KEYS["meta"]) -> dict[str, str]:
    mac = hmac.new(key.encode(), json.dumps(said).encode(), hashlib.sha256).hexdigest()
    return {"X_Hub_Signature_256": f"sha256={mac}"}


def test_a_proved_post_is_in_the_queue_with_its_proof_when_202_is_said(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    said = meta_post({"leadgen_id": "71"})
    answer = post(context, "meta", said, **signed(said))
    assert answer["statusCode"] == 202
    (message,) = hooked.receive_messages("submissions")
    envelope = Envelope.model_validate(message)
    id_ = submission_id("meta", "71")
    assert json.loads(answer["body"]) == {"submission_id": id_, "submission_ids": [id_]}
    assert (envelope.id, envelope.body) == (id_, json.dumps(said).encode())
    assert list(envelope.headers) == ["x-hub-signature-256"]
    assert envelope.ip is None


def test_a_batch_is_one_message_and_every_lead_is_named(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    said = meta_post({"leadgen_id": "71"}, {"leadgen_id": 72})
    answer = post(context, "meta", said, **signed(said))
    ids = [submission_id("meta", key) for key in ("71", "72")]
    assert json.loads(answer["body"])["submission_ids"] == ids
    assert len(hooked.receive_messages("submissions")) == 1


def test_what_proves_nothing_is_refused_and_kept_nowhere(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    said = meta_post({"leadgen_id": "71"})
    for hook, body, headers in (
        ("meta", said, {}),
        ("meta", said, signed(said, "another key")),
        ("meta", meta_post({"leadgen_id": "72"}), signed(said)),
        ("google", google_post(google_key="guess"), {}),
        ("google", google_post(google_key=None), {}),
        ("linkedin", linkedin_post(), {"X_LI_Signature": "00"}),
        ("chat", {"id": 1}, {"X_Chat_Key": "guess"}),
        ("chat", {"id": 1}, {}),
    ):
        answer = post(context, hook, body, **headers)
        assert answer["statusCode"] == 403, hook
        assert KEYS[hook] not in answer["body"]
    assert hooked.receive_messages("submissions") == []


def test_a_key_that_is_added_or_taken_away_holds_within_a_minute(
    hooked: AwsFixture, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = [0.0]
    monkeypatch.setattr(
        "leadloop.edge.secrets.Secrets.__init__.__kwdefaults__", {"ticks": lambda: ticks[0]}
    )
    said = meta_post({"leadgen_id": "71"})

    def answers(key: str) -> int:
        return int(post(context, "meta", said, **signed(said, key))["statusCode"])

    def store(text: str) -> None:
        hooked.aws.secretsmanager.put_secret_value(SecretId="test/hooks/meta", SecretString=text)
        ticks[0] += 61

    assert answers(KEYS["meta"]) == 202
    store(f"new key\n{KEYS['meta']}\n")
    assert (answers("new key"), answers(KEYS["meta"])) == (202, 202)
    store("new key")
    assert (answers("new key"), answers(KEYS["meta"])) == (202, 403)


def test_google_and_a_chat_tool_are_taken_by_their_keys(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    google = post(context, "google", google_post(google_key=KEYS["google"]))
    chat = post(
        context,
        "chat",
        {"id": 7, "visitor": {"mail": "ada@lovelace.example"}},
        X_Chat_Key=KEYS["chat"],
    )
    assert (google["statusCode"], chat["statusCode"]) == (202, 202)
    bodies = [json.dumps(message) for message in hooked.receive_messages("submissions")]
    assert qualify(sqs_event(*bodies), context) == batch_failures()
    outcomes = sorted(str(record.outcome) for record in hooked.records())
    assert outcomes == ["lead", "merged"]


def test_a_post_about_no_lead_is_taken_note_of_and_not_kept(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    said = {"object": "page", "entry": []}
    answer = post(context, "meta", said, **signed(said))
    assert (answer["statusCode"], json.loads(answer["body"])["submission_ids"]) == (200, [])
    assert hooked.receive_messages("submissions") == []


@pytest.mark.parametrize(
    ("hook", "said", "status"),
    [
        ("nothing", "{}", 404),
        ("contact", "{}", 404),
        ("meta", "{broken", 400),
        ("meta", "x" * 200_000, 413),
    ],
)
def test_what_is_no_post_of_ours_is_refused(
    hooked: AwsFixture, context: LambdaContext, hook: str, said: str, status: int
) -> None:
    assert post(context, hook, said)["statusCode"] == status
    assert hooked.receive_messages("submissions") == []


def test_meta_is_answered_its_challenge_for_our_token_only(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    asked = {"hub_mode": "subscribe", "hub_challenge": "1158201444"}
    answer = get(context, "meta", **asked, hub_verify_token=KEYS["verify"])
    assert (answer["statusCode"], answer["body"]) == (200, "1158201444")
    assert get(context, "meta", **asked, hub_verify_token="guess")["statusCode"] == 403
    assert get(context, "meta", **asked)["statusCode"] == 403
    page = {"hub_mode": "subscribe", "hub_challenge": "<script>"}
    assert get(context, "meta", **page, hub_verify_token=KEYS["verify"])["statusCode"] == 400


def test_linkedin_is_answered_for_a_challenge_and_signs_nothing_else(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = get(context, "linkedin", challengeCode=code)
    expected = hmac.new(KEYS["linkedin"].encode(), code.encode(), hashlib.sha256).hexdigest()
    assert json.loads(answer["body"]) == {"challengeCode": code, "challengeResponse": expected}
    forged = "hmacsha256=" + json.dumps(linkedin_post())
    assert get(context, "linkedin", challengeCode=forged)["statusCode"] == 400


def test_who_has_no_handshake_gives_none(hooked: AwsFixture, context: LambdaContext) -> None:
    assert get(context, "google", challengeCode="x")["statusCode"] == 404


def test_a_put_off_lead_comes_again_and_its_neighbour_does_not(
    hooked: AwsFixture, context: LambdaContext
) -> None:
    """Nobody has stored the key of Meta's API yet."""
    said = meta_post({"leadgen_id": "71"})
    post(context, "meta", said, **signed(said))
    post(context, "google", google_post(google_key=KEYS["google"]))
    named, whole = [json.dumps(message) for message in hooked.receive_messages("submissions")]
    assert qualify(sqs_event(named, whole), context) == batch_failures("m0")
    late = json.loads(named) | {"received_at": (clock.now() - timedelta(hours=1)).isoformat()}
    assert qualify(sqs_event(json.dumps(late)), context) == batch_failures()
    reasons = [record.reasons[0].code for record in hooked.records() if record.lead is None]
    assert reasons == ["not_fetched"]
