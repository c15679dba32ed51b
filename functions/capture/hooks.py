"""Vendors' webhooks: a post proves its sender, then it is in the queue before we answer.

The door only checks that the sender is a vendor of ours and that the body has named values. A
vendor repairs nothing, so a post without a readable lead is stored and a person looks at it.
"""

from http import HTTPStatus
from itertools import islice

from aws_lambda_powertools.event_handler import Response

from leadloop.edge import clock, secrets
from leadloop.edge.http import Request
from leadloop.edge.live_sources import sources
from leadloop.edge.telemetry import record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.webhook_signatures import is_authentic, signed_headers
from leadloop.intake.webhooks.read import parse_post, read_webhook_post
from leadloop.intake.webhooks.registry import proof_of, vendor_of
from leadloop.model.base import Model
from leadloop.model.errors import Forbidden, NotFound
from leadloop.model.submission import Channel

MOST_QUERY_NAMES, MOST_NAME = 50, 100  # names in a query that are kept, and characters of each


class WebhookReceipt(Model):
    """The ids of the submissions in a post; `submission_id` repeats the first. None: no lead."""

    submission_id: str | None
    submission_ids: tuple[str, ...]


def post(name: str, request: Request) -> Response[str]:
    """202 with the ids of the leads; 200 if the post is about no lead, and is not stored.

    Raises:
        NotFound: no such webhook. Forbidden: the sender is not proved.
        TooLarge, Unreadable: the body is too big, or no leads can be read from it.

    """
    source = _webhook(name)
    document = parse_post(request.content_type, request.body, source)
    keys = secrets.webhook_secrets().keys(source.secret)
    if not is_authentic(
        proof_of(source), request.headers, request.body, document, keys, clock.now()
    ):
        raise Forbidden(f"This post does not prove that it is from the vendor of “{source.id}”.")
    envelope = _envelope(source, request)
    ids = tuple(each.id for each in read_webhook_post(envelope, request.body, source))
    if not ids:
        return _receipt(HTTPStatus.OK, None, ())
    get_wiring().submissions.put(envelope.but(id=ids[0]) if len(ids) == 1 else envelope)
    record_accepted(source.id, *ids)
    return _receipt(HTTPStatus.ACCEPTED, ids[0], ids)


def answer_handshake(name: str, request: Request) -> Response[str]:
    """The answer to the vendor's question whether the address is ours; changes nothing.

    Raises:
        NotFound: no such webhook, or its vendor has no handshake.
        Unreadable: the question has not the vendor's form. Forbidden: it is not the vendor's.

    """
    source = _webhook(name)
    vendor = vendor_of(source)
    if vendor.answer_handshake is None:
        raise NotFound(f"{name} has no handshake")
    answer = vendor.answer_handshake(request.query, source, secrets.webhook_secrets().keys)
    return Response(
        status_code=HTTPStatus.OK,
        content_type=answer.content_type,
        body=answer.body,
        headers=dict(answer.headers),
    )


def _webhook(name: str) -> PublicWebhook:
    source = sources().webhook(name)
    if source is None:
        raise NotFound(f"no webhook {name}")
    return source


def _envelope(source: PublicWebhook, request: Request) -> Envelope:
    """The envelope, without IP address and user agent: they are the vendor's, not the person's."""
    return Envelope.of(
        source.id,
        Channel.WEBHOOK,
        request.body,
        sha256(request.body),
        clock.now(),
        content_type=request.content_type,
        headers=signed_headers(proof_of(source), request.headers),
        # The names alone: a value may be a secret.
        query={
            replace_unstorable(name[:MOST_NAME]): ""
            for name in islice(request.query, MOST_QUERY_NAMES)
        },
    )


def _receipt(status: int, first: str | None, ids: tuple[str, ...]) -> Response[str]:
    receipt = WebhookReceipt(submission_id=first, submission_ids=ids)
    return Response(
        status_code=status,
        content_type="application/json",
        body=receipt.model_dump_json(),
        headers={},
    )
