"""Vendors' webhooks: proved at the door, then in the queue before we answer.

Only that it is a vendor of ours is asked here, and what its post is called by; what cannot be
taken for a lead is kept and looked at, since a vendor mends nothing.
"""

import hmac
import re
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.edge import clock, secrets
from leadloop.edge.http import Request
from leadloop.edge.live_sources import sources
from leadloop.edge.telemetry import record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import is_authentic, signed_headers
from leadloop.intake.webhooks.read import parse_post, read_webhook_post
from leadloop.model.base import Model
from leadloop.model.errors import Forbidden, NotFound, Unreadable
from leadloop.model.submission import Channel

UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


class WebhookReceipt(Model):
    """By these ids the leads of the post are known from now on; the first stands alone as well."""

    submission_id: str | None
    submission_ids: tuple[str, ...]


class ChallengeResponse(Model):
    """LinkedIn's handshake; its names."""

    challengeCode: str  # noqa: N815
    challengeResponse: str  # noqa: N815


def post(name: str, request: Request) -> Response[str]:
    """202 with the ids; 200 for what is about no lead and is not kept.

    Raises:
        NotFound: no webhook of ours. Forbidden: not proved. TooLarge, Unreadable: no such post.

    """
    source = _webhook(name)
    found = parse_post(request.content_type, request.body, source)
    _check_signature(source, request, found)
    envelope = _envelope(source, request)
    ids = tuple(each.id for each in read_webhook_post(envelope, request.body, source))
    if not ids:
        return _json(HTTPStatus.OK, WebhookReceipt(submission_id=None, submission_ids=()))
    get_wiring().submissions.put(envelope.but(id=ids[0]) if len(ids) == 1 else envelope)
    record_accepted(source.id, *ids)
    return _json(HTTPStatus.ACCEPTED, WebhookReceipt(submission_id=ids[0], submission_ids=ids))


def answer_handshake(name: str, request: Request) -> Response[str]:
    """The vendor's question whether the address is ours; changes nothing.

    Raises:
        NotFound: this vendor asks none, or not so. Forbidden: whoever asks is not the vendor.

    """
    source = _webhook(name)
    match source.format:
        case "meta":
            return _answer_meta(source, request)
        case "linkedin":
            return _answer_linkedin(source, request)
        case _:
            raise NotFound(f"{name} has no handshake")


def _webhook(name: str) -> PublicWebhook:
    source = sources().webhook(name)
    if source is None:
        raise NotFound(f"no webhook {name}")
    return source


def _check_signature(source: PublicWebhook, request: Request, found: object) -> None:
    said = found if isinstance(found, dict) else {}
    keys = secrets.webhook_secrets().keys(source.secret)
    if not is_authentic(
        source.signature_scheme, request.headers, request.body, said, keys, clock.now()
    ):
        raise Forbidden(f"This post does not prove that it is from the vendor of “{source.id}”.")


def _envelope(source: PublicWebhook, request: Request) -> Envelope:
    """Without address and user agent: they are the vendor's, not the person's."""
    return Envelope.of(
        source.id,
        Channel.WEBHOOK,
        request.body,
        sha256(request.body),
        clock.now(),
        content_type=request.content_type,
        headers=signed_headers(source.signature_scheme, request.headers),
    )


def _answer_meta(source: PublicWebhook, request: Request) -> Response[str]:
    challenge = request.query.get("hub.challenge", "")
    if request.query.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        raise Unreadable("Ask with hub.mode, hub.verify_token and hub.challenge.")
    token = request.query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    known = secrets.webhook_secrets().keys(source.handshake) if source.handshake else ()
    if not any([hmac.compare_digest(token, each.encode()) for each in known]):  # noqa: C419  all, always
        raise Forbidden(f"This is not the verify token of “{source.id}”.")
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/plain",
        body=challenge,
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _answer_linkedin(source: PublicWebhook, request: Request) -> Response[str]:
    """Only what looks like a challenge is signed: the same key signs posts."""
    code = request.query.get("challengeCode", "")
    if not UUID.fullmatch(code):
        raise Unreadable("Ask with a challengeCode, which is a UUID.")
    key = secrets.webhook_secrets().newest_key(source.secret)
    if key is None:
        raise Forbidden(f"“{source.id}” has no key yet.")
    response = hmac.digest(key.encode(), code.encode(), "sha256").hex()
    return _json(HTTPStatus.OK, ChallengeResponse(challengeCode=code, challengeResponse=response))


def _json(status: int, said: Model) -> Response[str]:
    return Response(
        status_code=status, content_type="application/json", body=said.model_dump_json(), headers={}
    )
