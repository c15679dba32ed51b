"""What a partner posted, as a submission; or what it has to mend."""

from datetime import datetime

from ulid import ULID

from leadloop.edge.http import Request
from leadloop.intake.envelope import Envelope
from leadloop.intake.partners import read
from leadloop.intake.policy import PartnerSource
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, Unreadable
from leadloop.model.submission import Channel, Submission

LONGEST_KEY = 200
TEST_MODES = {None: False, "0": False, "1": True}


def read_submission(request: Request, source: PartnerSource, now: datetime) -> Submission:
    """Raises: Unreadable, TooLarge or FieldsInvalid, which say all there is to mend."""
    envelope = Envelope.of(
        source.id,
        Channel.PARTNER,
        request.body,
        _key(request, source),
        now,
        drawn_id=str(ULID()),
        content_type=request.content_type,
        ip=request.ip,
        user_agent=request.user_agent,
        test=_test(request),
    )
    submissions = read.read_partner_post(envelope, request.body, source)
    if len(submissions) != 1:
        raise Unreadable(f"One lead per call, please: this body holds {len(submissions)}.")
    return submissions[0]


def _key(request: Request, source: PartnerSource) -> str | None:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > LONGEST_KEY:
        text = f"Idempotency-Key: {len(key)} characters, and {LONGEST_KEY} are the most"
        raise FieldsInvalid((Reason(code="key_too_long", text=text),))
    return key or read.partner_key(request.content_type, request.body, source)


def _test(request: Request) -> bool:
    mode = request.query.get("test")
    if mode not in TEST_MODES:
        text = "test: is 1 for a test, or left out"
        raise FieldsInvalid((Reason(code="test_mode", text=text),))
    return TEST_MODES[mode]
