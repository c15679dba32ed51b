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
from leadloop.edge.telemetry import taken
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.public_sources import WebhookDoor
from leadloop.intake.webhook_signatures import proven, shown
from leadloop.intake.webhooks.read import check_webhook, document
from leadloop.model.base import Model
from leadloop.model.errors import Forbidden, NotFound, Unreadable
from leadloop.model.submission import Channel

UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


class Taken(Model):
    """By these ids the leads of the post are known from now on; the first stands alone as well."""

    submission_id: str | None
    submission_ids: tuple[str, ...]


class Challenged(Model):
    """LinkedIn's handshake; its names."""

    challengeCode: str  # noqa: N815
    challengeResponse: str  # noqa: N815


def post(name: str, request: Request) -> Response[str]:
    """202 with the ids; 200 for what is about no lead and is not kept.

    Raises:
        NotFound: no webhook of ours. Forbidden: not proved. TooLarge, Unreadable: no such post.

    """
    source = _webhook(name)
    found = document(request.content_type, request.body, source)
    _prove(source, request, found)
    envelope = _envelope(source, request)
    ids = tuple(each.id for each in check_webhook(envelope, request.body, source))
    if not ids:
        return _json(HTTPStatus.OK, Taken(submission_id=None, submission_ids=()))
    wired().submissions.put(envelope.but(id=ids[0]) if len(ids) == 1 else envelope)
    taken(source.id, *ids)
    return _json(HTTPStatus.ACCEPTED, Taken(submission_id=ids[0], submission_ids=ids))


def handshake(name: str, request: Request) -> Response[str]:
    """The vendor's question whether the address is ours; changes nothing.

    Raises:
        NotFound: this vendor asks none, or not so. Forbidden: whoever asks is not the vendor.

    """
    source = _webhook(name)
    match source.format:
        case "meta":
            return _metas(source, request)
        case "linkedin":
            return _linkedins(source, request)
        case _:
            raise NotFound(f"{name} has no handshake")


def _webhook(name: str) -> WebhookDoor:
    source = sources().webhook(name)
    if source is None:
        raise NotFound(f"no webhook {name}")
    return source


def _prove(source: WebhookDoor, request: Request, found: object) -> None:
    said = found if isinstance(found, dict) else {}
    keys = secrets.hooks().keys(source.secret)
    if not proven(source.proves, request.headers, request.body, said, keys, clock.now()):
        raise Forbidden(f"This post does not prove that it is from the vendor of “{source.id}”.")


def _envelope(source: WebhookDoor, request: Request) -> Envelope:
    """Without address and user agent: they are the vendor's, not the person's."""
    digest = sha256(request.body)
    return Envelope(
        id=submission_id(source.id, digest),
        source=source.id,
        channel=Channel.WEBHOOK,
        received_at=clock.now(),
        sha256=digest,
        size=len(request.body),
        body=request.body,
        key=digest,
        content_type=request.content_type,
        headers=shown(source.proves, request.headers),
    )


def _metas(source: WebhookDoor, request: Request) -> Response[str]:
    challenge = request.query.get("hub.challenge", "")
    if request.query.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        raise Unreadable("Ask with hub.mode, hub.verify_token and hub.challenge.")
    token = request.query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    known = secrets.hooks().keys(source.handshake) if source.handshake else ()
    if not any([hmac.compare_digest(token, each.encode()) for each in known]):  # noqa: C419  all, always
        raise Forbidden(f"This is not the verify token of “{source.id}”.")
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/plain",
        body=challenge,
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _linkedins(source: WebhookDoor, request: Request) -> Response[str]:
    """Only what looks like a challenge is signed: the same key signs posts."""
    code = request.query.get("challengeCode", "")
    if not UUID.fullmatch(code):
        raise Unreadable("Ask with a challengeCode, which is a UUID.")
    key = secrets.hooks().first(source.secret)
    if key is None:
        raise Forbidden(f"“{source.id}” has no key yet.")
    response = hmac.digest(key.encode(), code.encode(), "sha256").hex()
    return _json(HTTPStatus.OK, Challenged(challengeCode=code, challengeResponse=response))


def _json(status: int, said: Model) -> Response[str]:
    return Response(
        status_code=status, content_type="application/json", body=said.model_dump_json(), headers={}
    )
