"""What a colleague types in: read as strictly as a form, without consent and honeypot."""

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import check_document, ignored_names
from leadloop.intake.public_sources import PublicSource
from leadloop.intake.text.bodies import check_size, parse_body
from leadloop.model.submission import Submission

DESK_BYTES = 32 * 1024


def check_desk(envelope: Envelope, body: bytes, source: PublicSource) -> Submission:
    """The submission of an entry.

    Raises:
        TooLarge: more than `DESK_BYTES`. Unreadable: the body has no named values.
        FieldsInvalid: every fault of the values at once.

    """
    check_size(DESK_BYTES, body)
    document = parse_body(envelope.content_type, body)
    submission = check_document(envelope, document, source, None)
    return submission.but(ignored=ignored_names(document, source, None, "source"))
