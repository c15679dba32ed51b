"""A partner's POST as a submission, or the faults that the partner must repair."""

from datetime import datetime

from ulid import ULID

from leadloop.edge.http import Request
from leadloop.intake.envelope import Envelope
from leadloop.intake.partners.read import PartnerPost
from leadloop.intake.policy import PartnerSource
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, Unreadable
from leadloop.model.submission import Channel, Submission

LONGEST_KEY = 200
TEST_MODES = {None: False, "0": False, "1": True}


def read_submission(request: Request, source: PartnerSource, now: datetime) -> Submission:
    """The one lead of the request.

    Raises:
        Unreadable, TooLarge, FieldsInvalid: they name every fault of the request.

    """
    post = PartnerPost(request.content_type, request.body, source)
    envelope = Envelope.of(
        source.id,
        Channel.PARTNER,
        request.body,
        _header_key(request) or post.key(),
        now,
        drawn_id=str(ULID()),
        content_type=request.content_type,
        ip=request.ip,
        user_agent=request.user_agent,
        test=_is_test(request),
    )
    submissions = post.submissions(envelope)
    if len(submissions) != 1:
        raise Unreadable(f"One lead per call, please: this body holds {len(submissions)}.")
    return submissions[0]


def _header_key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > LONGEST_KEY:
        text = f"Idempotency-Key: {len(key)} characters, and {LONGEST_KEY} are the most"
        raise FieldsInvalid((Reason(code="key_too_long", text=text),))
    return key


def _is_test(request: Request) -> bool:
    mode = request.query.get("test")
    if mode not in TEST_MODES:
        text = "test: is 1 for a test, or left out"
        raise FieldsInvalid((Reason(code="test_mode", text=text),))
    return TEST_MODES[mode]
