"""A partner's POST as a submission, or the faults that the partner must repair."""

from datetime import datetime

from ulid import ULID

from leadloop.edge.http import Request
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import source_name
from leadloop.intake.partners.read import PartnerPost
from leadloop.intake.policy import PartnerSource
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, Unreadable
from leadloop.model.submission import Channel, Submission
from leadloop.quality.normalise import normalise_contact

LONGEST_KEY = 200
# What is dropped from a contact, by the reason's code: our field, and what to mend in it.
DROPPED = {
    "email_invalid": ("contact.email", "is no e-mail address"),
    "phone_invalid": ("contact.phone", "is no phone number"),
}
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
    _refuse_unreachable(submissions[0], source)
    return submissions[0]


def _refuse_unreachable(submission: Submission, source: PartnerSource) -> None:
    """Raise FieldsInvalid if an address is impossible and no phone is left.

    Nothing is kept then, so that the mended post may come under the same key.
    """
    normalised = normalise_contact(submission.contact, source.country, source.language)
    if normalised.contact.email or normalised.contact.phone or submission.relay:
        return
    faults = tuple(
        _field_fault(reason.code, *DROPPED[reason.code], source)
        for reason in normalised.findings.reasons
        if reason.code in DROPPED
    )
    if any(fault.code == "email_invalid" for fault in faults):
        raise FieldsInvalid(faults)


def _field_fault(code: str, field: str, text: str, source: PartnerSource) -> Reason:
    name = source_name(field, source.fields)
    return Reason(code=code, text=f"{name}: {text}", field=name)


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
